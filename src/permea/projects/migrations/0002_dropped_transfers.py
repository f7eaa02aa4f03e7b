from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0001_transfers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='transfer',
            name='transfer_is_shown_once_it_moves',
        ),
        migrations.AlterField(
            model_name='transfer',
            name='state',
            field=models.CharField(choices=[('planned', 'Planned'), ('handing', 'Handing over'), ('testing', 'In test'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('support', 'In support'), ('done', 'Done'), ('dropped', 'Dropped')], default='planned', max_length=8),
        ),
        migrations.AlterField(
            model_name='transferstep',
            name='what',
            field=models.CharField(choices=[('begun', 'Record begun'), ('shown', 'Shown to the partner'), ('changed', 'Changed'), ('level', 'Readiness level stated'), ('handing', 'Hand-over begun'), ('testing', 'Handed over, to be tested'), ('accepted', 'Accepted'), ('remarks', 'Accepted with remarks'), ('refused', 'Refused'), ('support', 'Support begun'), ('done', 'Done'), ('dropped', 'Dropped')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'dropped']), ('shown_at__isnull', False), _connector='OR'), name='transfer_is_shown_once_it_moves'),
        ),
    ]

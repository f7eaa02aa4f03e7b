"""Steps between the deadline and the reviews, and who takes part in each stage."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Stored challenges have no such steps."""

    dependencies = [
        ('challenges', '0003_remember_what_is_set_aside'),
    ]

    operations = [
        migrations.AddField(
            model_name='challenge',
            name='steps',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='stage',
            name='circle',
            field=models.CharField(blank=True, choices=[('members', 'everybody inside the firm'), ('contributors', 'everybody who entered'), ('everyone', 'everybody')], max_length=12),
        ),
        migrations.AddField(
            model_name='stage',
            name='options',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='stage',
            name='name',
            field=models.CharField(choices=[('entry', 'Entries'), ('discuss', 'Discussion'), ('improve', 'Improvement'), ('vote', 'Vote'), ('review', 'Review and decision'), ('answer', 'Answers')], max_length=60),
        ),
    ]

"""Steps that change while a challenge runs, and a rule by which its deadline moves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Stored challenges have no rule."""

    dependencies = [
        ('challenges', '0005_reviews_told_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='challenge',
            name='auto_moves',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name='timetablechange',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='StepChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('steps_before', models.JSONField(default=list)),
                ('steps_after', models.JSONField(default=list)),
                ('reason', models.CharField(max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='step_changes', to='challenges.challenge')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['challenge', 'changed_at'], name='step_change_by_time')],
            },
        ),
    ]

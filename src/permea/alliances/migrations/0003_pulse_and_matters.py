import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('alliances', '0002_refuse_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Matter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('text', models.CharField(max_length=400)),
                    ('days', models.PositiveSmallIntegerField()),
                    ('step', models.PositiveSmallIntegerField(default=1)),
                    ('step_at', models.DateTimeField()),
                    ('raised_at', models.DateTimeField()),
                    ('solved_at', models.DateTimeField(null=True)),
                    ('outcome', models.CharField(blank=True, max_length=400)),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matters', to='alliances.alliance')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('solved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['solved_at', 'step_at'], name='matter_to_climb')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('step__gte', 1), ('step__lte', 3)), name='matter_has_three_steps'), models.CheckConstraint(condition=models.Q(('solved_at__isnull', True), models.Q(('outcome', ''), _negated=True), _connector='XOR'), name='matter_is_solved_with_an_outcome')],
                },
            ),
            migrations.CreateModel(
                name='PulseAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('quarter', models.DateField()),
                    ('marks', models.JSONField()),
                    ('words', models.CharField(blank=True, max_length=400)),
                    ('said_at', models.DateTimeField()),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pulse_answers', to='alliances.alliance')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('alliance', 'party', 'quarter'), name='pulse_once_a_quarter')],
                },
            ),
        ]),
    ]

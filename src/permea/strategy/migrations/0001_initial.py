import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Goal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('title', models.CharField(max_length=160)),
                    ('kind', models.CharField(choices=[('product', 'New product or service'), ('process', 'Better process'), ('market', 'New market'), ('problem', 'Technical problem')], max_length=8)),
                    ('metric', models.CharField(max_length=120)),
                    ('unit', models.CharField(max_length=24)),
                    ('baseline', models.DecimalField(decimal_places=4, max_digits=16)),
                    ('target', models.DecimalField(decimal_places=4, max_digits=16)),
                    ('baseline_on', models.DateField()),
                    ('target_on', models.DateField()),
                    ('outside_share', models.PositiveSmallIntegerField(default=50)),
                    ('created_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='people.organisation')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('target_on__gt', models.F('baseline_on'))), name='goal_target_after_baseline'), models.CheckConstraint(condition=models.Q(('target', models.F('baseline')), _negated=True), name='goal_target_differs'), models.CheckConstraint(condition=models.Q(('outside_share__lte', 100)), name='goal_outside_share_is_percent')],
                },
            ),
            migrations.CreateModel(
                name='GoalReading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField()),
                    ('value', models.DecimalField(decimal_places=4, max_digits=16)),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('recorded_at', models.DateTimeField()),
                    ('goal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='strategy.goal')),
                    ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('goal', 'on'), name='goal_reading_once_a_day')],
                },
            ),
        ]),
    ]

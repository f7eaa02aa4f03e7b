import django.db.models.deletion
import permea.foundation.ids
from decimal import Decimal
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
                name='Risk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('kind', models.CharField(choices=[('control', 'Loss of control'), ('leakage', 'Leakage'), ('integration', 'Integration trouble'), ('dependence', 'Dependence'), ('ip', 'Rights'), ('people', 'People'), ('money', 'Money'), ('other', 'Something else')], max_length=11)),
                    ('title', models.CharField(max_length=160)),
                    ('subject_kind', models.CharField(choices=[('words', 'In words'), ('challenge', 'Challenge'), ('agreement', 'Agreement'), ('partner', 'Partner'), ('item', 'Item')], default='words', max_length=9)),
                    ('subject_key', models.CharField(blank=True, max_length=20)),
                    ('subject_label', models.CharField(blank=True, max_length=160)),
                    ('cause', models.TextField(blank=True)),
                    ('event', models.TextField()),
                    ('effect', models.TextField(blank=True)),
                    ('probability_low', models.DecimalField(decimal_places=4, max_digits=5)),
                    ('probability_likely', models.DecimalField(decimal_places=4, max_digits=5)),
                    ('probability_high', models.DecimalField(decimal_places=4, max_digits=5)),
                    ('impact_low', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('impact_likely', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('impact_high', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('mitigation', models.TextField(blank=True)),
                    ('mitigation_cost', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14)),
                    ('left_probability_low', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('left_probability_likely', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('left_probability_high', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('left_impact_low', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('left_impact_likely', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('left_impact_high', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('review_on', models.DateField()),
                    ('state', models.CharField(choices=[('open', 'Open'), ('treated', 'Treated'), ('accepted', 'Accepted'), ('closed', 'Closed')], default='open', max_length=8)),
                    ('number', models.PositiveIntegerField(default=0)),
                    ('created_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField()),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risks', to='people.organisation')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'state', 'review_on'], name='risk_by_review')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('probability_high__gte', models.F('probability_likely')), ('probability_high__lte', 1), ('probability_likely__gte', models.F('probability_low')), ('probability_low__gte', 0)), name='risk_probability_rises'), models.CheckConstraint(condition=models.Q(('impact_high__gte', models.F('impact_likely')), ('impact_likely__gte', models.F('impact_low')), ('impact_low__gte', 0)), name='risk_impact_rises'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'treated'), _negated=True), models.Q(('left_impact_high__isnull', False), ('left_probability_high__isnull', False)), _connector='OR'), name='risk_treated_says_what_is_left')],
                },
            ),
            migrations.CreateModel(
                name='RiskVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('control', 'Loss of control'), ('leakage', 'Leakage'), ('integration', 'Integration trouble'), ('dependence', 'Dependence'), ('ip', 'Rights'), ('people', 'People'), ('money', 'Money'), ('other', 'Something else')], max_length=11)),
                    ('title', models.CharField(max_length=160)),
                    ('subject_kind', models.CharField(choices=[('words', 'In words'), ('challenge', 'Challenge'), ('agreement', 'Agreement'), ('partner', 'Partner'), ('item', 'Item')], default='words', max_length=9)),
                    ('subject_key', models.CharField(blank=True, max_length=20)),
                    ('subject_label', models.CharField(blank=True, max_length=160)),
                    ('cause', models.TextField(blank=True)),
                    ('event', models.TextField()),
                    ('effect', models.TextField(blank=True)),
                    ('probability_low', models.DecimalField(decimal_places=4, max_digits=5)),
                    ('probability_likely', models.DecimalField(decimal_places=4, max_digits=5)),
                    ('probability_high', models.DecimalField(decimal_places=4, max_digits=5)),
                    ('impact_low', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('impact_likely', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('impact_high', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('mitigation', models.TextField(blank=True)),
                    ('mitigation_cost', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14)),
                    ('left_probability_low', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('left_probability_likely', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('left_probability_high', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                    ('left_impact_low', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('left_impact_likely', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('left_impact_high', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('review_on', models.DateField()),
                    ('state', models.CharField(choices=[('open', 'Open'), ('treated', 'Treated'), ('accepted', 'Accepted'), ('closed', 'Closed')], default='open', max_length=8)),
                    ('number', models.PositiveIntegerField()),
                    ('did', models.CharField(choices=[('noted', 'noted'), ('changed', 'changed'), ('confirmed', 'reviewed, nothing changed'), ('reviewed', 'reviewed and changed'), ('settled', 'other state'), ('passed_on', 'passed on, its owner has left')], max_length=9)),
                    ('why', models.TextField(blank=True)),
                    ('made_at', models.DateTimeField()),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('risk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='risks.risk')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('risk', 'number'), name='risk_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Trigger',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('kind', models.CharField(choices=[('review', 'The day of the next review has passed'), ('agreement', 'An agreement ends within so many days'), ('readers', 'More people than so many have read an item and are not covered'), ('partner', 'One partner has more than so many per cent of what crosses the boundary')], max_length=9)),
                    ('about_key', models.CharField(blank=True, max_length=20)),
                    ('about_label', models.CharField(blank=True, max_length=160)),
                    ('limit', models.PositiveIntegerField(default=0)),
                    ('value', models.IntegerField(null=True)),
                    ('looked_at', models.DateTimeField(null=True)),
                    ('fired_at', models.DateTimeField(null=True)),
                    ('made_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('risk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='triggers', to='risks.risk')),
                ],
                options={
                    'indexes': [models.Index(fields=['ended_at', 'looked_at'], name='trigger_to_look_at')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'review'), models.Q(('about_key', ''), _negated=True), _connector='XOR'), name='trigger_is_about_something')],
                },
            ),
        ]),
    ]

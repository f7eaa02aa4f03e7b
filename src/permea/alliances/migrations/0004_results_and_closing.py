import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('alliances', '0003_pulse_and_matters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='alliance',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='alliance',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('live_since__isnull', False), _connector='OR'), name='alliance_closes_once_live'),
        ),
        CreateModels([
            migrations.CreateModel(
                name='Result',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('title', models.CharField(max_length=160)),
                    ('text', models.CharField(blank=True, max_length=400)),
                    ('named_at', models.DateTimeField()),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='alliances.alliance')),
                    ('by_party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('split', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.split')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('alliance', 'title'), name='result_title_once')],
                },
            ),
            migrations.CreateModel(
                name='Split',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('way', models.CharField(choices=[('proportional', 'By what each side gave'), ('equal', 'In equal parts'), ('hand', 'By hand'), ('shapley', 'By what each side adds (Shapley)')], max_length=12)),
                    ('content', models.JSONField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('note', models.CharField(blank=True, max_length=400)),
                    ('written_at', models.DateTimeField()),
                    ('agreed_at', models.DateTimeField(null=True)),
                    ('by_party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('result', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='splits', to='alliances.result')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('result', 'number'), name='split_version_once')],
                },
            ),
            migrations.CreateModel(
                name='SplitAcceptance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('accepted_at', models.DateTimeField()),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('split', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='alliances.split')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('split', 'party'), name='split_accepted_once_by_party')],
                },
            ),
            migrations.CreateModel(
                name='Reached',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('milestone', models.CharField(max_length=160)),
                    ('on', models.DateField()),
                    ('said_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reached', to='alliances.alliance')),
                    ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirming_party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('alliance', 'milestone'), name='milestone_reached_once'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirming_party__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirming_party__isnull', False), models.Q(('confirming_party', models.F('party')), _negated=True)), _connector='OR'), name='milestone_is_confirmed_by_another')],
                },
            ),
            migrations.CreateModel(
                name='Closing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('reason', models.CharField(max_length=400)),
                    ('until', models.DateTimeField()),
                    ('asked_at', models.DateTimeField()),
                    ('taken_back_at', models.DateTimeField(null=True)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closings', to='alliances.alliance')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('charter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.charter')),
                    ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('taken_back_at__isnull', True)), fields=('alliance',), name='closing_one_at_a_time'), models.CheckConstraint(condition=models.Q(('taken_back_at__isnull', True), ('closed_at__isnull', True), _connector='OR'), name='closing_ends_one_way')],
                },
            ),
            migrations.CreateModel(
                name='SuccessRating',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('marks', models.JSONField()),
                    ('overall', models.PositiveSmallIntegerField()),
                    ('words', models.CharField(blank=True, max_length=400)),
                    ('said_at', models.DateTimeField()),
                    ('closing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='alliances.closing')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('closing', 'party'), name='success_rated_once_by_party'), models.CheckConstraint(condition=models.Q(('overall__gte', 1), ('overall__lte', 5)), name='success_is_from_1_to_5')],
                },
            ),
        ]),
    ]

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
                name='Alliance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('title', models.CharField(max_length=160)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('created_at', models.DateTimeField()),
                    ('offered_at', models.DateTimeField(null=True)),
                    ('live_since', models.DateTimeField(null=True)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alliances', to='people.organisation')),
                    ('charter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.charter')),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'created_at'], name='alliance_by_firm')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('charter__isnull', True), ('live_since__isnull', False), _connector='XOR'), name='alliance_lives_by_a_charter'), models.CheckConstraint(condition=models.Q(('live_since__isnull', True), ('offered_at__isnull', False), _connector='OR'), name='alliance_lives_once_offered')],
                },
            ),
            migrations.CreateModel(
                name='Charter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('content', models.JSONField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('note', models.CharField(blank=True, max_length=400)),
                    ('written_at', models.DateTimeField()),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charters', to='alliances.alliance')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('by_party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('alliance', 'number'), name='charter_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Party',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='alliances.alliance')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allied', to='people.organisation')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('alliance', 'organisation'), name='party_organisation_once'), models.UniqueConstraint(fields=('alliance', 'number'), name='party_number_once')],
                },
            ),
            migrations.CreateModel(
                name='Contribution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('number', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('hours', 'Hours of work'), ('money', 'Money'), ('material', 'Material or equipment'), ('knowledge', 'Knowledge'), ('saving', 'Saving for the other side')], max_length=9)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('unit', models.CharField(max_length=30)),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('on', models.DateField()),
                    ('note', models.CharField(max_length=400)),
                    ('written_at', models.DateTimeField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='alliances.alliance')),
                    ('corrects', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='alliances.contribution')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given', to='alliances.party')),
                    ('receiver', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received', to='alliances.party')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('alliance', 'number'), name='contribution_number_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('value__gte', 0)), name='contribution_is_no_debt'), models.CheckConstraint(condition=models.Q(('receiver__isnull', True), models.Q(('receiver', models.F('giver')), _negated=True), _connector='OR'), name='contribution_is_for_others')],
                },
            ),
            migrations.CreateModel(
                name='Acceptance',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('accepted_at', models.DateTimeField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('charter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='alliances.charter')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('charter', 'party'), name='charter_accepted_once_by_party')],
                },
            ),
            migrations.CreateModel(
                name='Word',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('confirmed', 'Confirmed'), ('disputed', 'Disputed'), ('proposed', 'Settlement proposed'), ('agreed', 'Settled')], max_length=9)),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('reason', models.CharField(blank=True, max_length=400)),
                    ('said_at', models.DateTimeField()),
                    ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='alliances.contribution')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alliances.party')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('contribution', 'number'), name='word_number_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['proposed', 'agreed']), ('value__isnull', True), _connector='XOR'), name='word_names_a_value_to_settle_on')],
                },
            ),
        ]),
    ]

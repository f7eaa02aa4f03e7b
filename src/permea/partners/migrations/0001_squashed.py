"""Everything of partners at once, in place of the migrations it names."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('partners', '0001_initial'), ('partners', '0002_imports_and_duplicates')]

    initial = True

    dependencies = [
        ('people', '0001_squashed'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='SourceEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('name', models.CharField(max_length=160)),
                    ('on', models.DateField()),
                    ('cost', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('hours', models.PositiveIntegerField(default=0)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='source_event_costs_nothing_or_more')],
                },
            ),
            migrations.CreateModel(
                name='PartnerImport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('name', models.CharField(max_length=160)),
                    ('content', models.BinaryField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('uploaded_at', models.DateTimeField()),
                    ('taken_at', models.DateTimeField(null=True)),
                    ('n_partners', models.PositiveIntegerField(default=0)),
                    ('n_people', models.PositiveIntegerField(default=0)),
                    ('n_left_out', models.PositiveIntegerField(default=0)),
                    ('undone_at', models.DateTimeField(null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Partner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='people.organisation')),
                    ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='known_as', to='people.organisation')),
                    ('stage', models.CharField(choices=[('known', 'Known'), ('contacted', 'Contacted'), ('talking', 'In talks'), ('working', 'Working together'), ('resting', 'Resting')], default='known', max_length=10)),
                    ('source', models.CharField(choices=[('event', 'Event or fair'), ('association', 'Association or network'), ('platform', 'Platform'), ('recommendation', 'Recommendation'), ('challenge', 'A challenge'), ('other', 'Something else')], default='other', max_length=14)),
                    ('source_name', models.CharField(blank=True, max_length=160)),
                    ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='partners.sourceevent')),
                    ('website', models.URLField(blank=True, max_length=300)),
                    ('city', models.CharField(blank=True, max_length=120)),
                    ('tags', models.CharField(blank=True, max_length=200)),
                    ('note', models.TextField(blank=True)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('search_text', models.TextField(blank=True, editable=False)),
                    ('created_at', models.DateTimeField()),
                    ('changed_at', models.DateTimeField(null=True)),
                    ('talked_at', models.DateTimeField(null=True)),
                    ('dealt_at', models.DateTimeField(null=True)),
                    ('archived_at', models.DateTimeField(null=True)),
                    ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='partners.partnerimport')),
                    ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='partners.partner')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('organisation', 'party'), name='partner_once_per_firm')],
                },
            ),
            migrations.CreateModel(
                name='Apart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.partner')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.partner')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('said_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='partners_apart_once')],
                },
            ),
            migrations.CreateModel(
                name='PartnerMerge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('gone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                    ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
                    ('moved', models.JSONField(default=dict)),
                    ('filled', models.JSONField(default=list)),
                    ('gone_archived_at', models.DateTimeField(null=True)),
                    ('merged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('merged_at', models.DateTimeField()),
                    ('undone_at', models.DateTimeField(null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Capability',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capabilities', to='partners.partner')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('kind', models.CharField(choices=[('offers', 'Can do'), ('needs', 'Looks for')], max_length=6)),
                    ('name', models.CharField(max_length=120)),
                    ('level', models.PositiveSmallIntegerField(default=3)),
                    ('basis', models.CharField(blank=True, max_length=300)),
                    ('stated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 5)), name='capability_level_is_1_to_5')],
                },
            ),
            migrations.CreateModel(
                name='Contact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='partners.partner')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('name', models.CharField(max_length=120)),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('phone', models.CharField(blank=True, max_length=40)),
                    ('position', models.CharField(blank=True, max_length=120)),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('invited_at', models.DateTimeField(null=True)),
                    ('made_at', models.DateTimeField()),
                    ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='partners.partnerimport')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='WorkingPreferences',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to='partners.partner')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('is_stated', models.BooleanField()),
                    ('language', models.CharField(blank=True, max_length=10)),
                    ('channel', models.CharField(blank=True, choices=[('mail', 'Mail'), ('phone', 'Phone'), ('video', 'Video call'), ('visit', 'In person'), ('chat', 'Chat')], max_length=6)),
                    ('response_hours', models.PositiveSmallIntegerField(null=True)),
                    ('decision', models.CharField(blank=True, choices=[('one', 'One person decides'), ('group', 'A group decides together'), ('levels', 'It goes through several levels')], max_length=6)),
                    ('ip_stance', models.CharField(blank=True, choices=[('open', 'Results are shared openly'), ('shared', 'Results belong to both'), ('own', 'Everybody owns what they make'), ('exclusive', 'Results have to be exclusive')], max_length=10)),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('said_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('partner', 'is_stated'), name='preferences_once_per_voice')],
                },
            ),
            migrations.CreateModel(
                name='LogEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log', to='partners.partner')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('kind', models.CharField(choices=[('call', 'Call'), ('mail', 'Mail'), ('meeting', 'Meeting'), ('event', 'Event')], max_length=8)),
                    ('on', models.DateField()),
                    ('summary', models.TextField()),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField()),
                    ('next_step', models.CharField(blank=True, max_length=200)),
                    ('next_on', models.DateField(null=True)),
                    ('next_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('next_done_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('next_done_at__isnull', True), ('next_on__isnull', False)), fields=['next_by', 'next_on'], name='log_open_next_steps')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('next_by__isnull', True), ('next_done_at__isnull', True), ('next_on__isnull', True), ('next_step', '')), models.Q(models.Q(('next_step', ''), _negated=True), ('next_by__isnull', False), ('next_on__isnull', False)), _connector='OR'), name='log_next_step_has_day_and_person')],
                },
            ),
        ]),
    ]

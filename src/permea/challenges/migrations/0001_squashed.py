"""Everything of challenges at once, in place of the migrations it names."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('challenges', '0001_initial'), ('challenges', '0002_public_compares'), ('challenges', '0003_remember_what_is_set_aside'), ('challenges', '0004_steps_between_deadline_and_reviews'), ('challenges', '0005_reviews_told_at'), ('challenges', '0006_steps_change_and_deadlines_move_by_rule'), ('challenges', '0007_confidential_texts')]

    initial = True

    dependencies = [
        ('agreements', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
        ('strategy', '0001_initial'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Challenge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='people.organisation')),
                    ('goal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='challenges', to='strategy.goal')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('template', models.CharField(blank=True, max_length=40)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('entry_languages', models.JSONField(default=list)),
                    ('title', models.CharField(max_length=160)),
                    ('teaser', models.CharField(blank=True, max_length=300)),
                    ('problem', models.TextField(blank=True)),
                    ('why_now', models.TextField(blank=True)),
                    ('constraints', models.TextField(blank=True)),
                    ('acceptance_test', models.TextField(blank=True)),
                    ('maturity_from', models.PositiveSmallIntegerField(null=True)),
                    ('maturity_to', models.PositiveSmallIntegerField(null=True)),
                    ('innovation_type', models.CharField(choices=[('product', 'Product'), ('service', 'Service'), ('process', 'Production or operations'), ('marketing', 'Marketing and sales'), ('organisation', 'Organisation'), ('business_model', 'Business model')], default='process', max_length=16)),
                    ('prize_amount', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                    ('currency', models.CharField(default='EUR', max_length=3)),
                    ('prize_note', models.CharField(blank=True, max_length=300)),
                    ('n_winners', models.PositiveSmallIntegerField(default=1)),
                    ('ip_terms', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.terms')),
                    ('participation_terms', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.terms')),
                    ('opens_at', models.DateTimeField(null=True)),
                    ('closes_at', models.DateTimeField(null=True)),
                    ('decide_by', models.DateTimeField(null=True)),
                    ('answer_by', models.DateTimeField(null=True)),
                    ('hours_limit', models.PositiveIntegerField(null=True)),
                    ('money_limit', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                    ('is_blind', models.BooleanField(default=True)),
                    ('public_compares', models.BooleanField(default=False)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('decided', 'Decided'), ('archived', 'Archived')], default='draft', max_length=10)),
                    ('created_at', models.DateTimeField()),
                    ('published_at', models.DateTimeField(null=True)),
                    ('closing_told_at', models.DateTimeField(null=True)),
                    ('reviews_told_at', models.DateTimeField(null=True)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('archived_at', models.DateTimeField(null=True)),
                    ('n_entries', models.PositiveIntegerField(default=0)),
                    ('seconds_spent', models.PositiveBigIntegerField(default=0)),
                    ('money_spent', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                    ('timetable_version', models.PositiveIntegerField(default=0)),
                    ('steps', models.JSONField(blank=True, default=list)),
                    ('auto_moves', models.JSONField(blank=True, default=dict)),
                    ('room_fields', models.JSONField(blank=True, default=list)),
                    ('nda_terms', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.terms')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('n_winners__gte', 1)), name='challenge_has_winners'), models.CheckConstraint(condition=models.Q(('status', 'draft'), models.Q(('published_at__isnull', True), ('status', 'archived')), models.Q(('answer_by__isnull', False), ('closes_at__isnull', False), ('decide_by__isnull', False), ('goal__isnull', False), ('hours_limit__isnull', False), ('ip_terms__isnull', False), ('money_limit__isnull', False), ('opens_at__isnull', False), ('participation_terms__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='challenge_complete_once_published'), models.CheckConstraint(condition=models.Q(('status', 'draft'), models.Q(('published_at__isnull', True), ('status', 'archived')), models.Q(('answer_by__gte', models.F('decide_by')), ('closes_at__gt', models.F('opens_at')), ('decide_by__gte', models.F('closes_at'))), _connector='OR'), name='challenge_dates_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Stage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='challenges.challenge')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('position', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(choices=[('entry', 'Entries'), ('discuss', 'Discussion'), ('improve', 'Improvement'), ('vote', 'Vote'), ('review', 'Review and decision'), ('answer', 'Answers')], max_length=60)),
                    ('opens_at', models.DateTimeField()),
                    ('closes_at', models.DateTimeField()),
                    ('allows', models.JSONField(default=list)),
                    ('circle', models.CharField(blank=True, choices=[('members', 'everybody inside the firm'), ('contributors', 'everybody who entered'), ('everyone', 'everybody')], max_length=12)),
                    ('options', models.JSONField(blank=True, default=dict)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('challenge', 'version', 'position'), name='stage_once'), models.CheckConstraint(condition=models.Q(('closes_at__gte', models.F('opens_at'))), name='stage_dates_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Criterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='challenges.challenge')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=80)),
                    ('question', models.CharField(max_length=300)),
                    ('weight', models.DecimalField(decimal_places=2, default=1, max_digits=5)),
                    ('anchors', models.JSONField(default=list)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('challenge', 'position'), name='criterion_position_once'), models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='criterion_weight_positive')],
                },
            ),
            migrations.CreateModel(
                name='TimetableChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timetable_changes', to='challenges.challenge')),
                    ('closed_at_before', models.DateTimeField()),
                    ('closed_at_after', models.DateTimeField()),
                    ('decide_by_before', models.DateTimeField()),
                    ('decide_by_after', models.DateTimeField()),
                    ('answer_by_before', models.DateTimeField()),
                    ('answer_by_after', models.DateTimeField()),
                    ('reason', models.CharField(max_length=300)),
                    ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('changed_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['challenge', 'changed_at'], name='timetable_change_by_time')],
                },
            ),
            migrations.CreateModel(
                name='StepChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='step_changes', to='challenges.challenge')),
                    ('steps_before', models.JSONField(default=list)),
                    ('steps_after', models.JSONField(default=list)),
                    ('reason', models.CharField(max_length=300)),
                    ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('changed_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['challenge', 'changed_at'], name='step_change_by_time')],
                },
            ),
            migrations.CreateModel(
                name='SetAside',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='set_aside', to='challenges.challenge')),
                    ('code', models.CharField(max_length=40)),
                    ('field', models.CharField(max_length=40)),
                    ('places', models.JSONField(default=list)),
                    ('word', models.CharField(max_length=200)),
                    ('set_aside_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('challenge', 'code', 'field'), name='set_aside_once')],
                },
            ),
        ]),
    ]

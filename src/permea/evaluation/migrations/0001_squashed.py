"""Everything of evaluation at once, in place of the migrations it names."""

import django.db.models.deletion
import django.db.models.functions.comparison
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('evaluation', '0001_initial'), ('evaluation', '0002_comparisons'), ('evaluation', '0003_effort_hours'), ('evaluation', '0004_assignment_drafts')]

    initial = True

    dependencies = [
        ('challenges', '0001_squashed'),
        ('ideas', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Panel',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='panel', to='challenges.challenge')),
                    ('mode', models.CharField(choices=[('reviews', 'Reviews: marks and reasons, one entry at a time'), ('comparisons', 'Comparisons: two entries, which is better?'), ('both', 'Both')], default='reviews', max_length=11)),
                    ('reviews_per_idea', models.PositiveSmallIntegerField(default=3)),
                    ('minutes_per_review', models.PositiveSmallIntegerField(default=10)),
                    ('n_shortlist', models.PositiveSmallIntegerField(default=5)),
                    ('certainty_wanted', models.PositiveSmallIntegerField(default=90)),
                    ('effort_hours', models.PositiveSmallIntegerField(null=True)),
                    ('reviewing_ended_at', models.DateTimeField(null=True)),
                    ('ranking_is_due', models.BooleanField(default=False)),
                    ('seconds_comparing', models.PositiveBigIntegerField(default=0)),
                    ('is_dealt_at_closing', models.BooleanField(default=True)),
                    ('changed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Panelist',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('panel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='panelists', to='evaluation.panel')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='panel_seats', to=settings.AUTH_USER_MODEL)),
                    ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='people.invitation')),
                    ('label', models.CharField(max_length=20)),
                    ('imported_name', models.CharField(blank=True, max_length=120)),
                    ('minutes_per_week', models.PositiveSmallIntegerField(default=30)),
                    ('minutes_stated_at', models.DateTimeField(null=True)),
                    ('invited_at', models.DateTimeField()),
                    ('joined_at', models.DateTimeField(null=True)),
                    ('left_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('panel', 'person'), name='panelist_once'), models.UniqueConstraint(fields=('panel', 'label'), name='panelist_label_once')],
                },
            ),
            migrations.CreateModel(
                name='Assignment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('panelist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='evaluation.panelist')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='ideas.idea')),
                    ('position', models.PositiveIntegerField()),
                    ('status', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('declined', 'Declined'), ('released', 'Released')], default='open', max_length=8)),
                    ('decline_reason', models.CharField(blank=True, choices=[('conflict', 'Conflict of interest'), ('not_my_field', 'Not my field'), ('too_busy', 'Too busy')], max_length=12)),
                    ('assigned_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('panelist', 'idea'), name='assignment_once'), models.CheckConstraint(condition=models.Q(('status', 'declined'), ('decline_reason', ''), _connector='XOR'), name='assignment_decline_has_reason'), models.CheckConstraint(condition=models.Q(('status', 'open'), ('ended_at__isnull', False), _connector='XOR'), name='assignment_end_time_unless_open')],
                },
            ),
            migrations.CreateModel(
                name='Conflict',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('panelist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='evaluation.panelist')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='ideas.idea')),
                    ('status', models.CharField(choices=[('declared', 'Declared'), ('dismissed', 'Dismissed')], max_length=9)),
                    ('reason', models.CharField(max_length=300)),
                    ('stated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stated_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('panelist', 'idea'), name='conflict_once')],
                },
            ),
            migrations.CreateModel(
                name='AssignmentDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('panel', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='draft', to='evaluation.panel')),
                    ('reviews_per_idea', models.PositiveSmallIntegerField()),
                    ('extra_load', models.PositiveSmallIntegerField(default=0)),
                    ('needs_experience', models.BooleanField(default=False)),
                    ('result', models.JSONField(default=dict)),
                    ('steps', models.JSONField(default=list)),
                    ('basis', models.CharField(max_length=64)),
                    ('engine_version', models.CharField(max_length=20)),
                    ('computed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='DraftPair',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='evaluation.assignmentdraft')),
                    ('panelist', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evaluation.panelist')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.idea')),
                    ('origin', models.CharField(choices=[('computed', 'Computed'), ('added', 'Added by hand'), ('removed', 'Taken out by hand')], max_length=8)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('draft', 'panelist', 'idea'), name='draft_pair_once')],
                },
            ),
            migrations.CreateModel(
                name='ReviewDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='draft', to='evaluation.assignment')),
                    ('content', models.JSONField(default=dict)),
                    ('saved_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Review',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='challenges.challenge')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='ideas.idea')),
                    ('panelist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='evaluation.panelist')),
                    ('recommendation', models.CharField(blank=True, choices=[('yes', 'Take it up'), ('maybe', 'Take it up if …'), ('no', 'Leave it')], max_length=5)),
                    ('reason', models.TextField(blank=True)),
                    ('private_note', models.TextField(blank=True)),
                    ('seconds_spent', models.PositiveIntegerField(default=0)),
                    ('submitted_at', models.DateTimeField()),
                    ('superseded_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('panelist', 'idea'), name='review_in_force_once')],
                },
            ),
            migrations.CreateModel(
                name='Score',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='evaluation.review')),
                    ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='challenges.criterion')),
                    ('value', models.PositiveSmallIntegerField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('review', 'criterion'), name='score_once'), models.CheckConstraint(condition=models.Q(('value__gte', 1), ('value__lte', 5)), name='score_from_1_to_5')],
                },
            ),
            migrations.CreateModel(
                name='Comparison',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comparisons', to='challenges.challenge')),
                    ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.idea')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.idea')),
                    ('outcome', models.CharField(choices=[('first', 'Left is better'), ('second', 'Right is better'), ('tie', 'About equal'), ('cannot_judge', 'I cannot judge')], max_length=12)),
                    ('note', models.TextField(blank=True)),
                    ('panelist', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='evaluation.panelist')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to=settings.AUTH_USER_MODEL)),
                    ('token', models.CharField(max_length=20, unique=True)),
                    ('seconds_spent', models.PositiveIntegerField(default=0)),
                    ('made_at', models.DateTimeField()),
                    ('retracted_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['panelist', 'made_at'], name='comparison_by_panelist'), models.Index(fields=['person', 'challenge'], name='comparison_by_person'), models.Index(fields=['challenge', 'made_at'], name='comparison_by_challenge')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='comparison_of_two'), models.CheckConstraint(condition=models.Q(('panelist__isnull', True), ('person__isnull', True), _connector='XOR'), name='comparison_by_panelist_or_public'), models.UniqueConstraint(django.db.models.functions.comparison.Least('first', 'second'), django.db.models.functions.comparison.Greatest('first', 'second'), models.F('panelist'), condition=models.Q(('panelist__isnull', False), ('retracted_at__isnull', True)), name='comparison_once_a_panelist'), models.UniqueConstraint(django.db.models.functions.comparison.Least('first', 'second'), django.db.models.functions.comparison.Greatest('first', 'second'), models.F('person'), condition=models.Q(('person__isnull', False), ('retracted_at__isnull', True)), name='comparison_once_a_person')],
                },
            ),
            migrations.CreateModel(
                name='Ranking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rankings', to='challenges.challenge')),
                    ('computed_at', models.DateTimeField()),
                    ('engine_version', models.CharField(max_length=20)),
                    ('input_sha256', models.CharField(max_length=64)),
                    ('n_ideas', models.PositiveIntegerField()),
                    ('n_reviews', models.PositiveIntegerField()),
                    ('n_comparisons', models.PositiveIntegerField(default=0)),
                    ('result', models.JSONField()),
                ],
                options={
                    'indexes': [models.Index(fields=['challenge', '-computed_at'], name='ranking_latest')],
                },
            ),
            migrations.CreateModel(
                name='RankingState',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ranking', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='state', to='evaluation.ranking')),
                    ('content', models.JSONField()),
                ],
            ),
        ]),
    ]

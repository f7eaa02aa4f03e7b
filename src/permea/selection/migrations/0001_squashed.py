"""Everything of selection at once, in place of the migrations it names."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('selection', '0001_initial'), ('selection', '0002_answers_of_merged_ideas'), ('selection', '0003_title_evidence')]

    initial = True

    dependencies = [
        ('challenges', '0001_squashed'),
        ('evaluation', '0001_squashed'),
        ('ideas', '0001_squashed'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Estimate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='estimate', to='ideas.idea')),
                    ('money', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('days', models.DecimalField(decimal_places=1, max_digits=7)),
                    ('bucket', models.CharField(blank=True, max_length=60)),
                    ('estimated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('estimated_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='SelectionLimits',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='selection_limits', to='challenges.challenge')),
                    ('money', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                    ('days', models.DecimalField(decimal_places=1, max_digits=9, null=True)),
                    ('n_most', models.PositiveSmallIntegerField(null=True)),
                    ('bar', models.DecimalField(decimal_places=2, default=3, max_digits=3)),
                    ('buckets', models.JSONField(default=list)),
                    ('exclusions', models.JSONField(default=list)),
                    ('dependencies', models.JSONField(default=list)),
                    ('changed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Selection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='selections', to='challenges.challenge')),
                    ('ranking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.ranking')),
                    ('computed_at', models.DateTimeField()),
                    ('computed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('input_sha256', models.CharField(max_length=64)),
                    ('certificate', models.JSONField()),
                    ('chosen', models.JSONField(default=list)),
                    ('settled_at', models.DateTimeField(null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='SelectionChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('selection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='selection.selection')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ideas.idea')),
                    ('taken_in', models.BooleanField()),
                    ('reason', models.CharField(max_length=300)),
                    ('value_change', models.FloatField()),
                    ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('changed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='challenges.challenge')),
                    ('idea', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='ideas.idea')),
                    ('outcome', models.CharField(choices=[('award', 'Award'), ('reserve', 'Reserve'), ('decline', 'Decline')], max_length=8)),
                    ('reason', models.CharField(choices=[('best_fit', 'Among the best by the criteria'), ('close_runner_up', 'Close to the line; first to be asked if a place falls free'), ('below_bar', 'Below the bar on a criterion'), ('over_budget', 'Good, but not within the money or time there is'), ('not_feasible', 'We do not see how it can be built'), ('not_our_strategy', 'Good, but not where we are going'), ('already_known', 'Already known or under way here'), ('incomplete', 'Too little to judge it by'), ('out_of_scope', 'Does not answer this challenge')], max_length=20)),
                    ('words', models.TextField()),
                    ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('idea', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='ideas.idea')),
                    ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='selection.decision')),
                    ('profile', models.JSONField()),
                    ('text', models.TextField()),
                    ('sent_at', models.DateTimeField()),
                    ('first_read_at', models.DateTimeField(null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Clarification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='clarification', to='selection.answer')),
                    ('question', models.TextField()),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField()),
                    ('reply', models.TextField(blank=True)),
                    ('replied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('replied_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='Award',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='award', to='selection.decision')),
                    ('prize_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('currency', models.CharField(max_length=3)),
                    ('payment', models.CharField(choices=[('due', 'Due'), ('ordered', 'Ordered'), ('paid', 'Paid'), ('waived', 'Waived')], default='due', max_length=8)),
                    ('payment_note', models.CharField(blank=True, max_length=200)),
                    ('paid_at', models.DateTimeField(null=True)),
                    ('rights_accepted_at', models.DateTimeField(null=True)),
                    ('rights_accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('payment', 'paid'), ('paid_at__isnull', True), _connector='XOR'), name='award_paid_has_time')],
                },
            ),
            migrations.CreateModel(
                name='TitleEvidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='title_evidence', to='ideas.idea')),
                    ('kind', models.CharField(choices=[('employer', 'Release by an employer or a university'), ('signed', 'Rights transferred or licensed on a paper of their own'), ('shares', 'Agreement of several about their shares'), ('received', 'What was sent in, as it came'), ('earlier', 'Consent of those who wrote an earlier entry')], max_length=8)),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('words', models.TextField()),
                    ('document_sha256', models.CharField(blank=True, max_length=64)),
                    ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorded_at', models.DateTimeField()),
                    ('struck_at', models.DateTimeField(null=True)),
                    ('struck_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('struck_at__isnull', True), ('struck_by__isnull', False), _connector='XOR'), name='title_evidence_struck_by_somebody')],
                },
            ),
        ]),
    ]

"""Everything of dialogue at once, in place of the migrations it names."""

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import migrations, models

from permea.foundation.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [('dialogue', '0001_questions_and_answers'), ('dialogue', '0002_comments_on_entries'), ('dialogue', '0003_suggestions_and_one_reaction_each'), ('dialogue', '0004_voices_without_accounts')]

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
                name='Participant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='challenges.challenge')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participations', to=settings.AUTH_USER_MODEL)),
                    ('number', models.PositiveIntegerField()),
                    ('name', models.CharField(blank=True, max_length=40)),
                    ('folded', models.CharField(blank=True, max_length=80)),
                    ('imported_name', models.CharField(blank=True, max_length=120)),
                    ('mark', models.CharField(blank=True, max_length=64)),
                    ('since', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('challenge', 'person'), name='talk_participant_once'), models.UniqueConstraint(fields=('challenge', 'number'), name='talk_participant_number_once'), models.UniqueConstraint(condition=models.Q(('folded', ''), _negated=True), fields=('challenge', 'folded'), name='talk_participant_name_once'), models.UniqueConstraint(condition=models.Q(('mark', ''), _negated=True), fields=('challenge', 'mark'), name='talk_participant_mark_once'), models.CheckConstraint(condition=models.Q(('person__isnull', True), models.Q(('imported_name', ''), ('mark', '')), _connector='OR'), name='talk_participant_person_is_not_imported')],
                },
            ),
            migrations.CreateModel(
                name='Talk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='talk', to='ideas.idea')),
                    ('n_comments', models.PositiveIntegerField(default=0)),
                    ('n_threads', models.PositiveIntegerField(default=0)),
                ],
            ),
            migrations.CreateModel(
                name='Comment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='challenges.challenge')),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('text', models.TextField(blank=True)),
                    ('hidden_at', models.DateTimeField(null=True)),
                    ('reported_at', models.DateTimeField(null=True)),
                    ('appealed_at', models.DateTimeField(null=True)),
                    ('appeal_decided_at', models.DateTimeField(null=True)),
                    ('text_removed_at', models.DateTimeField(null=True)),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='ideas.idea')),
                    ('writer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL)),
                    ('participant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='dialogue.participant')),
                    ('voice', models.CharField(choices=[('author', 'Author of this entry'), ('participant', 'Participant'), ('house', 'Member of the firm'), ('imported', 'Taken over')], max_length=12)),
                    ('house_name', models.CharField(blank=True, max_length=120)),
                    ('source', models.CharField(blank=True, max_length=80)),
                    ('external_id', models.CharField(blank=True, max_length=80)),
                    ('thread', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='dialogue.comment')),
                    ('answers', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='dialogue.comment')),
                    ('status', models.CharField(choices=[('shown', 'Shown'), ('held', 'Held for a look'), ('hidden', 'Hidden'), ('withdrawn', 'Taken back')], max_length=10)),
                    ('kind', models.CharField(choices=[('comment', 'Comment'), ('suggestion', 'Suggestion')], default='comment', max_length=10)),
                    ('outcome', models.CharField(blank=True, choices=[('taken_up', 'Taken up'), ('not', 'Not taken up')], max_length=10)),
                    ('outcome_words', models.CharField(blank=True, max_length=300)),
                    ('outcome_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('outcome_at', models.DateTimeField(null=True)),
                    ('salt', models.CharField(blank=True, max_length=32)),
                    ('written_at', models.DateTimeField()),
                    ('came_in_at', models.DateTimeField(null=True)),
                    ('edited_at', models.DateTimeField(null=True)),
                    ('n_replies', models.PositiveIntegerField(default=0)),
                    ('n_answers', models.PositiveIntegerField(default=0)),
                    ('n_helpful', models.PositiveIntegerField(default=0)),
                    ('n_me_too', models.PositiveIntegerField(default=0)),
                    ('n_doubt', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('thread__isnull', True)), fields=['idea', 'written_at'], name='comment_threads'), models.Index(fields=['thread', 'written_at'], name='comment_replies'), models.Index(fields=['written_at'], name='comment_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status', 'hidden'), ('hidden_at__isnull', True), _connector='XOR'), name='comment_hidden_has_time'), models.CheckConstraint(condition=models.Q(('thread__isnull', False), ('answers__isnull', True), _connector='OR'), name='comment_answers_within_a_thread'), models.CheckConstraint(condition=models.Q(models.Q(('participant__isnull', False), ('voice', 'participant')), ('voice', 'imported'), models.Q(('participant__isnull', True), models.Q(('voice__in', ['participant', 'imported']), _negated=True)), _connector='OR'), name='comment_of_a_participant_has_one'), models.CheckConstraint(condition=models.Q(('writer__isnull', True), ('source', ''), _connector='XOR'), name='comment_without_writer_has_a_source'), models.CheckConstraint(condition=models.Q(('writer__isnull', True), models.Q(('voice', 'imported'), _negated=True), _connector='OR'), name='comment_taken_over_has_no_writer'), models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('challenge', 'external_id'), name='comment_taken_over_once'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('outcome_at__isnull', True)), models.Q(('kind', 'suggestion'), ('outcome_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='comment_outcome_is_of_a_suggestion'), models.CheckConstraint(condition=models.Q(('appeal_decided_at__isnull', True), ('appealed_at__isnull', False), _connector='OR'), name='comment_appeal_decided_after_it_was_made')],
                },
            ),
            migrations.CreateModel(
                name='CommentVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='dialogue.comment')),
                    ('text', models.TextField()),
                    ('replaced_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Reaction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='dialogue.comment')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('kind', models.CharField(choices=[('helpful', 'Helpful'), ('me_too', 'Me too'), ('doubt', 'I have a doubt')], max_length=8)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('comment', 'person'), name='reaction_once')],
                },
            ),
            migrations.CreateModel(
                name='EntryFollower',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='ideas.idea')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('is_wanted', models.BooleanField()),
                    ('since', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('idea', 'person'), name='entry_follower_once')],
                },
            ),
            migrations.CreateModel(
                name='Question',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='challenges.challenge')),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('text', models.TextField(blank=True)),
                    ('hidden_at', models.DateTimeField(null=True)),
                    ('reported_at', models.DateTimeField(null=True)),
                    ('appealed_at', models.DateTimeField(null=True)),
                    ('appeal_decided_at', models.DateTimeField(null=True)),
                    ('text_removed_at', models.DateTimeField(null=True)),
                    ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to=settings.AUTH_USER_MODEL)),
                    ('asked_text', models.TextField(blank=True)),
                    ('status', models.CharField(choices=[('waiting', 'Waits for an answer'), ('held', 'Held for a look'), ('answered', 'Answered'), ('hidden', 'Hidden'), ('withdrawn', 'Taken back')], max_length=10)),
                    ('asked_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField(null=True)),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('n_answers', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'indexes': [models.Index(fields=['challenge', 'status', 'asked_at'], name='question_by_challenge'), models.Index(fields=['asked_at'], name='question_by_time')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status', 'answered'), _negated=True), ('n_answers__gt', 0), _connector='OR'), name='question_has_answer_if_answered'), models.CheckConstraint(condition=models.Q(('n_answers', 0), ('answered_at__isnull', False), _connector='XOR'), name='question_answered_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'waiting'), _negated=True), ('due_at__isnull', False), _connector='OR'), name='question_waits_until_a_time'), models.CheckConstraint(condition=models.Q(('status', 'hidden'), ('hidden_at__isnull', True), _connector='XOR'), name='question_hidden_has_time'), models.CheckConstraint(condition=models.Q(('appeal_decided_at__isnull', True), ('appealed_at__isnull', False), _connector='OR'), name='question_appeal_decided_after_it_was_made')],
                },
            ),
            migrations.CreateModel(
                name='PublishedAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='dialogue.question')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('text', models.TextField()),
                    ('changes_brief', models.BooleanField(default=False)),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('published_at', models.DateTimeField()),
                    ('told_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('told_at__isnull', True)), fields=['published_at'], name='published_answer_untold')],
                    'constraints': [models.UniqueConstraint(fields=('question', 'number'), name='published_answer_once')],
                },
            ),
            migrations.CreateModel(
                name='Follower',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='challenges.challenge')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('since', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('challenge', 'person'), name='follower_once')],
                },
            ),
            migrations.CreateModel(
                name='ModerationEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='moderation', to='dialogue.question')),
                    ('comment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='moderation', to='dialogue.comment')),
                    ('action', models.CharField(choices=[('held', 'Held by the rules'), ('released', 'Released'), ('reworded', 'Reworded for the public'), ('hidden', 'Hidden'), ('appealed', 'Objection by its writer'), ('upheld', 'Objection refused'), ('overturned', 'Objection accepted, shown again'), ('reported', 'Reported by a reader'), ('dismissed', 'Reports found groundless')], max_length=10)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, choices=[('spam', 'Advertising or generated text'), ('off_topic', 'Not about this challenge'), ('offensive', 'Insulting or unlawful'), ('personal', 'Says something about a person that is private'), ('solution', 'Gives a solution away'), ('repeated', 'Asked and answered before'), ('other', 'Something else')], max_length=10)),
                    ('words', models.TextField(blank=True)),
                    ('before', models.TextField(blank=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['question', 'at'], name='moderation_by_question'), models.Index(fields=['comment', 'at'], name='moderation_by_comment')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('action', 'reported')), fields=('question', 'by'), name='moderation_reported_once'), models.UniqueConstraint(condition=models.Q(('action', 'reported')), fields=('comment', 'by'), name='moderation_comment_reported_once'), models.CheckConstraint(condition=models.Q(('question__isnull', True), ('comment__isnull', True), _connector='XOR'), name='moderation_is_about_one_text')],
                },
            ),
        ]),
    ]

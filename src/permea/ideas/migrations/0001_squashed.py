"""Everything of ideas, and an index of titles and summaries in the database, kept by the database itself.

SQLite gets an FTS5 table that only points into the entries' table, and triggers that keep it; PostgreSQL the words in a
column of their own and an index over them. What is searched loses its accents, so that both find the same.

A later migration that remakes `ideas_idea` on SQLite (any AlterField does, and so does a new constraint) takes the
triggers along: it must drop and create them again with `drop_words` and `create_words`. A test holds that an entry is
found after all migrations.
"""

import sqlite3

import django.db.models.deletion
import permea.foundation.ids
from django.conf import settings
from django.db import NotSupportedError, migrations, models

from permea.foundation.migrating import CreateModels

SIGNS = "".join(
    chr(code)
    for code in (*range(0x21, 0x7F), *range(0xA0, 0xC0), 0xD7, 0xF7, *range(0x2010, 0x2060))
    if not chr(code).isalnum()
)
SIGNS_LITERAL = SIGNS.replace("'", "''")
REMOVE = "INSERT INTO ideas_words (ideas_words, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
ADD = "INSERT INTO ideas_words (rowid, search_text) VALUES (new.id, new.search_text);"
SQLITE = {
    "ideas_words_added": f"AFTER INSERT ON ideas_idea BEGIN {ADD} END",
    "ideas_words_removed": f"AFTER DELETE ON ideas_idea BEGIN {REMOVE} END",
    "ideas_words_changed": (
        "AFTER UPDATE OF search_text ON ideas_idea WHEN old.search_text IS NOT new.search_text "
        f"BEGIN {REMOVE} {ADD} END"
    ),
}
SQLITE_TABLE = """
    CREATE VIRTUAL TABLE ideas_words USING fts5(
        search_text, content='ideas_idea', content_rowid='id', prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 2"
    )"""
SECURE_DELETE = (3, 42)  # from this version on SQLite can take deleted words out of the index at once
POSTGRESQL = (
    f"""
    CREATE FUNCTION ideas_search_vector(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.simple'::regconfig, translate(said, '{SIGNS_LITERAL}', '{" " * len(SIGNS)}'))""",
    # Computed for every row that is looked at, the words of a text cost 0.15 ms; kept, next to nothing.
    "ALTER TABLE ideas_idea ADD COLUMN search_vector tsvector"
    " GENERATED ALWAYS AS (ideas_search_vector(search_text)) STORED",
    "CREATE INDEX ideas_words ON ideas_idea USING gin (search_vector) WITH (fastupdate = off)",
)


def create_words(apps, schema_editor):
    """Create the index of this kind of database, and fill it."""
    vendor = schema_editor.connection.vendor
    if vendor not in {"sqlite", "postgresql"}:
        raise NotSupportedError(f"Entries cannot be searched on {vendor}; use SQLite or PostgreSQL.")
    with schema_editor.connection.cursor() as cursor:
        if vendor == "postgresql":
            for statement in POSTGRESQL:
                cursor.execute(statement)
            return
        cursor.execute(SQLITE_TABLE)
        if sqlite3.sqlite_version_info >= SECURE_DELETE:
            cursor.execute("INSERT INTO ideas_words (ideas_words, rank) VALUES ('secure-delete', 1)")
        for name, rest in SQLITE.items():
            cursor.execute(f"CREATE TRIGGER {name} {rest}")
        cursor.execute("INSERT INTO ideas_words (ideas_words) VALUES ('rebuild')")


def drop_words(apps, schema_editor):
    """Drop the index again."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ideas_idea DROP COLUMN search_vector")  # and the index with it
            cursor.execute("DROP FUNCTION ideas_search_vector(text)")
            return
        for name in SQLITE:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DROP TABLE ideas_words")


class Migration(migrations.Migration):

    replaces = [('ideas', '0001_initial'), ('ideas', '0002_boxes'), ('ideas', '0003_merging'), ('ideas', '0004_notes_and_mail'), ('ideas', '0005_search_words'), ('ideas', '0006_shown_to_a_circle'), ('ideas', '0007_saved_views'), ('ideas', '0008_meaning'), ('ideas', '0009_coauthors_and_credit'), ('ideas', '0010_builds_on'), ('ideas', '0011_machine_translations'), ('ideas', '0012_votes'), ('ideas', '0013_themes'), ('ideas', '0014_theme_changes'), ('ideas', '0015_found_while_typing')]

    initial = True

    dependencies = [
        ('challenges', '0001_squashed'),
        ('people', '0001_squashed'),
        ('people', '__first__'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Idea',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to='people.organisation')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to='challenges.challenge')),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ideas', to=settings.AUTH_USER_MODEL)),
                    ('affiliation', models.CharField(blank=True, max_length=160)),
                    ('source', models.CharField(choices=[('customer', 'Customer'), ('supplier', 'Supplier'), ('university', 'University or institute'), ('startup', 'Startup or firm'), ('inventor', 'Inventor'), ('employee', 'Employee'), ('other', 'Somebody else')], default='other', max_length=12)),
                    ('country', models.CharField(blank=True, max_length=2)),
                    ('channel', models.CharField(choices=[('form', 'Entry page'), ('api', 'API'), ('import', 'Spreadsheet')], default='form', max_length=10)),
                    ('external_id', models.CharField(blank=True, max_length=80)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('title', models.CharField(blank=True, max_length=160)),
                    ('summary', models.CharField(blank=True, max_length=500)),
                    ('body', models.TextField(blank=True)),
                    ('asked_money', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                    ('asked_days', models.DecimalField(decimal_places=1, max_digits=7, null=True)),
                    ('pending', models.JSONField(null=True)),
                    ('search_text', models.TextField(blank=True)),
                    ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Handed in'), ('withdrawn', 'Withdrawn'), ('merged', 'Merged with another entry')], default='draft', max_length=10)),
                    ('created_at', models.DateTimeField()),
                    ('saved_at', models.DateTimeField()),
                    ('saved_window', models.CharField(blank=True, max_length=20)),
                    ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('submitted_at', models.DateTimeField(editable=False, null=True)),
                    ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                    ('text_removed_at', models.DateTimeField(editable=False, null=True)),
                    ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_entries', to='ideas.idea')),
                    ('shown_to', models.CharField(blank=True, choices=[('members', 'everybody inside the firm'), ('contributors', 'everybody who entered'), ('everyone', 'everybody')], max_length=12)),
                    ('n_merged', models.PositiveIntegerField(default=0)),
                    ('n_versions', models.PositiveIntegerField(default=0)),
                    ('n_files', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'indexes': [models.Index(fields=['challenge', 'status', 'submitted_at', 'id', 'source', 'language'], name='idea_in_list'), models.Index(fields=['challenge', 'status', 'source', 'language'], name='idea_by_kind'), models.Index(fields=['challenge', 'status', 'key'], name='idea_in_ring'), models.Index(fields=['challenge', 'status', 'text_removed_at', 'submitted_at', 'id'], name='idea_comparable')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status', 'draft'), ('n_versions__gt', 0), _connector='XOR'), name='idea_has_version_unless_draft'), models.CheckConstraint(condition=models.Q(('pending__isnull', True), models.Q(('status', 'draft'), _negated=True), _connector='OR'), name='idea_waits_with_changes_only_after_a_version'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('challenge', 'author'), name='idea_one_draft_per_author'), models.CheckConstraint(condition=models.Q(('status', 'draft'), ('submitted_at__isnull', False), _connector='XOR'), name='idea_has_submission_time_unless_draft'), models.CheckConstraint(condition=models.Q(('status', 'withdrawn'), ('withdrawn_at__isnull', True), _connector='XOR'), name='idea_has_withdrawal_time_if_withdrawn'), models.CheckConstraint(condition=models.Q(('status', 'merged'), ('merged_into__isnull', True), _connector='XOR'), name='idea_has_lead_if_merged'), models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), ('n_merged', 0), _connector='OR'), name='idea_that_leads_is_not_merged'), models.CheckConstraint(condition=models.Q(('merged_into', models.F('pk')), _negated=True), name='idea_not_merged_into_itself'), models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('challenge', 'external_id'), name='idea_external_id_once')],
                },
            ),
            migrations.CreateModel(
                name='IdeaVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='ideas.idea')),
                    ('number', models.PositiveIntegerField()),
                    ('content', models.JSONField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('receipt_key', models.CharField(blank=True, max_length=20)),
                    ('made_at', models.DateTimeField()),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('idea', 'number'), name='idea_version_once')],
                },
            ),
            migrations.CreateModel(
                name='KeptCopy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_copies', to='ideas.idea')),
                    ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('window', models.CharField(max_length=20)),
                    ('content', models.JSONField()),
                    ('kept_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('idea', 'kept_by', 'window'), name='kept_copy_once_per_window')],
                },
            ),
            migrations.CreateModel(
                name='Contributor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='ideas.idea')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to=settings.AUTH_USER_MODEL)),
                    ('since', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('idea', 'person'), name='contributor_once')],
                },
            ),
            migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='ideas.idea')),
                    ('name', models.CharField(max_length=160)),
                    ('content_type', models.CharField(max_length=100)),
                    ('size', models.PositiveBigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('path', models.CharField(blank=True, max_length=200)),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('added_at', models.DateTimeField()),
                    ('handed_in_at', models.DateTimeField(null=True)),
                    ('removed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('path', ''), _negated=True), fields=('path',), name='attachment_path_once'), models.CheckConstraint(condition=models.Q(models.Q(('path', ''), _negated=True), ('removed_at__isnull', False), _connector='OR'), name='attachment_has_its_bytes_unless_removed')],
                },
            ),
            migrations.CreateModel(
                name='StagedTable',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='challenges.challenge')),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(max_length=160)),
                    ('content', models.BinaryField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('uploaded_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='IdeaBox',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boxes', to='people.organisation')),
                    ('title', models.CharField(max_length=160)),
                    ('welcome', models.TextField(blank=True)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('origins', models.JSONField(blank=True, default=list)),
                    ('asks_source', models.BooleanField(default=True)),
                    ('source', models.CharField(choices=[('customer', 'Customer'), ('supplier', 'Supplier'), ('university', 'University or institute'), ('startup', 'Startup or firm'), ('inventor', 'Inventor'), ('employee', 'Employee'), ('other', 'Somebody else')], default='customer', max_length=12)),
                    ('answer_days', models.PositiveSmallIntegerField(default=7)),
                    ('created_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('answer_days__gte', 1), ('answer_days__lte', 90)), name='box_answers_within_a_quarter')],
                },
            ),
            migrations.CreateModel(
                name='Posting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='people.organisation')),
                    ('box', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ideas.ideabox')),
                    ('kind', models.CharField(choices=[('need', 'Need'), ('idea', 'Idea')], max_length=4)),
                    ('title', models.CharField(max_length=160)),
                    ('text', models.TextField(blank=True)),
                    ('search_text', models.TextField(blank=True)),
                    ('language', models.CharField(default='en', max_length=10)),
                    ('source', models.CharField(choices=[('customer', 'Customer'), ('supplier', 'Supplier'), ('university', 'University or institute'), ('startup', 'Startup or firm'), ('inventor', 'Inventor'), ('employee', 'Employee'), ('other', 'Somebody else')], max_length=12)),
                    ('channel', models.CharField(choices=[('page', 'Page of the box'), ('qr', 'Code on the spot'), ('widget', 'Form on a website'), ('api', 'API'), ('mail', 'E-mail')], max_length=6)),
                    ('place', models.CharField(blank=True, max_length=60)),
                    ('is_anonymous', models.BooleanField(default=True)),
                    ('sender', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='postings', to=settings.AUTH_USER_MODEL)),
                    ('sender_name', models.CharField(blank=True, max_length=160)),
                    ('sender_email', models.EmailField(blank=True, max_length=254)),
                    ('photo_path', models.CharField(blank=True, max_length=200)),
                    ('photo_type', models.CharField(blank=True, max_length=100)),
                    ('photo_size', models.PositiveBigIntegerField(default=0)),
                    ('photo_sha256', models.CharField(blank=True, max_length=64)),
                    ('salt', models.CharField(blank=True, max_length=64)),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('form_hash', models.CharField(max_length=64, unique=True)),
                    ('status', models.CharField(choices=[('new', 'New'), ('considered', 'Being considered'), ('merged', 'Merged'), ('taken_up', 'Taken up'), ('declined', 'Not taken up'), ('withdrawn', 'Withdrawn')], default='new', max_length=10)),
                    ('received_at', models.DateTimeField()),
                    ('answer_due_at', models.DateTimeField()),
                    ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='ideas.posting')),
                    ('became_challenge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='postings', to='challenges.challenge')),
                    ('reason', models.CharField(blank=True, choices=[('already_known', 'Already known or under way here'), ('not_feasible', 'We do not see how it can be done'), ('over_budget', 'Good, but not within the money or time there is'), ('not_our_strategy', 'Good, but not where we are going'), ('incomplete', 'Too little to judge it by'), ('out_of_scope', 'Not ours to solve')], max_length=20)),
                    ('answer', models.TextField(blank=True)),
                    ('answered_at', models.DateTimeField(null=True)),
                    ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('text_removed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['organisation', 'status', 'answer_due_at'], name='posting_by_state')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ('taken_up', 'declined')), models.Q(('answered_at__isnull', True), ('answer', '')), _connector='XOR'), name='posting_closed_only_with_an_answer'), models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), models.Q(('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='posting_answer_has_words_and_author'), models.CheckConstraint(condition=models.Q(('status', 'declined'), ('reason', ''), _connector='XOR'), name='posting_declined_with_a_reason'), models.CheckConstraint(condition=models.Q(('status', 'merged'), ('merged_into__isnull', True), _connector='XOR'), name='posting_merged_into_another'), models.CheckConstraint(condition=models.Q(('answer_due_at__gt', models.F('received_at'))), name='posting_due_after_it_came'), models.UniqueConstraint(condition=models.Q(('photo_path', ''), _negated=True), fields=('photo_path',), name='posting_photo_once')],
                },
            ),
            migrations.CreateModel(
                name='PostingStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('posting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='ideas.posting')),
                    ('what', models.CharField(choices=[('received', 'Received'), ('considered', 'Being considered'), ('merged', 'Merged'), ('unmerged', 'Merging undone'), ('challenge', 'Challenge drafted'), ('answered', 'Answered'), ('noted', 'Sender added something'), ('withdrawn', 'Withdrawn')], max_length=10)),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.posting')),
                    ('reason', models.CharField(blank=True, max_length=500)),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='PostingNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('posting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='ideas.posting')),
                    ('text', models.TextField()),
                    ('form_hash', models.CharField(max_length=64, unique=True)),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='CoauthorInvitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='ideas.idea')),
                    ('email', models.EmailField(blank=True, max_length=254)),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('invited_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('declined_at', models.DateTimeField(null=True)),
                    ('taken_back_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', False), _connector='XOR'), name='coauthor_acceptance_has_person'), models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('declined_at__isnull', True), ('taken_back_at__isnull', True)), fields=('idea', 'email'), name='coauthor_asked_once')],
                },
            ),
            migrations.CreateModel(
                name='CreditSplit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='splits', to='ideas.idea')),
                    ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('proposed_at', models.DateTimeField()),
                    ('agreed_at', models.DateTimeField(null=True)),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('dropped_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('agreed_at__isnull', True), ('dropped_at__isnull', True)), fields=('idea',), name='credit_split_one_proposed'), models.UniqueConstraint(condition=models.Q(('agreed_at__isnull', False), ('dropped_at__isnull', True)), fields=('idea',), name='credit_split_one_in_force')],
                },
            ),
            migrations.CreateModel(
                name='CreditShare',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('split', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='ideas.creditsplit')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('per_cent', models.PositiveSmallIntegerField()),
                    ('agreed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('split', 'person'), name='credit_share_once'), models.CheckConstraint(condition=models.Q(('per_cent__lte', 100)), name='credit_share_at_most_all')],
                },
            ),
            migrations.CreateModel(
                name='BuildsOn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='builds_on', to='ideas.idea')),
                    ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='built_on_by', to='ideas.idea')),
                    ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('said_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('idea', 'earlier'), name='builds_on_once'), models.CheckConstraint(condition=models.Q(('idea', models.F('earlier')), _negated=True), name='builds_on_another')],
                },
            ),
            migrations.CreateModel(
                name='PairSearch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pair_search', to='challenges.challenge')),
                    ('n_entries', models.PositiveIntegerField()),
                    ('looked_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='IdeaVector',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='vector', to='ideas.idea')),
                    ('encoder', models.CharField(max_length=60)),
                    ('number', models.PositiveIntegerField()),
                    ('values', models.BinaryField()),
                    ('made_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='SimilarPair',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='similar_pairs', to='challenges.challenge')),
                    ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.idea')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.idea')),
                    ('score', models.FloatField()),
                    ('by', models.CharField(choices=[('words', 'Shared words'), ('meaning', 'Same meaning in another language')], default='words', max_length=8)),
                    ('words', models.JSONField(default=list)),
                    ('differs', models.JSONField(default=list)),
                    ('found_at', models.DateTimeField()),
                    ('apart_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('apart_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='similar_pair_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='similar_pair_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('apart_at__isnull', True), ('apart_by__isnull', True)), models.Q(('apart_at__isnull', False), ('apart_by__isnull', False)), _connector='OR'), name='similar_pair_kept_apart_by_somebody')],
                },
            ),
            migrations.CreateModel(
                name='Merge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='ideas.idea')),
                    ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ideas.idea')),
                    ('state', models.CharField(choices=[('asked', 'Its author is asked'), ('done', 'Merged'), ('refused', 'Its author refused'), ('dropped', 'The question was taken back'), ('undone', 'Undone')], max_length=8)),
                    ('answer_by', models.DateTimeField(null=True)),
                    ('changed_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked'), ('state', 'done'), _connector='OR'), fields=('idea',), name='merge_one_at_a_time'), models.CheckConstraint(condition=models.Q(('idea', models.F('lead')), _negated=True), name='merge_into_another')],
                },
            ),
            migrations.CreateModel(
                name='MergeStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='ideas.merge')),
                    ('kind', models.CharField(choices=[('asked', 'The author was asked'), ('agreed', 'The author agreed'), ('refused', 'The author refused'), ('dropped', 'The question was taken back'), ('done', 'Merged'), ('undone', 'Undone')], max_length=8)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('words', models.TextField(blank=True)),
                    ('made_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                    ('place', models.CharField(choices=[('entries', 'Entries'), ('inbox', 'Inbox')], max_length=8)),
                    ('name', models.CharField(max_length=60)),
                    ('query', models.JSONField(default=dict)),
                    ('is_shared', models.BooleanField(default=False)),
                    ('is_default', models.BooleanField(default=False)),
                    ('saved_at', models.DateTimeField()),
                    ('deleted_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True)), fields=('person', 'organisation', 'place', 'name'), name='saved_view_name_once'), models.UniqueConstraint(condition=models.Q(('deleted_at__isnull', True), ('is_default', True)), fields=('person', 'organisation', 'place'), name='saved_view_one_default')],
                },
            ),
            migrations.CreateModel(
                name='ThemeWork',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='theme_work', to='challenges.challenge')),
                    ('asked_at', models.DateTimeField(null=True)),
                    ('worked_out_at', models.DateTimeField(null=True)),
                    ('n_entries', models.PositiveIntegerField(default=0)),
                    ('held_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='Theme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='challenges.challenge')),
                    ('name', models.CharField(blank=True, max_length=80)),
                    ('words', models.JSONField(default=list)),
                    ('named_at', models.DateTimeField(null=True)),
                    ('x', models.FloatField(null=True)),
                    ('y', models.FloatField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('named_at__isnull', False)), fields=('challenge', 'name'), name='theme_name_once'), models.CheckConstraint(condition=models.Q(models.Q(('x__isnull', True), ('y__isnull', True)), models.Q(('x__isnull', False), ('y__isnull', False)), _connector='OR'), name='theme_stands_somewhere_or_nowhere')],
                },
            ),
            migrations.CreateModel(
                name='ThemeEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='in_theme', to='ideas.idea')),
                    ('theme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='entries', to='ideas.theme')),
                    ('fit', models.FloatField(null=True)),
                    ('leans', models.FloatField(default=0.0)),
                    ('moved_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='ThemeChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='theme_changes', to='challenges.challenge')),
                    ('kind', models.CharField(choices=[('merged', 'Merged'), ('removed', 'Removed')], max_length=7)),
                    ('theme_key', models.CharField(max_length=20)),
                    ('name', models.CharField(blank=True, max_length=80)),
                    ('words', models.JSONField(default=list)),
                    ('named_at', models.DateTimeField(null=True)),
                    ('x', models.FloatField(null=True)),
                    ('y', models.FloatField(null=True)),
                    ('into_name', models.CharField(blank=True, max_length=80)),
                    ('entries', models.JSONField(default=list)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField()),
                    ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('closed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('undone_by__isnull', True), ('closed_at__isnull', False), _connector='OR'), name='theme_change_undone_is_closed')],
                },
            ),
            migrations.CreateModel(
                name='Translation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='ideas.idea')),
                    ('version', models.PositiveIntegerField()),
                    ('language', models.CharField(max_length=10)),
                    ('title', models.TextField()),
                    ('summary', models.TextField()),
                    ('body', models.TextField()),
                    ('service', models.CharField(max_length=200)),
                    ('made_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('idea', 'version', 'language'), name='translation_once')],
                },
            ),
            migrations.CreateModel(
                name='Ballot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=permea.foundation.ids.new_key, editable=False, max_length=20, unique=True)),
                    ('challenge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='challenges.challenge')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('opened_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('challenge', 'person'), name='ballot_once_per_person')],
                },
            ),
            migrations.CreateModel(
                name='Vote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ballot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='ideas.ballot')),
                    ('idea', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ideas.idea')),
                    ('value', models.SmallIntegerField()),
                    ('cast_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('ballot', 'idea'), name='vote_once_per_entry')],
                },
            ),
            migrations.CreateModel(
                name='VoteTally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('idea', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='tally', to='ideas.idea')),
                    ('challenge', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='challenges.challenge')),
                    ('n_votes', models.PositiveIntegerField(default=0)),
                    ('total', models.BigIntegerField(default=0)),
                    ('n_for', models.PositiveIntegerField(default=0)),
                    ('n_against', models.PositiveIntegerField(default=0)),
                    ('place', models.PositiveIntegerField()),
                ],
                options={
                    'indexes': [models.Index(fields=['challenge', 'place'], name='tally_in_order')],
                },
            ),
            migrations.CreateModel(
                name='VoteCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('challenge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='vote_count', to='challenges.challenge')),
                    ('options', models.JSONField(default=dict)),
                    ('circle', models.CharField(max_length=12)),
                    ('counted_at', models.DateTimeField()),
                    ('n_voters', models.PositiveIntegerField(default=0)),
                    ('n_votes', models.PositiveIntegerField(default=0)),
                    ('n_entries', models.PositiveIntegerField(default=0)),
                    ('sha256', models.CharField(max_length=64)),
                ],
            ),
        ]),
        migrations.RunPython(create_words, drop_words),
    ]

"""Find entries by words: an index of titles and summaries in the database, kept by the database itself.

SQLite gets an FTS5 table that only points into the entries' table, and triggers that keep it; PostgreSQL an index over
the words. What is searched loses its accents, so that both find the same.

A later migration that remakes `ideas_idea` on SQLite (any AlterField does, and so does a new constraint) takes the
triggers along: it must drop and create them again with `drop_words` and `create_words`. A test holds that an entry is
found after all migrations.
"""

import sqlite3
import unicodedata

from django.db import NotSupportedError, migrations, models

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
    "CREATE INDEX ideas_words ON ideas_idea USING gin (ideas_search_vector(search_text)) WITH (fastupdate = off)",
)


def folded(text):
    """Return a text without accents, as it is stored from now on."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFKC", bare).casefold()


def fold_texts(apps, schema_editor):
    """Take the accents out of what is searched."""
    for name in ("Idea", "Posting"):
        table = apps.get_model("ideas", name).objects.using(schema_editor.connection.alias)
        changed = []
        for row in table.exclude(search_text="").only("pk", "search_text").iterator(chunk_size=500):
            row.search_text, before = folded(row.search_text), row.search_text
            if row.search_text != before:
                changed.append(row)
        table.bulk_update(changed, ["search_text"], batch_size=500)


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
            cursor.execute("DROP INDEX ideas_words")
            cursor.execute("DROP FUNCTION ideas_search_vector(text)")
            return
        for name in SQLITE:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DROP TABLE ideas_words")


class Migration(migrations.Migration):
    """Words, and the indexes the list is counted, filtered and ordered by."""

    dependencies = [("ideas", "0004_notes_and_mail")]

    operations = [
        migrations.RemoveIndex(model_name="idea", name="idea_by_challenge"),
        migrations.AddIndex(
            model_name="idea",
            index=models.Index(
                fields=["challenge", "status", "submitted_at", "id", "source", "language"], name="idea_in_list"
            ),
        ),
        migrations.AddIndex(
            model_name="idea",
            index=models.Index(fields=["challenge", "status", "source", "language"], name="idea_by_kind"),
        ),
        migrations.RunPython(fold_texts, migrations.RunPython.noop),
        migrations.RunPython(create_words, drop_words),
    ]

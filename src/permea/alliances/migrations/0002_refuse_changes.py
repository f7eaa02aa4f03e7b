"""Make the database itself refuse to change or delete what a party put in and what was said of it.

A later migration that remakes one of the two tables on SQLite (any AlterField does) takes its triggers along: it must
drop and create them again with these functions.
"""

from django.db import migrations

TABLES = ("alliances_contribution", "alliances_word")
FUNCTION = "alliances_refuse_change"
BODY = """
    BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END"""


def create_triggers(apps, schema_editor):
    """Create the triggers of this kind of database."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    with schema_editor.connection.cursor() as cursor:
        if not is_sqlite:
            cursor.execute(f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $body${BODY}$body$")
        for table in TABLES:
            for event in ("UPDATE", "DELETE"):
                refusing = f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table}"
                said = f"{table} is append-only: {event} refused"
                cursor.execute(
                    f"{refusing} BEGIN SELECT RAISE(ABORT, '{said}'); END"
                    if is_sqlite
                    else f"{refusing} FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
                )


def drop_triggers(apps, schema_editor):
    """Drop the triggers again."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            for event in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER {table}_{event}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            cursor.execute(f"DROP FUNCTION {FUNCTION}()")


class Migration(migrations.Migration):
    """Triggers that refuse UPDATE and DELETE on contributions and words."""

    dependencies = [("alliances", "0001_alliances_charters_and_contributions")]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]

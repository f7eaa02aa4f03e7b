"""Make the database itself refuse to change, delete or misplace what the ledger holds.

A later migration that remakes one of the two tables on SQLite (any AlterField does) takes its triggers along: it must
drop and create them again with these functions. A test holds that they are there after all migrations.
"""

from django.db import NotSupportedError, migrations

TABLES = ("ledger_crossing", "ledger_head")
GENESIS = "0" * 64

SQLITE = {
    "ledger_crossing_unchanged": """
        BEFORE UPDATE ON ledger_crossing
        BEGIN SELECT RAISE(ABORT, 'ledger_crossing is append-only: UPDATE refused'); END""",
    "ledger_crossing_kept": """
        BEFORE DELETE ON ledger_crossing
        BEGIN SELECT RAISE(ABORT, 'ledger_crossing is append-only: DELETE refused'); END""",
    # INSERT OR REPLACE deletes rows without setting off the trigger above, so what exists is refused here.
    "ledger_crossing_follows": f"""
        BEFORE INSERT ON ledger_crossing
        WHEN EXISTS (SELECT 1 FROM ledger_crossing WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM ledger_crossing WHERE hash = NEW.hash)
          OR EXISTS (SELECT 1 FROM ledger_crossing
                     WHERE organisation_id = NEW.organisation_id AND number >= NEW.number)
          OR NOT (
            (NEW.number = 1 AND NEW.previous = '{GENESIS}')
            OR EXISTS (SELECT 1 FROM ledger_crossing
                       WHERE organisation_id = NEW.organisation_id AND number = NEW.number - 1
                         AND hash = NEW.previous))
        BEGIN SELECT RAISE(ABORT, 'ledger_crossing is append-only: an entry follows the last one'); END""",
    "ledger_head_unchanged": """
        BEFORE UPDATE ON ledger_head
        BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only: UPDATE refused'); END""",
    "ledger_head_kept": """
        BEFORE DELETE ON ledger_head
        BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only: DELETE refused'); END""",
    "ledger_head_new": """
        BEFORE INSERT ON ledger_head
        WHEN EXISTS (SELECT 1 FROM ledger_head WHERE id = NEW.id)
          OR EXISTS (SELECT 1 FROM ledger_head
                     WHERE organisation_id = NEW.organisation_id AND number = NEW.number AND key_id = NEW.key_id)
        BEGIN SELECT RAISE(ABORT, 'ledger_head is append-only: this head exists'); END""",
}

POSTGRESQL_FUNCTIONS = {
    "ledger_refuse_change": """
        BEGIN
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END""",
    "ledger_refuse_misplaced": f"""
        BEGIN
            IF EXISTS (SELECT 1 FROM ledger_crossing
                       WHERE organisation_id = NEW.organisation_id AND number >= NEW.number)
               OR NOT (
                 (NEW.number = 1 AND NEW.previous = '{GENESIS}')
                 OR EXISTS (SELECT 1 FROM ledger_crossing
                            WHERE organisation_id = NEW.organisation_id AND number = NEW.number - 1
                              AND hash = NEW.previous))
            THEN
                RAISE EXCEPTION 'ledger_crossing is append-only: an entry follows the last one'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END""",
}
POSTGRESQL = {
    "ledger_crossing_kept": (
        "ledger_crossing",
        "BEFORE UPDATE OR DELETE ON ledger_crossing FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
    ),
    "ledger_crossing_follows": (
        "ledger_crossing",
        "BEFORE INSERT ON ledger_crossing FOR EACH ROW EXECUTE FUNCTION ledger_refuse_misplaced()",
    ),
    "ledger_head_kept": (
        "ledger_head",
        "BEFORE UPDATE OR DELETE ON ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
    ),
}


def create_triggers(apps, schema_editor):
    """Create the triggers of this kind of database."""
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        if vendor == "sqlite":
            for name, rest in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {rest}")
        elif vendor == "postgresql":
            for name, body in POSTGRESQL_FUNCTIONS.items():
                cursor.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$")
            for name, (_table, rest) in POSTGRESQL.items():
                cursor.execute(f"CREATE TRIGGER {name} {rest}")
        else:
            raise NotSupportedError(f"The ledger knows no triggers for {vendor}; use SQLite or PostgreSQL.")


def drop_triggers(apps, schema_editor):
    """Drop the triggers again."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for name, (table, _rest) in POSTGRESQL.items():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
            for name in POSTGRESQL_FUNCTIONS:
                cursor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    """Triggers that refuse UPDATE and DELETE on crossings and heads."""

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(create_triggers, drop_triggers)]

"""The trail and the signatures take no change and no removal, whoever asks."""

from django.db import migrations

TABLES = ("audit_auditevent", "audit_auditchange", "audit_signature")


def _sqlite(table):
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )


def _postgresql(table):
    yield (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def forbid_change(apps, schema_editor):
    engine = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]
    for table in TABLES:
        for statement in engine(table):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_trail")]
    operations = [migrations.RunPython(forbid_change, migrations.RunPython.noop)]

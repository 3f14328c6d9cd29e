"""A person is never removed, and an address, once given, is never given to another."""

from django.db import migrations

WORDS = "people stay on record, and an address is never given again"

SQLITE = (
    f"CREATE TRIGGER accounts_user_stays BEFORE DELETE ON accounts_user "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
    f"CREATE TRIGGER accounts_user_same_address BEFORE UPDATE OF email ON accounts_user "
    f"WHEN NEW.email IS NOT OLD.email "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END",
)
POSTGRESQL = (
    f"CREATE FUNCTION accounts_user_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{WORDS}'; END $$",
    "CREATE TRIGGER accounts_user_stays BEFORE DELETE OR TRUNCATE ON accounts_user "
    "FOR EACH STATEMENT EXECUTE FUNCTION accounts_user_refuse()",
    "CREATE TRIGGER accounts_user_same_address BEFORE UPDATE ON accounts_user "
    "FOR EACH ROW WHEN (NEW.email IS DISTINCT FROM OLD.email) "
    "EXECUTE FUNCTION accounts_user_refuse()",
)


def keep_people(apps, schema_editor):
    engine = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in engine:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_periods_keys_and_identity")]
    operations = [migrations.RunPython(keep_people, migrations.RunPython.noop)]

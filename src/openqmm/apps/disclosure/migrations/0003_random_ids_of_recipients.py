from uuid import uuid4

import django.db.models.deletion
from django.db import migrations, models


def refuse_to_lose(apps, schema_editor):
    """What was named stands on the trail under its old number, which cannot be changed there."""
    named = apps.get_model("disclosure", "Disclosure").recipients.through
    if named.objects.using(schema_editor.connection.alias).exists():
        raise RuntimeError(
            "This database names purchasers by numbers; it was made before the first release and "
            "cannot be migrated. Begin anew."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_periods_keys_and_identity"),
        ("disclosure", "0002_version"),
    ]

    operations = [
        migrations.RunPython(refuse_to_lose, migrations.RunPython.noop),
        migrations.RemoveField("disclosure", "recipients"),
        migrations.CreateModel(
            name="DisclosureRecipient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="disclosure.disclosure"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "db_table": "disclosure_disclosure_recipients",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("disclosure", "organisation"), name="disclosure_names_each_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            "disclosure",
            "recipients",
            models.ManyToManyField(
                blank=True,
                related_name="+",
                through="disclosure.DisclosureRecipient",
                to="accounts.organisation",
            ),
        ),
    ]

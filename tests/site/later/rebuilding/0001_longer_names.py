"""A release that makes the names of organisations longer: SQLite rebuilds the table for it."""

from typing import Any

from django.db import migrations, models


def lengthen(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("accounts", "Organisation")
    old = model._meta.get_field("name")
    new = models.CharField(max_length=250, unique=True)
    new.set_attributes_from_name("name")
    new.model = model
    schema_editor.alter_field(model, old, new)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_no_last_login")]
    operations = [migrations.RunPython(lengthen)]

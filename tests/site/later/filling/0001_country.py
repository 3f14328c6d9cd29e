"""A release that changes records and tells nobody."""

from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Organisation").objects.update(country="CAN")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_no_last_login")]
    operations = [migrations.RunPython(move)]

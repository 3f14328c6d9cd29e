"""A release that changes records inside an audit event, as it must."""

from typing import Any

from django.db import migrations

from openqmm.apps.audit.actions import event
from openqmm.core.workflow import SYSTEM


def move(apps: Any, schema_editor: Any) -> None:
    organisation = apps.get_model("accounts", "Organisation")
    row = organisation.objects.get()
    with event(
        by=SYSTEM, what="organisation.moved", on=row, sentence="moved", organisation_id=row.pk
    ):
        organisation.objects.update(country="CAN")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_no_last_login"), ("audit", "0001_trail")]
    operations = [migrations.RunPython(move)]

"""An office that is no demonstration gets going from the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from openqmm.apps.accounts.models import Membership, User
from openqmm.apps.facilities.models import Inspection
from openqmm.apps.protocols.models import ProtocolVersion
from openqmm.site import serving

pytestmark = pytest.mark.django_db
DEMO = Path(serving.__file__).parent.parent / "data" / "demo"

MEMBER = {
    "email": "nia@example.org",
    "name": "Nia Test",
    "organisation": "Fir Works",
    "kind": "manufacturer",
    "country": "IND",
    "role": "facility_quality_lead",
    "reason": "The office has no administrator yet.",
}


def test_the_shipped_protocols_are_sealed_once() -> None:
    serving.seal_shipped()
    serving.seal_shipped()
    assert sorted(ProtocolVersion.objects.values_list("protocol_id", flat=True)) == [
        "pilot-eleven-areas",
        "successor-five-areas",
    ]


def test_the_first_administrator_is_made_and_may_sign_in() -> None:
    serving.create_admin(
        email="head@example.org",
        name="Head Test",
        office="The Office",
        country="USA",
        password="a sentence nobody guesses",
    )
    person = User.objects.get(email="head@example.org")
    assert person.check_password("a sentence nobody guesses")
    assert person.memberships.get().role == "program_administrator"


def test_public_records_are_loaded() -> None:
    out = StringIO()
    call_command("load_records", "inspections", DEMO / "synthetic_inspections.csv", stdout=out)
    assert out.getvalue().startswith("62 rows read, 62 new")
    assert Inspection.objects.count() == 62


def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    wrong = tmp_path / "page.html"
    wrong.write_text("<html></html>")
    with pytest.raises(CommandError, match=r"page\.html cannot be used"):
        call_command("load_records", "establishments", wrong)


def test_a_member_is_added_with_what_is_new() -> None:
    call_command("add_member", **MEMBER, stdout=StringIO())
    call_command("add_member", **(MEMBER | {"role": "authorised_signatory"}), stdout=StringIO())
    assert Membership.objects.filter(person__email="nia@example.org").count() == 2
    with pytest.raises(CommandError, match="has no observer"):
        call_command("add_member", **(MEMBER | {"role": "observer"}), stdout=StringIO())


def test_every_kind_of_public_records_is_loaded_by_the_command() -> None:
    out = StringIO()
    listed = DEMO / "synthetic_import_alerts.csv"
    call_command("load_records", "import_alerts", listed, "--told-on", "2026-06-01", stdout=out)
    assert out.getvalue().startswith("2 rows read, 2 new")
    with pytest.raises(CommandError, match="say of which day"):
        call_command("load_records", "import_alerts", listed, "--covers-until", "2026-06-01")

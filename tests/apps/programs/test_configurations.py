"""The office's own programs: copied, changed, sealed by their announcement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.models import ProgramConfiguration, Round
from openqmm.core.errors import InvalidProgram, NotFound, NotPermitted, Stale, TransitionRefused
from openqmm.core.programs.editing import facts_of
from openqmm.core.records import sha256_hex
from openqmm.web import clock
from tests.apps.programs.stories import advanced, sealed_protocol
from tests.people import Cast

pytestmark = pytest.mark.django_db

COPY = {"copied_from": "pilot-api", "program_id": "pilot-api-2027", "title": "Second pilot"}


def copied(cast: Cast, **other: Any) -> ProgramConfiguration:
    return actions.copy_program(by=cast.ada, **(COPY | other))


def edited(cast: Cast, changes: dict[str, Any], version: int = 1) -> ProgramConfiguration:
    return actions.edit_program(
        by=cast.ada,
        program_id="pilot-api-2027",
        version=version,
        changes=changes,
        reason="Fewer teams than last time.",
    )


def round_of(cast: Cast, program_id: str) -> Round:
    day = clock.today()
    entry = actions.RoundEntry(
        program_id, "2027-A", sealed_protocol().pk, day, day + timedelta(days=30)
    )
    return actions.add_round(by=cast.ada, entry=entry)


def test_a_copy_is_changed_and_its_round_follows_it(cast: Cast) -> None:
    copied(cast)
    changed = edited(cast, {"cap": 6})
    event = AuditEvent.objects.get(what="program.edited")
    assert (event.why, changed.version) == ("Fewer teams than last time.", 2)
    assert round_of(cast, "pilot-api-2027").cap == 6


def test_the_announcement_seals_the_program_for_its_round(cast: Cast) -> None:
    copied(cast)
    round_ = round_of(cast, "pilot-api-2027")
    announced = advanced(cast, round_, "announce")
    assert announced.program_digest == sha256_hex(announced.program_source.encode())
    assert ProgramConfiguration.objects.get().sealed_at is not None
    with pytest.raises(TransitionRefused, match="sealed it"):
        edited(cast, {"cap": 6})
    file = Browser().get(reverse("public:program_file", args=[round_.pk]))
    assert sha256_hex(file.content) == announced.program_digest
    page = Browser().get(reverse("public:round", args=[round_.pk])).content.decode()
    assert announced.seed_digest in page
    assert announced.program_digest in page


def test_a_draft_rounds_program_is_nobodys_business(cast: Cast) -> None:
    round_ = round_of(cast, "pilot-api")
    assert Browser().get(reverse("public:program_file", args=[round_.pk])).status_code == 404


@pytest.mark.parametrize(
    ("other", "error", "words"),
    [
        ({"program_id": "successor"}, TransitionRefused, "choose another id"),
        ({"program_id": "No Id"}, InvalidProgram, "id"),
        ({"copied_from": "nothing"}, NotFound, "There is no program"),
    ],
)
def test_copies_that_are_refused(
    cast: Cast, other: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        copied(cast, **other)
    assert not ProgramConfiguration.objects.exists()


def test_changes_that_are_refused(cast: Cast) -> None:
    copied(cast)
    edited(cast, {"cap": 6})
    with pytest.raises(Stale):
        edited(cast, {"cap": 7})
    with pytest.raises(InvalidProgram, match="cap"):
        edited(cast, {"cap": 0}, version=2)
    with pytest.raises(TransitionRefused, match="Say why"):
        actions.edit_program(
            by=cast.ada, program_id="pilot-api-2027", version=2, changes={"cap": 5}, reason=""
        )
    with pytest.raises(NotFound):
        actions.edit_program(
            by=cast.ada, program_id="pilot-api", version=1, changes={}, reason="Shipped ones too."
        )


@pytest.mark.parametrize("name", ["bea", "lea", "quin", "rex", "pia"])
def test_nobody_but_the_office_configures(cast: Cast, name: str) -> None:
    actor = cast.actors[name]
    with pytest.raises(NotPermitted):
        actions.copy_program(by=actor, **COPY)
    assert queries.program_rows(actor) == []
    with pytest.raises(NotFound):
        queries.program_page(actor, "pilot-api")


def test_the_pages_of_programs(cast: Cast) -> None:
    ada = cast.client("ada")
    listed = ada.get(reverse("programs:programs")).content.decode()
    assert "Pilot for active pharmaceutical ingredients" in listed
    page = ada.get(reverse("programs:program", args=["pilot-api"])).content.decode()
    assert "Copy it" in page
    assert "At most 3 places for one country." in page
    copy = reverse("programs:copy_program", args=["pilot-api"])
    assert ada.post(copy, {"program_id": "No Id", "title": "T"}).status_code == 400
    assert ada.post(copy, {"program_id": "successor", "title": "T"}).status_code == 400
    edit = reverse("programs:edit_program", args=["mine"])
    assert ada.post(copy, {"program_id": "mine", "title": "Mine"}).url == edit
    given = facts_of(ProgramConfiguration.objects.get().source)
    given |= {"version": 1, "reason": "Fewer teams than last time."}
    assert 'value="9"' in ada.get(edit).content.decode()
    bad = ada.post(edit, given | {"selection": "strata: ["})
    assert bad.status_code == 400
    assert "selection is no YAML" in bad.content.decode()
    saved = ada.post(edit, given | {"cap": 5})
    assert saved.url == reverse("programs:program", args=["mine"])
    assert "Program office: Fewer teams than last time." in ada.get(saved.url).content.decode()
    assert ada.get(reverse("programs:edit_program", args=["pilot-api"])).status_code == 404
    assert ada.get(reverse("programs:program", args=["nothing"])).status_code == 404

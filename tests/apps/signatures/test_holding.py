"""Whether a signature still holds: copied, altered, superseded, and what is shown of it where."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from openqmm.apps.assessments.models import Remark
from openqmm.apps.audit.models import Signature
from openqmm.apps.ratings import actions as ratings
from openqmm.apps.signatures.queries import facts_of
from openqmm.core.records import canonical_json
from openqmm.core.records import signatures as records
from openqmm.core.workflow import PUBLIC
from tests.apps.programs import stories as programs
from tests.apps.ratings import stories
from tests.apps.signatures.papers import signatures, signed
from tests.arranging import arranged
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db

COLUMNS = [field.column for field in Signature._meta.local_concrete_fields]


def copied(row: Signature, **new: Any) -> Signature:
    """Copy a signature's row as raw SQL would, some columns changed; whoever does so holds the
    database, and an open event."""
    taken = {"id": uuid4(), "challenge": uuid4().hex} | new
    values = [taken.get(name, getattr(row, name)) for name in COLUMNS]
    plain = [value.hex if isinstance(value, UUID) and not native() else value for value in values]
    marks = ", ".join(["%s"] * len(plain))
    with arranged(), connection.cursor() as cursor:
        names = ", ".join(COLUMNS)
        cursor.execute(f"INSERT INTO audit_signature ({names}) VALUES ({marks})", plain)
    return Signature.objects.get(pk=taken["id"])


def native() -> bool:
    return connection.features.has_native_uuid_field


def forged(row: Signature, record_id: Any) -> dict[str, Any]:
    """Return all columns of a signature made anew under another record, every digest right."""
    stated = json.loads(row.statement)
    stated["record"]["id"] = str(record_id)
    statement = canonical_json(stated).decode()
    made = Signature.objects.get(pk=row.pk)
    made.id, made.challenge, made.record_id = uuid4(), uuid4().hex, str(record_id)
    made.statement, made.digest = statement, records.statement_digest(statement)
    names = ("id", "challenge", "record_id", "statement", "digest")
    return {name: getattr(made, name) for name in names} | {
        "binding": records.binding(facts_of(made))
    }


@pytest.mark.requirement("R27")
def test_a_signature_copied_to_another_record_is_invalid(cast: Cast) -> None:
    first = stories.issued(cast)
    second = stories.reviewed(cast, name="Alder Annexe", fei="3009999909")
    row = Signature.objects.get(record_id=str(first.id))
    copied(row, record_id=str(second.id))
    (view,) = stories.queries.signatures_of(second.rating)
    assert view.state == "does not hold"
    copied(row, **forged(row, second.id))
    states = {view.fault for view in stories.queries.signatures_of(second.rating)}
    assert states == {
        "The signature was altered after it was made.",
        "The signature was made under another record.",
    }
    assert stories.queries.signatures_of(first.rating)[0].holds


@pytest.mark.requirement("R27")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("meaning", "I consent."),
        ("signer_name", "Boris Test"),
        ("signer_id", uuid4()),
        ("signer_role", "program_administrator"),
        ("organisation_name", "Birch Pharma"),
        ("components", "password + passkey"),
        ("zone", "Europe/Berlin"),
        ("digest", "0" * 64),
        ("statement", '{"content":{}}'),
    ],
)
def test_no_part_of_a_signature_can_be_another(cast: Cast, column: str, value: Any) -> None:
    story = stories.issued(cast)
    row = Signature.objects.get(record_id=str(story.id))
    other = copied(row, **{column: value})
    views = {view.id: view for view in stories.queries.signatures_of(story.rating)}
    assert views[row.pk].holds
    assert views[other.pk].state == "does not hold"
    # Even with a binding made for it the statement or the trail tells.
    other.id, other.challenge = uuid4(), uuid4().hex
    bound = records.binding(facts_of(other))
    last = copied(other, id=other.id, challenge=other.challenge, binding=bound)
    views = {view.id: view for view in stories.queries.signatures_of(story.rating)}
    assert views[last.pk].state == "does not hold"


def changed(kind: str, found: Any, opened: Any) -> None:
    """Change what was signed of one of the four records."""
    match kind:
        case "application":
            opened.update(found.application, products="Something else")
        case "assessment":
            opened.update(Remark.objects.filter(kind="strength").get(), text="Something else")
        case "rating":
            opened.update(found.rating, decision_reason="Something else")
        case "disclosure":
            opened.update(found.disclosure, scope="overall")


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("kind", ["assessment", "rating", "disclosure"])
def test_a_change_after_signing_supersedes_and_says_who_and_when(cast: Cast, kind: str) -> None:
    found = signed(cast)
    assert [view.state for view in signatures(kind, found)] == ["holds"]
    with arranged() as opened:
        changed(kind, found, opened)
    (view,) = signatures(kind, found)
    assert (view.state, view.changed.by) == ("superseded", "OpenQMM")
    assert "OpenQMM arranged a test on" in view.explanation
    assert "UTC" in view.explanation


@pytest.mark.requirement("R32")
def test_a_change_of_the_facility_supersedes_the_application(cast: Cast) -> None:
    application = programs.alder_applied(cast, programs.open_round(cast))
    with arranged() as opened:
        opened.update(application.facility, address="Somewhere else")
    page = cast.client("sid").get(f"/applications/{application.pk}/").content.decode()
    assert "The signature of Sid Test is superseded." in page
    office = cast.client("ada")
    desk = office.get(f"/rounds/{application.round_id}/screening/{application.pk}/")
    assert "The signature of Sid Test is superseded." in desk.content.decode()


@pytest.mark.requirement("R32")
def test_every_page_and_file_of_a_superseded_rating_says_so(cast: Cast, printed: Any) -> None:
    found = signed(cast)
    with arranged() as opened:
        opened.update(found.rating, decision_reason="Something else")
    url = f"/ratings/{found.rating.pk}/"
    for name in ("quin", "bea", "ada", "lea"):
        page = cast.client(name).get(url).content.decode()
        assert "The signature of Bea Test is superseded." in page
        assert "usa-alert--warning" in page
    quin = cast.client("quin")
    api = quin.get(f"/api/v1{url.removesuffix('/')}").json()["signatures"]
    assert [one["state"] for one in api] == ["superseded"]
    assert "Signature superseded" in quin.get(f"{url}rating.csv").content.decode()
    assert quin.get(f"{url}rating.pdf").status_code == 200
    assert "Signature superseded. Changed after it was signed" in printed[-1].signatures[0].state
    public = cast.client(None)
    sheet = public.get(f"/directory/{found.disclosure.pk}/").content.decode()
    assert "The signature under this rating is superseded" in sheet
    listed = public.get(f"/api/v1/directory/{found.disclosure.pk}").json()
    assert listed["signature_state"] == "superseded"


@pytest.mark.requirement("R32")
def test_a_rating_that_is_replaced_has_no_signature_that_holds(cast: Cast) -> None:
    story = stories.issued(cast)
    why = "A later assessment of the site replaces this rating."
    ratings.supersede_rating(by=cast.bea, rating_id=story.id, reason=why)
    (view,) = stories.queries.signatures_of(story.rating)
    assert (view.state, view.changed.by) == ("superseded", "Bea Test")
    assert "Bea Test superseded the rating on" in view.explanation


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was handed to the PDF's template, in order."""
    from openqmm.apps.ratings.queries import detail

    contexts: list[Any] = []
    made = detail.rating_pdf

    def keep(protocol: Any, rating: Any, context: Any) -> bytes:
        contexts.append(context)
        return made(protocol, rating, context)

    monkeypatch.setattr(detail, "rating_pdf", keep)
    return contexts


@pytest.mark.requirement("R26")
def test_every_rendition_of_a_signed_record_shows_its_signature(cast: Cast, printed: Any) -> None:
    found = signed(cast)
    draft = programs.written(cast.quin, programs.open_round(cast), "3009999904", "Alder Unit 2")
    applied = programs.actions.submit_application(
        by=cast.sid, application_id=draft.pk, password=PASSWORD
    )
    rating = f"/ratings/{found.rating.pk}/"
    pages = {
        ("Sid Test", "Submits this application"): [
            ("sid", f"/applications/{applied.pk}/"),
            ("quin", f"/applications/{applied.pk}/"),
            ("ada", f"/rounds/{applied.round_id}/screening/{applied.pk}/"),
        ],
        ("Lea Test", "this is its final report"): [
            ("lea", f"/assessments/{found.assessment.pk}/"),
            ("lea", f"/assessments/{found.assessment.pk}/report/"),
            ("quin", f"/assessments/{found.assessment.pk}/report/"),
        ],
        ("Bea Test", "I have reviewed this rating"): [
            ("bea", rating),
            ("quin", rating),
            ("quin", f"{rating}rating.csv"),
            ("quin", f"/api/v1{rating.removesuffix('/')}"),
        ],
        ("Sid Test", "I consent, for the facility"): [
            ("sid", f"/sharing/ratings/{found.rating.pk}/"),
            ("ada", f"/sharing/ratings/{found.rating.pk}/"),
            ("sid", f"/sharing/{found.disclosure.pk}/withdraw/"),
        ],
    }
    for (name, meaning), places in pages.items():
        row = Signature.objects.filter(signer_name=name, meaning__contains=meaning).latest(
            "signed_at"
        )
        moment = f"{row.signed_at.day} {row.signed_at:%B %Y, %H:%M:%S} UTC"
        for person, address in places:
            shown = cast.client(person).get(address).content.decode()
            wanted = row.signed_at.isoformat() if "/api/" in address else moment
            for words in (name, meaning, wanted, row.digest, row.organisation_name):
                assert words in shown, (address, words)
            # On PostgreSQL a reader's rows are fewer; what holds is the same for everybody.
            assert "does not hold" not in shown, (address, person)
    assert cast.client("quin").get(f"{rating}rating.pdf").status_code == 200
    (line,) = printed[-1].signatures
    assert line.who == "Bea Test, rating board member, Program Office"
    assert line.meaning == "I have reviewed this rating and issue it."
    assert line.when.endswith("UTC")


@pytest.mark.requirement("R26")
def test_the_public_reads_which_office_signed_and_not_who(cast: Cast) -> None:
    found = signed(cast)
    public = cast.client(None)
    sheet = public.get(f"/directory/{found.disclosure.pk}/").content.decode()
    data = public.get(f"/api/v1/directory/{found.disclosure.pk}").json()
    assert data["signed_by"] == "Rating board member, Program Office"
    assert data["signature_state"] == "holds"
    for words in (data["signed_by"], data["signed_at"], "I have reviewed this rating"):
        assert words in sheet
    assert "Bea" not in sheet + json.dumps(data)
    assert PUBLIC.person_id is None

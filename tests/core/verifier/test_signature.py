"""A signature's file verifies as written; whatever is bent in it is told under its check."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest

from openqmm.core.records import Act, Change, event_proof, inclusion_path
from openqmm.core.records.canonical import plain_json
from openqmm.core.verifier import Report, verify_signature
from tests.core.verifier.ledgers import ALDER, BIRCH, VKEY, Ledger, at, drawn, uuid

pytestmark = pytest.mark.requirement("R34")

ID = uuid("signature")
STATEMENT = plain_json(
    {
        "content": {"level": 3},
        "meaning": "I approve this rating",
        "record": {"id": uuid("rating"), "type": "ratings.Rating"},
        "signer": {"id": uuid("sid"), "name": "Sid", "organisation": "Alder", "role": "signatory"},
    }
)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def signature(statement: str = STATEMENT) -> dict[str, Any]:
    """Return a file of a signature that is on no trail yet."""
    bound: dict[str, Any] = {
        "id": ID,
        "digest": digest(statement),
        "signed_at": at(0),
        "zone": "Europe/Zurich",
        "challenge": "a challenge",
        "components": ["password", "code"],
    }
    binding = digest(plain_json(bound))
    # As a trigger of SQLite spells it: another order, spaces, an id without dashes.
    stands = {
        "id": ID.replace("-", ""),
        "statement": statement,
        "digest": bound["digest"],
        "binding": binding,
    }
    return bound | {
        "format": "openqmm-signature/1",
        "statement": statement,
        "binding": binding,
        "row": json.dumps(stands, ensure_ascii=False),
        "place": None,
        "proof": None,
    }


def on_the_trail(file: dict[str, Any], *changes: Change, seq: int = 2) -> dict[str, Any]:
    """Return the file with the proof of the event that made these changes."""
    made = Ledger()
    for number in range(seq):
        made.score(ALDER, uuid(number), 3)
    act = Act(
        event=uuid("signing"),
        at=at(9),
        actor_id=uuid("sid"),
        actor_name="Sid",
        actor_role="authorised_signatory",
        actor_organisation=ALDER,
        what="rating.signed",
        sentence="signed",
        why="",
        subject_type="ratings.Rating",
        subject_id=uuid("rating"),
    )
    trail = made.trails[ALDER]
    trail.append(act, changes, drawn("salt"))
    made.anchor()
    *_, event = trail.stored()
    path = inclusion_path(trail.leaves, seq)
    proof = event_proof(ALDER, event, path, made.anchor_proof(ALDER))
    place = {"trail": ALDER, "seq": seq, "event": act.event, "leaf": event.leaf}
    return file | {"place": place, "proof": proof}


def own_row(file: dict[str, Any]) -> Change:
    return Change("audit_signature", ID, None, file["row"])


def proven() -> dict[str, Any]:
    file = signature()
    other = Change("ratings_rating", ID, "{}", "{}")
    return on_the_trail(file, other, own_row(file), Change("audit_signature", ALDER, None, "{}"))


def verified(file: dict[str, Any], vkey: str | None = VKEY) -> Report:
    return verify_signature(plain_json(file) + "\n", vkey)


def told(report: Report) -> list[tuple[str, bool | None, str]]:
    return [(check.name, check.passed, check.detail) for check in report.checks]


def failed(report: Report) -> dict[str, str]:
    return {name: said.partition("\n")[2] for name, passed, said in told(report) if passed is False}


SAID = [
    ("format", True, "openqmm-signature/1"),
    ("statement", True, f"Sid, signatory, Alder: “I approve this rating”, {at(0)}"),
    ("binding", True, "signed with password and code"),
    ("row", True, "the row on the trail is this signature's"),
]
NO_PROOF = ("trail", None, "the file holds no proof of its place on the audit trail")


def test_a_signature_with_its_proof_verifies() -> None:
    report = verified(proven())
    assert report.valid, report.faults
    assert report.kind == "signature"
    assert told(report) == [*SAID, ("trail", True, f"event 2 of trail {ALDER}")]


def test_without_a_key_the_checkpoint_s_signature_is_not_said_to_hold() -> None:
    report = verified(proven(), None)
    assert report.valid
    assert told(report)[-1] == ("signature", None, "not checked: no key was given")


@pytest.mark.parametrize("absent", ["proof", "place"])
def test_what_the_file_does_not_hold_is_not_said_to_be_checked(absent: str) -> None:
    assert told(verified(signature())) == [*SAID, NO_PROOF]
    assert told(verified(proven() | {absent: None})) == [*SAID, NO_PROOF]
    no_row = ("row", None, "the file holds no row of the audit trail")
    assert told(verified(proven() | {"row": None})) == [*SAID[:3], no_row, NO_PROOF]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "openqmm-signature/2"}, "format is malformed"),
        ({"id": "1"}, "id is malformed"),
        ({"statement": None}, "statement is malformed"),
        ({"components": []}, "components is malformed"),
        ({"components": ["password", 1]}, "components is malformed"),
        ({"components": "password"}, "components is malformed"),
        ({"row": 1}, "row is malformed"),
        ({"proof": 1}, "proof is malformed"),
        ({"place": {}}, "place is malformed"),
        ({"place": {"trail": ALDER, "seq": -1, "event": ALDER, "leaf": "0" * 64}}, "place is"),
        ({"more": 1}, "fields missing or unknown: more"),
    ],
)
def test_what_is_of_another_shape_is_refused(change: dict[str, Any], words: str) -> None:
    report = verified(signature() | change)
    assert list(failed(report)) == ["format"]
    assert str(report.first_bad).startswith(f"the file is no openqmm-signature/1: {words}")


@pytest.mark.parametrize(
    "statement",
    [
        "x",
        "[" * 100_000,
        "{}",
        STATEMENT.replace('"name":"Sid",', ""),
        STATEMENT.replace('"type":', '"kind":'),
        STATEMENT.replace('{"level":3}', "3"),
        STATEMENT.replace('"I approve this rating"', "null"),
    ],
)
def test_what_was_signed_is_a_statement(statement: str) -> None:
    report = verified(signature(statement))
    assert list(failed(report)) == ["statement"]
    assert str(report.first_bad).startswith("what was signed is no statement: ")


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (
            {"statement": STATEMENT.replace("Sid", "Tid")},
            {
                "statement": "what was signed does not give the signature's digest",
                "row": "the row on the trail is another signature's",
            },
        ),
        *(
            ({name: value}, {"binding": "the time or the way of signing was altered"})
            for name, value in {
                "id": ALDER,
                "signed_at": at(1),
                "zone": "UTC",
                "challenge": "another",
                "components": ["passkey"],
            }.items()
        ),
        *(
            ({"row": row}, {"row": "the row on the trail is another signature's"})
            for row in ("", "[]", "null", "{}", "[" * 100_000)
        ),
    ],
)
def test_whatever_is_bent_is_told_under_its_check(
    change: dict[str, Any], faults: dict[str, str]
) -> None:
    assert failed(verified(signature() | change)) == faults


@pytest.mark.parametrize("name", ["statement", "digest", "binding"])
def test_the_row_is_this_signature_s(name: str) -> None:
    row = json.loads(signature()["row"]) | {name: "another"}
    report = verified(signature() | {"row": json.dumps(row)})
    assert failed(report) == {"row": "the row on the trail is another signature's"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("trail", BIRCH, "the proof is of another event"),
        ("seq", 3, "the proof is of another event"),
        ("event", ALDER, "the proof is of another event"),
        ("leaf", "0" * 64, "the leaf hash of the file's place is not that of its event"),
    ],
)
def test_the_proof_is_of_the_place_the_file_states(name: str, value: Any, words: str) -> None:
    file = proven()
    file["place"] = file["place"] | {name: value}
    assert failed(verified(file)) == {"trail": words}


@pytest.mark.parametrize(
    "changes",
    [
        lambda _: [],
        lambda row: [row, row],
        lambda row: [Change("audit_other", row.record, None, row.after)],
        lambda row: [Change(row.table, ALDER, None, row.after)],
        lambda row: [Change(row.table, row.record, None, "{}")],
        lambda row: [Change(row.table, row.record, row.after, None)],
    ],
)
def test_the_event_tells_of_exactly_this_row(changes: Any) -> None:
    file = signature()
    report = verified(on_the_trail(file, *changes(own_row(file))))
    assert failed(report) == {"trail": "the event does not tell of this signature"}


def test_a_proof_that_does_not_hold_is_told_as_the_trail_s() -> None:
    file = proven()
    for proof in ("", file["proof"].replace("rating.signed", "rating.viewed")):
        report = verified(file | {"proof": proof})
        assert list(failed(report)) == ["trail"]
        assert report.fault_count == 1
    other = VKEY.replace("openqmm.example", "other.example")
    assert "trail" in failed(verified(file, other))

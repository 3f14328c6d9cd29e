"""The sealed bundle: all that a rating was computed from and to, in one text anybody can check.

Rating method, section 10.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from openqmm.core.errors import InvalidInput, Problem
from openqmm.core.protocols import Protocol
from openqmm.core.ratings.document import facility_document
from openqmm.core.ratings.model import METHOD_ID, METHOD_VERSION, FacilityRating, Ratings
from openqmm.core.ratings.rating import rate
from openqmm.core.ratings.scores import ScoreRow, Scores
from openqmm.core.ratings.stored import facility_rating, working_document
from openqmm.core.records import canonical_json, sha256_hex

FORMAT = "openqmm-bundle/1"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it was read: its exact `text`, that text's SHA-256, and what it says.

    `rating` is the stored result, never one computed anew; `document` the parsed text.
    """

    text: str
    digest: str
    document: Document
    rows: tuple[ScoreRow, ...]
    rating: FacilityRating

    def under(self, protocol: Protocol) -> Bundle:
        """Return the same bundle with areas and questions in the order of its protocol.

        The canonical text has them by name, which is nobody's reading order.
        """
        areas = {area.id: self.rating.areas[area.id] for area in protocol.areas}
        asked = (question.id for question in protocol.questions())
        questions = {id_: self.rating.questions[id_] for id_ in asked}
        return replace(self, rating=replace(self.rating, areas=areas, questions=questions))

    @property
    def result(self) -> Document:
        """The facility's rating as plain data, as it stands in the text."""
        result: Document = self.document["result"]
        return result

    @property
    def protocol(self) -> Document:
        """Id, version and digest of the protocol rated under."""
        protocol: Document = self.document["protocol"]
        return protocol

    @property
    def assessors(self) -> int:
        """How many assessors gave marks; the consensus is not one of them."""
        return len({row.assessor_id for row in self.rows if row.role == "assessor"})

    @property
    def ratings(self) -> Ratings:
        """The stored result as a set of one, for the tables that list sets."""
        return Ratings(
            self.protocol["id"],
            self.protocol["version"],
            self.protocol["digest"],
            self.document["inputs_digest"],
            (self.rating,),
        )


def seal_bundle(
    protocol: Protocol,
    rows: Iterable[ScoreRow],
    rating: FacilityRating,
    *,
    software_version: str,
) -> Bundle:
    """Return the bundle of one facility's rating.

    The same scores in any order give the same text, to the byte.

    Parameters
    ----------
    protocol : the protocol rated under.
    rows : every score of the facility, assessors under pseudonyms.
    rating : what `rate` made of them.
    software_version : the version that computed it, for the record.

    Raises
    ------
    InvalidScores
        The rows are not a checked set of scores.
    ValueError
        A row is of another facility than the rating.
    """
    given = sorted(rows, key=_place)
    if strangers := {row.facility_id for row in given} - {rating.facility_id}:
        raise ValueError(f"Scores of {sorted(strangers)} in the bundle of {rating.facility_id}.")
    document = {
        "format": FORMAT,
        "protocol": {
            "id": protocol.id,
            "version": protocol.version,
            "digest": protocol.digest,
        },
        "method": {"id": METHOD_ID, "version": METHOD_VERSION},
        # Sections 1-3 of the method have neither options nor chance; 4-7 will.
        "options": {},
        "seed": None,
        "scores": [_row_document(row) for row in given],
        "inputs_digest": Scores.from_rows(given).digest(),
        "result": facility_document(rating),
        "working": working_document(rating),
        "software_version": software_version,
    }
    return read_bundle(canonical_json(document).decode())


def read_bundle(text: str) -> Bundle:
    """Return what a bundle says, without computing anything.

    Raises
    ------
    InvalidInput
        The text is not a bundle, or lacks a part of one.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise _unreadable("it is not JSON.") from None
    found = document.get("format") if isinstance(document, dict) else None
    if found != FORMAT:
        raise _unreadable(f"its format is {found!r}; expected {FORMAT!r}.")
    try:
        rows = tuple(_row(row) for row in document["scores"])
        rating = facility_rating(document["result"], document["working"])
        bundle = Bundle(text, sha256_hex(text.encode()), document, rows, rating)
        # Touched here so that a missing part is refused on reading, not on use.
        _ = bundle.ratings, document["method"]["id"], document["method"]["version"]
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as fault:
        raise _unreadable(f"a part is missing or malformed ({fault}).") from None
    return bundle


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, whether it held, and what was seen."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a record proved; `kind` is the record's."""

    kind: str
    checks: tuple[Check, ...]

    @property
    def valid(self) -> bool:
        """Whether every check held."""
        return all(check.passed for check in self.checks)

    @property
    def first_bad(self) -> str | None:
        """The name of the first check that failed."""
        return next((check.name for check in self.checks if not check.passed), None)


def recompute(text: str, protocol: Protocol, *, digest: str | None = None) -> Verdict:
    """Return whether a bundle's result follows from its scores under `protocol`, to the letter.

    Parameters
    ----------
    text : the bundle.
    protocol : the protocol it says it was rated under; another one fails the check.
    digest : the digest it was sealed or signed with, when known.

    Raises
    ------
    InvalidInput
        The text is not a bundle.
    """
    bundle = read_bundle(text)
    checks = [] if digest is None else [_compared("digest", bundle.digest, digest)]
    checks.append(_canonical(bundle))
    checks.append(_compared("protocol", bundle.protocol["digest"], protocol.digest))
    method = bundle.document["method"]
    stated = f"{method['id']} {method['version']}"
    checks.append(_compared("method", stated, f"{METHOD_ID} {METHOD_VERSION}"))
    if all(check.passed for check in checks[-2:]):
        checks += _recomputed(bundle, protocol)
    return Verdict("rating_bundle", tuple(checks))


def _recomputed(bundle: Bundle, protocol: Protocol) -> list[Check]:
    try:
        ratings = rate(protocol, Scores.from_rows(bundle.rows))
    except InvalidInput as fault:
        return [Check("scores", passed=False, detail=str(fault))]
    inputs = _compared("inputs", bundle.document["inputs_digest"], ratings.inputs_digest)
    if len(ratings.facilities) != 1:
        found = f"The scores are of {len(ratings.facilities)} facilities; expected one."
        return [inputs, Check("result", passed=False, detail=found)]
    rating = ratings.facilities[0]
    same = bundle.result == facility_document(rating) and bundle.document[
        "working"
    ] == working_document(rating)
    detail = (
        "The scores give this result, to the letter."
        if same
        else "The scores give another result than the one that stands here."
    )
    return [inputs, Check("result", passed=same, detail=detail)]


def _canonical(bundle: Bundle) -> Check:
    try:
        passed = canonical_json(bundle.document) == bundle.text.encode()
    except ValueError:
        passed = False
    detail = "RFC 8785 canonical form." if passed else "The text is not in canonical form."
    return Check("canonical", passed=passed, detail=detail)


def _compared(name: str, stated: object, expected: str) -> Check:
    if stated == expected:
        return Check(name, passed=True, detail=expected)
    return Check(name, passed=False, detail=f"{stated} stands here; expected {expected}.")


def _place(row: ScoreRow) -> tuple[str, str, str, str]:
    return row.facility_id, row.question_id, row.role, row.assessor_id


def _row(document: Document) -> ScoreRow:
    row = ScoreRow(**document)
    for name, word in _row_document(row).items():
        if not isinstance(word, str) and not (word is None and name == "facility_type"):
            raise TypeError(f"{name} of a score is {word!r}")
    return row


def _row_document(row: ScoreRow) -> Document:
    return {
        "facility_id": row.facility_id,
        "facility_type": row.facility_type,
        "assessor_id": row.assessor_id,
        "question_id": row.question_id,
        "role": row.role,
        "score": row.score,
    }


def _unreadable(message: str) -> InvalidInput:
    return InvalidInput("The rating bundle", [Problem(message)])

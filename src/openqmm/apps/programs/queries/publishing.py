"""What is published of a draw, what each applicant checks of its own, and the auditor's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.applications import SITE, application, applications
from openqmm.apps.programs.queries.configurations import program_of, program_source, rule_of
from openqmm.apps.programs.queries.rounds import round_
from openqmm.apps.programs.queries.screening import facts_of
from openqmm.apps.programs.queries.words import RuleWords, rule_words
from openqmm.core.errors import NotFound
from openqmm.core.programs.commitments import Line, commitment
from openqmm.core.records import line_writer, spreadsheet_safe
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import tenancy

_COLUMNS = (
    "application_id",
    "facility_name",
    "fei",
    "duns",
    "country",
    "activities",
    "size_band",
    "sector",
    "dosage_forms",
    "organisation",
    "submitted_at",
    "verdict",
    "draw_outcome",
    "draw_rank",
    "salt",
)


@dataclass(frozen=True, slots=True)
class PublishedDraw:
    """A draw as everybody may read of it: rule, seed and commitments, and nobody's name."""

    round: Round
    title: str
    rule: RuleWords
    commitments: list[str]

    def data(self) -> dict[str, Any]:
        """Return the publication as JSON data."""
        return {
            "format": "openqmm-draw/1",
            "round": self.round.name,
            "program": self.round.program_id,
            "program_digest": self.round.program_digest,
            "rule": self.round.draw["rule"],
            "seed_digest": self.round.seed_digest,
            "seed": self.round.seed,
            "inputs_digest": self.round.draw["inputs_digest"],
            "drawn_at": self.round.drawn_at.isoformat(),
            "published_at": self.round.published_at.isoformat(),
            "commitments": self.commitments,
        }


def published_draw(round_id: Any) -> PublishedDraw:
    """Return the published draw of a round (NotFound before it is published)."""
    row = Round.objects.filter(pk=round_id, published_at__isnull=False).first()
    if row is None or not row.draw:
        raise NotFound("There is no such draw.")
    with tenancy.scope(SYSTEM):
        # Commitments alone leave this query; they tell nothing of whose they are.
        committed = sorted(_commitment(a) for a in applications(SYSTEM, row) if a.draw_outcome)
    return PublishedDraw(
        round=row,
        title=program_of(row).title,
        rule=rule_words(rule_of(row)),
        commitments=committed,
    )


def own_line(by: Actor, application_id: Any) -> dict[str, Any]:
    """Return an applicant's own line of a published draw, with the salt and the commitment it
    finds in the published list (NotFound for anybody else, and before publication)."""
    row = application(by, application_id)
    if by.role not in SITE or not row.draw_outcome or row.round.published_at is None:
        raise NotFound("There is no such line.")
    return {
        "format": "openqmm-draw-line/1",
        "round": row.round.name,
        "line": _line(row).content(),
        "salt": row.salt,
        "commitment": _commitment(row),
        "seed": row.round.seed,
        "chance": row.draw_line["chance"],
        "chance_error": row.draw_line["chance_error"],
    }


def round_file(by: Actor, round_id: Any) -> Iterator[str]:
    """Return the applications of a round as the CSV file that `openqmm screen` and `openqmm select`
    read, line by line; a draw is rerun from it. NotFound for everybody but the office."""
    # Looked for now: once the first line is sent, it is too late to say that there is none.
    return _lines(by, round_(by, round_id))


def _lines(by: Actor, row: Round) -> Iterator[str]:
    found = sorted(applications(by, row), key=lambda a: str(a.pk))
    attested = [c.attestation for c in program_of(row).attestations if c.attestation]
    writer = line_writer()
    yield writer.writerow([*_COLUMNS, *attested])
    for each in found:
        stated = ["yes" if getattr(each, name) else "no" for name in attested]
        yield writer.writerow([spreadsheet_safe(cell) for cell in _cells(each)] + stated)


def program_file(round_id: Any) -> tuple[str, str]:
    """Return name and text of the program file of an announced round (NotFound before)."""
    row = Round.objects.filter(pk=round_id, announced_at__isnull=False).first()
    if row is None:
        raise NotFound("There is no such program.")
    return f"{row.program_id}.yaml", program_source(row)


def _cells(row: Application) -> list[str]:
    facts = facts_of(row)
    stood = row.draw_outcome or row.state in {"eligible", "selected", "reserve", "accepted"}
    return [
        facts.application_id,
        facts.facility_name,
        facts.fei,
        facts.duns or "",
        facts.country or "",
        "; ".join(facts.activities),
        facts.size_band,
        facts.sector,
        "; ".join(facts.dosage_forms),
        facts.organisation,
        row.submitted_at.isoformat() if row.submitted_at else "",
        "eligible" if stood else row.state,
        row.draw_outcome,
        str(row.draw_rank or ""),
        row.salt,
    ]


def _line(row: Application) -> Line:
    kept = row.draw_line
    names = ("application_id", "attributes", "lot", "outcome", "rank")
    return Line(**{name: kept[name] for name in names})


def _commitment(row: Application) -> str:
    return commitment(_line(row), bytes.fromhex(row.salt))

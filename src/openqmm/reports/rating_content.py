"""What the rating report says, as plain data for its template: sentences and tables, no layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from openqmm.core.protocols import Area, Protocol, Question
from openqmm.core.protocols.model import exact
from openqmm.core.ratings import (
    METHOD_ID,
    METHOD_VERSION,
    Calculation,
    FacilityRating,
    QuestionResult,
    Result,
    Term,
    area_calculation,
    overall_calculation,
    shown_score,
)
from openqmm.core.ratings.model import NOT_APPLICABLE, NOT_RATED, RATED
from openqmm.reports.plain_text import plain, shortened
from openqmm.reports.profile import Interval
from openqmm.reports.words import (
    CODE_MEANINGS,
    FACILITY_TYPE_NAMES,
    decimal_text,
    flag_sentence,
    fraction_text,
    gate_sentence,
    percent,
    reason_sentence,
    rounding_sentence,
    warning_sentence,
)

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A signature as the report prints it: who, meaning what, when with the zone, its state."""

    who: str
    meaning: str
    when: str
    state: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What a report states beside the rating itself; only the facility's name is required.

    `status_line` says how far the rating has come ("Proposed", "Issued"); `inputs_digest` is that
    of the scores; `intervals` are 95 % intervals by area id. `signatures` stand under the rating,
    oldest first; `sealed` says that the file will bear the installation's seal.
    """

    facility_name: str
    address: str = ""
    round_name: str = ""
    assessed_on: date | None = None
    issued_on: date | None = None
    status_line: str = ""
    software_version: str = ""
    inputs_digest: str = ""
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    signatures: Sequence[SignatureLine] = ()
    sealed: bool = False


def rating_content(protocol: Protocol, rating: FacilityRating, context: ReportContext) -> Content:
    """Return everything the report writes, in the order it is read."""
    # A name of nothing but control characters leaves nothing to head the page with.
    name = plain(context.facility_name) or plain(rating.facility_id)
    return {
        "facility": name,
        "running_name": shortened(name, 70),
        "status_line": plain(context.status_line),
        "facts": _facts(rating, context, name),
        "overall": _overall(protocol, rating),
        "held": _held_down(protocol, rating),
        "notes": [warning_sentence(code, protocol) for code in rating.warnings],
        "overall_table": _overall_table(protocol, rating),
        "areas": [_area(protocol, rating, area) for area in protocol.areas],
        "method": _method(protocol, context),
        "signatures": [_signature(line) for line in context.signatures],
        "sealed": context.sealed,
        "undrawn": False,
    }


def _signature(line: SignatureLine) -> Content:
    return {
        "who": plain(line.who),
        "meaning": plain(line.meaning),
        "when": line.when,
        "state": plain(line.state),
        "digest": line.digest,
    }


def _facts(rating: FacilityRating, context: ReportContext, name: str) -> list[list[str]]:
    made = FACILITY_TYPE_NAMES.get(rating.facility_type or "", "")
    facility_id = plain(rating.facility_id)
    pairs = (
        ("Facility id", "" if facility_id == name else facility_id),
        ("Address", plain(context.address)),
        ("Makes", made),
        ("Round", plain(context.round_name)),
        ("Assessed on", _day(context.assessed_on)),
        ("Issued on", _day(context.issued_on)),
    )
    return [[label, value] for label, value in pairs if value]


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _overall(protocol: Protocol, rating: FacilityRating) -> Content:
    overall = rating.overall
    return {
        **_outcome(protocol, overall),
        "description": _level_description(protocol, overall.level),
        "reasons": [_overall_reason(code, protocol, rating) for code in overall.reasons],
        "flags": [flag_sentence(code, protocol) for code in overall.flags],
    }


def _overall_reason(code: str, protocol: Protocol, rating: FacilityRating) -> str:
    if code == "nothing_applicable":
        return "No question of the protocol applies to this facility."
    area = rating.areas[code.partition(":")[2]]
    causes = [reason_sentence(cause, protocol) for cause in area.reasons]
    return " ".join([reason_sentence(code, protocol), *causes])


def _outcome(protocol: Protocol, result: Result) -> Content:
    """Return a level with its name and score as shown, or the words that stand in their place."""
    if result.level is None or result.score is None:
        words = "Not applicable" if result.status == NOT_APPLICABLE else "Not rated"
        return {"level": None, "name": words, "score": None}
    return {
        "level": result.level,
        "name": protocol.level_name(result.level),
        "score": shown_score(result.score),
    }


def _level_description(protocol: Protocol, level: int | None) -> str:
    return protocol.scale[level - 1].description if level else ""


def _held_down(protocol: Protocol, rating: FacilityRating) -> list[str]:
    """Return the gates that applied and scores that rounding makes look higher, as sentences."""
    results = (rating.overall, *(rating.areas[area.id] for area in protocol.areas))
    names = ("Overall", *(area.title for area in protocol.areas))
    gates = [gate_sentence(gate, protocol, rating) for r in results for gate in r.gates]
    noted = zip(names, (rounding_sentence(result, protocol) for result in results), strict=True)
    return gates + [f"{name}: {sentence}" for name, sentence in noted if sentence]


def _overall_table(protocol: Protocol, rating: FacilityRating) -> Content:
    calculation = overall_calculation(protocol, rating)
    rows = [
        {
            "title": term.title,
            "weight": fraction_text(term.weight),
            **_numbers(term),
            "level": _short_outcome(protocol, rating.areas[term.id]),
        }
        for term in calculation.terms
    ]
    rated = rating.overall.status == RATED
    return {
        "rows": rows,
        "sum": _sum_sentence(protocol, calculation, rating.overall) if rated else "",
        "weights": fraction_text(calculation.weight_sum),
        "products": decimal_text(calculation.weighted_sum),
        "rated": rated,
    }


def _numbers(term: Term) -> Content:
    if term.score is None or term.product is None:
        return {"exact": "", "decimal": "", "product": ""}
    return {
        "exact": fraction_text(term.score),
        "decimal": decimal_text(term.score),
        "product": decimal_text(term.product),
    }


def _short_outcome(protocol: Protocol, result: Result) -> str:
    outcome = _outcome(protocol, result)
    return f"{outcome['level']} {outcome['name']}" if outcome["level"] else str(outcome["name"])


def _sum_sentence(protocol: Protocol, calculation: Calculation, result: Result) -> str:
    """Return how sums became the score and the score a level."""
    score = calculation.score or Fraction()
    total, weights = fraction_text(calculation.weighted_sum), fraction_text(calculation.weight_sum)
    sentence = (
        f"Sum of weight × score {total}, divided by the sum of weights {weights}, is "
        f"{fraction_text(score)} = {decimal_text(score)}"
    )
    if result.level == result.arithmetic_level:
        return f"{sentence}: level {_short_outcome(protocol, result)}."
    return (
        f"{sentence}: level {result.arithmetic_level} by the cut points, level {result.level} "
        "after the gate."
    )


def _area(protocol: Protocol, rating: FacilityRating, area: Area) -> Content:
    result = rating.areas[area.id]
    calculation = area_calculation(protocol, rating, area.id)
    sentences = [
        *(reason_sentence(code, protocol) for code in result.reasons),
        *(gate_sentence(gate, protocol, rating) for gate in result.gates),
        *filter(None, [rounding_sentence(result, protocol)]),
        *(flag_sentence(code, protocol) for code in result.flags),
    ]
    if result.status == RATED:
        sentences.insert(0, _sum_sentence(protocol, calculation, result))
    return {
        "id": area.id,
        "title": area.title,
        **_outcome(protocol, result),
        "coverage": "" if result.coverage is None else percent(result.coverage),
        "rows": [
            _question_row(protocol, rating, question, term)
            for question, term in zip(area.questions, calculation.terms, strict=True)
        ],
        "sentences": sentences,
    }


def _question_row(
    protocol: Protocol, rating: FacilityRating, question: Question, term: Term
) -> Content:
    return {
        "id": question.id,
        "text": question.text,
        "key": question.key,
        "weight": fraction_text(term.weight),
        "marks": f"{term.marks[0]} / {term.marks[1]}" if term.marks else "",
        "score": "" if term.score is None else fraction_text(term.score),
        "counted": _counted(protocol, rating, question),
    }


def _counted(protocol: Protocol, rating: FacilityRating, question: Question) -> str:
    """Return whether a question counts, and if not, why, in as few words as a column holds."""
    result = rating.questions[question.id]
    if result.status == NOT_APPLICABLE:
        excluded = rating.facility_type and rating.facility_type not in question.applies_to
        return "No: not asked of this type" if excluded else "No: does not apply"
    if result.status == NOT_RATED:
        return _not_rated_because(protocol, result)
    if result.source == "consensus":
        return "Yes, consensus"
    return "Yes, too few assessors" if result.single else "Yes"


def _not_rated_because(protocol: Protocol, result: QuestionResult) -> str:
    if not result.marked:
        return "No: no mark given"
    # The result does not keep which of the two it was: the number of marks is gone by then.
    if protocol.rules.single_assessor == "not_rated" and result.source == "mean":
        return "No: marked NR or by too few"
    return "No: could not be rated"


def _method(protocol: Protocol, context: ReportContext) -> Content:
    rules = protocol.rules
    cuts = [exact(cut) for cut in rules.cut_points]
    return {
        "id": METHOD_ID,
        "version": METHOD_VERSION,
        "protocol_id": protocol.id,
        "protocol_version": protocol.version,
        "protocol_title": protocol.title,
        "protocol_digest": protocol.digest,
        "inputs_digest": context.inputs_digest,
        "software": plain(context.software_version),
        "coverage_min": percent(Fraction(rules.coverage_min)),
        "min_assessors": rules.min_assessors,
        "single_not_rated": rules.single_assessor == "not_rated",
        "area_gate": rules.area_gate,
        "overall_gate": rules.overall_gate,
        "scale": [
            {
                "level": step.level,
                "name": step.name,
                "description": step.description,
                "from": cuts[step.level - 2] if step.level > 1 else "",
            }
            for step in protocol.scale
        ],
        "codes": [list(pair) for pair in CODE_MEANINGS],
    }

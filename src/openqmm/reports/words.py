"""What the method's codes say in plain sentences: the single home, for pages and documents."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from openqmm.core.protocols import Area, Protocol
from openqmm.core.protocols.model import exact
from openqmm.core.ratings import FacilityRating, GateApplication, Result, shown_score

FACILITY_TYPE_NAMES = {
    "API": "Active pharmaceutical ingredients",
    "API_INTERMEDIATE": "Intermediates of active ingredients",
    "FDF": "Finished dosage forms",
}

CODE_MEANINGS = (
    ("coverage_below_minimum", "Too few of an area's questions, by weight, were scored."),
    ("key_question_not_rated", "A key question has no score, so its area has no level."),
    ("area_not_rated", "An area has no level, so the facility has none."),
    ("nothing_applicable", "No question applies to the facility; the area is left out."),
    ("area_not_applicable", "The area was left out of the overall score."),
    ("single_assessor", "Fewer assessors than the protocol asks for stand behind a question."),
    ("marked_but_not_for", "A mark was given to a question not asked of this type of facility."),
    ("gate: area", "A weak key question holds its area's level down."),
    ("gate: overall", "A weak area holds the overall level down."),
)
"""Every code of the method with its meaning in general, for a reference table."""


def level_words(level: int, protocol: Protocol) -> str:
    """Return a level as people read it: "3 (Proactive)"."""
    return f"{level} ({protocol.level_name(level)})"


def percent(share: Fraction) -> str:
    """Return a share as a percentage, rounded down so that a minimum never looks met."""
    # Whole numbers throughout: 79.96 % is not 80 %, and a float could make it so.
    tenths = share.numerator * 1000 // share.denominator
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0") + "%"


def reason_sentence(code: str, protocol: Protocol) -> str:
    """Return why something is not rated or does not apply."""
    kind, _, subject = code.partition(":")
    match kind:
        case "coverage_below_minimum":
            if not protocol.rules.coverage_min:
                return "None of its questions was scored."
            least = percent(Fraction(protocol.rules.coverage_min))
            return f"Fewer than {least} of its questions, by weight, were scored."
        case "key_question_not_rated":
            return f"Key question {subject} ({protocol.question(subject).topic}) was not rated."
        case "area_not_rated":
            return f"{_area(subject, protocol).title} is not rated."
        case "nothing_applicable":
            return "None of its questions applies to this facility."
    raise _unknown("reason", code)


def flag_sentence(code: str, protocol: Protocol) -> str:
    """Return what a flag asks the reader to bear in mind."""
    kind, _, subject = code.partition(":")
    match kind:
        case "single_assessor":
            least = protocol.rules.min_assessors
            return f"At least one of its questions was scored by fewer than {least} assessors."
        case "area_not_applicable":
            title = _area(subject, protocol).title
            return f"{title} does not apply to this facility and is left out of the overall score."
    raise _unknown("flag", code)


def warning_sentence(code: str, protocol: Protocol) -> str:
    """Return what was odd in the scores and what became of it."""
    kind, _, question_id = code.partition(":")
    facility_type = kind.removeprefix("marked_but_not_for_")
    if facility_type not in FACILITY_TYPE_NAMES:
        raise _unknown("warning", code)
    topic = protocol.question(question_id).topic
    made = FACILITY_TYPE_NAMES[facility_type].lower()
    return (
        f"{question_id} ({topic}) was marked, but is not asked of a facility of the type "
        f"“{made}”; the marks do not count."
    )


def gate_sentence(gate: GateApplication, protocol: Protocol, rating: FacilityRating) -> str:
    """Return which level is held down, by what, and what the next level asks for."""
    if gate.rule == "area":
        return _area_gate_sentence(gate, protocol, rating)
    return _overall_gate_sentence(gate, protocol, rating)


def rounding_sentence(result: Result, protocol: Protocol) -> str | None:
    """Return a note where the score as shown would reach a level that the exact score does not."""
    if result.score is None or result.arithmetic_level is None:
        return None
    shown = shown_score(result.score)
    reached = 1 + sum(cut <= Decimal(shown) for cut in protocol.rules.cut_points)
    if reached <= result.arithmetic_level:
        return None
    cut = exact(protocol.rules.cut_points[result.arithmetic_level - 1])
    return (
        f"The score is shown as {shown}; exactly it is {fraction_text(result.score)}, which is "
        f"below the cut point {cut}."
    )


def decimal_text(value: Fraction, places: int = 6) -> str:
    """Return a number of 0 or more with this many decimals, half-even from the exact value."""
    units = round(value * 10**places)
    return f"{units // 10**places}.{units % 10**places:0{places}}"


def fraction_text(value: Fraction) -> str:
    """Return an exact number as a fraction in lowest terms; a whole number as it is."""
    return str(value)


def _area_gate_sentence(gate: GateApplication, protocol: Protocol, rating: FacilityRating) -> str:
    area = protocol.area_of(gate.cause)
    next_level = gate.to_level + 1
    needed = next_level - (protocol.rules.area_gate or 0)
    lowest = rating.questions[gate.cause].score or Fraction()
    scored = _key_scores(area, rating)
    others = [
        f"{id_} ({_score_below(score, needed)})"
        for id_, score in scored.items()
        if id_ != gate.cause and score < needed
    ]
    sentence = (
        f"{area.title} is {_held(gate, protocol)} because key question {gate.cause} scored "
        f"{_score_below(lowest, needed)}: level {next_level} asks at least {needed} of every key "
        "question."
    )
    return f"{sentence} {_listed(others)} below that too." if others else sentence


def _overall_gate_sentence(
    gate: GateApplication, protocol: Protocol, rating: FacilityRating
) -> str:
    margin = protocol.rules.overall_gate or 0
    lowest = rating.areas[gate.cause].level
    others = [
        area.title
        for area in protocol.areas
        if area.id != gate.cause and rating.areas[area.id].level == lowest
    ]
    sentence = (
        f"The overall level is {_held(gate, protocol)} because {_area(gate.cause, protocol).title} "
        f"is at level {lowest}: the overall level is at most {_above(margin)}."
    )
    return f"{sentence} {_listed(others)} at level {lowest} too." if others else sentence


def _held(gate: GateApplication, protocol: Protocol) -> str:
    to, from_ = level_words(gate.to_level, protocol), level_words(gate.from_level, protocol)
    return f"held at level {to} instead of {from_}"


def _above(margin: int) -> str:
    if margin == 0:
        return "that of the lowest area"
    return f"{'one level' if margin == 1 else f'{margin} levels'} above the lowest area"


def _key_scores(area: Area, rating: FacilityRating) -> dict[str, Fraction]:
    scores = {q.id: rating.questions[q.id].score for q in area.questions if q.key}
    return {id_: score for id_, score in scores.items() if score is not None}


def _score_below(score: Fraction, needed: int) -> str:
    """Return a score to one decimal, or exactly where rounding would make it look sufficient."""
    shown = shown_score(score)
    return shown if Decimal(shown) < needed else fraction_text(score)


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is"
    return f"{', '.join(names[:-1])} and {names[-1]} are"


def _area(area_id: str, protocol: Protocol) -> Area:
    return next(area for area in protocol.areas if area.id == area_id)


def _unknown(kind: str, code: str) -> ValueError:
    return ValueError(f"{code!r} is not a {kind} code of the rating method.")

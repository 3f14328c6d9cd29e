"""When a step of a round or an application is refused, and in which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from openqmm.core.programs import shipped_program, steps

TODAY = date(2026, 6, 15)


@dataclass
class Round:
    state: str = "open"
    opens_on: date = date(2026, 6, 1)
    closes_on: date = date(2026, 6, 30)
    cap: int = 9
    drawn_at: date | None = None


@dataclass
class Application:
    contact_name: str = "Quin"
    contact_email: str = "q@example.org"
    activities: list[str] = field(default_factory=lambda: ["API"])
    size_band: str = "small"
    sector: str = "generic"
    products: str = "Inventol"
    dosage_forms: list[str] = field(default_factory=list)
    statement: str = "To learn."
    willing_visit: bool = True
    willing_observers: bool = True
    willing_data: bool = True


@pytest.mark.parametrize(
    ("event", "counts", "reason", "words"),
    [
        ("announce", {}, "", None),
        ("open", {}, "", None),
        ("begin_screening", {}, "", "announced until 2026-06-30"),
        ("begin_screening", {}, "Everyone has applied.", None),
        ("fix_selection", {"screening": 1, "eligible": 1}, "", "2 applications still wait"),
        ("fix_selection", {"submitted": 1}, "", "1 application still waits"),
        ("fix_selection", {"ineligible": 3}, "", "No facility is selected"),
        ("fix_selection", {"selected": 1, "reserve": 2}, "", None),
        ("begin_assessing", {"selected": 1}, "", "No facility has accepted"),
        ("begin_assessing", {"accepted": 1}, "", None),
        ("close", {}, "", None),
    ],
)
def test_advancing(event: str, counts: dict[str, int], reason: str, words: str | None) -> None:
    refusal = steps.advance_refusal(Round(), event, counts, reason, TODAY)
    assert (refusal is None) if words is None else (words in (refusal or ""))


def test_a_round_opens_early_only_with_a_reason() -> None:
    later = Round(opens_on=date(2026, 6, 16))
    assert "announced to open on 2026-06-16" in (
        steps.advance_refusal(later, "open", {}, " ", TODAY) or ""
    )
    assert steps.advance_refusal(later, "open", {}, "A holiday falls on it.", TODAY) is None


def test_after_the_last_day_a_round_closes_without_words() -> None:
    assert steps.advance_refusal(Round(), "begin_screening", {}, "", date(2026, 7, 1)) is None


def test_the_applications_that_stand_and_that_hold_a_place() -> None:
    """Written down by hand: they are counted against the places of a round."""
    assert steps.HOLDING_A_PLACE == ("selected", "accepted")
    assert steps.UNDECIDED == ("submitted", "screening", "needs_information", "eligible")
    assert (*steps.UNDECIDED, "reserve", "selected", "accepted") == steps.STANDING
    for state in ("selected", "accepted"):
        assert steps.advance_refusal(Round(), "fix_selection", {state: 1}, "", TODAY) is None


def test_what_was_announced_is_not_edited() -> None:
    assert steps.round_edit_refusal("draft") is None
    for state in ("announced", "open", "closed"):
        assert steps.round_edit_refusal(state) == (
            "The round was announced; its name and dates stand as they were told."
        )


@pytest.mark.parametrize(
    ("sent", "again", "refused"),
    [(0, False, False), (0, True, False), (1, False, True), (2, False, True), (1, True, False)],
)
def test_a_letter_is_sent_twice_only_on_purpose(sent: int, again: bool, refused: bool) -> None:
    refusal = steps.letter_refusal(sent, again=again)
    assert refusal == (
        "This letter was sent already; send it again only if it did not arrive."
        if refused
        else None
    )


@pytest.mark.parametrize(
    ("round_", "today", "words"),
    [
        (Round(), date(2026, 6, 30), None),
        (Round(), date(2026, 7, 1), "last day for applications was 2026-06-30"),
        (Round(state="announced"), TODAY, "is announced"),
        (Round(state="screening"), TODAY, "takes no applications"),
    ],
)
def test_applying(round_: Round, today: date, words: str | None) -> None:
    refusal = steps.applying_refusal(round_, today)
    assert (refusal is None) if words is None else (words in (refusal or ""))


def test_submitting_names_what_is_missing() -> None:
    bare = Application(products="  ", size_band="")
    refusal = steps.submitting_refusal(bare, Round(), TODAY)
    assert refusal == "The application still lacks the size of the facility, the products."
    assert steps.submitting_refusal(Application(), Round(), TODAY) is None
    late = steps.submitting_refusal(Application(), Round(), date(2026, 7, 1))
    assert late == "The last day for applications was 2026-06-30."


@pytest.mark.parametrize(
    ("event", "found", "words"),
    [
        ("find_eligible", ["met", "met"], None),
        ("find_eligible", ["met", "cannot_tell"], "undecided is Place"),
        ("find_eligible", ["met", "cannot_tell:met"], None),
        ("find_eligible", ["met", "cannot_tell:not_met"], "not met is Place"),
        ("find_eligible", ["met", "not_met:met"], "not met is Place"),
        ("find_eligible", ["met", "not_met"], "not met is Place"),
        ("find_ineligible", ["met", "not_met"], None),
        ("find_ineligible", ["met", "cannot_tell:not_met"], None),
        ("find_ineligible", ["met", "cannot_tell"], "no criterion is found not met"),
        ("find_ineligible", ["met", "met"], "no criterion is found not met"),
        ("ask_information", [], None),
        ("find_eligible", [], "has not been screened"),
    ],
)
def test_a_person_decides_what_the_records_leave_open(
    event: str, found: list[str], words: str | None
) -> None:
    criteria = [
        {"title": "Place" if verdict != "met" else f"Other {n}", "verdict": verdict}
        | ({"decided": {"verdict": decided}} if decided else {})
        for n, (verdict, _, decided) in enumerate(text.partition(":") for text in found)
    ]
    refusal = steps.decision_refusal(event, criteria)
    assert (refusal is None) if words is None else (words in (refusal or ""))


@pytest.mark.parametrize(
    ("round_", "counts", "words"),
    [
        (Round(state="screening"), {"eligible": 2, "ineligible": 1}, None),
        (Round(state="open"), {"eligible": 2}, "drawn after it was screened"),
        (Round(state="selected"), {"eligible": 2}, "drawn after it was screened"),
        (Round(state="screening", drawn_at=TODAY), {"eligible": 2}, "a second draw"),
        (Round(state="screening"), {"eligible": 2, "submitted": 1}, "1 application still waits"),
        (
            Round(state="screening"),
            {"eligible": 2, "screening": 1, "needs_information": 1},
            "2 applications still wait",
        ),
        (Round(state="screening"), {"ineligible": 2}, "nothing to draw"),
    ],
)
def test_when_the_places_are_drawn(
    round_: Round, counts: dict[str, int], words: str | None
) -> None:
    refusal = steps.draw_refusal(round_, counts)
    assert (refusal is None) if words is None else (words in (refusal or ""))


@pytest.mark.parametrize(
    ("state", "drawn", "taken", "words"),
    [
        ("screening", True, 8, None),
        ("selected", True, 8, None),
        ("assessing", True, 8, None),
        ("selected", True, 9, "All 9 places"),
        ("selected", False, 8, "not drawn yet"),
        ("rating", True, 0, "moves up no more"),
    ],
)
def test_when_the_reserve_list_moves_up(
    state: str, drawn: bool, taken: int, words: str | None
) -> None:
    round_ = Round(state=state, drawn_at=TODAY if drawn else None)
    refusal = steps.moving_up_refusal(round_, taken)
    assert (refusal is None) if words is None else (words in (refusal or ""))
    assert (steps.release_refusal(round_) is None) == drawn


def test_a_round_takes_applications_as_long_as_its_program_asks() -> None:
    program = shipped_program("pilot-api")
    june = date(2026, 6, 1)
    assert steps.window_refusal(program, june, june + timedelta(days=29)) is None
    refusal = steps.window_refusal(program, june, june + timedelta(days=28))
    assert refusal == "Applications would be taken for 29 days; the program asks for 30 or more."


def test_programs_of_the_office() -> None:
    assert steps.program_id_refusal("mine", taken=False) is None
    assert "choose another id" in (steps.program_id_refusal("mine", taken=True) or "")
    assert steps.program_edit_refusal(sealed=False) is None
    assert "sealed it" in (steps.program_edit_refusal(sealed=True) or "")


def test_dates_and_protocol_of_a_round() -> None:
    june, july = date(2026, 6, 20), date(2026, 7, 20)
    assert steps.dates_refusal(june, july, TODAY) is None
    assert "before it opens" in (steps.dates_refusal(july, june, TODAY) or "")
    assert "has passed" in (steps.dates_refusal(june, june, july) or "")
    assert steps.dates_refusal(june, june, june) is None
    program = shipped_program("pilot-api")
    assert steps.protocol_refusal(program, "pilot-eleven-areas") is None
    assert "uses the protocol pilot-eleven-areas" in (
        steps.protocol_refusal(program, "successor-five-areas") or ""
    )


def test_reasons_and_screening() -> None:
    assert steps.reason_refusal(True, "  ") == "Say why: the reason stays on record."
    assert steps.reason_refusal(True, "Because they asked.") is None
    assert steps.reason_refusal(False, "") is None
    assert steps.screening_refusal(Round(state="screening")) is None
    assert "after it closed to applications" in (steps.screening_refusal(Round()) or "")


@pytest.mark.parametrize(
    ("round_", "state", "criterion", "words"),
    [
        (Round(state="screening"), "screening", {"title": "A", "verdict": "cannot_tell"}, None),
        (Round(state="open"), "screening", {"title": "A", "verdict": "cannot_tell"}, "is open"),
        (
            Round(state="screening"),
            "eligible",
            {"title": "A", "verdict": "cannot_tell"},
            "decided while it is screening",
        ),
        (Round(state="screening"), "screening", None, "has not been screened"),
        (
            Round(state="screening"),
            "screening",
            {"title": "A", "verdict": "not_met"},
            "nobody decides against them",
        ),
    ],
)
def test_a_criterion_is_decided_where_the_records_leave_it_open(
    round_: Round, state: str, criterion: dict[str, str] | None, words: str | None
) -> None:
    refusal = steps.criterion_refusal(round_, state, criterion)
    assert (refusal is None) if words is None else (words in (refusal or ""))

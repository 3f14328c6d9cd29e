"""May this step of a round or an application be taken now?

Who may take it is the state tables' business; this is about everything else. Each function returns
None or the refusal as a sentence, so that a page can show what an action would raise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from openqmm.core.programs.model import Program
from openqmm.core.programs.parts import ApplicationLike, lacking
from openqmm.core.programs.selection import place_refusal
from openqmm.core.workflow import in_words, reason_fault

HOLDING_A_PLACE = ("selected", "accepted")
UNDECIDED = ("submitted", "screening", "needs_information", "eligible")
STANDING = (*UNDECIDED, "reserve", *HOLDING_A_PLACE)
"""Applications that stand in a round: neither drafts nor those that are over."""

_SELECTION_OPEN = ("screening", "selected", "assessing")


class RoundLike(Protocol):
    """What of a round the rules look at."""

    state: Any
    opens_on: Any
    closes_on: Any
    cap: Any
    drawn_at: Any


def dates_refusal(opens_on: date, closes_on: date, today: date) -> str | None:
    """Return why a round cannot have these dates, or None."""
    if closes_on < opens_on:
        return f"The round would close on {closes_on}, before it opens on {opens_on}."
    if closes_on < today:
        return f"The last day for applications, {closes_on}, has passed."
    return None


def window_refusal(program: Program, opens_on: date, closes_on: date) -> str | None:
    """Return why the program allows no round with this window for applications, or None."""
    days, wanted = (closes_on - opens_on).days + 1, program.window_days
    if days >= wanted:
        return None
    return f"Applications would be taken for {days} days; the program asks for {wanted} or more."


def round_edit_refusal(state: str) -> str | None:
    """Return why name and dates of a round can no longer be changed, or None."""
    if state == "draft":
        return None
    return "The round was announced; its name and dates stand as they were told."


def reason_refusal(reasoned: bool, reason: str) -> str | None:
    """Return why a step cannot be taken with these words, or with none, or None."""
    return reason_fault(reason) if reasoned else None


def advance_refusal(
    round_: RoundLike, event: str, counts: Mapping[str, int], reason: str, today: date
) -> str | None:
    """Return why the round cannot take a step its table has, or None.

    What was announced binds: opening before the day announced, or closing to applications before
    the last day has passed, needs a reason in words.
    """
    match event:
        case "open" if today < round_.opens_on and reason_fault(reason):
            return f"The round was announced to open on {round_.opens_on}; say why it opens early."
        case "begin_screening" if today <= round_.closes_on and reason_fault(reason):
            until = round_.closes_on
            return f"Applications were announced until {until}; say why the round closes early."
        case "fix_selection":
            return _fixing_refusal(counts)
        case "begin_assessing" if not counts.get("accepted"):
            return "No facility has accepted a place yet."
    return None


def _fixing_refusal(counts: Mapping[str, int]) -> str | None:
    waiting = sum(counts.get(state, 0) for state in UNDECIDED)
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        plural = "" if waiting == 1 else "s"
        return f"{waiting} application{plural} still {verb} for a decision."
    if not any(counts.get(state) for state in HOLDING_A_PLACE):
        return "No facility is selected yet."
    return None


def applying_refusal(round_: RoundLike, today: date) -> str | None:
    """Return why nobody can apply to the round now, or None."""
    if round_.state != "open":
        return f"The round is {in_words(round_.state)}; it takes no applications."
    if today > round_.closes_on:
        return f"The last day for applications was {round_.closes_on}."
    return None


def missing(application: ApplicationLike) -> list[str]:
    """Return what an application still lacks before it can be signed."""
    return [lack.words for lack in lacking(application)]


def submitting_refusal(application: ApplicationLike, round_: RoundLike, today: date) -> str | None:
    """Return why the application cannot be submitted now, or None."""
    lacking = missing(application)
    if lacking:
        return f"The application still lacks {', '.join(lacking)}."
    return applying_refusal(round_, today)


def screening_refusal(round_: RoundLike) -> str | None:
    """Return why no application of the round is screened now, or None."""
    if round_.state == "screening":
        return None
    state = in_words(round_.state)
    return f"The round is {state}; applications are screened after it closed to applications."


def decision_refusal(event: str, criteria: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why the criteria, as judged, do not carry the decision, or None.

    A person decides what nobody can tell from the records, criterion by criterion, and never
    against them.
    """
    if event == "ask_information":
        return None
    if not criteria:
        return "The application has not been screened against its criteria yet."
    unmet, undecided = _standing(criteria, "not_met"), _standing(criteria, "cannot_tell")
    if event == "find_ineligible":
        return None if unmet else "It cannot be found ineligible: no criterion is found not met."
    if event == "find_eligible" and unmet:
        return f"It cannot be found eligible: not met is {', '.join(unmet)}."
    if event == "find_eligible" and undecided:
        return f"It cannot be found eligible: undecided is {', '.join(undecided)}."
    return None


def _standing(criteria: Sequence[Mapping[str, Any]], verdict: str) -> list[str]:
    return [criterion["title"] for criterion in criteria if standing_verdict(criterion) == verdict]


def standing_verdict(criterion: Mapping[str, Any]) -> str:
    """Return what stands for a criterion: a person's decision where the records left it open, else
    what they show."""
    decided = criterion.get("decided")
    if criterion["verdict"] == "cannot_tell" and decided:
        return str(decided["verdict"])
    return str(criterion["verdict"])


def criterion_refusal(
    round_: RoundLike, state: str, criterion: Mapping[str, Any] | None
) -> str | None:
    """Return why a person cannot decide this criterion of an application now, or None."""
    refusal = screening_refusal(round_)
    if refusal:
        return refusal
    if state != "screening":
        return f"The application is {in_words(state)}; criteria are decided while it is screening."
    if criterion is None:
        return "The application has not been screened against this criterion."
    if criterion["verdict"] != "cannot_tell":
        return f"The records decide {criterion['title']}; nobody decides against them."
    return None


def draw_refusal(round_: RoundLike, counts: Mapping[str, int]) -> str | None:
    """Return why the places of the round cannot be drawn now, or None."""
    if round_.state != "screening":
        return f"The round is {in_words(round_.state)}; places are drawn after it was screened."
    if round_.drawn_at is not None:
        return "The places of this round are drawn; a second draw would make the first worthless."
    waiting = sum(counts.get(state, 0) for state in UNDECIDED if state != "eligible")
    if waiting:
        verb, plural = ("waits", "") if waiting == 1 else ("wait", "s")
        return f"{waiting} application{plural} still {verb} for a decision of the screening."
    if not counts.get("eligible"):
        return "No application is eligible: there is nothing to draw."
    return None


def moving_up_refusal(round_: RoundLike, taken: int) -> str | None:
    """Return why nobody moves up from the reserve list now, or None."""
    if round_.state not in _SELECTION_OPEN:
        return f"The round is {in_words(round_.state)}; the reserve list moves up no more."
    if round_.drawn_at is None:
        return "The places of this round are not drawn yet."
    return place_refusal(taken, round_.cap)


def release_refusal(round_: RoundLike) -> str | None:
    """Return why nobody is released from the reserve list now, or None."""
    if round_.drawn_at is None:
        return "The places of this round are not drawn yet; the draw makes the reserve list."
    return None


def letter_refusal(sent: int, *, again: bool) -> str | None:
    """Return why a letter is not sent now, or None."""
    if sent and not again:
        return "This letter was sent already; send it again only if it did not arrive."
    return None


def program_id_refusal(program_id: str, *, taken: bool) -> str | None:
    """Return why a program cannot have this id, or None."""
    if taken:
        return f"There is a program {program_id} already; choose another id."
    return None


def program_edit_refusal(*, sealed: bool) -> str | None:
    """Return why what a program says can no longer be changed, or None."""
    if sealed:
        return "A round of this program was announced, which sealed it; copy it to change it."
    return None


def protocol_refusal(program: Program, protocol_id: str) -> str | None:
    """Return why a round of the program cannot use the protocol, or None."""
    if protocol_id == program.protocol_id:
        return None
    return f"The program {program.id} uses the protocol {program.protocol_id}, not {protocol_id}."

"""How states and verdicts are worded and toned on pages."""

from __future__ import annotations

from dataclasses import dataclass

from openqmm.core.programs import SelectionRule
from openqmm.core.programs.vocabulary import ATTRIBUTE_WORDS, category_words
from openqmm.core.workflow import in_words
from openqmm.core.workflow.states import ROUND

STATE_TONES = {
    "draft": "neutral",
    "announced": "info",
    "open": "progress",
    "screening": "progress",
    "assessing": "progress",
    "rating": "progress",
    "closed": "neutral",
    "submitted": "info",
    "needs_information": "warn",
    "ineligible": "stop",
    "eligible": "done",
    "selected": "done",
    "reserve": "info",
    "not_selected": "neutral",
    "accepted": "done",
    "declined": "neutral",
    "withdrawn": "neutral",
}

OUTCOMES = {
    "eligible": ("Meets every criterion", "done"),
    "ineligible": ("Does not meet a criterion", "stop"),
    "needs_review": ("Needs review", "warn"),
}

VERDICTS = {
    "met": ("Met", "done"),
    "not_met": ("Not met", "stop"),
    "cannot_tell": ("Cannot tell", "warn"),
}

_APPLICATION_PATH = ("draft", "submitted", "screening", "eligible", "selected", "accepted")
# Where a state off the path stands on it, and which step it stands in the place of.
_ASIDE = {
    "needs_information": "screening",
    "ineligible": "eligible",
    "reserve": "selected",
    "not_selected": "selected",
    "declined": "accepted",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a track: done, current or to do."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class RuleWords:
    """How places are given, in words: strata with weight and shares, and the limits."""

    places: int
    reserve: int
    strata: list[tuple[str, int, list[tuple[str, int]]]]
    limits: list[tuple[str, int]]


def rule_words(rule: SelectionRule) -> RuleWords:
    """Return a selection rule as pages show it."""
    return RuleWords(
        places=rule.places,
        reserve=rule.reserve,
        strata=[
            (
                ATTRIBUTE_WORDS[s.attribute],
                s.weight,
                [(category_words(s.attribute, name), share) for name, share in s.shares.items()],
            )
            for s in rule.strata
        ],
        limits=[(ATTRIBUTE_WORDS[m.attribute], m.places) for m in rule.limits],
    )


def words(state: str) -> str:
    """Return a state as a tag shows it."""
    return in_words(state).capitalize()


def tone(state: str) -> str:
    """Return the tone of a state's tag."""
    return STATE_TONES.get(state, "neutral")


def round_stages(state: str) -> list[Stage]:
    """Return a round's stages with where it stands."""
    return _track(ROUND.states, state)


def application_stages(state: str) -> list[Stage]:
    """Return an application's stages; one that was withdrawn has none to come."""
    if state == "withdrawn":
        return [Stage(words("withdrawn"), "current")]
    step = _ASIDE.get(state, state)
    path = tuple(state if name == step else name for name in _APPLICATION_PATH)
    ended = state in {"ineligible", "not_selected", "declined"}
    return _track(path[: path.index(state) + 1] if ended else path, state)


def _track(path: tuple[str, ...], state: str) -> list[Stage]:
    here = path.index(state)
    marks = ("done", "current", "todo")
    return [
        Stage(words(name), marks[0] if n < here else marks[1] if n == here else marks[2])
        for n, name in enumerate(path)
    ]

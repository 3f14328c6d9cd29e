"""The five-step bar: where its marks go, and the sentence that says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LEVEL_NAMES: dict[int, str | Promise] = {
    1: gettext_lazy("Reactive"),
    2: gettext_lazy("Managed"),
    3: gettext_lazy("Proactive"),
    4: gettext_lazy("Predictive"),
    5: gettext_lazy("Optimising"),
}
NOT_RATED = "not_rated"
NOT_APPLICABLE = "not_applicable"

Number = int | float | str | Decimal

STEP = 30.0
"""Width of one step in drawing units; step k covers scores from k - 0.5 to k + 0.5."""
GAP = 2.0
LEFT = 1.0
SIZES = {"xs": (76, 14), "s": (114, 21), "m": (152, 28), "l": (228, 42)}
"""Width and height in pixels; all four keep the drawing's proportions of 152 to 28."""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five boxes."""

    x: str
    filled: bool


@dataclass(frozen=True, slots=True)
class LevelBar:
    """Everything the template draws and says; positions in drawing units.

    Positions are text: a template would write a number in the reader's language, and a comma for a
    decimal point breaks the drawing.
    """

    steps: tuple[Step, ...]
    width: int
    height: int
    size: str
    number: str
    name: str
    reason: str
    spoken: str
    hatched: bool
    marker: str | None = None
    low: str | None = None
    high: str | None = None

    @property
    def rated(self) -> bool:
        """Whether a level is shown, rather than the reason for there being none."""
        return bool(self.number)

    @property
    def abbreviation(self) -> str:
        """What fits beside the smallest empty bar."""
        return _("NR") if self.hatched else _("NA")


def draw_level_bar(
    level: int | str | None,
    *,
    score: Number | None = None,
    size: str = "m",
    label: str | None = None,
    reason: str | None = None,
    interval: Sequence[Number] | None = None,
) -> LevelBar:
    """Return the bar of one level, or the empty bar of something not rated or not applicable.

    A level that is neither 1 to 5 nor one of the two words is refused: a bar must never be drawn
    for a value nobody gave.
    """
    if size not in SIZES:
        raise ValueError(f"Size is {size!r}; one of {', '.join(SIZES)} is expected.")
    rated = _as_level(level)
    if rated is None:
        return _unrated_bar(level, size, label, reason or "")
    width, height = SIZES[size]
    name = str(LEVEL_NAMES[rated])
    low, high = (_position(interval[0]), _position(interval[1])) if interval else (None, None)
    return LevelBar(
        steps=tuple(Step(f"{LEFT + i * STEP:g}", i < rated) for i in range(5)),
        width=width,
        height=height,
        size=size,
        number=str(rated),
        name=name,
        reason="",
        spoken=_labelled(label, _spoken(rated, name, score, interval)),
        hatched=False,
        marker=None if score is None else _position(score),
        low=low,
        high=high,
    )


def _unrated_bar(level: int | str | None, size: str, label: str | None, reason: str) -> LevelBar:
    width, height = SIZES[size]
    name = _("Not applicable") if level == NOT_APPLICABLE else _("Not rated")
    return LevelBar(
        steps=tuple(Step(f"{LEFT + i * STEP:g}", False) for i in range(5)),
        width=width,
        height=height,
        size=size,
        number="",
        name=name,
        reason=reason,
        spoken=_labelled(label, f"{name}: {reason}" if reason else name),
        hatched=level != NOT_APPLICABLE,
        marker=None,
        low=None,
        high=None,
    )


def _labelled(label: str | None, sentence: str) -> str:
    return f"{label}: {sentence}" if label else sentence


def _as_level(level: int | str | None) -> int | None:
    if level in (None, "", NOT_RATED, NOT_APPLICABLE):
        return None
    number = int(level)
    if number not in LEVEL_NAMES:
        raise ValueError(f"Level is {level!r}; 1 to 5, not_rated or not_applicable is expected.")
    return number


def _position(score: Number) -> str:
    """Return where a score lies on the drawing; scores outside 1 to 5 stop at the scale's end."""
    clamped = min(max(float(score), 0.5), 5.5)
    return f"{LEFT + (clamped - 0.5) * STEP - GAP / 2:.2f}"


def _spoken(level: int, name: str, score: Number | None, interval: Sequence[Number] | None) -> str:
    parts = [_("level %(number)d %(name)s, on a scale of 1 to 5") % {"number": level, "name": name}]
    if score is not None:
        parts.append(_("score %(score).2f") % {"score": float(score)})
    if interval:
        low, high = float(interval[0]), float(interval[1])
        parts.append(_("interval %(low).2f to %(high).2f") % {"low": low, "high": high})
    return ", ".join(parts)

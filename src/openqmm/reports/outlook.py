"""What would change a facility's level, in sentences."""

from __future__ import annotations

import math
from fractions import Fraction

from openqmm.core.protocols import Protocol
from openqmm.core.protocols.model import exact
from openqmm.core.ratings import AreaStep, FacilityRating, next_level, shown_score
from openqmm.reports.words import level_words, reason_sentence


def outlook_sentences(protocol: Protocol, rating: FacilityRating) -> list[str]:
    """Return what stands between the facility and its next level, the nearest thing last.

    For a facility without a level: what kept it from having one.
    """
    if rating.overall.level is None:
        return _unrated_sentences(protocol, rating)
    ahead = next_level(protocol, rating)
    if ahead is None:
        return ["This is the highest level; nothing above it is defined."]
    name = level_words(ahead.level, protocol)
    sentences = [_score_sentence(protocol, rating, ahead.level, ahead.score_gap)]
    if ahead.areas:
        sentences.append(
            f"For level {name} the overall gate asks more of "
            f"{'one area' if len(ahead.areas) == 1 else f'{len(ahead.areas)} areas'}:"
        )
        sentences += [_area_sentence(protocol, step) for step in ahead.areas]
    else:
        sentences.append(f"No area's level stands in the way of level {name}.")
    if ahead.nearest is not None and not ahead.areas:
        sentences.append(
            f"Nearest to a level of its own: {_area_sentence(protocol, ahead.nearest)}"
        )
    return sentences


def _unrated_sentences(protocol: Protocol, rating: FacilityRating) -> list[str]:
    sentences = []
    for code in rating.overall.reasons:
        area = rating.areas.get(code.partition(":")[2])
        causes = [reason_sentence(cause, protocol) for cause in area.reasons] if area else []
        words = " ".join([reason_sentence(code, protocol), *causes])
        sentences.append(f"A level needs this to change: {words}")
    return sentences


def _score_sentence(protocol: Protocol, rating: FacilityRating, level: int, gap: Fraction) -> str:
    cut = exact(protocol.rules.cut_points[level - 2])
    shown = shown_score(rating.overall.score or Fraction())
    name = level_words(level, protocol)
    if not gap:
        return f"The overall score of {shown} already suffices for level {name}, from {cut}."
    return (
        f"Level {name} begins at an overall score of {cut}; the score is {shown}, "
        f"{_points(gap)} short."
    )


def _area_sentence(protocol: Protocol, step: AreaStep) -> str:
    title = next(area.title for area in protocol.areas if area.id == step.area_id)
    needs = []
    if step.score_gap:
        needs.append(f"its score rises by {_points(step.score_gap)}")
    if step.key_questions:
        ids = " and ".join(step.key_questions)
        which = (
            "key question {} scores" if len(step.key_questions) == 1 else "key questions {} score"
        )
        needs.append(f"{which.format(ids)} at least {step.key_minimum}")
    reach = f"{title} reaches level {level_words(step.level, protocol)}"
    return f"{reach} when {' and '.join(needs)}." if needs else f"{reach} as it stands."


def _points(gap: Fraction) -> str:
    """Return a gap to two decimals, rounded up: a stated gap must suffice."""
    return f"{math.ceil(gap * 100) / 100:.2f} points"

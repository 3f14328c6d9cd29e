"""Gates: a level is not claimed over the head of a weak key practice or a weak area.

Rating method, section 3. A gate only lowers, and each application names its cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openqmm.core.protocols import Question
from openqmm.core.ratings.model import SCORED, GateApplication, QuestionResult

Gates = tuple[GateApplication, ...]


def apply_area_gate(
    level: int,
    questions: Sequence[Question],
    results: Sequence[QuestionResult],
    margin: int | None,
) -> tuple[int, Gates]:
    """Return the area's level after the gate: L stands only if every scored key question's
    score is at least L - `margin`; a key question that does not apply is ignored."""
    if margin is None:
        return level, ()
    cause, total, n = "", 0, 0
    for question, result in zip(questions, results, strict=True):
        # Cross-multiplied, so that the exact comparison costs no fraction.
        if (
            question.key
            and result.status == SCORED
            and (not cause or result.total * n < total * result.n)
        ):
            cause, total, n = question.id, result.total, result.n
    if not cause:
        return level, ()
    # The greatest whole L with L - margin <= score.
    highest = total // n + margin
    if level <= highest:
        return level, ()
    return highest, (GateApplication("area", level, highest, cause),)


def apply_overall_gate(
    level: int, area_levels: Mapping[str, int], margin: int | None
) -> tuple[int, Gates]:
    """Return the overall level after the gate: at most the lowest area level + `margin`."""
    if margin is None:
        return level, ()
    cause = min(area_levels, key=lambda id_: area_levels[id_])
    highest = area_levels[cause] + margin
    if level <= highest:
        return level, ()
    return highest, (GateApplication("overall", level, highest, cause),)

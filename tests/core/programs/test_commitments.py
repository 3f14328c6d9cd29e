"""Commitments: each applicant can check its own line, and nobody learns another's."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from openqmm.core.programs.commitments import commitment, lines
from openqmm.core.programs.drawing import draw
from openqmm.core.programs.model import SelectionRule
from tests.core.programs.draws import SIZES, candidates

RULE = SelectionRule(2, 1, (SIZES,))
FOUR = candidates("small", "medium", "large", "-")
DRAWN = draw(RULE, FOUR, "s")
LINES = lines(RULE, FOUR, DRAWN, "s")
SALT = bytes(range(32))


def test_every_candidate_has_a_line_with_outcome_and_rank() -> None:
    assert [line.application_id for line in LINES] == ["A1", "A2", "A3", "A4"]
    places = {(line.outcome, line.rank): line.application_id for line in LINES}
    assert places["selected", 1] == DRAWN.selected[0]
    assert places["reserve", 1] == DRAWN.reserve[0]
    assert len(places) == 4


def test_a_commitment_is_the_digest_of_salt_and_line() -> None:
    line = LINES[0]
    text = (
        f'{{"application_id":"A1","attributes":{{"size_band":"small"}},"lot":"{line.lot}",'
        f'"outcome":"{line.outcome}","rank":{line.rank}}}'
    )
    assert commitment(line, SALT) == hashlib.sha256(SALT + text.encode()).hexdigest()


def test_any_other_line_or_salt_has_another_commitment() -> None:
    line = LINES[0]
    told = {commitment(line, SALT), commitment(line, SALT[::-1])}
    told |= {commitment(replace(line, rank=line.rank + 1), SALT)}
    told |= {commitment(replace(line, application_id="A9"), SALT)}
    assert len(told) == 4


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(LINES[0], b"short")

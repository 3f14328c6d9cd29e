"""Probabilities of selection: against every order the lots can fall in, and what must hold."""

from __future__ import annotations

import pytest

from openqmm.core.programs.drawing import draw
from openqmm.core.programs.inclusion import inclusion
from openqmm.core.programs.model import Limit, SelectionRule
from tests.core.programs.draws import ONE_OF_EACH, REGIONS, SIZES, candidates, exact_chances

SEVEN = candidates(
    "small asia Firm",
    "small asia House",
    "small europe Firm",
    "medium asia Works",
    "large europe House",
    "large asia Mill",
    "- africa Mill",
)


@pytest.mark.parametrize(
    "rule",
    [
        SelectionRule(3, 0, (SIZES, REGIONS), (ONE_OF_EACH,)),
        SelectionRule(4, 1, (REGIONS,), (Limit("region", 2),)),
        SelectionRule(2, 1, (), (ONE_OF_EACH,)),
    ],
)
def test_simulated_chances_are_those_of_all_orders_of_the_lots(rule: SelectionRule) -> None:
    targets = {s.attribute: dict(s.target) for s in draw(rule, SEVEN, "x").strata}
    exact = exact_chances(rule, SEVEN, targets)
    found = inclusion(rule, SEVEN)
    for one, chance in exact.items():
        # Five standard errors, and room for those of a chance at the very end of the scale.
        assert found.probability[one] == pytest.approx(
            chance, abs=5 * found.standard_error[one] + 1e-3
        )
    assert sum(found.probability.values()) == pytest.approx(sum(exact.values()), abs=1e-2)


def test_without_strata_the_chance_is_exact() -> None:
    found = inclusion(SelectionRule(3, 2), SEVEN)
    assert set(found.probability.values()) == {3 / 7}
    assert (set(found.standard_error.values()), found.runs) == ({0.0}, 0)
    assert set(inclusion(SelectionRule(9, 2), SEVEN).probability.values()) == {1.0}
    assert inclusion(SelectionRule(9, 2), []).probability == {}


def test_the_order_of_the_file_changes_no_figure() -> None:
    rule = SelectionRule(3, 0, (SIZES,))
    assert inclusion(rule, SEVEN) == inclusion(rule, SEVEN[::-1])


def test_the_error_stated_shrinks_with_the_root_of_the_runs() -> None:
    rule = SelectionRule(3, 0, (SIZES, REGIONS))
    few, many = inclusion(rule, SEVEN, runs=500), inclusion(rule, SEVEN, runs=50_000)
    ratio = max(few.standard_error.values()) / max(many.standard_error.values())
    assert 7 < ratio < 14

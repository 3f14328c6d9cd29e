"""The three-way merge: the same whoever comes first, and nothing of anybody's lost in silence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.records.merging import merged, tidied

VALUES = st.sampled_from(["", "a", "b", "two\nlines", True, False, None, 1])
Row = dict[str, Any]


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row | None, Row, Row]:
    """A beginning, which may be known in part or not at all, and two records made of it."""
    names = draw(st.lists(st.sampled_from("pqrst"), unique=True, max_size=5))
    base = {name: draw(VALUES) for name in names if draw(st.integers(0, 9))}
    theirs = {name: draw(VALUES) for name in names}
    mine = {name: draw(VALUES) for name in names}
    return (base if draw(st.integers(0, 9)) else None), theirs, mine


@pytest.mark.requirement("R38")
@given(rows())
def test_nothing_is_dropped_in_silence(made: tuple[Row | None, Row, Row]) -> None:
    base, theirs, mine = made
    result = merged(base, theirs, mine)
    assert result.values.keys() | set(result.conflicts) == theirs.keys()
    assert not result.values.keys() & set(result.conflicts)
    for name in theirs:
        known = base is not None and name in base
        for side, other in ((theirs, mine), (mine, theirs)):
            changed = not known or side[name] != base[name]
            if changed and name in result.values:
                settled = result.values[name]
                assert settled == side[name] or (known and other[name] == settled == side[name])
        if name in result.conflicts:
            assert theirs[name] != mine[name]


@pytest.mark.requirement("R38")
@given(rows())
def test_it_does_not_matter_who_came_first(made: tuple[Row | None, Row, Row]) -> None:
    base, theirs, mine = made
    one, other = merged(base, theirs, mine), merged(base, mine, theirs)
    assert one.values == other.values
    assert (one.conflicts, one.both) == (other.conflicts, other.both)
    assert (one.theirs, one.mine) == (other.mine, other.theirs)


@given(rows())
def test_each_field_is_told_of_once(made: tuple[Row | None, Row, Row]) -> None:
    result = merged(*made)
    told = [*result.theirs, *result.mine, *result.both, *result.conflicts]
    assert len(told) == len(set(told))


@given(rows())
def test_merging_what_was_merged_changes_nothing(made: tuple[Row | None, Row, Row]) -> None:
    base, theirs, mine = made
    settled = merged(base, theirs, mine).values
    again = merged({n: theirs[n] for n in settled}, {n: theirs[n] for n in settled}, settled)
    assert again.values == settled
    assert not again.conflicts


def test_what_only_one_changed_needs_no_choice() -> None:
    base = {"name": "Unit 1", "products": "A", "statement": "To learn."}
    theirs = base | {"products": "A\nB"}
    mine = base | {"statement": "To improve."}
    result = merged(base, theirs, mine)
    assert result.values == {"name": "Unit 1", "products": "A\nB", "statement": "To improve."}
    assert (result.theirs, result.mine, result.conflicts) == (("products",), ("statement",), ())


def test_what_both_changed_differently_has_no_value() -> None:
    result = merged({"statement": "x"}, {"statement": "y"}, {"statement": "z"})
    assert result.conflicts == ("statement",)
    assert result.values == {}


def test_where_the_beginning_is_not_known_every_difference_is_a_conflict() -> None:
    result = merged(None, {"a": "1", "b": "2"}, {"a": "1", "b": "3"})
    assert (result.values, result.conflicts) == ({"a": "1"}, ("b",))


def test_a_difference_nobody_can_see_is_none() -> None:
    assert tidied("one\r\ntwo \n") == "one\ntwo"
    assert merged({"a": "x"}, {"a": "one\r\ntwo"}, {"a": "one\ntwo"}).conflicts == ()


def test_two_records_of_different_kinds_are_not_merged() -> None:
    with pytest.raises(ValueError, match="same fields"):
        merged(None, {"a": 1}, {"b": 1})

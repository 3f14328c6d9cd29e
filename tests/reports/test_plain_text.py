from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.reports.plain_text import plain, shortened, text_width, wrapped


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Plant\x00 A\x07", "Plant A"),
        ("two\n\tlines", "two lines"),
        ("evil\u202etxt", "eviltxt"),
        ("half \ud83d surrogate", "half surrogate"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_plain_text_loses_only_what_nobody_should_see(text: str, cleaned: str) -> None:
    assert plain(text) == cleaned


@given(st.text(max_size=200), st.floats(20, 300))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    lines = wrapped(text, 12, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 12) <= width or len(line) == 1 for line in lines)


def test_a_shortened_name_says_that_it_is() -> None:
    assert shortened("Northfield Works", 10) == "Northfiel…"
    assert shortened("Northfield", 10) == "Northfield"


def test_full_width_characters_count_twice_and_combining_ones_not_at_all() -> None:
    assert text_width("中中", 10) == 20
    assert text_width("e\u0301", 10) == text_width("e", 10)

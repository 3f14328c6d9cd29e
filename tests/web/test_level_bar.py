"""The five-step bar says in words what it draws, and never draws what it was not given."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from openqmm.web.level_bars import LEVEL_NAMES, SIZES, draw_level_bar

Render = Callable[..., str]


def _filled(html: str) -> int:
    return len(re.findall(r'<rect class="qmm-level__step ', html))


@pytest.mark.parametrize("level", range(1, 6))
def test_each_level_has_its_number_name_and_text_alternative(render: Render, level: int) -> None:
    html = render("{% level_bar level score=2.5 label='Planning' %}", level=level)
    name = LEVEL_NAMES[level]
    assert f'aria-label="Planning: level {level} {name}, on a scale of 1 to 5, score 2.50"' in html
    assert 'role="img"' in html
    assert f">{level}</b>" in html
    assert f">{name}</span>" in html
    assert _filled(html) == level


def test_not_rated_is_empty_hatched_and_gives_its_reason(render: Render) -> None:
    html = render("{% level_bar None reason='coverage is 60 %' %}")
    assert 'aria-label="Not rated: coverage is 60 %"' in html
    assert _filled(html) == 0
    assert html.count("qmm-level__hatch") == 5
    assert ">coverage is 60 %</span>" in html


def test_not_applicable_is_empty_without_hatching(render: Render) -> None:
    html = render("{% level_bar 'not_applicable' %}")
    assert 'aria-label="Not applicable"' in html
    assert "qmm-level__hatch" not in html
    assert _filled(html) == 0


def test_smallest_bars_keep_a_word_beside_them(render: Render) -> None:
    assert ">NR</span>" in render("{% level_bar None size='xs' %}")
    assert ">NA</span>" in render("{% level_bar 'not_applicable' size='xs' %}")
    assert ">3</b>" in render("{% level_bar 3 size='xs' %}")


def test_interval_is_drawn_and_spoken(render: Render) -> None:
    html = render("{% level_bar 3 score=3.0 interval=ends %}", ends=(2.5, 3.5))
    assert "score 3.00, interval 2.50 to 3.50" in html
    # Level 3 runs from 60 to 90 drawing units; its middle carries the marker.
    assert 'd="M75.00 7' in html
    assert 'd="M60.00 22.5v4.5H90.00v-4.5"' in html


def test_drawing_keeps_decimal_points_in_languages_with_a_comma(render: Render) -> None:
    with override_settings(USE_THOUSAND_SEPARATOR=True), translation.override("de"):
        html = render("{% level_bar 3 score=3.21 interval=ends %}", ends=(2.55, 3.87))
    drawn = re.findall(r' (?:d|x|y|width|height|transform)="([^"]*)"', html)
    assert drawn
    assert not [value for value in drawn if "," in value]


def test_reason_is_escaped(render: Render) -> None:
    html = render("{% level_bar None reason=reason %}", reason='"><script>')
    assert "<script>" not in html


@pytest.mark.parametrize("level", [0, 6, -1, "six", "NR"])
def test_anything_but_a_level_is_refused(level: int | str) -> None:
    with pytest.raises(ValueError, match=r"Level|invalid literal"):
        draw_level_bar(level)


def test_unknown_size_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="xs, s, m, l"):
        draw_level_bar(3, size="huge")


@given(st.integers(1, 5), st.floats(1, 5), st.sampled_from(sorted(SIZES)))
def test_marker_moves_with_the_score_inside_the_drawing(
    level: int, score: float, size: str
) -> None:
    bar = draw_level_bar(level, score=score, size=size)
    assert bar.marker is not None
    assert float(bar.marker) == pytest.approx((score - 0.5) * 30, abs=0.006)
    assert 0 <= float(bar.marker) <= 150
    assert [step.filled for step in bar.steps] == [n < level for n in range(5)]

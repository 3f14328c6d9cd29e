from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from synthetic_ratings import protocol, rated_alone

from openqmm.reports.profile import ProfileRow, ProfileScale, profile_rows, profile_scale
from openqmm.reports.svg import area_profile, level_bar

NS = "{http://www.w3.org/2000/svg}"
SMALL = protocol()
SCALE = profile_scale(SMALL)


def _profile(marks: dict[str, str], **more: tuple[float, float]) -> str:
    rows = profile_rows(SMALL, rated_alone(SMALL, marks), more)
    return area_profile("p", rows, SCALE)


def _texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{NS}text")]


ALL_STATES = {
    "*": "44",
    "SUP-1": "22",
    "RSK-1": "RR",
    **{f"CUL-{n}": "AA" for n in range(1, 5)},
}


@pytest.mark.parametrize(
    "svg",
    [
        _profile({"*": "345"}, SUP=(2.1, 4.4)),
        _profile(ALL_STATES),
        level_bar("p", 3, 3.4, name="Proactive", interval=(2.9, 3.8)),
        level_bar("p", None, reason="Too few questions were scored."),
    ],
)
def test_every_drawing_stands_alone_and_has_a_text_alternative(svg: str) -> None:
    root = ET.fromstring(svg)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "p-title p-desc"
    assert root.findtext(f"{NS}title")
    assert root.findtext(f"{NS}desc")
    assert len(ids) == len(set(ids))
    assert all(str(id_).startswith("p-") for id_ in ids)
    # The content security policy of a page refuses inline style; nothing is fetched from elsewhere.
    assert "style" not in svg
    assert "href" not in svg
    assert set(re.findall(r"url\((.)", svg)) <= {"#"}


def test_the_five_levels_are_labelled_with_number_and_name() -> None:
    texts = _texts(_profile({"*": "33"}))
    for level, name in enumerate(SCALE.names, start=1):
        assert str(level) in texts
        assert name in texts
    assert {"1.5", "2.5", "3.5", "4.5"} <= set(texts)


def test_a_gate_is_drawn_said_and_explained_in_the_key() -> None:
    held, free = _profile({"*": "44", "SUP-1": "22"}), _profile({"*": "44"})
    assert "held from 4" in _texts(held)
    assert "held down by a gate" in _texts(held)
    assert "Supply & materials: score 3.5, level 3 Proactive, held down from level 4." in (
        ET.fromstring(held).findtext(f"{NS}desc") or ""
    )
    assert "stroke-dasharray" in held
    assert "held" not in "".join(_texts(free))
    assert "stroke-dasharray" not in free


def test_the_cap_stands_at_the_cut_point_above_the_level_reached() -> None:
    row = ProfileRow("A", "rated", score=4.0, shown="4.0", arithmetic_level=4, level=2)
    svg = area_profile("p", [row], SCALE)
    caps = [r for r in ET.fromstring(svg).iter(f"{NS}rect") if r.get("width") == "3"]
    # The track is 356 wide from 196 for the scale from 1 to 5; the cap is centred on 2.5.
    assert float(caps[0].get("x") or 0) + 1.5 == pytest.approx(196 + 1.5 * 356 / 4)


def test_not_rated_and_not_applicable_are_told_apart_without_colour() -> None:
    texts = " ".join(_texts(_profile(ALL_STATES)))
    assert "Not rated" in texts
    assert "Key question RSK-1 (Topic of RSK-1) was not rated." in texts
    assert "Not applicable" in texts
    hatched = _profile(ALL_STATES).count('fill="url(#p-hatch)"')
    assert hatched == 5


def test_intervals_are_drawn_only_where_they_are_known() -> None:
    assert "interval" in _texts(_profile({"*": "33"}, RSK=(2.5, 3.5)))
    assert "interval" not in _texts(_profile({"*": "33"}))


def test_a_long_title_wraps_and_makes_its_row_higher() -> None:
    row = profile_rows(SMALL, rated_alone(SMALL, {"*": "33"}))[0]
    long = replace(row, title="Extraordinarily " * 8 + "Donaudampfschifffahrt" * 3)
    short_svg, long_svg = (area_profile("p", [r], SCALE) for r in (row, long))
    heights = [float(ET.fromstring(s).get("height") or 0) for s in (short_svg, long_svg)]
    assert heights[1] > heights[0] + 60
    words = "".join(_texts(long_svg)).replace(" ", "")
    assert long.title.replace(" ", "") in words


def test_crowded_level_names_take_turns_on_two_lines() -> None:
    crowded = ProfileScale(
        ("Beginning", "Developing", "Established", "Leading", "Best"), (2, 2.2, 2.4, 4)
    )
    row = ProfileRow("A", "rated", score=3.0, shown="3.0", arithmetic_level=4, level=4)
    root = ET.fromstring(area_profile("p", [row], crowded))
    heights = {node.get("y") for node in root.iter(f"{NS}text") if node.text in crowded.names}
    assert len(heights) == 2


@pytest.mark.parametrize("title", ["<script>", 'a "b" & c', "中国 & दवा", "\x00\x1b"])
def test_titles_of_any_characters_keep_the_drawing_well_formed(title: str) -> None:
    row = ProfileRow(title, "rated", score=3.0, shown="3.0", arithmetic_level=3, level=3)
    ET.fromstring(area_profile("p", [row], SCALE))


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_bar_fills_one_step_a_level(level: int) -> None:
    svg = level_bar("b", level, float(level), name="X")
    steps = [r.get("fill") for r in ET.fromstring(svg).iter(f"{NS}rect")]
    assert [fill != "#fff" for fill in steps] == [n < level for n in range(5)]
    assert f"Level {level} X" in svg
    assert f"Score {level}.0 on a scale of 1 to 5." in svg

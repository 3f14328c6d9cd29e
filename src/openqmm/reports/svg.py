"""The two drawings of a rating: the five-step bar, and the profile of a facility's areas."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from openqmm.core.ratings.model import NOT_APPLICABLE, RATED
from openqmm.reports import drawing as draw
from openqmm.reports.plain_text import text_width, wrapped
from openqmm.reports.profile import Interval, ProfileRow, ProfileScale

# The bar has the proportions of the portal's own, so that page and print look alike.
_STEP, _GAP = 30.0, 2.0

# Columns of the profile, in drawing units: title, track, score, level. At the width of an A4
# page's text a unit is 0.7 pt, which leaves the smallest type here above 7 pt in print.
_WIDTH = 700.0
_TITLE_WIDTH = 180.0
_LEFT, _RIGHT = 196.0, 552.0
_SCORE_X, _LEVEL_X = 594.0, 606.0
_TRACK = 14.0
_ABOVE, _BELOW, _BRACKET = 11.0, 6.0, 6.0


def level_bar(
    svg_id: str,
    level: int | None,
    score: float | None = None,
    *,
    name: str = "",
    reason: str = "",
    interval: Interval | None = None,
) -> str:
    """Return the five-step bar as SVG, 152 by 28; without a level it is empty and hatched.

    `svg_id` must be unique on the page. `name` is the level's name, `reason` why there is none.
    """
    title = f"Level {level} {name}".strip() if level else "Not rated"
    content = "" if level else draw.hatch_pattern(svg_id)
    for i in range(5):
        content += draw.rectangle(
            1 + i * _STEP, 8, _STEP - _GAP, 12, **_step_look(svg_id, i + 1, level)
        )
    if level and score is not None:
        content += draw.marker(_step_position(score), 7.5)
    if level and interval:
        low, high = interval
        content += draw.bracket(_step_position(low), _step_position(high), 22)
    words = _bar_words(score, interval) if level else reason
    return draw.picture(svg_id, (152, 28), title, words or title, content)


def area_profile(
    svg_id: str, rows: Sequence[ProfileRow], scale: ProfileScale, *, title: str = "Area profile"
) -> str:
    """Return a facility's areas on the scale as SVG, 700 wide and as high as its rows need.

    Each row shows the five levels as bands between the cut points, filled up to the level
    after gates, with the score as a triangle; where a gate holds the level down, an arrow runs
    from the level by score to the cap. `svg_id` must be unique on the page.
    """
    head, top = _header(scale)
    content = draw.hatch_pattern(svg_id) + head
    y = top
    for row in rows:
        drawn, height = _row(svg_id, row, scale, y)
        content += drawn
        y += height
    content += _axis(scale, y) + _legend(rows, y + 36)
    words = profile_words(rows, scale)
    return draw.picture(svg_id, (_WIDTH, y + 46), title, words, content)


def profile_words(rows: Sequence[ProfileRow], scale: ProfileScale) -> str:
    """Return what the profile shows as sentences, for those who do not see it."""
    return " ".join(_row_in_words(row, scale) for row in rows)


def _bar_words(score: float | None, interval: Interval | None) -> str:
    said = [] if score is None else [f"Score {score:.1f} on a scale of 1 to 5."]
    if interval:
        said.append(f"Interval {interval[0]:.1f} to {interval[1]:.1f}.")
    return " ".join(said)


def _step_look(svg_id: str, step: int, level: int | None) -> dict[str, str | float]:
    if level is None:
        return {"fill": f"url(#{svg_id}-hatch)", "stroke": draw.SLATE}
    if step > level:
        return {"fill": "#fff", "stroke": draw.SLATE}
    colour = draw.LEVEL_COLOURS[level - 1]
    return {"fill": colour, "stroke": colour}


def _step_position(score: float) -> float:
    # Step k is centred on the score k, whatever the cut points: the bar has equal steps.
    return 1 + (min(max(score, 1), 5) - 0.5) * _STEP - _GAP / 2


def _across(score: float) -> float:
    return _LEFT + (min(max(score, 1), 5) - 1) * (_RIGHT - _LEFT) / 4


def _band(scale: ProfileScale, level: int) -> tuple[float, float]:
    """Return where a level's band starts and ends on the track."""
    edges = (1.0, *scale.cut_points, 5.0)
    return _across(edges[level - 1]), _across(edges[level])


def _header(scale: ProfileScale) -> tuple[str, float]:
    """Return the levels' names over their bands and the height they take."""
    widths = [max(text_width(name, 11), 12) for name in scale.names]
    centres = [
        min(sum(_band(scale, level)) / 2, _RIGHT + 8 - width / 2)
        for level, width in enumerate(widths, start=1)
    ]
    crowded = any(
        b - a < (wide_a + wide_b) / 2 + 4
        for (a, b), (wide_a, wide_b) in zip(pairwise(centres), pairwise(widths), strict=True)
    )
    # Names too close to stand side by side take turns on two lines.
    lift = [28.0 if crowded and i % 2 else 0.0 for i in range(5)]
    top = 28.0 + max(lift)
    content = ""
    for i, (name, centre) in enumerate(zip(scale.names, centres, strict=True)):
        y = top - 17 - lift[i]
        content += draw.text(centre, y, str(i + 1), 11, text_anchor="middle", font_weight="700")
        content += draw.text(centre, y + 13, name, 11, text_anchor="middle", fill=draw.INK_MID)
    content += draw.text(0, top - 4, "Area", 11, fill=draw.INK_MID)
    content += draw.text(_SCORE_X, top - 4, "Score", 11, text_anchor="end", fill=draw.INK_MID)
    content += draw.text(_LEVEL_X, top - 4, "Level", 11, fill=draw.INK_MID)
    return content, top + 5


def _row(svg_id: str, row: ProfileRow, scale: ProfileScale, y: float) -> tuple[str, float]:
    """Return a row drawn from `y` downwards, and its height."""
    title = wrapped(row.title, 12.5, _TITLE_WIDTH)
    beside, height_beside = _row_words(row, scale, y)
    # One line of title stands level with the track, two around it, more run on below.
    first = y + _ABOVE + (11.5 if len(title) == 1 else 4)
    height = max(first - y + (len(title) - 1) * draw.line_height(12.5) + 8, height_beside)
    height = max(height, _ABOVE + _TRACK + _BELOW + (_BRACKET if row.interval else 0))
    content = draw.rectangle(0, y, _WIDTH, 1, fill=draw.LINE, opacity=0.6)
    content += draw.lines(0, first, title, 12.5, font_weight="600")
    content += _track(svg_id, row, scale, y + _ABOVE) + beside
    return content, height + 2


def _row_words(row: ProfileRow, scale: ProfileScale, y: float) -> tuple[str, float]:
    """Return what stands beside or under a row's track, and the height it needs."""
    base = y + _ABOVE + 11.5
    if row.level is None:
        return _words_without_level(row, y)
    label = wrapped(f"{row.level} {scale.names[row.level - 1]}", 12.5, _WIDTH - _LEVEL_X)
    content = draw.text(_SCORE_X, base, row.shown, 12.5, text_anchor="end", font_weight="600")
    content += draw.lines(_LEVEL_X, base, label, 12.5, font_weight="700")
    height = _ABOVE + 2 + len(label) * draw.line_height(12.5)
    if _is_held(row):
        held = f"held from {row.arithmetic_level}"
        content += draw.text(_LEVEL_X, y + height + 9, held, 11, fill=draw.INK_MID)
        height += 14
    return content, height


def _words_without_level(row: ProfileRow, y: float) -> tuple[str, float]:
    base = y + _ABOVE + 11.5
    reason = wrapped(row.reason, 11, _WIDTH - _LEFT)
    if row.status == NOT_APPLICABLE:
        content = draw.text(_LEFT, base, "Not applicable", 12.5, fill=draw.INK_MID)
        content += draw.lines(_LEFT, base + 15, reason, 11, fill=draw.INK_MID)
    else:
        content = draw.text(_LEVEL_X, base, "Not rated", 12.5, font_weight="700")
        content += draw.lines(_LEFT, base + 18, reason, 11, fill=draw.INK_MID)
    return content, _ABOVE + 18 + len(reason) * draw.line_height(11) + 4


def _track(svg_id: str, row: ProfileRow, scale: ProfileScale, y: float) -> str:
    # No empty track: a scale without a mark would read as the lowest level.
    if row.status == NOT_APPLICABLE:
        return ""
    content = ""
    for level in range(1, 6):
        start, end = _band(scale, level)
        look = _band_look(svg_id, row, level)
        content += draw.rectangle(start + 1, y, max(end - start - 2, 1), _TRACK, **look)
    if row.status != RATED or row.score is None:
        return content
    if _is_held(row):
        content += _cap(row, scale, y)
    if row.interval:
        low, high = row.interval
        content += draw.bracket(_across(low), _across(high), y + _TRACK + 2)
    return content + draw.marker(_across(row.score), y - 1.5)


def _band_look(svg_id: str, row: ProfileRow, level: int) -> dict[str, str | float]:
    if row.level is None:
        return {"fill": f"url(#{svg_id}-hatch)", "stroke": draw.SLATE, "stroke_width": 0.75}
    if level <= row.level:
        colour = draw.LEVEL_COLOURS[row.level - 1]
        return {"fill": colour}
    # Reached by score but held back: an outline, so that no printer can lose the difference.
    if level <= (row.arithmetic_level or 0):
        return {
            "fill": draw.NAVY_SOFT,
            "stroke": draw.NAVY,
            "stroke_width": 1,
            "stroke_dasharray": "3 2",
        }
    return {"fill": draw.GROUND, "stroke": draw.LINE, "stroke_width": 0.75}


def _cap(row: ProfileRow, scale: ProfileScale, y: float) -> str:
    """Return the arrow from the level by score back to the level that the gate allows."""
    held_at = _band(scale, row.level or 1)[1]
    start, end = _band(scale, row.arithmetic_level or 1)
    return _arrow(held_at, (start + end) / 2, y)


def _arrow(cap: float, start: float, y: float) -> str:
    middle = y + _TRACK / 2
    shaft = f"M{draw.number(start)} {draw.number(middle)}H{draw.number(cap + 6)}"
    head = f"M{draw.number(cap + 2.5)} {draw.number(middle)}l7 -3.5v7z"
    return (
        draw.rectangle(cap - 1.5, y - 4, 3, _TRACK + 8, fill=draw.INK)
        + draw.element("path", d=shaft, stroke=draw.INK, stroke_width=1.5, fill="none")
        + draw.element("path", d=head, fill=draw.INK)
    )


def _is_held(row: ProfileRow) -> bool:
    return (row.level or 0) < (row.arithmetic_level or 0)


def _axis(scale: ProfileScale, y: float) -> str:
    content = draw.rectangle(0, y, _WIDTH, 1, fill=draw.LINE, opacity=0.6)
    content += draw.text(0, y + 14, "Cut points between the levels", 10.5, fill=draw.INK_MID)
    for cut in scale.cut_points:
        tick = draw.rectangle(_across(cut) - 0.5, y + 1, 1, 4, fill=draw.INK_MID)
        words = draw.text(
            _across(cut), y + 14, f"{cut:g}", 10.5, text_anchor="middle", fill=draw.INK_MID
        )
        content += tick + words
    return content


def _legend(rows: Sequence[ProfileRow], y: float) -> str:
    """Return the key to the marks that these rows use, in one line on the baseline `y`."""
    entries = []
    if any(row.level for row in rows):
        entries.append((draw.marker(5, y), 14.0, "score"))
        step = draw.rectangle(0, y - 9, 18, 10, fill=draw.LEVEL_COLOURS[2])
        entries.append((step, 24.0, "level reached"))
    if any(_is_held(row) for row in rows):
        entries.append((_arrow(3, 26, y - 11), 34.0, "held down by a gate"))
    if any(row.interval for row in rows):
        entries.append((draw.bracket(1, 24, y - 6), 30.0, "interval"))
    content, x = "", _LEFT
    for mark, width, words in entries:
        content += draw.element("g", mark, transform=f"translate({draw.number(x)} 0)")
        content += draw.text(x + width, y, words, 10.5, fill=draw.INK_MID)
        x += width + text_width(words, 10.5) + 16
    return content


def _row_in_words(row: ProfileRow, scale: ProfileScale) -> str:
    if row.level is None:
        state = "not applicable" if row.status == NOT_APPLICABLE else "not rated"
        return f"{row.title}: {state}. {row.reason}".strip()
    words = f"{row.title}: score {row.shown}, level {row.level} {scale.names[row.level - 1]}"
    if _is_held(row):
        words += f", held down from level {row.arithmetic_level}"
    if row.interval:
        words += f", interval {row.interval[0]:.1f} to {row.interval[1]:.1f}"
    return words + "."

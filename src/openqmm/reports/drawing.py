"""The few shapes our drawings are made of, and the colours they share with the portal.

Presentation attributes only: a page's content security policy refuses style attributes.
"""

from __future__ import annotations

from html import escape

from openqmm.reports.plain_text import plain

INK = "#1b1b1b"
INK_MID = "#565c65"
SLATE = "#71767a"
LINE = "#c6cace"
GROUND = "#f5f6f7"
NAVY = "#162e51"
NAVY_SOFT = "#ecf1f7"
LEVEL_COLOURS = ("#71767a", "#40807e", "#0f6460", "#1a4480", "#162e51")
"""One colour a level, from slate over teal to navy, each darker than the one before."""

# The portal's font under its web name, then under the name it has in documents.
FONTS = "'Public Sans Web', 'Public Sans', 'Helvetica Neue', Arial, sans-serif"


def number(value: float) -> str:
    """Return a coordinate as short text, the same on every machine."""
    # Two decimals are finer than any screen or printer and keep the file small.
    return f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Return an SVG element; an underscore in an attribute's name stands for a hyphen."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="'
        f'{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def rectangle(x: float, y: float, width: float, height: float, **attributes: str | float) -> str:
    """Return a rectangle; colours go in as attributes."""
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def text(x: float, y: float, words: str, size: float, **attributes: str | float) -> str:
    """Return one line of text on the baseline `y`, in ink unless a `fill` is given."""
    given: dict[str, str | float] = {"fill": INK, **attributes}
    return element("text", escape(plain(words)), x=x, y=y, font_size=size, **given)


def lines(x: float, y: float, words: list[str], size: float, **attributes: str | float) -> str:
    """Return lines of text under one another, the first on the baseline `y`."""
    return "".join(
        text(x, y + i * line_height(size), line, size, **attributes) for i, line in enumerate(words)
    )


def line_height(size: float) -> float:
    """Return the distance of two baselines."""
    return size * 1.25


def marker(x: float, y: float) -> str:
    """Return the triangle that points down at a score; its tip is at (x, y)."""
    return element("path", d=f"M{number(x)} {number(y)}l-4.5 -7.5h9z", fill=INK)


def bracket(low: float, high: float, y: float) -> str:
    """Return the bracket of an interval, open upwards, its foot 4.5 below `y`."""
    d = f"M{number(low)} {number(y)}v4.5H{number(high)}v-4.5"
    return element("path", d=d, fill="none", stroke=INK, stroke_width=1.5)


def hatch_pattern(svg_id: str) -> str:
    """Return the definition of the hatching that stands for "not rated" in this drawing."""
    stripe = element("path", d="M-1 7L7 -1M2 10L10 2", stroke=SLATE, stroke_width=1, fill="none")
    pattern = element(
        "pattern",
        stripe,
        id=f"{svg_id}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", pattern)


def picture(
    svg_id: str, size: tuple[float, float], title: str, description: str, content: str
) -> str:
    """Return a whole SVG with its text alternative; `svg_id` keeps ids apart on a shared page."""
    alternative = element("title", escape(plain(title)), id=f"{svg_id}-title")
    alternative += element("desc", escape(plain(description)), id=f"{svg_id}-desc")
    width, height = size
    return element(
        "svg",
        alternative + content,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_labelledby=f"{svg_id}-title {svg_id}-desc",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        font_family=FONTS,
    )

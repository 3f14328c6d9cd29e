"""The portal's components as template tags: `{% load qmm %}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.html import format_html

from openqmm.web import once_keys
from openqmm.web.form_fields import LaidOutField, anchor, laid_out
from openqmm.web.level_bars import LevelBar, Number, draw_level_bar

register = template.Library()

TONES = ("neutral", "info", "progress", "done", "warn", "stop")
STEP_STATES = {"done": "complete", "current": "current", "todo": ""}


def _read(item: Any, name: str) -> Any:
    """Return a field of a dataclass, a model or a mapping, as templates do."""
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


@register.inclusion_tag("web/components/level_bar.html")
def level_bar(
    level: int | str | None,
    score: Number | None = None,
    size: str = "m",
    label: str | None = None,
    reason: str | None = None,
    interval: Sequence[Number] | None = None,
) -> dict[str, LevelBar]:
    """Draw a level as the five-step bar with its number and name beside it.

    `label` says what is rated, for people who hear the page; `interval` (low, high) adds the
    bracket; no level draws the empty hatched bar with its reason. Size `xs` leaves the name to
    the text alternative, for matrices.
    """
    bar = draw_level_bar(
        level, score=score, size=size, label=label, reason=reason, interval=interval
    )
    return {"bar": bar}


@register.inclusion_tag("web/components/state_tag.html")
def state_tag(text: str, tone: str = "neutral") -> dict[str, str]:
    """Show a state as a word in a tag; the tone only supports the word."""
    if tone not in TONES:
        raise ValueError(f"Tone is {tone!r}; one of {', '.join(TONES)} is expected.")
    return {"text": text, "tone": tone}


@register.inclusion_tag("web/components/do_next.html")
def do_next(items: Iterable[Any] | None) -> dict[str, list[Any]]:
    """List what waits for this person: late first, then by date, undated last."""
    return {"items": sorted(items or (), key=_urgency)}


def _urgency(item: Any) -> tuple[bool, date]:
    due = _read(item, "due")
    day = due.date() if isinstance(due, datetime) else due
    return (not _read(item, "late"), day or date.max)


@register.inclusion_tag("web/components/stage_track.html")
def stage_track(steps: Iterable[Any]) -> dict[str, Any]:
    """Show where something stands in its stages as a horizontal step indicator."""
    rows = [{"label": _read(s, "label"), "state": _read(s, "state")} for s in steps]
    for row in rows:
        row["css"] = STEP_STATES[row["state"]]
    places = [n for n, row in enumerate(rows, start=1) if row["state"] == "current"]
    current = places[0] if places else sum(row["state"] == "done" for row in rows)
    heading = rows[max(current, 1) - 1]["label"] if rows else ""
    return {"steps": rows, "current": current, "heading": heading}


@register.inclusion_tag("web/components/empty_state.html")
def empty_state(
    title: str, text: str, action_label: str = "", action_url: str = ""
) -> dict[str, str]:
    """Say what will be here, why nothing is yet, and what to do about it."""
    return {"title": title, "text": text, "action_label": action_label, "action_url": action_url}


@register.inclusion_tag("web/components/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, list[tuple[Any, Any]]]:
    """Show labels with their values; rows are pairs or things with `label` and `value`."""
    return {
        "rows": [
            (row[0], row[1])
            if isinstance(row, (tuple, list))
            else (_read(row, "label"), _read(row, "value"))
            for row in rows
        ]
    }


@register.inclusion_tag("web/components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, list[Any]]:
    """Tell what happened in sentences, each with who, why and what changed."""
    return {"entries": list(entries)}


@register.inclusion_tag("web/components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Link the pages of a list, keeping every filter and sort of the address."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is not None:
        query.pop("page", None)
    kept = f"&{query.urlencode()}" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "gap": page.paginator.ELLIPSIS,
        "kept": kept,
    }


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """List a form's errors above it, each linked to the field it is about."""
    # A template that has no form hands over an empty text.
    if not form or not form.errors:
        return {"count": 0}
    fields = [
        {"anchor": anchor(bound), "label": bound.label, "message": message}
        for bound in form
        for message in bound.errors
    ]
    general = list(form.non_field_errors())
    return {"count": len(fields) + len(general), "fields": fields, "general": general}


@register.inclusion_tag("web/components/field.html")
def field(bound_field: BoundField) -> dict[str, LaidOutField]:
    """Lay out one form field: label above, hint under it, errors, then the control."""
    return {"field": laid_out(bound_field)}


@register.simple_tag(takes_context=True)
def once(context: Context) -> str:
    """Give a form its one-time key, made for the person the page is made for."""
    key = once_keys.new_key(context["request"].actor.person_id)
    return format_html('<input type="hidden" name="{}" value="{}">', once_keys.FIELD, key)

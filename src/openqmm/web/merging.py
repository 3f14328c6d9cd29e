"""The page on which two people's changes of one record are put together.

It is the record's own form once more: what is settled is in hidden fields, each conflict is a
choice between the two values. It works without scripts, and nothing that was typed is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.forms import BaseForm, MultipleChoiceField
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from openqmm.core.records.merging import merged
from openqmm.web import versions

_UNDECIDED = "undecided"
_BASE = "base_version"
_MINE = "mine-"


class Saved(Protocol):
    """A record with a history: what both began with, who did what since, and what stands now."""

    began: Mapping[str, Any]
    acts: Sequence[Any]
    now: Mapping[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Line:
    """One field on the page: the three texts, and what a form sends for the latter two."""

    name: str
    label: str
    began: str
    theirs: str
    mine: str
    theirs_sent: str
    mine_sent: str
    kind: str
    missed: bool = False


class SeveralField(MultipleChoiceField):
    """Several of some choices; the page on which two versions meet sends them as one text."""

    def to_python(self, value: Any) -> list[str]:
        chosen = [part for text in super().to_python(value) for part in text.split(",") if part]
        return [str(key) for key, _words in self.choices if str(key) in chosen] + [
            part for part in chosen if not self.valid_value(part)
        ]


def posted(request: HttpRequest) -> QueryDict:
    """Return the posted form; a conflict that was not chosen about counts as typed so far."""
    data = request.POST.copy()
    for name in undecided(request):
        data[name] = data.get(f"{_MINE}{name}", "")
    return data


def undecided(request: HttpRequest) -> list[str]:
    """Return the fields of a merge page that still want a choice."""
    named = request.POST.get(_UNDECIDED, "").split(",")
    return [name for name in named if name and name not in request.POST]


def base_version(request: HttpRequest) -> int:
    """Return the version that was open when the typing began."""
    given = request.POST.get(_BASE, "")
    return int(given) if given.isdecimal() else versions.posted_version(request)


def merge_page(
    request: HttpRequest, form: BaseForm, saved: Saved, *, title: str, back: str
) -> HttpResponse:
    """Show a valid form's changes beside those saved meanwhile, field by field (409). Fields of the
    form that are none of the record's, such as a reason, are kept as typed."""
    typed = form.cleaned_data
    fields = {n: form[n] for n in typed if n in saved.now and n != versions.FIELD}
    result = merged(saved.began, {n: saved.now[n] for n in fields}, {n: typed[n] for n in fields})
    missed = undecided(request)
    lines = [
        _line(bound, saved, typed[name], _kind(name, result), missed=name in missed)
        for name, bound in fields.items()
    ]
    context = {
        "title": title,
        "back": back,
        "lines": [line for line in lines if line.kind],
        "conflicts": result.conflicts,
        "missed": [line for line in lines if line.missed],
        "sent": [(name, _sent(result.values[name])) for name in result.values]
        + [(name, _sent(typed[name])) for name in typed if name not in (*fields, versions.FIELD)],
        "version": saved.version,
        "base_version": base_version(request),
        "acts": saved.acts,
    }
    return render(request, "web/merge.html", context, status=409)


def _kind(name: str, result: Any) -> str:
    for kind in ("conflicts", "theirs", "mine", "both"):
        if name in getattr(result, kind):
            return kind
    return ""


def _line(bound: BoundField, saved: Saved, typed: Any, kind: str, *, missed: bool) -> Line:
    name, now = bound.name, saved.now[bound.name]
    return Line(
        name=name,
        label=str(bound.label),
        began=_words(bound, saved.began[name]) if name in saved.began else _("Not on record"),
        theirs=_words(bound, now),
        mine=_words(bound, typed),
        theirs_sent=_sent(now),
        mine_sent=_sent(typed),
        kind=kind,
        missed=missed,
    )


def _words(bound: BoundField, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    choices = {str(key): str(words) for key, words in getattr(bound.field, "choices", ())}
    if isinstance(value, list):
        return ", ".join(choices.get(str(one), str(one)) for one in value) or _("Nothing")
    return choices.get(str(value), str(value or "")) or _("Nothing")


def _sent(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str("" if value is None else value)

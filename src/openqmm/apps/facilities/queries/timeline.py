"""Everything the public files tell of one site, on one line of time, latest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q

from openqmm.apps.facilities.models import PublicRow, RecordSource
from openqmm.apps.facilities.queries.public_records import (
    CLASS_TONES,
    CLASS_WORDS,
    about,
    linked_subjects,
)
from openqmm.apps.facilities.queries.stored import MODELS
from openqmm.core.registry.identity import normalise_fei
from openqmm.core.registry.link_rules import METHOD_WORDS

_PAGE = 25
_KINDS = {
    "inspections": ("Inspections", "Inspection"),
    "citations": ("Citations", "Citations"),
    "compliance": ("Compliance actions", "Action"),
    "form483": ("483s", "483"),
    "enforcement": ("Recalls", "Recall"),
    "shortages": ("Shortages", "Shortage"),
    "import_alerts": ("Import alerts", "Import alert"),
}
_RECALL_TONES = {"I": "stop", "II": "warn"}


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened, as a page tells it: its day, its kind, and where it is from.

    `linked` says how it came to be of this site; `gone_on` since when its source no longer has it.
    """

    on: date | None
    kind: str
    tag: str
    tone: str
    sentence: str
    detail: str
    source: RecordSource | None
    linked: str
    gone_on: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind to choose from, how many entries it has, and whether it is chosen."""

    kind: str
    title: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of what is told of a site, and the kinds to choose from."""

    page: Page[Told]
    kinds: list[KindCount]
    chosen: str
    total: int = 0


def timeline(fei: str, *, kind: str = "", page: Any = 1) -> Timeline:
    """Return what the files loaded tell of a site: of a chosen kind or of all, a page of it.

    Records without an FEI are there by their accepted links; what waits for review is not.
    """
    key = normalise_fei(fei)
    told = list(_told(key)) if key else []
    told.sort(key=lambda entry: (entry.on or date.min, entry.kind), reverse=True)
    counts = {name: sum(entry.kind == name for entry in told) for name in _KINDS}
    kinds = [
        KindCount(name, title, counts[name], name == kind)
        for name, (title, _) in _KINDS.items()
        if counts[name] or name == kind
    ]
    chosen = kind if kind in _KINDS else ""
    shown = [entry for entry in told if chosen in ("", entry.kind)]
    return Timeline(Paginator(shown, _PAGE).get_page(page), kinds, chosen, len(told))


@dataclass(slots=True)
class _Rows:
    """The rows of one kind about a site, and how those without its FEI are linked."""

    kind: str
    rows: list[Any]
    methods: dict[tuple[str, str], str]

    def entry(self, row: Any, on: date | None, sentence: str, detail: str, **more: Any) -> Told:
        known = {"tag": _KINDS[self.kind][1], "tone": "neutral", "gone_on": row.gone_on} | more
        subject = getattr(row, "subject", "")
        linked = METHOD_WORDS[self.methods.get((self.kind, subject), "fei")]
        return Told(
            on=on,
            kind=self.kind,
            sentence=sentence,
            detail=detail,
            source=row.last_source,
            linked=linked,
            **known,
        )


def _told(fei: str) -> Iterator[Told]:
    linked = linked_subjects(fei)
    for kind, tell in _TELLERS.items():
        model: type[PublicRow] = MODELS[kind]
        named = kind in linked.accepted
        rows = model._default_manager.filter(about(fei, linked, kind) if named else Q(fei=fei))
        yield from tell(_Rows(kind, list(rows.select_related("last_source")), linked.methods))


def _inspections(found: _Rows) -> Iterator[Told]:
    for row in found.rows:
        known = row.classification in CLASS_WORDS
        words = CLASS_WORDS.get(row.classification, "Class unknown")
        yield found.entry(
            row,
            row.ended_on,
            f"{row.project_area}: {words[0].lower()}{words[1:]}",
            f"Inspection {row.inspection_id}",
            tag=f"Inspection {row.classification}" if known else "Inspection",
            tone=CLASS_TONES.get(row.classification, "neutral"),
        )


def _citations(found: _Rows) -> Iterator[Told]:
    for rows in _grouped(found.rows, lambda row: row.inspection_id):
        first = rows[0]
        cited = dict.fromkeys(row.act_cfr for row in rows if row.act_cfr)
        words = list(dict.fromkeys(row.short_description for row in rows))
        more = f" and {len(words) - 3} more" if len(words) > 3 else ""
        n = "1 citation" if len(rows) == 1 else f"{len(rows)} citations"
        yield found.entry(
            first,
            first.ended_on,
            f"{n}: {'; '.join(words[:3])}{more}",
            ", ".join([*cited, f"inspection {first.inspection_id}"]),
        )


def _actions(found: _Rows) -> Iterator[Told]:
    for row in found.rows:
        yield found.entry(
            row,
            row.taken_on,
            f"{row.action_type} to {row.legal_name}",
            f"Case {row.case_id}",
            tag=row.action_type,
            tone="stop",
        )


def _forms(found: _Rows) -> Iterator[Told]:
    for row in found.rows:
        day = f"{row.posted_on.day} {row.posted_on:%b %Y}"
        sentence = f"What inspectors wrote at the end of an inspection, published {day}"
        address = row.download if row.download.startswith("https://") else ""
        yield found.entry(
            row, row.record_date or row.posted_on, sentence, row.legal_name, address=address
        )


def _recalls(found: _Rows) -> Iterator[Told]:
    for rows in _grouped(found.rows, lambda row: row.event_id):
        gravest = min((row.classification for row in rows if row.classification), default="")
        first = rows[0]
        n = "1 product" if len(rows) == 1 else f"{len(rows)} products"
        yield found.entry(
            first,
            first.initiated_on or first.reported_on or first.classified_on,
            f"{n} recalled: {first.reason}",
            f"Event {first.event_id}, {first.firm}, {first.status.lower()}",
            tag=f"Recall class {gravest}" if gravest else "Recall",
            tone=_RECALL_TONES.get(gravest, "info"),
        )


def _shortages(found: _Rows) -> Iterator[Told]:
    for row in found.rows:
        is_one = row.status != "To Be Discontinued"
        yield found.entry(
            row,
            row.posted_on,
            f"{row.generic_name}, {row.presentation}",
            ", ".join(filter(None, [row.company, row.availability, row.reason])),
            tag=f"Shortage, {row.status.lower()}" if is_one else "To be discontinued",
            tone="warn" if row.status == "Current" else "neutral",
        )


def _alerts(found: _Rows) -> Iterator[Told]:
    for row in found.rows:
        yield found.entry(
            row,
            row.published_on,
            f"{row.firm} may be detained at the border without examination",
            "; ".join(row.products),
            tag=f"Import alert {row.alert}",
            tone="neutral" if row.gone_on else "stop",
        )


_TELLERS: dict[str, Callable[[_Rows], Iterator[Told]]] = {
    "inspections": _inspections,
    "citations": _citations,
    "compliance": _actions,
    "form483": _forms,
    "enforcement": _recalls,
    "shortages": _shortages,
    "import_alerts": _alerts,
}


def _grouped(rows: Iterable[Any], key: Callable[[Any], str]) -> Iterator[list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    yield from groups.values()

"""The method in plain words, and every protocol, question and behaviour text behind a rating."""

from __future__ import annotations

from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from openqmm.apps.protocols import queries
from openqmm.core.protocols.model import exact
from openqmm.reports.words import FACILITY_TYPE_NAMES, percent
from openqmm.web.access import EVERYONE, allow

CONTENT_TYPES = {
    "yaml": ("application/yaml", "yaml"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ciso": ("application/yaml", "ciso.yaml"),
}
EVIDENCE_NAMES = {
    "document": _("documents"),
    "interview": _("interviews"),
    "observation": _("observation on site"),
    "data": _("data"),
}


@allow(EVERYONE)
def method(request: HttpRequest) -> HttpResponse:
    """Tell how a rating comes about."""
    published = queries.published_protocols()
    context = {
        "published": published,
        "scale": published[0].protocol.scale,
        "cuts": [exact(cut) for cut in published[0].protocol.rules.cut_points],
        "section": "method",
    }
    return render(request, "protocols/method.html", context)


@allow(EVERYONE)
def protocol(request: HttpRequest, protocol_id: str) -> HttpResponse:
    """Show a protocol: areas, elements and questions."""
    version = request.GET.get("version", "")
    published = queries.published(protocol_id, version)
    context = {
        "published": published,
        "protocol": published.protocol,
        "cuts": [exact(cut) for cut in published.protocol.rules.cut_points],
        "coverage": percent(Fraction(published.protocol.rules.coverage_min)),
        "version": version,
        "section": "method",
    }
    return render(request, "protocols/protocol.html", context)


@allow(EVERYONE)
def question(request: HttpRequest, protocol_id: str, question_id: str) -> HttpResponse:
    """Show a question with its five levels and what an assessor looks at."""
    version = request.GET.get("version", "")
    found = queries.published_question(protocol_id, question_id, version)
    asked = found.question
    names = {step.level: step.name for step in found.protocol.scale}
    context = {
        "found": found,
        "question": asked,
        "levels": [
            (level, names[level], text, asked.criteria.get(level, ()))
            for level, text in sorted(asked.levels.items())
        ],
        "asked_of": [FACILITY_TYPE_NAMES[kind] for kind in asked.applies_to],
        "evidence": [EVIDENCE_NAMES[kind] for kind in asked.evidence],
        "version": version,
        "section": "method",
    }
    return render(request, "protocols/question.html", context)


@allow(EVERYONE)
def file(request: HttpRequest, protocol_id: str, kind: str) -> HttpResponse:
    """Send a protocol as a file."""
    found, content = queries.protocol_file(protocol_id, request.GET.get("version", ""), kind)
    content_type, ending = CONTENT_TYPES[kind]
    name = f"{found.id}-{found.version}.{ending}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

"""The scoring page: one question at a time, saved as it is filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from openqmm.apps.assessments import actions, policies, queries
from openqmm.apps.assessments.forms import EVIDENCE_CHOICES, ScoreForm
from openqmm.core.errors import InvalidInput, TransitionRefused
from openqmm.web.access import CONTRACTOR, allow

_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True)
class Given:
    """What the form shows: the saved content, or what could not be saved."""

    mark: str = ""
    rationale: str = ""
    evidence_types: tuple[str, ...] = ()
    version: int = 0


@allow(CONTRACTOR)
def score_next(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Go to the first question that is not finished."""
    question_id = queries.first_to_score(request.actor, assessment_id)
    return redirect("assessments:score", assessment_id, question_id)


@allow(CONTRACTOR, methods=("GET", "POST"))
def score(request: HttpRequest, assessment_id: UUID, question_id: str) -> HttpResponse:
    """Show a question, or save the actor's mark for it."""
    if request.method == "POST":
        return _save(request, assessment_id, question_id)
    page = queries.scoring_page(request.actor, assessment_id, question_id)
    return _page(request, page, _saved(page.score))


@allow(CONTRACTOR, methods=("POST",), once=True)
def finish(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Declare one's own scoring finished."""
    try:
        actions.finish_scoring(by=request.actor, assessment_id=assessment_id)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:score_next", assessment_id)
    messages.success(request, _("You have finished scoring. Your marks are locked."))
    return redirect("assessments:detail", assessment_id)


def _save(request: HttpRequest, assessment_id: UUID, question_id: str) -> HttpResponse:
    form = ScoreForm(request.POST)
    by_script = request.headers.get("Accept") == "application/json"
    if not form.is_valid():
        message = " ".join(error for errors in form.errors.values() for error in errors)
        return _refused(request, assessment_id, question_id, message, 400)
    try:
        saved = actions.record_score(
            by=request.actor, assessment_id=assessment_id, entry=form.entry(question_id)
        )
    except (TransitionRefused, InvalidInput) as refusal:
        status = 409 if isinstance(refusal, TransitionRefused) else 400
        return _refused(request, assessment_id, question_id, str(refusal), status)
    if by_script:
        return JsonResponse(_as_json(saved))
    then = request.POST.get("then", "")
    target = then if _ID.fullmatch(then) else question_id
    return redirect("assessments:score", assessment_id, target)


def _refused(
    request: HttpRequest, assessment_id: UUID, question_id: str, message: str, status: int
) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        stored = queries.own_score(request.actor, assessment_id, question_id)
        answer = {"message": message, "stored": _as_json(stored) if stored else None}
        return JsonResponse(answer, status=status)
    page = queries.scoring_page(request.actor, assessment_id, question_id)
    # What was typed stands in the form, made from the newest version now that both are shown.
    given = Given(
        request.POST.get("mark", ""),
        request.POST.get("rationale", ""),
        tuple(request.POST.getlist("evidence_types")),
        page.score.version if page.score else 0,
    )
    return _page(request, page, given, status=status, refusal=message)


def _page(
    request: HttpRequest,
    page: queries.ScoringPage,
    given: Given,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "page": page,
        "assessment": page.assessment,
        "question": page.question,
        "given": given,
        "refusal": refusal,
        "locked": policies.scoring_refusal(page.assessment),
        "evidence_choices": EVIDENCE_CHOICES,
        "look_at": _look_at(page),
        "metrics": [metric.replace("_", " ") for metric in page.question.metrics],
    }
    return render(request, "assessments/score.html", context, status=status)


def _look_at(page: queries.ScoringPage) -> list[tuple[str, tuple[str, ...]]]:
    look_at = page.question.look_at
    return [
        (_("Ask"), look_at.interviews),
        (_("Read"), look_at.documents),
        (_("Watch"), look_at.observations),
    ]


def _saved(score: Any) -> Given:
    if score is None:
        return Given()
    return Given(score.mark, score.rationale, tuple(score.evidence_types), score.version)


def _as_json(score: Any) -> dict[str, Any]:
    lacks = queries.lacking(score.mark, score.rationale, score.evidence_types)
    return {
        "question": score.question_id,
        "mark": score.mark,
        "rationale": score.rationale,
        "evidence_types": score.evidence_types,
        "version": score.version,
        "complete": score.complete,
        "lacks": list(lacks),
        "saved_at": f"{score.scored_at:%H:%M:%S} UTC",
        "url": reverse("assessments:score", args=[score.assessment_id, score.question_id]),
    }

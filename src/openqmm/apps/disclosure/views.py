"""A facility's consents to share its rating, and the directory of what is shared."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.disclosure import actions, queries
from openqmm.apps.disclosure.forms import DirectoryForm, SignForm, TermsForm, WithdrawForm
from openqmm.apps.signatures.views import panel, signature_file
from openqmm.core.errors import InvalidInput, NotPermitted, TransitionRefused
from openqmm.core.workflow import Role
from openqmm.web.access import EVERYONE, SITE, STAFF, allow
from openqmm.web.versions import posted_version

SIGNATORY = Role.AUTHORISED_SIGNATORY
PAGE = 50


@allow(SITE, STAFF)
def consents(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """List what is shared of a rating, and what was."""
    page = queries.consents(request.actor, rating_id)
    return render(request, "disclosure/consents.html", {"page": page, "rating": page.rating})


@allow(SIGNATORY, methods=("GET", "POST"), once=True)
def consent(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Choose the terms, see exactly what will be seen, and sign."""
    terms = queries.consent_terms(request.actor, rating_id)
    given = request.POST if request.method == "POST" else request.GET
    form = TermsForm(given if "scope" in given else None, terms=terms)
    if not form.is_valid() or "change" in given:
        context = {"rating": terms.rating, "form": form, "step": 1}
        return render(request, "disclosure/consent.html", context)
    if request.method == "GET":
        return _to_sign(request, terms, form, None)
    signing = SignForm(request.POST)
    if signing.is_valid():
        try:
            actions.record_consent(
                by=request.actor,
                rating_id=rating_id,
                entry=_entry(form),
                disclosure_id=signing.cleaned_data["disclosure_id"],
                **signing.means(),
            )
        except (NotPermitted, TransitionRefused, InvalidInput) as refusal:
            signing.add_error(None, str(refusal))
        else:
            messages.success(request, _("The consent is signed and the rating is shared."))
            return redirect("disclosure:consents", rating_id)
    return _to_sign(request, terms, form, signing)


def _to_sign(
    request: HttpRequest, terms: Any, form: TermsForm, signing: SignForm | None
) -> HttpResponse:
    """Show the terms, what others will see, and the panel to sign in."""
    shown = queries.preview(request.actor, terms.rating.id, form.cleaned_data["scope"])
    # A consent is signed before it is stored, and its id is part of what is signed: each page
    # gives a new one, which the challenge holds it to.
    id_ = uuid4()
    paper = actions.paper_of(
        by=request.actor,
        rating_id=terms.rating.id,
        entry=_entry(form),
        disclosure_id=id_,
        reading=form.summary(),
    )
    context = {
        "rating": terms.rating,
        "form": form,
        "step": 2,
        "shown": shown,
        "panel": panel(request.actor, paper, signing or SignForm()),
        "disclosure_id": id_,
    }
    status = 400 if signing is not None else 200
    return render(request, "disclosure/consent.html", context, status=status)


def _entry(form: TermsForm) -> actions.ConsentEntry:
    chosen = form.cleaned_data
    return actions.ConsentEntry(
        scope=chosen["scope"],
        audience=chosen["audience"],
        until_on=chosen["until_on"],
        recipient_ids=chosen["recipients"],
    )


@allow(SITE, STAFF)
def signature(request: HttpRequest, disclosure_id: UUID, signature_id: UUID) -> HttpResponse:
    """Send the signature under a consent as a file that can be checked anywhere."""
    found = queries.readable_disclosure(request.actor, disclosure_id)
    return signature_file(request, found, signature_id)


@allow(SIGNATORY, methods=("GET", "POST"), once=True)
def withdraw(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Withdraw a consent; effective at once."""
    found = queries.consent_to_withdraw(request.actor, disclosure_id)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            actions.withdraw_consent(
                by=request.actor,
                disclosure_id=disclosure_id,
                reason=form.cleaned_data["reason"],
                version=posted_version(request),
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The consent is withdrawn. Nobody sees it any more."))
            return redirect("disclosure:consents", found.rating.id)
    context = {"rating": found.rating, "consent": found.consent, "form": form}
    return render(request, "disclosure/withdraw.html", context, status=400 if form.errors else 200)


@allow(EVERYONE)
def directory(request: HttpRequest) -> HttpResponse:
    """List the disclosed ratings, filtered by the address."""
    form = DirectoryForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    filters = queries.DirectoryFilters(**chosen)
    rows = queries.directory(request.actor, filters)
    context = {
        "form": form,
        "filtered": any(chosen.values()),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "section": "directory",
    }
    return render(request, "disclosure/directory.html", context)


@allow(EVERYONE)
def rated(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Show one disclosed rating on a sheet."""
    shown = queries.disclosed_rating(request.actor, disclosure_id)
    return render(request, "disclosure/rated.html", {"shown": shown, "section": "directory"})

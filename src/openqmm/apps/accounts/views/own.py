"""What a person does about their own access: first password, keys, what a signature means."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from openqmm.apps.accounts import actions, queries
from openqmm.apps.accounts.forms import AttestForm, KeyForm, PasswordForm
from openqmm.apps.accounts.views.people import form_page, posted
from openqmm.core.errors import TransitionRefused
from openqmm.core.records import sha256_hex
from openqmm.web import clock
from openqmm.web.access import EVERYONE, SIGNED_IN, allow

USUAL_KEY_DAYS = 90


@sensitive_post_parameters("password", "again")
@allow(EVERYONE, methods=("GET", "POST"))
def invitation(request: HttpRequest, text: str) -> HttpResponse:
    """Set the first password by the link of an invitation."""
    invited = queries.invited(sha256_hex(text.encode()))
    form = PasswordForm(posted(request), person=invited.person)
    if request.method == "POST" and form.is_valid():
        actions.accept_invitation(text=text, password=form.cleaned_data["password"])
        messages.success(request, _("Your password is set. Sign in with it now."))
        return redirect("account_login")
    context = {"form": form, "person": invited.person}
    response = form_page(request, "accounts/invitation.html", context)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@allow(SIGNED_IN, methods=("GET", "POST"), once=True)
def attest(request: HttpRequest) -> HttpResponse:
    """Accept what one's signature means, once, before the first."""
    form = AttestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.attest(by=request.actor)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("On record. You can sign from now on."))
            return redirect("accounts:attest")
    context = {
        "form": form,
        "check": queries.own_identity(request.actor),
        "words": actions.ATTESTATION,
    }
    return form_page(request, "accounts/attest.html", context)


@allow(SIGNED_IN, methods=("GET", "POST"))
def keys(request: HttpRequest) -> HttpResponse:
    """List one's keys and make one; its text is shown this once."""
    usual = {"expires_on": clock.today() + timedelta(days=USUAL_KEY_DAYS)}
    form = KeyForm(posted(request), initial=usual)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_key(by=request.actor, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            form = KeyForm(initial=usual)
    context = {"form": form, "made": made, "rows": queries.own_keys(request.actor)}
    return form_page(request, "accounts/keys.html", context)


@allow(SIGNED_IN, methods=("POST",), once=True)
def revoke_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Revoke one's own key."""
    actions.revoke_key(by=request.actor, key_id=key_id)
    messages.success(request, _("The key is revoked."))
    return redirect("accounts:keys")

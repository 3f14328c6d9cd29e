"""Your sign-in: second factors, recovery codes, sessions, and how long this one lasts."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from openqmm.apps.accounts import actions, policies, queries
from openqmm.core.errors import NotFound, NotPermitted
from openqmm.site.sign_in import sessions
from openqmm.site.sign_in.forms import AuthenticatorForm, ConfirmForm, NewPasskeyForm
from openqmm.site.sign_in.notices import tell
from openqmm.web.access import EVERYONE, allow, allow_person

_SECRET = "openqmm.new_authenticator"  # noqa: S105  (where it is kept)


@allow_person()
def overview(request: HttpRequest) -> HttpResponse:
    """Show the person how they sign in, and where they are signed in."""
    person = request.user
    factors = queries.factors_of(person.pk)
    required = policies.second_factor_required(queries.roles_of(person.pk))
    context = {
        "authenticators": [row for row in factors if row.kind == "totp"],
        "passkeys": [row for row in factors if row.kind == "webauthn"],
        "codes_left": queries.recovery_codes_left(person.pk),
        "required": required,
        "sessions": queries.sessions_of(person.pk),
        "this_session": request.session.session_key,
    }
    return render(request, "mfa/overview.html", context)


@allow_person(methods=("GET", "POST"))
def authenticator(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: show its secret, and take its first code."""
    has_factor = queries.has_second_factor(request.user.pk)
    form = AuthenticatorForm(request.POST or None, has_factor=has_factor)
    secret = request.session.get(_SECRET)
    if secret is None or request.method == "GET":
        secret = request.session[_SECRET] = generate_totp_secret()
    if request.method == "POST" and form.is_valid() and _proved(request, form, has_factor):
        try:
            codes = actions.add_authenticator(
                person=request.user, secret=secret, code=form.cleaned_data["code"]
            )
        except NotPermitted as fault:
            form.add_error("code", str(fault))
        else:
            del request.session[_SECRET]
            return _added(request, _("The authenticator app is set up."), codes)
    context = {
        "form": form,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": _picture(request, secret),
        "must": sessions.next_duty(request, request.sign_in) == "sign_in_authenticator",
    }
    return render(request, "mfa/authenticator.html", context)


@allow_person(methods=("GET", "POST"))
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey, which may stand in for password and code."""
    has_factor = queries.has_second_factor(request.user.pk)
    form = NewPasskeyForm(request.POST or None, has_factor=has_factor)
    if request.method == "POST" and form.is_valid() and _proved(request, form, has_factor):
        try:
            codes = actions.add_passkey(
                person=request.user,
                name=form.cleaned_data["name"],
                credential=form.cleaned_data["credential"],
            )
        except NotPermitted as fault:
            form.add_error(None, str(fault))
        else:
            return _added(request, _("The passkey is added."), codes)
    options = webauthn.begin_registration(request.user, passwordless=True)
    return render(request, "mfa/passkey.html", {"form": form, "options": options})


@allow_person(methods=("GET", "POST"))
def remove_factor(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Remove one of the person's second factors."""
    own = {row.id: row for row in queries.factors_of(request.user.pk)}
    if factor_id not in own:
        raise NotFound("There is no such second factor.")
    form = ConfirmForm(request.POST or None, has_factor=True)
    if request.method == "POST" and form.is_valid() and _proved(request, form, True):
        try:
            actions.remove_factor(person=request.user, factor_id=factor_id)
        except NotPermitted as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request.user, _("A second factor of your account was removed."))
            messages.success(request, _("It is removed."))
            return redirect("sign_in")
    return render(request, "mfa/remove.html", {"form": form, "factor": own[factor_id]})


@allow_person(methods=("GET", "POST"))
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them, this once."""
    has_factor = queries.has_second_factor(request.user.pk)
    form = ConfirmForm(request.POST or None, has_factor=has_factor)
    if request.method == "POST" and form.is_valid() and _proved(request, form, has_factor):
        try:
            codes = actions.make_recovery_codes(person=request.user)
        except NotPermitted as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request.user, _("New recovery codes were made for your account."))
            context = {"codes": codes, "go_on": reverse("sign_in")}
            return render(request, "mfa/codes.html", context)
    return render(request, "mfa/recovery_codes.html", {"form": form})


@allow_person(methods=("POST",))
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere but here."""
    ended = actions.end_sessions(
        by=queries.actor_or_person(request.user),
        person=request.user,
        why=_("Signed out everywhere else"),
        keep=request.session.session_key or "",
    )
    words = _("You are signed out everywhere else. Sessions ended: %(n)s.") % {"n": ended}
    messages.success(request, words)
    return redirect("sign_in")


@allow(EVERYONE, methods=("GET", "POST"))
def session(request: HttpRequest) -> HttpResponse:
    """Say how many seconds the session has left; a POST by a person's hand makes it last."""
    if request.sign_in is None:
        return JsonResponse({"left": 0}, status=401)
    fresh = sessions.sign_in(request) or request.sign_in
    return JsonResponse({"left": sessions.seconds_left(fresh)})


def _proved(request: HttpRequest, form: Form, has_factor: bool) -> bool:
    """Return whether the form holds the proof that its owner fills it in; else it says why not."""
    try:
        actions.prove_owner(
            person=request.user,
            password=form.cleaned_data["password"],
            code=form.cleaned_data.get("present_code", ""),
            needs_code=has_factor,
        )
    except NotPermitted as refusal:
        form.add_error("password", str(refusal).replace("signed", "changed"))
        return False
    return True


def _added(request: HttpRequest, words: str, codes: list[str]) -> HttpResponse:
    sessions.strengthen(request)
    # What anybody held of this session from before the second factor opens nothing after it.
    request.session.cycle_key()
    UserSession.objects.create_from_request(request)
    messages.success(request, words)
    tell(request.user, words)
    if not codes:
        return redirect("sign_in")
    wanted = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    context = {"codes": codes, "go_on": wanted if here else reverse("home")}
    return render(request, "mfa/codes.html", context)


def _picture(request: HttpRequest, secret: str) -> str:
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")

"""Single sign-on by OpenID Connect, where an installation is set up for it.

The sign-in library carries the exchange (state, code, PKCE). What the provider then says is
believed only from an ID token whose signature, issuer, audience, nonce and time were checked here,
and it opens only an account that exists.
"""

from __future__ import annotations

import secrets
from typing import Any

import jwt
import requests
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from openqmm.apps.accounts import actions, queries
from openqmm.apps.accounts.models import User
from openqmm.core.errors import NotFound, NotPermitted
from openqmm.web import clock
from openqmm.web.access import EVERYONE, allow

_ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "auth_time"]
_LEEWAY_SECONDS = 60
# The provider is told to ask anew every time; this long it may take the person to answer.
_FRESH_SECONDS = 15 * 60


@allow(EVERYONE)
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider, which is to ask for the person's proof anew."""
    adapter = _adapter(request, provider_id)
    nonce = secrets.token_urlsafe(32)
    try:
        return adapter.get_provider().redirect(
            request,
            process="login",
            next_url=get_next_redirect_url(request),
            data={"nonce": nonce},
            auth_params={"nonce": nonce, "prompt": "login", "max_age": "0"},
        )
    except (requests.RequestException, OAuth2Error, ValueError):
        return _refused(request, _("The single sign-on cannot be reached. Try again later."))


@allow(EVERYONE)
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer, and sign in the person it is about."""
    return _Callback.adapter_view(_adapter(request, provider_id))(request)


class _Adapter(OpenIDConnectOAuth2Adapter):
    """The library's exchange, with every check of the ID token."""

    def verified_claims(self, answer: dict[str, Any], nonce: str) -> dict[str, Any]:
        """Return what the provider says of the person (OAuth2Error for anything amiss)."""
        app = self.get_provider().app
        issuer = app.settings["server_url"]
        if self.openid_config.get("issuer") != issuer:
            raise OAuth2Error("the issuer is another one")
        try:
            algorithm, key = jwtkit.fetch_key(
                answer["id_token"], self.openid_config["jwks_uri"], jwtkit.lookup_kid_jwk
            )
            if algorithm not in _ALGORITHMS:
                raise OAuth2Error("the signature is of a kind that is not accepted")
            claims = jwt.decode(
                answer["id_token"],
                key=key,
                algorithms=[algorithm],
                audience=app.client_id,
                issuer=issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
        except (jwt.PyJWTError, KeyError) as fault:
            raise OAuth2Error("the ID token cannot be believed") from fault
        _check_binding(claims, nonce, app.client_id)
        if "email" not in claims:
            told = self._fetch_user_info(answer["access_token"])
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("the two answers are about two people")
            claims |= {name: told.get(name) for name in ("email", "email_verified")}
        return claims


class _Callback(OAuth2CallbackView):
    """The library's return address; what follows the exchange is ours."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = _("The single sign-on did not succeed. Begin again.")
        provider = self.adapter.get_provider()
        state, response = self._get_state(request, provider)
        if response is not None or "code" not in request.GET:
            return _refused(request, words)
        try:
            answer = self.adapter.get_access_token_data(
                request,
                provider.app,
                self.adapter.get_client(request, provider.app),
                pkce_code_verifier=state.get("pkce_code_verifier"),
            )
            claims = self.adapter.verified_claims(answer, (state.get("data") or {})["nonce"])
        except (OAuth2Error, requests.RequestException, KeyError, ValueError):
            return _refused(request, words)
        return _sign_in(request, self.adapter.provider_id, claims, state.get("next"))


def _check_binding(claims: dict[str, Any], nonce: str, client_id: str) -> None:
    """Refuse a token made for another sign-in, for another party, or from a proof of long ago."""
    if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
        raise OAuth2Error("the token belongs to another sign-in")
    if claims.get("azp", client_id) != client_id:
        raise OAuth2Error("the token was made for somebody else")
    age = clock.now().timestamp() - float(claims["auth_time"])
    if not -_LEEWAY_SECONDS <= age <= _FRESH_SECONDS:
        raise OAuth2Error("the person was not asked anew")


def _sign_in(
    request: HttpRequest, provider_id: str, claims: dict[str, Any], next_url: str | None
) -> HttpResponse:
    try:
        person = _person(provider_id, claims)
    except NotPermitted as refusal:
        return _refused(request, str(refusal))
    record_authentication(
        request,
        person,
        "socialaccount",
        provider=provider_id,
        uid=claims["sub"],
        second_factor=_second_factor_done(claims) or None,
    )
    return perform_login(request, Login(user=person, redirect_url=next_url))


def _person(provider_id: str, claims: dict[str, Any]) -> User:
    """Return whom the claims are about: by the provider's own id once tied, whatever the address
    says then; the first time by an address the provider has verified (NotPermitted)."""
    person = queries.person_linked(provider_id, claims["sub"])
    if person:
        return person
    refusal = _("There is no account here for the identity you signed in with.")
    if claims.get("email_verified") is not True or not claims.get("email"):
        raise NotPermitted(refusal)
    person = queries.person_with_address(claims["email"])
    if person is None:
        raise NotPermitted(refusal)
    actions.link_identity(person=person, provider=provider_id, subject=claims["sub"])
    return person


def _second_factor_done(claims: dict[str, Any]) -> bool:
    return "mfa" in (claims.get("amr") or ()) or claims.get("acr") in settings.OIDC.strong_acr


def _adapter(request: HttpRequest, provider_id: str) -> _Adapter:
    if settings.OIDC is None or provider_id != settings.OIDC.provider_id:
        raise NotFound("There is no such single sign-on.")
    return _Adapter(request, provider_id)


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "account/single_sign_on_refused.html", {"refusal": words}, status=403)

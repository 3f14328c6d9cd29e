"""The forms of signing in, and of keeping one's sign-in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.apps.accounts import actions

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}


class SignInForm(LoginForm):
    """Address and password, labelled as everywhere here; the page has the link for a lost one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].help_text = ""


class CodeForm(AuthenticateForm):
    """The code of an authenticator, or a recovery code, after the password."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six digits from your authenticator app, or a recovery code."),
        max_length=20,
        widget=forms.TextInput(attrs=_CODE),
    )

    def clean_code(self) -> str:
        # The attempt is counted before it is made, and the count is kept whatever comes of it.
        forget_attempts = check_rate_limit(self.user)
        code = self.cleaned_data["code"]
        if not actions.use_code(self.user, code, recovery=True):
            self._emit_authentication_failed(Authenticator(user=self.user))
            raise get_adapter().validation_error("incorrect_code")
        forget_attempts()
        return code

    def save(self) -> None:
        record_authentication(context.request, self.user, "mfa", type="totp")


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey, after the password. Nothing is written of its use but the sign-in's event."""

    def save(self) -> None:
        record_authentication(context.request, self.user, "mfa", type="webauthn")


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey in place of password and code."""


class _OwnerForm(forms.Form):
    """What a person types to change how they sign in: their password, and a code where they have
    a second factor already."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    present_code = forms.CharField(
        label=_("Code you have now"),
        help_text=_("Six digits from your authenticator app, or a recovery code."),
        max_length=20,
        widget=forms.TextInput(attrs=_CODE),
    )

    def __init__(self, *args: Any, has_factor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_factor:
            del self.fields["present_code"]


class AuthenticatorForm(_OwnerForm):
    """The first code of a new authenticator app."""

    code = forms.CharField(
        label=_("Code of the new authenticator"),
        help_text=_("The six digits the app shows now."),
        max_length=10,
        widget=forms.TextInput(attrs=_CODE),
    )
    field_order = ("code", "password", "present_code")


class NewPasskeyForm(_OwnerForm):
    """A new passkey and what it is called."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("So that you know it again, such as “office laptop”."),
        max_length=100,
    )
    credential = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("name", "password", "present_code")


class ConfirmForm(_OwnerForm):
    """Nothing but the proof."""

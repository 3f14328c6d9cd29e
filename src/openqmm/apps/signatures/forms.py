"""The form of every signing panel."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CodeInput(forms.TextInput):
    """A field for a code, which is never shown again: it works once."""

    def format_value(self, value: Any) -> None:
        return None


class SigningForm(forms.Form):
    """What a person hands in to sign: both components, and the challenge of what they read."""

    use_required_attribute = False

    challenge = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    passkey = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        required=False,
        max_length=20,
        widget=CodeInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "qmm-code"}
        ),
        help_text=_("Six digits. Each code signs once."),
    )

    def means(self) -> dict[str, str]:
        """Return what the signing action takes."""
        given = self.cleaned_data
        return {
            "challenge": given["challenge"],
            "password": given["password"],
            "code": given["code"],
            "passkey": given["passkey"],
        }

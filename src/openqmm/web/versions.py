"""Which version of a record a page showed, as its form says it when it comes back."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from openqmm.core.errors import InvalidInput, Problem

FIELD = "version"
_MISSING = _(
    "The page does not say which version of the record it showed. Nothing was saved; open it again."
)
# More than a database's integer holds is no version of anything.
_LARGEST = 2_147_483_647


def version_field() -> forms.IntegerField:
    """Return the hidden field of a form over a record that counts its changes."""
    return forms.IntegerField(
        label=_("Version"),
        min_value=1,
        max_value=_LARGEST,
        # A browser that fills forms in again on reloading must leave this as the page has it.
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _MISSING, "invalid": _MISSING},
    )


def posted_version(request: HttpRequest) -> int:
    """Return the version a step was decided on. Refused (InvalidInput) where the form has none: a
    step is never taken on whatever happens to stand."""
    given = request.POST.get(FIELD, "")
    if not (given.isascii() and given.isdecimal() and int(given) <= _LARGEST):
        raise InvalidInput("The form", [Problem(str(_MISSING))])
    return int(given)

"""What the board writes down, and the proof before its signature."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReviewForm(forms.Form):
    """The board's review of a proposed rating."""

    note = forms.CharField(
        label=_("What the review looked at and found"),
        help_text=_("For the board's record. Neither the facility nor the public reads it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class IssueForm(forms.Form):
    """The decision and the signature under it."""

    reason = forms.CharField(
        label=_("Reason for the decision"),
        help_text=_("The facility reads this beside its rating."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("Your signature is bound to the digest of the bundle shown on this page."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ReasonForm(forms.Form):
    """Why a rating is suspended or reinstated."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The facility reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

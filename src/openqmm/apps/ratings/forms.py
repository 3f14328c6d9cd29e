"""What the board writes down."""

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
    """The reason for the decision, which is read once more before it is signed."""

    reason = forms.CharField(
        label=_("Reason for the decision"),
        help_text=_("The facility reads this beside its rating."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReasonForm(forms.Form):
    """Why a rating is suspended or reinstated."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The facility reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

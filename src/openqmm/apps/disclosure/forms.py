"""What a signatory chooses, signs and withdraws; what a reader of the directory looks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.apps.disclosure.policies import until_refusal
from openqmm.apps.disclosure.queries import ConsentTerms
from openqmm.apps.signatures.forms import SigningForm
from openqmm.web import clock


class TermsForm(forms.Form):
    """What is shown, to whom, and until when."""

    scope = forms.ChoiceField(label=_("What is shown"), widget=forms.RadioSelect)
    audience = forms.ChoiceField(
        label=_("Who sees it"),
        choices=[
            ("public", _("Everybody, in the public directory")),
            ("named", _("Only the purchasers I name")),
        ],
        widget=forms.RadioSelect,
    )
    recipients = forms.MultipleChoiceField(
        label=_("Purchasers"),
        help_text=_("Only when you name who sees it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    until_on = forms.DateField(label=_("Shown until"))

    def __init__(self, *args: Any, terms: ConsentTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        rating = terms.rating
        self.fields["scope"].choices = (
            [
                ("overall", _("The overall level and score")),
                ("areas", _("The overall level and score, and those of each area")),
            ]
            if rating.rated
            else [
                ("overall", _("That the facility is not rated")),
                ("areas", _("That the facility is not rated, and why")),
            ]
        )
        self.fields["recipients"].choices = terms.purchasers
        if rating.valid_until:
            self.fields["until_on"].initial = rating.valid_until
            day = f"{rating.valid_until.day} {rating.valid_until:%B %Y}"
            hint = _("The rating is valid until %(day)s.") % {"day": day}
            self.fields["until_on"].help_text = hint

    def clean(self) -> dict[str, Any]:
        """Check that the recipients fit the audience and the day fits the rating."""
        cleaned = super().clean() or {}
        if cleaned.get("audience") == "public":
            # Ticks left over from the other choice mean nothing here.
            cleaned["recipients"] = []
        elif cleaned.get("audience") == "named" and not cleaned.get("recipients"):
            self.add_error("recipients", _("Name at least one purchaser."))
        if until_on := cleaned.get("until_on"):
            refusal = until_refusal(
                until_on, valid_until=self.terms.rating.valid_until, today=clock.today()
            )
            if refusal:
                self.add_error("until_on", refusal)
        return cleaned

    def summary(self) -> list[tuple[str, Any]]:
        """Return the chosen terms as labels and values."""
        chosen = self.cleaned_data
        names = dict(self.terms.purchasers)
        who = dict(self.fields["audience"].choices)[chosen["audience"]]
        if chosen["recipients"]:
            who = ", ".join(names[id_] for id_ in chosen["recipients"])
        return [
            (_("What is shown"), dict(self.fields["scope"].choices)[chosen["scope"]]),
            (_("Who sees it"), who),
            (_("Shown until"), f"{chosen['until_on'].day} {chosen['until_on']:%B %Y}"),
        ]


class SignForm(SigningForm):
    """The signature under the terms and the preview; the page gave the consent its id."""

    disclosure_id = forms.UUIDField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("I have read what will be seen, and I consent for the facility to disclose it.")
    )


class WithdrawForm(forms.Form):
    """Why a consent is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept on record; the public does not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DirectoryForm(forms.Form):
    """What a reader of the directory looks for."""

    text = forms.CharField(
        label=_("Name or place"), required=False, max_length=100, widget=forms.TextInput
    )
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[
            ("", _("Any")),
            ("5", _("5 Optimising")),
            ("4", _("4 Predictive")),
            ("3", _("3 Proactive")),
            ("2", _("2 Managed")),
            ("1", _("1 Reactive")),
        ],
    )
    activity = forms.ChoiceField(
        label=_("Makes"),
        required=False,
        choices=[
            ("", _("Anything")),
            ("API", _("Active pharmaceutical ingredients")),
            ("API_INTERMEDIATE", _("Intermediates of active ingredients")),
            ("FDF", _("Finished dosage forms")),
        ],
    )

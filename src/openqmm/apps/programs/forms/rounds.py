"""The forms of rounds, and of the steps of an application that need few words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.web.versions import version_field


class RoundForm(forms.Form):
    """A new round."""

    program_id = forms.ChoiceField(label=_("Program"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the round"), max_length=120, help_text=_("As it is announced: 2027-A.")
    )
    protocol_version_id = forms.TypedChoiceField(
        label=_("Protocol version"),
        help_text=_("Sealed: it does not change during the round."),
    )
    opens_on = forms.DateField(label=_("First day for applications"))
    closes_on = forms.DateField(label=_("Last day for applications"))

    def __init__(self, *args: Any, programs: Any, protocols: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program_id"].choices = programs
        self.fields["protocol_version_id"].choices = protocols

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        opens_on, closes_on = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", _("The last day comes before the first."))
        return cleaned


class RoundEditForm(forms.Form):
    """What may still be changed of a round before it is announced."""

    name = forms.CharField(
        label=_("Name of the round"), max_length=120, help_text=_("As it is announced: 2027-A.")
    )
    opens_on = forms.DateField(label=_("First day for applications"))
    closes_on = forms.DateField(label=_("Last day for applications"))
    version = version_field()


class StartForm(forms.Form):
    """Which facility applies to which round."""

    facility_id = forms.ChoiceField(label=_("Facility"), widget=forms.RadioSelect)
    round_id = forms.ChoiceField(label=_("Round"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, facilities: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facility_id"].choices = facilities
        self.fields["round_id"].choices = rounds


class ReasonForm(forms.Form):
    """A step that is taken with a reason in words."""

    event = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("It stays on record, and both sides read it."),
    )

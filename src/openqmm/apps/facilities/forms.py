"""The form of a facility."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.core.registry.identity import country_code, normalise_duns, normalise_fei
from openqmm.web.versions import version_field

FACILITY_TYPES = [
    ("API", _("Active pharmaceutical ingredients")),
    ("API_INTERMEDIATE", _("API intermediates")),
    ("FDF", _("Finished dosage forms")),
]


class FacilityForm(forms.Form):
    """A facility as its quality lead enters it."""

    fei = forms.CharField(
        label=_("FEI"),
        max_length=20,
        help_text=_("The FDA Establishment Identifier: up to ten digits."),
    )
    duns = forms.CharField(
        label=_("DUNS"), max_length=20, help_text=_("Nine digits, leading zeros included.")
    )
    name = forms.CharField(label=_("Name of the facility"), max_length=200)
    address = forms.CharField(label=_("Address"), max_length=300)
    country = forms.CharField(
        label=_("Country"), max_length=80, help_text=_("Its name, or its ISO code.")
    )
    facility_type = forms.ChoiceField(
        label=_("What is made here"),
        choices=FACILITY_TYPES,
        widget=forms.RadioSelect,
        help_text=_("What the assessment is to be about, if more than one is made."),
    )

    def clean_fei(self) -> str:
        fei = normalise_fei(self.cleaned_data["fei"])
        if fei is None:
            raise forms.ValidationError(_("Enter an FEI of at most ten digits, not all zeros."))
        return fei

    def clean_duns(self) -> str:
        duns = normalise_duns(self.cleaned_data["duns"])
        if duns is None:
            raise forms.ValidationError(_("Enter a DUNS number of nine digits."))
        return duns

    def clean_country(self) -> str:
        country = country_code(self.cleaned_data["country"])
        if country is None:
            raise forms.ValidationError(_("Enter a country by its name or its ISO code."))
        return country


class CorrectionForm(forms.Form):
    """What may be corrected of a facility, and why."""

    name = forms.CharField(label=_("Name of the facility"), max_length=200)
    address = forms.CharField(label=_("Address"), max_length=300)
    reason = forms.CharField(
        label=_("Why it is corrected"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays on record with what was there before."),
    )
    version = version_field()

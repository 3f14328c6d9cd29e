"""The forms of a facility, of a public file, and of a decision on a link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.core.records import LIMITS
from openqmm.core.registry.identity import country_code, normalise_duns, normalise_fei
from openqmm.core.registry.kinds import KINDS
from openqmm.web.versions import version_field

FACILITY_TYPES = [
    ("API", _("Active pharmaceutical ingredients")),
    ("API_INTERMEDIATE", _("API intermediates")),
    ("FDF", _("Finished dosage forms")),
]

NO_SITE, OTHER_SITE = "none", "other"


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


class RecordFileForm(forms.Form):
    """A public file, and what it does not say of itself."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("As downloaded; at most %(most)s MB. A larger one is loaded by the command.")
        % {"most": LIMITS.bytes >> 20},
        error_messages={"empty": _("The file is empty.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Recognise it by its header"))]
        + [(kind.name, kind.title) for kind in KINDS.values()],
    )
    told_on = forms.DateField(
        label=_("Day of the list"),
        required=False,
        help_text=_("Registrations, shortages, import alerts, NDC listings: the day it shows."),
    )
    covers_until = forms.DateField(
        label=_("Complete until"),
        required=False,
        help_text=_("The other kinds: the day until which the file tells everything."),
    )
    may_shrink = forms.BooleanField(
        label=_("The list is whole, though it has less than half of the records of the last one"),
        required=False,
    )


class LinkForm(forms.Form):
    """Which site a firm is, and why."""

    site = forms.ChoiceField(label=_("Which site is it?"), widget=forms.RadioSelect)
    fei = forms.CharField(
        label=_("FEI of another site"), required=False, max_length=20, help_text=_("Ten digits.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What shows it. It stays on record with your name."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def chosen_fei(self) -> str | None:
        """Return the FEI chosen or typed; None for no site."""
        said = self.cleaned_data
        chosen = said["fei"] if said["site"] == OTHER_SITE else said["site"]
        return chosen if said["site"] != NO_SITE else None

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("site") == OTHER_SITE and not said.get("fei"):
            self.add_error("fei", _("Enter the FEI of the site."))
        return said

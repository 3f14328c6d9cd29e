"""The forms of the request to participate: one a step, each saved by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.core.programs import Program, parts, vocabulary
from openqmm.core.programs.parts import Step
from openqmm.web import clock
from openqmm.web.merging import SeveralField
from openqmm.web.versions import FIELD, version_field

CLASSES = [
    ("NAI", _("NAI: no action indicated")),
    ("VAI", _("VAI: voluntary action indicated")),
    ("OAI", _("OAI: official action indicated")),
    ("", _("Not known, or never inspected")),
]


class StepForm(forms.Form):
    """One step of an application. A draft may be saved with parts missing; signing asks for all."""

    use_required_attribute = False
    version = version_field()

    def __init__(self, *args: Any, program: Program, makes: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        self.adapt(set(makes))
        self.order_fields([*(name for name in self.fields if name != FIELD), FIELD])

    def adapt(self, makes: set[str]) -> None:
        """Fit the fields to the program and to what is made at the facility."""

    def full_clean(self) -> None:
        """What a draft lacks is no fault; the labels still say what is optional for good."""
        asked = {name: field.required for name, field in self.fields.items()}
        for name, field in self.fields.items():
            field.required = name == FIELD
        try:
            super().full_clean()
        finally:
            for name, field in self.fields.items():
                field.required = asked[name]


class ContactsForm(StepForm):
    """Who speaks for the facility in this application."""

    contact_name = forms.CharField(label=_("Contact person"), max_length=200)
    contact_email = forms.EmailField(label=_("Contact’s e-mail address"))
    contact_phone = forms.CharField(
        label=_("Contact’s telephone"),
        max_length=40,
        required=False,
        help_text=_("With the country code: +91 40 5550 1234."),
    )
    deputy_name = forms.CharField(label=_("Deputy’s name"), max_length=200, required=False)
    deputy_email = forms.EmailField(label=_("Deputy’s e-mail address"), required=False)


class SiteForm(StepForm):
    """What is made at the facility, by how many people, for which market."""

    activities = SeveralField(
        label=_("What is made here"),
        choices=list(vocabulary.ACTIVITIES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everything that applies."),
    )
    size_band = forms.ChoiceField(
        label=_("People working at the facility"),
        choices=list(vocabulary.SIZE_BANDS.items()),
        widget=forms.RadioSelect,
        help_text=_("Size does not count for or against a facility; every size has its places."),
    )
    sector = forms.ChoiceField(
        label=_("Sector"),
        choices=list(vocabulary.SECTORS.items()),
        widget=forms.RadioSelect,
        help_text=_("What most of the work is for."),
    )


class ProductsForm(StepForm):
    """What leaves the facility. Dosage forms are asked where finished dosage forms are made."""

    products = forms.CharField(
        label=_("Products or ingredients made here"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line; names as they are on the market."),
    )
    dosage_forms = SeveralField(
        label=_("Dosage forms"),
        choices=list(vocabulary.DOSAGE_FORMS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everything that applies."),
    )

    def adapt(self, makes: set[str]) -> None:
        if "FDF" not in makes:
            del self.fields["dosage_forms"]


class InspectionsForm(StepForm):
    """What the facility says of its last inspection."""

    last_inspected_on = forms.DateField(
        label=_("Last day of the last inspection"),
        required=False,
        help_text=_("An inspection for drug quality assurance."),
    )
    last_classification = forms.ChoiceField(
        label=_("How it was classified"),
        choices=CLASSES,
        widget=forms.RadioSelect,
        required=False,
    )

    def clean_last_inspected_on(self) -> Any:
        day = self.cleaned_data["last_inspected_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("Enter a day that has passed."))
        return day


class StatementsForm(StepForm):
    """What the facility agrees to and states. A statement left open is judged by the records."""

    statement = forms.CharField(
        label=_("Why the facility wants to take part"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A few sentences. Size and age of a facility do not count."),
    )
    willing_visit = forms.BooleanField(label=parts.WILLINGNESS["willing_visit"])
    willing_observers = forms.BooleanField(label=parts.WILLINGNESS["willing_observers"])
    willing_data = forms.BooleanField(label=parts.WILLINGNESS["willing_data"])

    def adapt(self, makes: set[str]) -> None:
        for criterion in self.program.attestations:
            self.fields[criterion.attestation or ""] = forms.BooleanField(
                label=criterion.statement, required=False
            )


class ConfidentialityForm(StepForm):
    """Which parts the applicant marks as confidential commercial information."""

    confidential = SeveralField(
        label=_("Confidential commercial information"),
        choices=list(parts.MARKABLE.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Mark what would harm the facility if others read it."),
    )


STEP_FORMS: dict[Step, type[StepForm]] = {
    "contacts": ContactsForm,
    "facility": SiteForm,
    "products": ProductsForm,
    "inspections": InspectionsForm,
    "statements": StatementsForm,
    "confidentiality": ConfidentialityForm,
}

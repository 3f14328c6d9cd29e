"""The forms of programs and rounds, and of the steps of an application that need few words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.core.programs.answers import Answers
from openqmm.core.programs.vocabulary import ACTIVITIES
from openqmm.web.versions import version_field

YES_NO = [("", _("Left open")), ("yes", _("Yes")), ("no", _("No"))]

CLOCK_LABELS = {
    "orientation_days_before_visit": _("Orientation, days before the visit"),
    "assessment_days": _("Longest assessment, days"),
    "draft_report_days": _("Draft report, days after the visit"),
    "factual_check_working_days": _("Factual check, working days"),
    "validity_months": _("Rating valid for, months"),
    "information_days": _("Answer to a request for information, days"),
    "acceptance_days": _("Acceptance of a place, days"),
    "progress_review_months": _("Progress review, months after the report"),
}
FILE_AGE_LABELS = {
    "establishments": _("Registrations may be this old, days"),
    "inspections": _("Inspections may be this old, days"),
    "compliance": _("Compliance actions may be this old, days"),
    "import_alerts": _("Import alerts may be this old, days"),
    "ndc": _("Product listings may be this old, days"),
}


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


class ProgramCopyForm(forms.Form):
    """A program of the office's own, copied from another."""

    program_id = forms.RegexField(
        label=_("Id of the new program"),
        regex=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        help_text=_("Small letters, digits and hyphens: pilot-api-2027."),
        error_messages={"invalid": _("Use small letters, digits and hyphens only.")},
    )
    title = forms.CharField(label=_("Title"), max_length=200)


class ProgramEditForm(forms.Form):
    """What of a copied program may be changed. Names with a dot stand in a group of the file."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(label=_("Summary"), widget=forms.Textarea(attrs={"rows": 3}))
    cap = forms.IntegerField(label=_("Places"), min_value=1)
    reserve = forms.IntegerField(label=_("Places on the reserve list"), min_value=0)
    window_days = forms.IntegerField(label=_("Shortest window for applications, days"), min_value=1)
    location = forms.ChoiceField(
        label=_("Where facilities may be"),
        choices=[
            ("domestic", _("In the United States and its territories")),
            ("foreign", _("Outside the United States and its territories")),
            ("any", _("Anywhere")),
        ],
    )
    facility_types = forms.MultipleChoiceField(
        label=_("What facilities make"),
        choices=list(ACTIVITIES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    look_back_years = forms.IntegerField(label=_("Look-back period, years"), min_value=1)
    fees = forms.CharField(label=_("Fees"), max_length=300)
    confidentiality = forms.CharField(
        label=_("How applications are kept"), widget=forms.Textarea(attrs={"rows": 3})
    )
    selection = forms.CharField(
        label=_("Strata and limits of the selection"),
        widget=forms.Textarea(attrs={"rows": 16, "class": "prog-code", "spellcheck": "false"}),
        help_text=_(
            "As in the program file: target shares in per cent by category, each stratum with its "
            "weight and source, and the most places of one category."
        ),
    )
    reason = forms.CharField(
        label=_("Reason for the changes"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays on record and stands as the source of every fact you change."),
    )
    version = version_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        timed = {f"clocks.{name}": label for name, label in CLOCK_LABELS.items()}
        timed |= {f"file_age_days.{name}": label for name, label in FILE_AGE_LABELS.items()}
        for name, label in timed.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=1)

    @property
    def changes(self) -> dict[str, Any]:
        """What was written, by the names of the program file."""
        return {k: v for k, v in self.cleaned_data.items() if k not in {"reason", "version"}}


class SelfCheckForm(forms.Form):
    """The questions of the self-check; every one may be left open."""

    use_required_attribute = False

    activities = forms.MultipleChoiceField(
        label=_("What the facility makes"),
        choices=list(ACTIVITIES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    country = forms.CharField(label=_("Country of the facility"), max_length=80, required=False)
    registered = forms.ChoiceField(
        label=_("Is it registered as a drug establishment?"), choices=YES_NO, required=False
    )
    inspected = forms.ChoiceField(
        label=_("Was it inspected for drug quality in the last five years?"),
        choices=YES_NO,
        required=False,
    )
    classification = forms.ChoiceField(
        label=_("Class of the latest such inspection"),
        choices=[("", _("Left open")), ("NAI", "NAI"), ("VAI", "VAI"), ("OAI", "OAI")],
        required=False,
    )
    clean = forms.ChoiceField(
        label=_("Free of warning letters, injunctions, seizures and import alerts since?"),
        choices=YES_NO,
        required=False,
    )
    in_commerce = forms.ChoiceField(
        label=_("Is a product or ingredient made there in US commerce?"),
        choices=YES_NO,
        required=False,
    )

    @property
    def answers(self) -> Answers:
        """What was answered."""
        said = {"yes": True, "no": False}
        given = self.cleaned_data
        return Answers(
            country=given["country"],
            activities=tuple(given["activities"]),
            classification=given["classification"],
            **{
                name: said.get(given[name])
                for name in ("registered", "inspected", "clean", "in_commerce")
            },
        )

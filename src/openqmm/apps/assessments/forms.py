"""The forms of the assessments app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.apps.assessments.actions import ScoreEntry
from openqmm.core.workflow import Role
from openqmm.web.versions import version_field

MARK_CHOICES = [
    ("1", _("1 Reactive")),
    ("2", _("2 Managed")),
    ("3", _("3 Proactive")),
    ("4", _("4 Predictive")),
    ("5", _("5 Optimising")),
    ("NR", _("Not rated")),
    ("NA", _("Not applicable")),
]
EVIDENCE_CHOICES = [
    ("document", _("Document")),
    ("interview", _("Interview")),
    ("observation", _("Observation")),
    ("data", _("Data")),
]
REMARK_CHOICES = [("strength", _("Strength")), ("opportunity", _("Opportunity"))]


class PlanForm(forms.Form):
    """Which accepted facility, by which contractor."""

    application = forms.ChoiceField(label=_("Facility and round"))
    contractor = forms.ChoiceField(
        label=_("Contractor"), help_text=_("Its people assess the site.")
    )

    def __init__(self, data: Any = None, *, applications: Iterable, contractors: Iterable) -> None:
        super().__init__(data)
        self.fields["application"].choices = [
            (str(row.pk), f"{row.facility}, {row.round}") for row in applications
        ]
        self.fields["contractor"].choices = [(str(row.pk), row.name) for row in contractors]


class MemberForm(forms.Form):
    """A person in the role they hold."""

    member = forms.ChoiceField(
        label=_("Person"),
        help_text=_(
            "Assessors of the contractor and observers of the office, in the role they hold today."
        ),
    )

    until_on = forms.DateField(
        label=_("Last day on the team"),
        required=False,
        help_text=_("After it the assessment does not exist for them. It can be set later."),
    )

    def __init__(self, data: Any = None, *, people: Iterable) -> None:
        super().__init__(data)
        self.fields["member"].choices = [
            (f"{row.id}:{row.role}", f"{row.name}, {row.role.title.lower()} ({row.organisation})")
            for row in people
        ]

    def person_and_role(self) -> tuple[str, Role]:
        """Return who was chosen, in which role."""
        person, role = self.cleaned_data["member"].split(":")
        return person, Role(role)


class PeriodForm(forms.Form):
    """The last day of a person on the team, and why it is set."""

    person = forms.UUIDField()
    until_on = forms.DateField(required=False)
    reason = forms.CharField(required=False)


class DeclarationForm(forms.Form):
    """One's own declaration."""

    declared = forms.BooleanField(
        label=_("I have read this and declare that none of it applies to me."),
        error_messages={"required": _("Tick the box to declare, or tell the program office.")},
    )


class StepForm(forms.Form):
    """One step of the state table, with what it asks for."""

    event = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(required=False, strip=True)
    visit_from = forms.DateField(required=False)
    visit_to = forms.DateField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("visit_from"), cleaned.get("visit_to")
        if bool(first) != bool(last):
            raise forms.ValidationError(_("Give both the first and the last day of the visit."))
        cleaned["visit"] = (first, last) if first and last else None
        return cleaned


class ScoreForm(forms.Form):
    """One's own mark for a question; nothing is required, because whatever is given is kept."""

    mark = forms.ChoiceField(choices=MARK_CHOICES, required=False)
    rationale = forms.CharField(required=False, max_length=10_000, widget=forms.Textarea)
    evidence_types = forms.MultipleChoiceField(choices=EVIDENCE_CHOICES, required=False)
    version = forms.IntegerField(min_value=0)
    person = forms.UUIDField(required=False)

    def entry(self, question_id: str) -> ScoreEntry:
        """Return what was given, for the action."""
        given = self.cleaned_data
        return ScoreEntry(
            question_id,
            given["mark"],
            given["rationale"],
            tuple(given["evidence_types"]),
            given["version"],
            given["person"],
        )


class DecisionForm(forms.Form):
    """The team's mark for a question."""

    mark = forms.ChoiceField(
        label=_("Decision"),
        choices=[("", _("Choose a level")), *MARK_CHOICES],
        error_messages={"required": _("Choose the team's mark.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the team's reason; it is part of the mark.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RemarkForm(forms.Form):
    """A strength or an opportunity in one area."""

    kind = forms.ChoiceField(label=_("Kind"), choices=REMARK_CHOICES, widget=forms.RadioSelect)
    area_id = forms.ChoiceField(label=_("Area"))
    text = forms.CharField(
        label=_("What the report says"),
        help_text=_("What the site does and what came of it, told to a reader who was not there."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, areas: Iterable, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["area_id"].choices = [(area.id, area.title) for area in areas]


class RemarkEditForm(RemarkForm):
    """A remark in other words."""

    version = version_field()

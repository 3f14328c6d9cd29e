"""What an auditor looks for on the trail, and what a review asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.apps.audit.queries import Wanted, kind_title

_ONLY = [
    ("", _("Everything")),
    ("changes", _("Changes of records")),
    ("signatures", _("Signatures")),
    ("refusals", _("Refusals")),
]


class TrailForm(forms.Form):
    """Filters of the trail; the address holds them."""

    text = forms.CharField(label=_("Words"), required=False, max_length=100)
    who = forms.ChoiceField(label=_("Person"), required=False)
    what = forms.ChoiceField(label=_("Event"), required=False)
    record = forms.ChoiceField(label=_("About"), required=False)
    from_on = forms.DateField(label=_("From"), required=False)
    until_on = forms.DateField(label=_("Until"), required=False)
    only = forms.ChoiceField(label=_("Show"), required=False, choices=_ONLY)

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[str],
        people: Iterable[tuple[str, str]],
        records: Iterable[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("what", _("Any"), [(kind, kind) for kind in kinds])
        self._choose("who", _("Anybody"), people)
        self._choose("record", _("Anything"), [(label, kind_title(label)) for label in records])

    def wanted(self) -> Wanted:
        """Return the filters that were understood."""
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})

    def _choose(self, field: str, anything: Any, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[field].choices = [("", anything), *choices]


class AsOfForm(forms.Form):
    """The day as of which a record is shown."""

    on = forms.DateField(
        label=_("As it stood at the end of"), help_text=_("A day in UTC, such as 2026-11-25")
    )


class ReviewForm(forms.Form):
    """The period of a review, and what of it is looked at."""

    from_on = forms.DateField(label=_("First day"))
    until_on = forms.DateField(
        label=_("Last day"), help_text=_("Both days belong to the period; it must be over.")
    )
    size = forms.IntegerField(
        label=_("Events drawn by chance"), min_value=1, max_value=500, initial=25
    )
    kinds = forms.MultipleChoiceField(
        label=_("And all events of these kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, known: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind, kind) for kind in known]


class NoteForm(forms.Form):
    """What the reviewer found of one event."""

    item = forms.UUIDField(widget=forms.HiddenInput)
    exception = forms.TypedChoiceField(
        label=_("What you find"),
        choices=[("no", _("In order")), ("yes", _("An exception"))],
        coerce=lambda found: found == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In words"),
        required=False,
        help_text=_("For an exception: what is wrong, and what follows from it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OutcomeForm(forms.Form):
    """The outcome of a review."""

    outcome = forms.CharField(
        label=_("Outcome"),
        help_text=_("What the review found as a whole, and what is to be done about it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

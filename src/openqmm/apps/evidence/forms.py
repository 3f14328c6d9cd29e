"""The forms that send a file, replace it, withdraw it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openqmm.core.records import LIMITS
from openqmm.core.records.kinds import BY_ENDING

MARKS = [
    ("confidential", _("Confidential: your organisation and the team that assesses the facility")),
    ("internal", _("Internal: your organisation only")),
    ("public", _("Public: holds nothing that others may not know")),
]
_KINDS = ", ".join(f".{ending}" for ending in BY_ENDING)


class EvidenceForm(forms.Form):
    """A file with what is said of it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("One of %(kinds)s; at most %(most)s MB. No macros, no password.")
        % {"kinds": _KINDS, "most": LIMITS.bytes >> 20},
        widget=forms.ClearableFileInput(attrs={"accept": _KINDS.replace(" ", "")}),
        error_messages={"empty": _("The file is empty.")},
    )
    confidentiality = forms.ChoiceField(
        label=_("Who may read it"), choices=MARKS, widget=forms.RadioSelect, initial="confidential"
    )
    period_from = forms.DateField(
        label=_("Covers the time from"),
        required=False,
        help_text=_("For records: the first day they tell of."),
    )
    period_until = forms.DateField(label=_("Covers the time until"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("period_from"), said.get("period_until")
        if first and last and last < first:
            self.add_error("period_until", _("The time the file covers ends before it begins."))
        return said


class VersionForm(EvidenceForm):
    """A file that takes the place of one before it."""

    reason = forms.CharField(
        label=_("Why it is replaced"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The version before stays on record, with this reason."),
    )


class WithdrawalForm(forms.Form):
    """The reason of a withdrawal."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Assessors no longer see the file. It stays on record, with this reason."),
    )

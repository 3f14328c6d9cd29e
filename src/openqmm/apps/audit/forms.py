"""What an auditor looks for on the trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TrailForm(forms.Form):
    """Words of an entry, and its kind."""

    text = forms.CharField(
        label=_("Words or person"), required=False, max_length=100, widget=forms.TextInput
    )
    what = forms.ChoiceField(label=_("Event"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("Any")), *((kind, kind) for kind in kinds)]

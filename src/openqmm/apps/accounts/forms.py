"""The forms of people and access."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from openqmm.core.workflow import OrganisationKind, Role, Scope

STAYS = _("It stays on the record.")


class PeopleFilter(forms.Form):
    """Which people to list."""

    text = forms.CharField(
        label=_("Name, address or organisation"),
        required=False,
        max_length=100,
        widget=forms.TextInput,
    )


class DayForm(forms.Form):
    """The day that is asked about."""

    day = forms.DateField(label=_("Day"), help_text=_("Any day, past or to come, in UTC."))


class OrganisationForm(forms.Form):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[(kind.value, kind.title) for kind in OrganisationKind],
        widget=forms.RadioSelect,
        help_text=_("It decides which roles its people may have, and cannot be changed."),
    )
    country = forms.RegexField(
        r"^[A-Z]{3}$", label=_("Country"), help_text=_("Three letters of ISO 3166-1, such as USA.")
    )


class RoleForm(forms.Form):
    """A role in an organisation, from a day until a day."""

    place = forms.ChoiceField(label=_("Organisation and role"))
    from_on = forms.DateField(label=_("First day"))
    until_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave it empty while no end is known; it can be ended at any time."),
    )

    def __init__(self, *args: Any, places: Iterable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)

    def organisation_and_role(self) -> tuple[str, Role]:
        """Return what was chosen."""
        organisation_id, role = self.cleaned_data["place"].split(":")
        return organisation_id, Role(role)


class PersonForm(RoleForm):
    """A new person with their first role."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=200, help_text=_("As it stands under a signature.")
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The person's own, not a shared one. It is never given to anybody else."),
    )
    field_order = ("full_name", "email", "place", "from_on", "until_on")


class WhyForm(forms.Form):
    """An act that is explained."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), help_text=STAYS
    )


class IdentityForm(forms.Form):
    """How a person's identity was checked."""

    document_kind = forms.ChoiceField(
        label=_("Kind of document seen"),
        choices=[
            (word, word)
            for word in ("Passport", "National identity card", "Employer's badge", "Other")
        ],
        help_text=_("Neither its number nor a copy is kept."),
    )
    method = forms.CharField(
        label=_("How it was checked"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: in person at the office; by video call with the employer."),
    )


class InterestForm(forms.Form):
    """Other work that bars a person."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    nature = forms.CharField(
        label=_("What the work is or was"),
        max_length=300,
        help_text=_("For example: advised it on its quality system."),
    )
    from_on = forms.DateField(label=_("First day"))
    until_on = forms.DateField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, organisations: Iterable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = list(organisations)


class AttestForm(forms.Form):
    """One's own acceptance of what a signature means."""

    accepted = forms.BooleanField(
        label=_("I accept this."),
        error_messages={"required": _("Tick the box to accept; without it you cannot sign.")},
    )


class PasswordForm(forms.Form):
    """The first password of an invited person."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 15 characters. A few words in a row are easy to keep in mind."),
    )
    again = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "password" in cleaned and cleaned.get("again") not in (None, cleaned["password"]):
            self.add_error("again", _("The two are not the same."))
        return cleaned


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=_("What the key is for"), max_length=100, help_text=_("You will know it by this.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, scope.title) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(label=_("Last day"), help_text=_("A year from now at the latest."))


class ReviewForm(forms.Form):
    """One decision for each membership shown: confirmed, or ended with a reason."""

    def __init__(self, *args: Any, items: Iterable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"keep_{item.id}"] = forms.ChoiceField(
                label=f"{item.person}, {item.role.lower()}",
                choices=[("confirm", _("Still needed")), ("end", _("End it now"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Confirm this role or end it.")},
            )
            self.fields[f"why_{item.id}"] = forms.CharField(
                label=_("Reason, if it ends"), required=False, max_length=300
            )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Return each membership with its two fields."""
        return [(item, self[f"keep_{item.id}"], self[f"why_{item.id}"]) for item in self.items]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for item in self.items:
            ends = cleaned.get(f"keep_{item.id}") == "end"
            if ends and not (cleaned.get(f"why_{item.id}") or "").strip():
                self.add_error(f"why_{item.id}", _("Say why it ends."))
        return cleaned

    def decisions(self) -> tuple[dict[str, str], frozenset[str]]:
        """Return the reasons of those that end, by membership, and those that are confirmed."""
        given = self.cleaned_data
        ending = [item.id for item in self.items if given[f"keep_{item.id}"] == "end"]
        endings = {id_: given[f"why_{id_}"] for id_ in ending}
        return endings, frozenset(item.id for item in self.items) - set(ending)

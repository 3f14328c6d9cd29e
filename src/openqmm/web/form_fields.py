"""How one bound form field is laid out: which component, which classes, which anchor."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "usa-textarea"),
    (forms.SelectMultiple, "usa-select usa-select--multiple"),
    (forms.Select, "usa-select"),
    (forms.ClearableFileInput, "qmm-file"),
    (forms.DateInput, "usa-input qmm-input--date"),
    (forms.NumberInput, "usa-input qmm-input--number"),
)


@dataclass(frozen=True, slots=True)
class LaidOutField:
    """A bound field with the component its widget calls for and its rendered control."""

    bound: BoundField
    kind: str
    control: SafeString | str
    anchor: str
    described_by: str


def laid_out(bound: BoundField) -> LaidOutField:
    """Return the field ready for its template."""
    widget = bound.field.widget
    kind = _kind(widget)
    control = "" if kind in {"radio", "checkboxes"} else _control(bound, kind)
    return LaidOutField(bound, kind, control, anchor(bound), bound.aria_describedby or "")


def anchor(bound: BoundField) -> str:
    """Return the id a link must point at so that focus lands in the field's first control."""
    if isinstance(bound.field.widget, GROUPS):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radio"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "control"


def _control(bound: BoundField, kind: str) -> SafeString:
    if kind == "hidden":
        return bound.as_widget()
    attrs: dict[str, str | bool] = {"class": _classes(bound, kind)}
    # Django leaves this out for widgets it would itself put in a fieldset, such as file inputs.
    if bound.aria_describedby:
        attrs["aria-describedby"] = bound.aria_describedby
    return bound.as_widget(widget=_dated(bound.field.widget), attrs=attrs)


def _dated(widget: forms.Widget) -> forms.Widget:
    """Return a date widget as the browser's own date control, anything else as it is.

    The browser's control sends and expects ISO dates whatever the reader's language.
    """
    if not isinstance(widget, forms.DateInput) or widget.input_type != "text":
        return widget
    dated = copy.copy(widget)
    dated.input_type = "date"
    dated.format = "%Y-%m-%d"
    return dated


def _classes(bound: BoundField, kind: str) -> str:
    widget = bound.field.widget
    default = "usa-checkbox__input" if kind == "checkbox" else "usa-input"
    base = next((name for family, name in CLASSES if isinstance(widget, family)), default)
    error = "usa-input--error" if bound.errors else ""
    return " ".join(part for part in (widget.attrs.get("class", ""), base, error) if part)

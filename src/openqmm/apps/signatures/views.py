"""What the pages of signed records have in common: the panel to sign in, the signature's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from openqmm.apps.signatures import actions
from openqmm.apps.signatures.actions import Ceremony
from openqmm.apps.signatures.forms import SigningForm
from openqmm.apps.signatures.queries import Paper
from openqmm.core.workflow import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A ceremony and its form, as the template `signatures/panel.html` shows them."""

    ceremony: Ceremony
    form: SigningForm


def panel(by: Actor, paper: Paper, form: SigningForm | None = None) -> Panel:
    """Return the panel in which a person signs `paper`, with a challenge of its own; what was typed
    of passwords and codes is never kept."""
    ceremony = actions.begin(by=by, paper=paper, asks_passkey=True)
    shown = form or SigningForm()
    # How the field is labelled; a passkey may stand in for what is typed.
    shown.fields["code"].required = ceremony.needs_code
    return Panel(ceremony, shown)


def signature_file(request: HttpRequest, record: Any, signature_id: UUID) -> HttpResponse:
    """Return the file of a signature under a record that the person may see, as a download."""
    name, text = actions.offline_copy(by=request.actor, record=record, signature_id=signature_id)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        text, content_type="application/json", headers={"Content-Disposition": disposition}
    )

"""How a test signs on a page: it reads what the page holds out, and hands that in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import models

from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.audit.models import Signature
from openqmm.apps.signatures import actions
from openqmm.apps.signatures.queries import Paper
from openqmm.core.workflow import Actor


def held_out(response: Any) -> dict[str, str]:
    """Return what a signing page puts into its form: the challenge, and ids it gave."""
    page = response.content.decode()
    names = r"(challenge|disclosure_id|event)"
    panel = page[page.index("qmm-sign__form") :]
    panel = panel[: panel.index("</form>")]
    return dict(re.findall(rf'name="{names}" value="([^"]+)"', panel))


def sign(
    opened: OpenEvent, *, by: Actor, record: models.Model, content: Mapping[str, Any], meaning: str
) -> Signature:
    """Put a signature under any record, as if its ceremony had been held."""
    paper = Paper(record, content, meaning)
    confirmed = actions.Confirmed(by, paper.digest(by), secrets.token_hex(16), ("password",))
    return actions.sign(opened, paper=paper, confirmed=confirmed)

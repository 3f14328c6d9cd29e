"""Every read of the programs app."""

from __future__ import annotations

from openqmm.core.workflow import Actor
from openqmm.web.next_steps import NextStep


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the actor must do next here."""
    return []

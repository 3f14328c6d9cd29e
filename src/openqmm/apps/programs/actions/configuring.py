"""The office's own programs: copied from another, changed, and sealed by their announcement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.models import ProgramConfiguration
from openqmm.core.errors import NotFound
from openqmm.core.programs import editing, steps
from openqmm.core.workflow import Actor


@transaction.atomic
def copy_program(
    *, by: Actor, copied_from: str, program_id: str, title: str
) -> ProgramConfiguration:
    """Copy a program under another id; event `program.copied`.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) where the id is
    taken, (InvalidProgram) where it is none, (NotFound) where there is nothing to copy.
    """
    policies.require_permission(policies.office_refusal(by))
    source = queries.known_source(copied_from)
    taken = any(program_id == row.program.id for row in queries.program_rows(by))
    policies.require(steps.program_id_refusal(program_id, taken=taken))
    row = ProgramConfiguration(
        program_id=program_id,
        title=title.strip(),
        source=editing.copied(source, program_id, title.strip()),
        copied_from=copied_from,
    )
    with audit.event(
        by=by, what="program.copied", on=row, sentence=f"copied the program {copied_from}: {title}"
    ) as opened:
        return opened.create(row)


@transaction.atomic
def edit_program(
    *, by: Actor, program_id: str, version: int, changes: Mapping[str, Any], reason: str
) -> ProgramConfiguration:
    """Change what a copied program says; event `program.edited` with the reason, which becomes the
    source of every fact that changed. What stands already, sent again, changes nothing.

    Only a program administrator may (NotPermitted). Refused (NotFound) for a shipped program,
    (TransitionRefused) once an announcement sealed it and without a reason, (InvalidProgram) with
    every fault, and (Stale) where somebody else saved meanwhile.
    """
    policies.require_permission(policies.office_refusal(by))
    row = ProgramConfiguration.objects.select_for_update().filter(program_id=program_id).first()
    if row is None:
        raise NotFound("There is no such program to change.")
    policies.require(steps.program_edit_refusal(sealed=row.sealed_at is not None))
    policies.require(steps.reason_refusal(True, reason))
    source = editing.edited(row.source, changes, reason.strip())
    if source == row.source:
        return row
    audit.require_version(row, version)
    with audit.event(
        by=by,
        what="program.edited",
        on=row,
        sentence=f"edited the program {row.program_id}",
        why=reason.strip(),
    ) as opened:
        return opened.update(row, source=source, title=editing.facts_of(source)["title"])

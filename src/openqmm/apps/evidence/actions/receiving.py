"""Receiving a file from a stranger: into a place of its own, looked over, scanned, or refused."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from openqmm.apps.audit import actions as audit
from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import FileRefused
from openqmm.core.records import LIMITS, FileFacts, FileFault
from openqmm.core.workflow import Actor
from openqmm.vault import FolderStore, Received, ScannerUnavailable, Store, examine
from openqmm.web import clock

_log = logging.getLogger("openqmm.evidence")


@dataclass(frozen=True, slots=True)
class LookedOver:
    """A file that may be kept."""

    received: Received
    facts: FileFacts
    scanned_at: datetime | None


def store() -> Store:
    """Return where the bytes of evidence are: a folder, until an installation needs more."""
    return FolderStore(settings.EVIDENCE_FOLDER)


@contextmanager
def looked_over(
    *, by: Actor, facility: Facility, name: str, content: Iterable[bytes]
) -> Iterator[LookedOver]:
    """Receive a file and yield it if it may be kept; what is not kept in the block is gone.

    Refused (FileRefused) with event `evidence.refused` on the facility's trail, written in a
    transaction of its own.
    """
    with store().receiving(_bounded(content)) as received:
        try:
            facts = _examined(received, name)
            scanned_at = _scanned(received)
        except FileFault as fault:
            _note_refusal(by, facility, name, str(fault))
            raise FileRefused(str(fault)) from None
        yield LookedOver(received, facts, scanned_at)


def _bounded(content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces up to a byte more than is taken; looking it over then says so."""
    left = LIMITS.bytes + 1
    for piece in content:
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _examined(received: Received, name: str) -> FileFacts:
    with received.open() as file:
        return examine(file, name)


def _scanned(received: Received) -> datetime | None:
    """Return when the scanner found the file clean; None where none is set up."""
    scanner = settings.VIRUS_SCANNER
    if scanner is None:
        return None
    try:
        with received.open() as file:
            found = scanner.found_in(file)
    except ScannerUnavailable as reason:
        # Who keeps the installation must hear of it; who sent the file needs no addresses.
        _log.error("The virus scanner gave no answer, and a file was refused: %s", reason)
        raise FileFault(
            "The virus scanner gave no answer, so the file was not taken. Try again later."
        ) from None
    if found:
        raise FileFault(f"The virus scanner found {found} in the file. It was not kept.")
    return clock.now()


def _note_refusal(by: Actor, facility: Facility, name: str, why: str) -> None:
    with audit.event(
        by=by,
        what="evidence.refused",
        on=facility,
        sentence=f"sent the file {name or 'without a name'}, which was refused",
        why=why,
        organisation_id=facility.organisation_id,
    ):
        pass

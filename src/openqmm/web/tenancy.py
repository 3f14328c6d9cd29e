"""Whose records a block of code reads and writes, told to the database.

On PostgreSQL each scope is a transaction, and row-level security holds every statement in it to
the actor's own; outside any scope nothing is seen. On SQLite a scope does nothing: it has one
organisation's data, or a demonstration's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import Http404

from openqmm.core.errors import OpenQMMError
from openqmm.core.workflow import Actor


def scope(by: Actor) -> AbstractContextManager[None]:
    """Read and write what the actor may; what goes wrong inside undoes everything inside.

    Scopes nest: the inner one holds while it lasts. Also a decorator.
    """
    return _telling(_told(by))


@contextmanager
def answering(by: Actor) -> Iterator[None]:
    """As `scope`, for what answers a request: a refusal is an answer, and what was written before
    it stays, as on SQLite. Any other error undoes everything."""
    refused: Exception | None = None
    with scope(by):
        try:
            yield
        except (OpenQMMError, Http404) as refusal:
            refused = refusal
    if refused is not None:
        raise refused


@contextmanager
def apart() -> Iterator[None]:
    """A transaction for what must outlive the refusal that may follow, such as counting an attempt.

    Refused (RuntimeError) inside any transaction but a request's own, which a refusal does not
    undo.
    """
    blocks = connection.atomic_blocks
    own = not blocks or blocks[-1]._from_testcase or len(blocks) == connection.scoped_at
    if not own:
        raise RuntimeError("A durable change cannot be made within another transaction.")
    with transaction.atomic():
        yield


def published(by: Actor) -> AbstractContextManager[None]:
    """As `scope`, and read also what hangs on disclosures meant for the actor: for the directory
    alone."""
    return _telling(_told(by) | {"published": "yes"})


def identity(person_id: UUID | None) -> AbstractContextManager[None]:
    """Read a person's own memberships, before it is known which of them they act by."""
    return _telling(_words(role="identity", person=person_id))


def streamed(by: Actor, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what is sent after its view has returned, in a scope that lasts as long."""
    with scope(by):
        yield from chunks


@contextmanager
def _telling(told: dict[str, str]) -> Iterator[None]:
    with connection.reading_as(told):
        yield


def _told(by: Actor) -> dict[str, str]:
    return _words(
        role=by.role,
        kind=by.organisation_kind,
        organisation=by.organisation_id,
        person=by.person_id,
    )


def _words(**said: Any) -> dict[str, str]:
    every = {"role": None, "kind": None, "organisation": None, "person": None, "published": None}
    return {name: str(value or "") for name, value in (every | said).items()}

"""From what happened to the bytes that are hashed: an event's content, its digests, its entry.

References
----------
docs/reference/audit-trail.md; RFC 8785.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from openqmm.core.records.canonical import plain_json

NO_ENTRY = "0" * 64
"""The `prev` of a trail's first entry."""

INSTALLATION = "00000000-0000-0000-0000-000000000000"
"""The trail of events that belong to no organisation."""

_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what, to which record, when and why; everything is text.

    `event`, `actor_id` and `actor_organisation` are UUIDs in dashed lower case, `at` is UTC with
    six digits of microseconds ("2027-03-01T09:30:00.123456Z").
    """

    event: str
    at: str
    actor_id: str | None
    actor_name: str
    actor_role: str
    actor_organisation: str | None
    what: str
    sentence: str
    why: str
    subject_type: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after, each as the JSON text the database wrote, kept to the byte."""

    table: str
    record: str
    before: str | None
    after: str | None


def change_digest(salt: bytes, text: str | None) -> str | None:
    """Return the digest of a row's text under the event's salt; None for no row."""
    return None if text is None else hashlib.sha256(salt + text.encode()).hexdigest()


def event_content(act: Act, salt: bytes, changes: Iterable[Change]) -> str:
    """Return the canonical text of an event, with the digests of its changes in their order.

    Raises
    ------
    ValueError
        The time is not written as the trail writes times, or a text has no UTF-8 form.
    """
    if not _AT.fullmatch(act.at):
        raise ValueError(f"{act.at!r} is not a UTC time with six digits of microseconds.")
    content = {
        "actor": {
            "id": act.actor_id,
            "name": act.actor_name,
            "organisation": act.actor_organisation,
            "role": act.actor_role,
        },
        "at": act.at,
        "changes": [
            {
                "after": change_digest(salt, change.after),
                "before": change_digest(salt, change.before),
                "record": change.record,
                "table": change.table,
            }
            for change in changes
        ],
        "event": act.event,
        "sentence": act.sentence,
        "subject": {"id": act.subject_id, "type": act.subject_type},
        "what": act.what,
        "why": act.why,
    }
    return plain_json(content)


def content_digest(salt: bytes, content: str) -> str:
    """Return the digest under which an entry knows a content."""
    return hashlib.sha256(salt + content.encode()).hexdigest()


def entry(trail: str, seq: int, prev: str, content: str) -> bytes:
    """Return the canonical bytes of an entry, whose leaf hash is its place in the trail's tree.

    Parameters
    ----------
    trail : the trail's UUID, dashed lower case.
    seq : from 0, without a gap.
    prev : the leaf hash of the entry before, in hexadecimal; `NO_ENTRY` for the first.
    content : the content's digest.
    """
    return f'{{"content":"{content}","prev":"{prev}","seq":{seq},"trail":"{trail}"}}'.encode()

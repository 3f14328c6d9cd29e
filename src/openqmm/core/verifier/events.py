"""One event: whether its parts give its leaf, and whether its content is what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from openqmm.core.verifier.reading import (
    Unreadable,
    canonical_object,
    is_digest_or_null,
    is_text_or_null,
    is_time,
    is_uuid,
    is_uuid_or_null,
    misfits,
)

NO_ENTRY = "0" * 64

_ACTOR = {"id": is_uuid_or_null, "name": str, "organisation": is_uuid_or_null, "role": str}
_SUBJECT = {"id": str, "type": str}
_CONTENT = {
    "actor": lambda actor: misfits(actor, _ACTOR) is None,
    "at": is_time,
    "changes": list,
    "event": is_uuid,
    "sentence": str,
    "subject": lambda subject: misfits(subject, _SUBJECT) is None,
    "what": str,
    "why": str,
}
_DIGESTS = {
    "after": is_digest_or_null,
    "before": is_digest_or_null,
    "record": str,
    "table": str,
}
CHANGE = {
    "after": is_text_or_null,
    "before": is_text_or_null,
    "record": str,
    "table": str,
}


def salted(salt: bytes, text: str) -> str:
    """Return the digest of a text under a salt; text that has no UTF-8 form fits no digest."""
    return sha256(salt + text.encode("utf-8", "surrogatepass")).hexdigest()


def leaf_of(trail: str, seq: int, prev: str, content: str) -> bytes:
    """Return the leaf hash of an entry; `content` is the content's digest."""
    entry = f'{{"content":"{content}","prev":"{prev}","seq":{seq},"trail":"{trail}"}}'
    return sha256(b"\x00" + entry.encode()).digest()


def read_content(content: str) -> dict[str, Any]:
    """Return the facts of a content, canonical and complete (Unreadable)."""
    facts = canonical_object(content)
    fault = misfits(facts, _CONTENT)
    if fault is None:
        fault = next(filter(None, (misfits(one, _DIGESTS) for one in facts["changes"])), None)
    if fault is not None:
        raise Unreadable(f"does not hold the facts of an event: {fault}")
    return facts


def event_faults(trail: str, event: Mapping[str, Any]) -> tuple[list[str], dict[str, Any] | None]:
    """Return what is wrong inside one event, and the facts of its content if it can be read.

    The event's own fields are of the right shape already: seq, prev, leaf, salt, content, changes.
    """
    salt, content = bytes.fromhex(event["salt"]), event["content"]
    leaf = leaf_of(trail, event["seq"], event["prev"], salted(salt, content))
    faults = []
    if leaf.hex() != event["leaf"]:
        faults.append("the salt and content do not give the digest of its entry")
    try:
        facts = read_content(content)
    except Unreadable as unreadable:
        return [*faults, f"its content {unreadable}"], None
    faults += _change_faults(salt, facts["changes"], event["changes"])
    return faults, facts


def _change_faults(
    salt: bytes, stated: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]
) -> list[str]:
    faults = []
    for digests, row in zip(stated, found, strict=False):
        where = f"{row['table']} {row['record']}"
        if digests["table"] != row["table"] or digests["record"] != row["record"]:
            faults.append(
                f"its content tells of a change of {digests['table']} {digests['record']}, "
                f"but one of {where} stands there"
            )
            continue
        for side in ("before", "after"):
            text = row[side]
            if digests[side] != (None if text is None else salted(salt, text)):
                faults.append(f"{where}: the text of “{side}” is not the one its content tells of")
    if len(stated) != len(found):
        faults.append(f"its content tells of {len(stated)} changes, but {len(found)} stand there")
    return faults

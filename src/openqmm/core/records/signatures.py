"""From what a person signs to the digests that bind it (docs/reference/signatures.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from openqmm.core.records.canonical import canonical_json, sha256_hex

SIGNATURE_FORMAT = "openqmm-signature/1"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as their name is printed; ids as text."""

    id: str
    name: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class SignedFacts:
    """What a signature adds to its statement; `signed_at` in UTC with six digits and a Z."""

    id: str
    digest: str
    signed_at: str
    zone: str
    challenge: str
    components: Sequence[str]


def statement(
    content: Mapping[str, Any], *, meaning: str, record: tuple[str, str], signer: Signer
) -> str:
    """Return the canonical text of what is signed: the content, and by whom, under which record,
    meaning what. Under another record, person or meaning the same content is another text.

    Parameters
    ----------
    content : JSON data; numbers that matter as text.
    meaning : what the signature says.
    record : type and id of the record.
    signer : who signs.
    """
    kind, id_ = record
    whole = {
        "content": dict(content),
        "meaning": meaning,
        "record": {"id": id_, "type": kind},
        "signer": asdict(signer),
    }
    return canonical_json(whole).decode()


def statement_digest(text: str) -> str:
    """Return the digest by which a statement is known, in hexadecimal."""
    return sha256_hex(text.encode())


def binding(facts: SignedFacts) -> str:
    """Return the digest that binds a signature's own facts to its statement's digest."""
    whole = asdict(facts) | {"components": list(facts.components)}
    return sha256_hex(canonical_json(whole))

"""Signed notes, checkpoints and log proofs as a reader takes them apart (C2SP formats).

A known key's signature that fails condemns the note; signatures of unknown keys are ignored.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from openqmm.core.verifier.reading import LARGEST, Unreadable

LONGEST_NOTE = 100_000
_PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a log's key, as its vkey text gives it."""

    name: str
    key_id: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says, and its signatures as (name, key id, signature)."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class LogProof:
    """A leaf's place and path under a checkpoint."""

    index: int
    path: list[bytes]
    checkpoint: Checkpoint


def read_keys(vkeys: str) -> list[VerifierKey]:
    """Return the keys in a text of one or more vkeys, apart by white space (Unreadable)."""
    found = [_read_key(vkey) for vkey in vkeys.split()]
    if not found:
        raise Unreadable("holds no key")
    return found


def _read_key(vkey: str) -> VerifierKey:
    name, plus, rest = vkey.partition("+")
    stated, second, encoded = rest.partition("+")
    _encoded(vkey, "key")
    raw = _decoded(encoded) if name and plus and second else b""
    if len(raw) != 33 or raw[0] != 1:
        raise Unreadable("is not an Ed25519 key of the form name+id+key")
    key_id = sha256(name.encode() + b"\n" + raw).digest()[:4]
    if stated != key_id.hex():
        raise Unreadable("has an id that is not that of its key")
    return VerifierKey(name, key_id, raw[1:])


def read_checkpoint(note: str) -> Checkpoint:
    """Return what a signed checkpoint says, its signatures not yet checked (Unreadable)."""
    _encoded(note, "checkpoint")
    text, blank, tail = note.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or not tail.endswith("\n") or len(lines) != 3:
        raise Unreadable("is not a signed checkpoint")
    root = _decoded(lines[2])
    if not lines[0] or not _NUMBER.fullmatch(lines[1]) or len(root) != 32:
        raise Unreadable("does not state an origin, a size and a root")
    size = int(lines[1])
    if size > LARGEST:
        raise Unreadable("states a size beyond 2**53")
    signatures = tuple(_signature(line) for line in tail[:-1].split("\n"))
    return Checkpoint(lines[0], size, root, text + "\n", signatures)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    raw = _decoded(parts[2]) if len(parts) == 3 and parts[0] == "—" and parts[1] else b""
    if len(raw) < 5:
        raise Unreadable("has a signature line that is malformed")
    return parts[1], raw[:4], raw[4:]


def read_log_proof(text: str) -> LogProof:
    """Return what a `tlog-proof` says (Unreadable)."""
    _encoded(text, "log proof")
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(lines) < 2 or lines[0] != _PROOF_HEADER or not lines[1].startswith("index "):
        raise Unreadable("is not a log proof of version 1 without extra data")
    index = lines[1].removeprefix("index ")
    path = [_decoded(line) for line in lines[2:]]
    if not _NUMBER.fullmatch(index) or len(path) > 64 or any(len(node) != 32 for node in path):
        raise Unreadable("has a malformed index or path")
    return LogProof(int(index), path, read_checkpoint(note))


def signature_fault(checkpoint: Checkpoint, keys: list[VerifierKey]) -> str | None:
    """Return why the checkpoint is not vouched for by one of `keys`, or None if it is."""
    vouched = False
    for key in keys:
        for name, key_id, signature in checkpoint.signatures:
            if (name, key_id) != (key.name, key.key_id):
                continue
            if not _signed(key.public, signature, checkpoint.text.encode()):
                return f"the signature of {key.name} does not fit it"
            if checkpoint.origin != key.name:
                return f"the key of {key.name} signed it, but it is of another log"
            vouched = True
    return None if vouched else f"no signature of {keys[0].name} stands under it"


def _signed(public: bytes, signature: bytes, text: bytes) -> bool:
    # Here, not above: without a key the verifier runs on the standard library alone.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _encoded(text: str, what: str) -> bytes:
    if len(text) > LONGEST_NOTE:
        raise Unreadable(f"is longer than any {what}")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Unreadable("holds bytes that are not UTF-8") from None


def _decoded(text: str) -> bytes:
    """Return base64 decoded, or nothing where another spelling of the same bytes stands."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""

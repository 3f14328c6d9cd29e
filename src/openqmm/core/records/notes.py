"""Signed checkpoints, and the proofs that hang on them, in formats other tools read.

Followed to the letter: C2SP signed-note (key names, key ids, the note's layout; signature type
0x01, Ed25519 over the note's text), tlog-checkpoint (origin, size in decimal, root in base64, no
extension lines; the key's name is the origin) and tlog-proof (header, `index`, hashes in base64
from the leaf's neighbour upwards, an empty line, the checkpoint verbatim; no `extra` line).

References
----------
c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-proof; RFC 8032.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

_ED25519 = b"\x01"
_NAME = re.compile(r"[^\s+\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A log's key under its name, which is also the origin of its checkpoints.

    Parameters
    ----------
    name : such as "openqmm.example/trail": no space, no plus.
    private : the Ed25519 key.

    Raises
    ------
    ValueError
        The name cannot stand in a note.
    """

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no key name: no space, no plus, not empty.")

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """Return the key made of 32 random bytes the caller drew."""
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_pem(cls, name: str, pem: bytes) -> Self:
        """Return the key kept in a PEM file (ValueError if it holds another kind)."""
        private = load_pem_private_key(pem, password=None)
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("The file holds a key of another kind; expected Ed25519.")
        return cls(name, private)

    def to_pem(self) -> bytes:
        """Return the private key as PEM (PKCS #8, not encrypted): keep it off the database."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def vkey(self) -> str:
        """Return the public half as `name+key id+base64`: what a verifier is given."""
        key = base64.b64encode(_ED25519 + self._public()).decode()
        return f"{self.name}+{self._id().hex()}+{key}"

    def sign(self, text: str) -> str:
        """Return the note: `text`, which ends in a newline, and this key's signature line."""
        signature = base64.b64encode(self._id() + self.private.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n"

    def sign_checkpoint(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of a tree. Never sign two that contradict each other."""
        return self.sign(f"{self.name}\n{size}\n{base64.b64encode(root).decode()}\n")

    def _public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _id(self) -> bytes:
        named = self.name.encode() + b"\n" + _ED25519 + self._public()
        return hashlib.sha256(named).digest()[:4]


def tlog_proof(index: int, path: Iterable[bytes], checkpoint: str) -> str:
    """Return the text that proves a leaf's place under a signed checkpoint.

    Parameters
    ----------
    index : the leaf's position, from 0.
    path : its inclusion path in the tree the checkpoint signs.
    checkpoint : the signed note, verbatim.
    """
    hashes = "".join(f"{base64.b64encode(node).decode()}\n" for node in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{checkpoint}"

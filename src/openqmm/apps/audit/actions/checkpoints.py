"""The folder outside the database in which signed checkpoints are kept, and the key."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from openqmm.core.records.notes import SigningKey


@dataclass(frozen=True, slots=True)
class Published:
    """What a published checkpoint says of the installation's tree."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class CheckpointFolder:
    """One file a checkpoint, named by the size of the tree it signs."""

    path: Path

    def read(self, size: int) -> str | None:
        """Return the checkpoint of a size, or None."""
        file = self._file(size)
        return file.read_text(encoding="utf-8") if file.exists() else None

    def newest(self) -> Published | None:
        """Return the checkpoint of the largest tree, or None while there is none."""
        files = sorted(self.path.glob("checkpoint-*.txt"))
        if not files:
            return None
        _origin, size, root, *_ = files[-1].read_text(encoding="utf-8").splitlines()
        return Published(int(size), base64.b64decode(root))

    def write(self, size: int, text: str) -> None:
        """Write a checkpoint so that it is there whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        building = self.path / f".{secrets.token_hex(8)}"
        with building.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        building.rename(self._file(size))

    def _file(self, size: int) -> Path:
        return self.path / f"checkpoint-{size:010}.txt"


def configured_folder() -> CheckpointFolder:
    """Return the folder that OPENQMM_CHECKPOINTS names."""
    return CheckpointFolder(Path(settings.CHECKPOINTS))


def configured_key() -> SigningKey:
    """Return the installation's checkpoint key, made on first need.

    The file is readable by its owner alone and lies beside the database, never in it; a backup
    leaves it out.
    """
    file = Path(settings.CHECKPOINT_KEY)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = SigningKey.from_seed(settings.CHECKPOINT_ORIGIN, secrets.token_bytes(32))
        # Exclusive: of two processes that find no key, one makes it and the other reads it.
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return configured_key()
        with os.fdopen(descriptor, "wb") as target:
            target.write(made.to_pem())
    return SigningKey.from_pem(settings.CHECKPOINT_ORIGIN, file.read_bytes())

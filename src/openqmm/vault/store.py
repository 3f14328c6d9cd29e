"""Original bytes, each file kept under its SHA-256 in the part of the store its owner has.

The parts are apart so that nobody learns whether somebody else has sent the same bytes. Nothing is
served that does not still have its digest.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID, uuid4

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_PIECE_BYTES = 1 << 20
_INCOMING = "incoming"
_HALF_WRITTEN = ".part"


class FileMissing(Exception):
    """The file is not in the store."""


class FileDamaged(Exception):
    """The file in the store is not the one that was put there."""


@dataclass(slots=True)
class Received:
    """A file that has been received whole and is not kept yet."""

    path: Path
    sha256: str
    size: int

    def open(self) -> BinaryIO:
        """Open it for reading."""
        return self.path.open("rb")


class Store(Protocol):
    """Where original bytes are kept; a folder here, object storage in a larger installation."""

    def receiving(self, pieces: Iterable[bytes]) -> AbstractContextManager[Received]:
        """Receive a file; what is not kept by the end of the block is gone."""

    def keep(self, owner: UUID, received: Received) -> None:
        """Keep a received file for good."""

    def verified(self, owner: UUID, sha256: str) -> BinaryIO:
        """Open a kept file after hashing it again; FileMissing, FileDamaged."""

    def kept(self) -> Iterator[tuple[UUID, str]]:
        """Yield owner and digest of every kept file."""

    def sweep(self, older_than_seconds: float) -> int:
        """Remove what an interrupted reception left behind; return how many files."""


class FolderStore:
    """A store in a folder of this machine, of which no web server serves anything."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def incoming(self) -> Path:
        """The folder of what is being received: on the same file system, so that a file moves into
        its place in one step."""
        path = self.folder / _INCOMING
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    @contextmanager
    def receiving(self, pieces: Iterable[bytes]) -> Iterator[Received]:
        """Receive a file; what is not kept by the end of the block is gone."""
        path = self.incoming / f"{uuid4()}{_HALF_WRITTEN}"
        try:
            yield _written(path, pieces)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, owner: UUID, received: Received) -> None:
        """Keep a received file for good.

        A file of the same bytes that this owner has already is written over with them: that heals
        one that was damaged and changes nothing otherwise.
        """
        place = self._place(owner, received.sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        received.path.replace(place)
        # The new name is only safe once its folder is; so is each folder that may be new.
        for folder in (place.parent, place.parent.parent, self.folder):
            _sync_folder(folder)

    def verified(self, owner: UUID, sha256: str) -> BinaryIO:
        """Open a kept file after hashing it again.

        Raises
        ------
        FileMissing, FileDamaged
            There is no such file, or it no longer has its digest.
        """
        try:
            descriptor = os.open(self._place(owner, sha256), os.O_RDONLY | os.O_NOFOLLOW)
        except OSError as error:
            raise FileMissing(f"{owner}/{sha256}: {error.strerror}") from None
        file = os.fdopen(descriptor, "rb")
        try:
            digest = _digest(file)
        except OSError as error:
            file.close()
            raise FileDamaged(f"{owner}/{sha256} cannot be read: {error.strerror}") from None
        if digest != sha256:
            file.close()
            raise FileDamaged(f"{owner}/{sha256} has the digest {digest}")
        file.seek(0)
        return file

    def kept(self) -> Iterator[tuple[UUID, str]]:
        """Yield owner and digest of every kept file."""
        for path in sorted(self.folder.glob("*/??/*")):
            owner, start, rest = path.relative_to(self.folder).parts
            if owner != _INCOMING and _DIGEST.match(start + rest):
                yield UUID(owner), start + rest

    def sweep(self, older_than_seconds: float) -> int:
        """Remove what an interrupted reception left behind; return how many files."""
        before = time.time() - older_than_seconds
        swept = 0
        for path in self.incoming.iterdir():
            if path.stat().st_mtime <= before:
                path.unlink(missing_ok=True)
                swept += 1
        return swept

    def _place(self, owner: UUID, sha256: str) -> Path:
        if not _DIGEST.match(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256 in hexadecimal.")
        return self.folder / str(UUID(str(owner))) / sha256[:2] / sha256[2:]


def _written(path: Path, pieces: Iterable[bytes]) -> Received:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return Received(path, digest.hexdigest(), size)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

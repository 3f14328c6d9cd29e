"""Original bytes are kept whole under their digest, apart by owner, and hashed on every read."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from openqmm.vault import FileDamaged, FileMissing, FolderStore

ALDER, BIRCH = UUID(int=1), UUID(int=2)
CONTENT = b"Synthetic batch record"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "evidence")


def _keep(store: FolderStore, owner: UUID = ALDER, content: bytes = CONTENT) -> str:
    with store.receiving([content[:5], content[5:]]) as received:
        assert received.size == len(content)
        store.keep(owner, received)
        return received.sha256


def _place(store: FolderStore, owner: UUID = ALDER) -> Path:
    return store.folder / str(owner) / DIGEST[:2] / DIGEST[2:]


def test_a_file_is_kept_under_its_digest(store: FolderStore) -> None:
    assert _keep(store) == DIGEST
    with store.verified(ALDER, DIGEST) as file:
        assert file.read() == CONTENT
    assert _place(store).stat().st_mode & 0o777 == 0o400
    assert list(store.kept()) == [(ALDER, DIGEST)]
    assert not list(store.incoming.iterdir())


def test_owners_do_not_share_a_file(store: FolderStore) -> None:
    """Or a rival would learn, by what its own upload changes, that the bytes are here."""
    _keep(store, ALDER)
    with pytest.raises(FileMissing):
        store.verified(BIRCH, DIGEST)
    _keep(store, BIRCH)
    assert _place(store, ALDER).stat().st_ino != _place(store, BIRCH).stat().st_ino


@pytest.mark.requirement("R40")
@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_is_never_served(store: FolderStore, bit: int) -> None:
    _keep(store)
    damaged = bytearray(CONTENT)
    damaged[7] ^= 1 << bit
    _place(store).chmod(0o600)
    _place(store).write_bytes(damaged)
    with pytest.raises(FileDamaged):
        store.verified(ALDER, DIGEST)


def test_a_file_sent_again_heals_a_damaged_one(store: FolderStore) -> None:
    _keep(store)
    _place(store).unlink()
    _place(store).write_bytes(b"else")
    _keep(store)
    store.verified(ALDER, DIGEST).close()


def test_what_is_not_kept_is_gone(store: FolderStore) -> None:
    with store.receiving([CONTENT]):
        pass
    with pytest.raises(ConnectionError), store.receiving(_cut_off()):
        pass
    assert not list(store.incoming.iterdir())
    assert not list(store.kept())


def _cut_off() -> object:
    yield b"half"
    raise ConnectionError


def test_a_link_is_not_followed(store: FolderStore, tmp_path: Path) -> None:
    _keep(store)
    (tmp_path / "elsewhere").write_bytes(CONTENT)
    _place(store).unlink()
    _place(store).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileMissing):
        store.verified(ALDER, DIGEST)


@pytest.mark.parametrize("digest", ["", "../../secret-key", "AB" * 32, "ab" * 31 + "/."])
def test_what_is_no_digest_names_no_file(store: FolderStore, digest: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        store.verified(ALDER, digest)


def test_what_a_killed_server_left_is_swept(store: FolderStore) -> None:
    program = (
        "import sys, time, pathlib\n"
        "from openqmm.vault import FolderStore\n"
        "def pieces():\n"
        "    yield b'half' * 100_000\n"
        "    print('half', flush=True)\n"
        "    time.sleep(60)\n"
        f"with FolderStore(pathlib.Path({str(store.folder)!r})).receiving(pieces()): pass\n"
    )
    path = os.pathsep.join(sys.path)
    running = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={"PYTHONPATH": path}
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    running.communicate()
    left = list(store.incoming.iterdir())
    assert len(left) == 1
    assert store.sweep(3_600) == 0
    os.utime(left[0], (time.time() - 4_000,) * 2)
    assert store.sweep(3_600) == 1
    assert not list(store.kept())

"""The installation's seal on files that leave it."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from openqmm.reports.pdf_seal import Sealer, SealKey
from openqmm.web import clock


def sealed_pdf(pdf: bytes) -> bytes:
    """Return a PDF with the installation's seal (PAdES); no record is changed, no event written.

    The key is made on first need, in a file of its own that its owner alone reads, outside the
    database and its backup; an operator may name another.
    """
    key, certificate = Path(settings.SEAL_KEY), Path(settings.SEAL_CERTIFICATE)
    if not key.exists() or not certificate.exists():
        _make(key, certificate)
    stamp = (key.stat().st_mtime_ns, certificate.stat().st_mtime_ns)
    return _sealer(key, certificate, settings.SEAL_TIMESTAMPS, stamp).seal(pdf)


@lru_cache(maxsize=2)
def _sealer(key: Path, certificate: Path, timestamps: str, _stamp: tuple[int, int]) -> Sealer:
    return Sealer(SealKey(key.read_bytes(), certificate.read_bytes()), timestamps)


def _make(key: Path, certificate: Path) -> None:
    made = SealKey.make(settings.CHECKPOINT_ORIGIN, clock.now())
    key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The certificate goes first and under another name, so that of two processes which find no key
    # one makes both and the other reads both.
    building = certificate.with_suffix(f".{os.getpid()}")
    building.write_bytes(made.certificates)
    try:
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        building.unlink()
        if not certificate.exists():
            raise FileNotFoundError(
                f"There is the key {key} and no certificate {certificate}. Give both, or neither."
            ) from None
        return
    building.rename(certificate)
    with os.fdopen(descriptor, "wb") as target:
        target.write(made.key)

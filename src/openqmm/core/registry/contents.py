"""Where the bytes of a table come from: a file, or a member of the archive it was sent in."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from openqmm.core.errors import InvalidRecords, Problem

SNIFFED_BYTES = 4096
ZIP = b"PK\x03\x04"

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MOST_MEMBERS = 100
_MOST_UNPACKED = 2 << 30
# Tables pack to a tenth, repetitive JSON to a fortieth; a hundredfold is a bomb.
_MOST_RATIO = 100
_RATIO_FROM_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that may hold a table.

    `member` is the name inside an archive, "" for a file by itself; `beside` names all that the
    archive holds.
    """

    open: Callable[[], AbstractContextManager[BinaryIO]]
    member: str = ""
    beside: str = ""

    def start(self) -> bytes:
        """Return the first bytes, by which the form is told."""
        with self.open() as file:
            return file.read(SNIFFED_BYTES)


def refusal(path: Path, found: str, expected: str) -> InvalidRecords:
    """Return the error for a file that is not what it was said to be: found, then expected."""
    return InvalidRecords(path.name, [Problem(f"{found}. Expected {expected}.")])


def whole_file(path: Path) -> Content:
    """Return a file as its own content."""
    return Content(lambda: path.open("rb"))


def is_web_page(start: bytes) -> bool:
    """Return True for a web page or XML."""
    return start.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")


def is_json(start: bytes) -> bool:
    """Return True for JSON that can hold records: an object or a list."""
    return start.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith((b"{", b"["))


def foreign_content(start: bytes) -> str | None:
    """Name content that is neither delimited text nor a workbook; None when it may be text."""
    text = start.removeprefix(_BYTE_ORDER_MARK).strip()
    if not text and len(start) < SNIFFED_BYTES:
        return "It is empty"
    # The registration host answers unknown clients with an apology page and status 200.
    if is_web_page(start):
        return "It is a web page or XML (it starts with '<'), perhaps an error page of the source"
    if start.startswith(_OLD_EXCEL):
        return "It is an old (.xls) or password-protected Excel workbook; save it as .xlsx or CSV"
    if start.startswith(_UTF16_MARKS) or b"\x00" in start:
        return "It is binary or UTF-16 text; save it as UTF-8 CSV"
    return None


def is_workbook(path: Path, expected: str) -> bool:
    """Return True when a zip archive is a workbook.

    Raises
    ------
    InvalidRecords
        The archive is damaged.
    """
    return any(member.filename.startswith("xl/") for member in _listed(path, expected))


def archived_contents(path: Path, expected: str) -> list[Content]:
    """Return the members of a zip archive that may hold a table, as the archive orders them.

    Raises
    ------
    InvalidRecords
        The archive is damaged, holds nothing that can be read, or would unpack beyond bounds.
    """
    members = [member for member in _listed(path, expected) if not member.is_dir()]
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > _MOST_MEMBERS:
        found = f"It is a zip archive of {len(members):,} files, more than {_MOST_MEMBERS}"
        raise refusal(path, found, expected)
    if unpacked > _MOST_UNPACKED:
        found = f"It is a zip archive that unpacks to more than {_MOST_UNPACKED >> 20:,} MB"
        raise refusal(path, found, expected)
    if unpacked > _RATIO_FROM_BYTES and unpacked > packed * _MOST_RATIO:
        found = f"It is a zip archive that unpacks to more than {_MOST_RATIO} times its size"
        raise refusal(path, found, expected)
    beside = ", ".join(member.filename for member in members[:3]) or "nothing"
    contents = [
        Content(partial(_opened, path, member.filename, expected), member.filename, beside)
        for member in members
    ]
    # The old workbook that is shipped beside the registration text file is passed over here.
    readable = [content for content in contents if _may_hold_a_table(content)]
    if not readable:
        found = f"It is a zip archive (it holds {beside}) without a text or JSON file"
        raise refusal(path, found, expected)
    return readable


def _may_hold_a_table(content: Content) -> bool:
    start = content.start()
    return not start.startswith(ZIP) and foreign_content(start) is None


def _listed(path: Path, expected: str) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        found = "It is a damaged zip archive or workbook; download it again"
        raise refusal(path, found, expected) from error


@contextmanager
def _opened(path: Path, member: str, expected: str) -> Iterator[BinaryIO]:
    # A member never yields more than its stated size, and its checksum is checked at its end.
    try:
        with zipfile.ZipFile(path) as archive, _member(archive, member) as file:
            # Unpacked members are slow to read by line without a buffer.
            yield cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", file)))
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        found = f"It is a damaged zip archive ({member}: {error}); download it again"
        raise refusal(path, found, expected) from error
    except _Locked as error:
        found = f"It is a zip archive whose {member} cannot be unpacked ({error})"
        raise refusal(path, found, expected) from error


class _Locked(Exception):
    """A member is encrypted or packed in an unknown way."""


def _member(archive: zipfile.ZipFile, member: str) -> BinaryIO:
    try:
        return cast("BinaryIO", archive.open(member))
    except (RuntimeError, NotImplementedError) as error:
        raise _Locked(str(error)) from error

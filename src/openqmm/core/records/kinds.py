"""The kinds of file that are taken as evidence, and how their bytes begin."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_NAME = 200
"""Characters of a file's name that are kept."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its name's endings, its media type, and the bytes it begins with.

    Text has no such bytes: `marks` is empty, and what must not stand in it is looked for instead.
    """

    title: str
    media_type: str
    endings: tuple[str, ...]
    marks: tuple[bytes, ...] = ()

    def begins(self, head: bytes) -> bool:
        """Return whether a file that begins with `head` may be of this kind."""
        return head.startswith(self.marks) if self.marks else not _foreign_mark(head)


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileKind("PDF document", "application/pdf", ("pdf",), (b"%PDF-",))
PNG = FileKind("PNG picture", "image/png", ("png",), (b"\x89PNG\r\n\x1a\n",))
JPEG = FileKind("JPEG picture", "image/jpeg", ("jpg", "jpeg"), (b"\xff\xd8\xff",))
XLSX = FileKind("Excel workbook", f"{_OFFICE}spreadsheetml.sheet", ("xlsx",), (b"PK\x03\x04",))
DOCX = FileKind("Word document", f"{_OFFICE}wordprocessingml.document", ("docx",), (b"PK\x03\x04",))
CSV = FileKind("table as text", "text/csv", ("csv",))
TXT = FileKind("plain text", "text/plain", ("txt",))

KINDS = (PDF, PNG, JPEG, XLSX, DOCX, CSV, TXT)
BY_ENDING: Mapping[str, FileKind] = {ending: kind for kind in KINDS for ending in kind.endings}

# How files begin that are not taken, or not under the name of text.
_FOREIGN_MARKS: Mapping[bytes, str] = {
    b"%PDF-": "a PDF document",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"PK": "an archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an old or encrypted Office document",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"#!": "a program",
    b"{\\rtf": "a rich text document",
    b"GIF8": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"\x1f\x8b": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive",
    b"<": "a web page or an XML document",
    b"\xef\xbb\xbf<": "a web page or an XML document",
}


def kind_of(name: str) -> FileKind | None:
    """Return the kind that a file's name says it is of, or None for a kind that is not taken."""
    return BY_ENDING.get(name.rpartition(".")[2].lower()) if "." in name else None


def kind_fault(name: str, head: bytes) -> str | None:
    """Return why a file of this name that begins with `head` is not taken, or None."""
    kind = kind_of(name)
    if kind is None:
        taken = ", ".join(f".{ending}" for ending in BY_ENDING)
        return f"Files of this kind are not taken. These are: {taken}."
    if not head:
        return "The file is empty."
    if kind.begins(head):
        return None
    found = _foreign_mark(head)
    is_what = f"it is {found}" if found else "it is not"
    return f"The name says that this is a {kind.title}, but by its content {is_what}."


def safe_name(name: str) -> str:
    """Return a file's name as it may be kept: no folders, no control or direction characters.

    The ending stays when the name is cut. A name of which nothing is left is empty.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        " " if character.isspace() else character
        for character in last
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    plain = " ".join(seen.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= LONGEST_NAME or not dot or len(ending) > 10:
        return plain[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"


def _foreign_mark(head: bytes) -> str | None:
    start = head.lstrip(b" \t\r\n")
    return next(
        (title for mark, title in _FOREIGN_MARKS.items() if start.startswith(mark)),
        None,
    )

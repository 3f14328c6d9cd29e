"""Office documents from strangers: the archive, its parts, and what must not be in them."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO
from xml.parsers import expat

from openqmm.core.records.kinds import XLSX, FileKind
from openqmm.core.records.looks import MB, FileFacts, FileFault, FileLimits
from openqmm.core.records.sheets import SheetLook, refuse_doctype
from openqmm.core.records.workbooks import unpacked

_SMALL_PART = 4 * MB
"""Below this a part may be packed as tightly as it likes: it costs nothing to unpack."""

_MACROS = re.compile(r"vba|macro", re.IGNORECASE)
_EMBEDDED = re.compile(r"/(embeddings|activex|externallinks|ctrlprops|customui)/", re.IGNORECASE)
_LINKS_THAT_LOAD_NOTHING = ("/hyperlink",)
_MAIN_PART = {True: "xl/workbook.xml", False: "word/document.xml"}
_TEXT_PARTS = (".xml", ".rels")


def look_at_office(file: BinaryIO, kind: FileKind, limits: FileLimits) -> FileFacts:
    """Return what there is to say of an Office document; raise FileFault where it is refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            _look_at_archive(archive, file, kind, limits)
    except FileFault as fault:
        text = str(fault)
        raise FileFault(f"{text[:1].upper()}{text[1:]}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise FileFault(
            f"This is not a {kind.title} that can be opened ({error}). Save it again."
        ) from None
    except (NotImplementedError, RuntimeError):
        raise FileFault(
            "The document is protected by a password or packed in an unknown way. Save a copy "
            "without protection."
        ) from None
    return FileFacts()


def _look_at_archive(
    archive: zipfile.ZipFile, file: BinaryIO, kind: FileKind, limits: FileLimits
) -> None:
    members = archive.infolist()
    _look_at_sizes(members, limits)
    _look_at_places(archive, members, file)
    main = _MAIN_PART[kind is XLSX]
    if main not in {member.filename for member in members}:
        raise FileFault(f"The name says that this is a {kind.title}, but by its content it is not.")
    for member in members:
        _look_at_name(member.filename)
    for member in members:
        _look_at_part(archive, member, limits)


def _look_at_sizes(members: list[zipfile.ZipInfo], limits: FileLimits) -> None:
    if len(members) > limits.members:
        raise FileFault(f"The document has more than {limits.members:,} parts.")
    total = sum(member.file_size for member in members)
    if total > limits.unpacked_bytes:
        raise FileFault(f"The document unpacks to more than {limits.unpacked_bytes // MB} MB.")
    packed = sum(member.compress_size for member in members)
    large = [m for m in members if m.file_size > _SMALL_PART]
    swollen = any(m.file_size > limits.ratio * max(m.compress_size, 1) for m in large)
    if swollen or (total > _SMALL_PART and total > limits.ratio * max(packed, 1)):
        raise FileFault(
            f"The document unpacks to more than {limits.ratio} times its size, as files do that "
            "are made to exhaust a machine."
        )


def _look_at_places(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], file: BinaryIO
) -> None:
    """Refuse parts that share bytes or stand twice, and bytes in front of or behind the archive."""
    names = [member.filename.lower() for member in members]
    if len(set(names)) != len(names):
        raise FileFault("Two parts of the document have the same name.")
    places = sorted((m.header_offset, m.header_offset + 30 + m.compress_size) for m in members)
    overlap = any(end > start for (_, end), (start, _) in pairwise(places))
    file.seek(0)
    if overlap or file.read(4) != b"PK\x03\x04" or (places and places[0][0] != 0):
        raise FileFault("The parts of the document overlap or do not begin at its start.")
    if archive.comment:
        raise FileFault("The document carries bytes behind its end.")


def _look_at_name(name: str) -> None:
    path = "/" + name.replace("\\", "/")
    if "/../" in path or "//" in path or "\\" in name or not name.isprintable():
        raise FileFault("A part of the document has a name that leads out of it.")
    if _MACROS.search(path):
        raise FileFault("The document holds macros. Save a copy without them (.xlsx or .docx).")
    if _EMBEDDED.search(path):
        raise FileFault(
            "The document holds embedded files, controls or links to other files. Send those as "
            "files of their own, and a copy without them."
        )


def _look_at_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: FileLimits) -> None:
    pieces = unpacked(archive, member)
    first = next(pieces, b"")
    name = member.filename.lower()
    if first.startswith((b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"MZ", b"\x7fELF", b"%PDF-")):
        raise FileFault("The document holds another file inside it. Send that on its own.")
    text = name.endswith(_TEXT_PARTS) or first.lstrip().startswith(b"<")
    # Drawings in the old notation are often no well-formed XML.
    if not text or name.endswith(".vml"):
        # Read to its end all the same: that checks that its stated size is its true one.
        for _ in pieces:
            pass
        return
    try:
        _look_at_xml(name, first, pieces, limits)
    except expat.ExpatError as error:
        raise FileFault(f"A part of the document ({name}) is not well-formed: {error}.") from None


def _look_at_xml(name: str, first: bytes, pieces: Iterator[bytes], limits: FileLimits) -> None:
    if name.startswith("xl/") and not name.endswith((".rels", "sharedstrings.xml")):
        look = SheetLook(limits.cells)
        for piece in (first, *pieces):
            look.feed(piece)
        look.close()
        if look.fault:
            raise FileFault(look.fault)
        return
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    if name.endswith(".rels"):
        parser.StartElementHandler = _look_at_relationship
    elif name == "[content_types].xml":
        parser.StartElementHandler = _look_at_content_type
    parser.Parse(first, False)
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _look_at_relationship(_: str, attributes: dict[str, str]) -> None:
    kind = attributes.get("Type", "").lower()
    # A link that a reader may follow loads nothing by itself; anything else does on opening.
    if attributes.get("TargetMode", "").strip().lower() == "external" and not kind.endswith(
        _LINKS_THAT_LOAD_NOTHING
    ):
        raise FileFault(
            "The document loads something from outside when it is opened (a linked picture, "
            "template or workbook). Break its links and save a copy."
        )
    if kind.endswith(("/vbaproject", "/oleobject", "/package", "/control", "/attachedtoolbars")):
        raise FileFault("The document holds macros, embedded files or controls.")


def _look_at_content_type(_: str, attributes: dict[str, str]) -> None:
    stated = attributes.get("ContentType", "").lower()
    if _MACROS.search(stated) or "oleobject" in stated or "activex" in stated:
        raise FileFault("The document holds macros. Save a copy without them (.xlsx or .docx).")

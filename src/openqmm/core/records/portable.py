"""PDF documents from strangers: what they would do when opened, found without rendering them.

The names in the file are read with their escapes undone (`/J#61vaScript`), in the plain part and in
the compressed object streams, where later PDFs keep most of their objects.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from openqmm.core.records.looks import MB, FileFacts, FileFault, FileLimits

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_NAME = re.compile(rb"/((?:[A-Za-z0-9+._-]|#[0-9A-Fa-f]{2})+)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_DICTIONARY_BYTES = 4_096
"""How far in front of a stream its dictionary is looked for."""
_MOST_OBJECT_BYTES = 48 * MB
"""Of all object streams together: they hold text about pages, never the pages' pictures."""

_ACTIONS = {
    b"JavaScript": "runs JavaScript",
    b"JS": "runs JavaScript",
    b"Launch": "starts another program",
    b"XFA": "is a dynamic form (XFA)",
    b"EmbeddedFile": "carries other files inside it",
    b"EmbeddedFiles": "carries other files inside it",
    b"RichMedia": "plays media",
    b"GoToE": "opens a file inside it",
    b"GoToR": "opens another file",
    b"ImportData": "imports data",
    b"SubmitForm": "sends data away",
}


def look_at_pdf(file: BinaryIO, limits: FileLimits) -> FileFacts:
    """Return a PDF's number of pages; refused when it acts on opening, is encrypted or cut off."""
    file.seek(0)
    content = file.read(limits.bytes + 1)
    if b"%%EOF" not in content[-2_048:]:
        raise FileFault("The document is cut off: it does not end as a PDF does. Send it again.")
    pages = 0
    for text in _readable(content, limits):
        pages += _look_at_names(text)
        if pages > limits.pages:
            raise FileFault(f"The document has more than {limits.pages:,} pages. Send it in parts.")
    if not pages:
        raise FileFault("The document has no page that can be found. Print it to PDF again.")
    return FileFacts(pages=pages)


def _look_at_names(text: bytes) -> int:
    if b"#" in text:
        text = _NAME.sub(lambda found: b"/" + _unescaped(found[1]), text)
    names = {found[1] for found in _NAME.finditer(text)}
    if b"Encrypt" in names:
        raise FileFault("The document is encrypted. Save a copy without a password.")
    for name, does in _ACTIONS.items():
        if name in names:
            raise FileFault(f"The document {does}, which evidence may not. Print it to PDF again.")
    return sum(1 for _ in _PAGE.finditer(text))


def _unescaped(name: bytes) -> bytes:
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), name)


def _readable(content: bytes, limits: FileLimits) -> Iterator[bytes]:
    """Yield the parts of a PDF that are objects: what is between streams, and object streams."""
    left = min(limits.unpacked_bytes, _MOST_OBJECT_BYTES)
    start = 0
    while found := _STREAM.search(content, start):
        outside = content[start : found.start()]
        yield outside
        end = content.find(b"endstream", found.end())
        end = len(content) if end < 0 else end
        dictionary = _NAME.sub(lambda n: b"/" + _unescaped(n[1]), outside[-_DICTIONARY_BYTES:])
        if b"/ObjStm" in dictionary.rpartition(b" obj")[2]:
            objects = _inflated(dictionary, content[found.end() : end], left)
            left -= len(objects)
            yield objects
        start = end
    yield content[start:]


def _inflated(dictionary: bytes, packed: bytes, most: int) -> bytes:
    filters = re.findall(rb"/(\w+Decode)", dictionary.rpartition(b" obj")[2])
    if not filters:
        return packed
    if filters != [b"FlateDecode"]:
        raise FileFault("The document is packed in an unusual way. Print it to PDF again.")
    try:
        objects = zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error:
        raise FileFault("The document is damaged. Print it to PDF again.") from None
    if len(objects) > most:
        raise FileFault(f"The document unpacks to more than {most // MB} MB.")
    return objects

"""Files from strangers, looked over by kind before anything else reads them.

Parsing them is work for a process that can be killed (`openqmm.vault.child`): the bounds here keep
honest files cheap, the process keeps the others cheap.
"""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from openqmm.core.records import kinds
from openqmm.core.records.kinds import FileKind, kind_fault, kind_of
from openqmm.core.records.looks import LIMITS, MB, FileFacts, FileFault, FileLimits
from openqmm.core.records.office import look_at_office
from openqmm.core.records.pictures import look_at_jpeg, look_at_png
from openqmm.core.records.portable import look_at_pdf

HEAD_BYTES = 1_024
_PIECE_BYTES = 1 << 20
# Everything below the space apart from tab, line feed, form feed and carriage return.
_NOT_IN_TEXT = bytes(sorted({*range(32), 127} - {9, 10, 12, 13}))
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def look_over(file: BinaryIO, name: str, limits: FileLimits = LIMITS) -> FileFacts:
    """Return what a file says of itself.

    Parameters
    ----------
    file : seekable, read from its start.
    name : as it will be kept; its ending says which kind the file is to be.

    Raises
    ------
    FileFault
        The file is not taken; the text says why and what to do.
    """
    size = file.seek(0, 2)
    if size > limits.bytes:
        raise FileFault(f"The file has more than {limits.bytes // MB} MB, which is the most taken.")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    kind = kind_of(name)
    fault = kind_fault(name, head)
    if kind is None or fault:
        raise FileFault(fault or "")
    _look_for_two_kinds(file, kind, head)
    file.seek(0)
    if kind in {kinds.XLSX, kinds.DOCX}:
        return look_at_office(file, kind, limits)
    if kind is kinds.PDF:
        return look_at_pdf(file, limits)
    if kind is kinds.PNG:
        return look_at_png(file, limits)
    if kind is kinds.JPEG:
        return look_at_jpeg(file, limits)
    return _look_at_text(file, kind)


def _look_for_two_kinds(file: BinaryIO, kind: FileKind, head: bytes) -> None:
    """Refuse a file that another program would take for something else.

    Readers of PDF accept its mark anywhere in the first kilobyte, readers of archives look for
    one at the end.
    """
    archive = kind in {kinds.XLSX, kinds.DOCX}
    if (kind is not kinds.PDF and b"%PDF-" in head) or (not archive and zipfile.is_zipfile(file)):
        raise FileFault("The file is of two kinds at once. Save it again as one of them.")


def _look_at_text(file: BinaryIO, kind: FileKind) -> FileFacts:
    if file.read(2) in _WIDE_MARKS:
        file.seek(0)
        try:
            text = file.read().decode("utf-16")
        except UnicodeDecodeError:
            raise FileFault("The text is damaged: it is no whole UTF-16.") from None
        pieces = iter([text.encode("utf-8", "surrogatepass")])
    else:
        file.seek(0)
        pieces = iter(lambda: file.read(_PIECE_BYTES), b"")
    for piece in pieces:
        if len(piece.translate(None, _NOT_IN_TEXT)) != len(piece):
            raise FileFault(
                f"The name says that this is a {kind.title}, but it holds bytes that no text has."
            )
    return FileFacts()

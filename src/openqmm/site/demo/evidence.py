"""Invented evidence of two facilities: small files, each of which says that it is synthetic."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from openqmm.apps.evidence import actions as evidence
from openqmm.apps.evidence.actions import EvidenceEntry
from openqmm.core.workflow import Actor

SITES = frozenset({"Harbour Light Ophthalmics", "Brigmoor Actives"})
"""The manufacturers whose people the sign-in page offers, or whose assessors it does."""

_NOTICE = "SYNTHETIC: written for a demonstration. No such site, batch or person exists."


def tell(by: Actor, facility_id: Any, day: date) -> Iterator[date]:
    """Keep a facility's files on a day, and a new version of one of them a week later."""
    yield day
    year = day.year - 1
    whole = (date(year, 1, 1), date(year, 12, 31))
    procedure = _kept(
        by, facility_id, "Management review procedure.pdf", _procedure("Version 6"), "confidential"
    )
    _kept(by, facility_id, f"Batch yields {year}.xlsx", _yields(year), "confidential", *whole)
    _kept(by, facility_id, f"Deviations {year}.csv", _deviations(year), "confidential", *whole)
    _kept(by, facility_id, "Gemba board, line 2.png", _board(), "confidential", day, day)
    _kept(by, facility_id, "Notes for our own preparation.txt", _notes(), "internal")
    yield day + timedelta(days=7)
    evidence.add_version(
        by=by,
        evidence_id=procedure.pk,
        entry=EvidenceEntry(procedure.name, procedure.confidentiality),
        content=[_procedure("Version 7")],
        reason="The procedure was revised after the half-year review.",
    )


def _kept(by: Actor, facility_id: Any, name: str, content: bytes, mark: str, *period: date) -> Any:
    entry = EvidenceEntry(name, mark, *period)
    return evidence.add_evidence(by=by, facility_id=facility_id, entry=entry, content=[content])


def _procedure(version: str) -> bytes:
    lines = ("Management review procedure", version, _NOTICE, "1. Who meets, and how often")
    text = b"BT /F1 11 Tf 16 TL 60 780 Td "
    text += b" ".join(b"(%s) Tj T*" % line.encode("ascii") for line in lines) + b" ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    content, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(content + b"startxref\n%d\n%%%%EOF\n" % start)


def _yields(year: int) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Yields")
        sheet.write_string(0, 0, _NOTICE)
        sheet.write_row(1, 0, ("Batch", "Month", "Yield, %"))
        for month in range(1, 13):
            sheet.write_row(month + 1, 0, (f"SYN-{year}-{month:02d}", month, 96 + month % 5 / 2))
    return content.getvalue()


def _deviations(year: int) -> bytes:
    rows = [f"# {_NOTICE}", "Deviation,Opened,Closed,Repeat"]
    rows += [f"SYN-{n:03d},{year}-{n:02d}-03,{year}-{n:02d}-21,no" for n in range(1, 13)]
    return ("\n".join(rows) + "\n").encode()


def _notes() -> bytes:
    return f"{_NOTICE}\nAsk the night shift who takes part in the planning.\n".encode()


def _board() -> bytes:
    """Draw a grey board with lighter cards on it."""
    width, height = 240, 160
    rows = b"".join(
        b"\x00" + bytes(235 if x % 60 > 12 and y % 40 > 10 else 120 for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    notice = b"Comment\x00" + _NOTICE.encode("ascii")
    parts = ((b"IHDR", header), (b"tEXt", notice), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )

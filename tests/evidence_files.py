"""Small honest files of every kind, and files made to hurt who reads them; all made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from xlsxwriter import Workbook

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>{more}</Types>'
)
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "{more}</Relationships>"
)


def xlsx(*cells: tuple[int, int, str]) -> bytes:
    """A workbook with these cells, or one."""
    content = io.BytesIO()
    with Workbook(content) as book:
        sheet = book.add_worksheet()
        for row, column, text in cells or ((0, 0, "Batch"),):
            sheet.write_string(row, column, text)
    return content.getvalue()


def docx(parts: Mapping[str, str | bytes] | None = None, types: str = "") -> bytes:
    """A document of one paragraph, with parts added or replaced."""
    body = "<w:document xmlns:w='w'><w:body><w:p>Synthetic</w:p></w:body></w:document>"
    all_parts = {"[Content_Types].xml": _TYPES.format(more=types), "word/document.xml": body}
    return archive({**all_parts, **(parts or {})})


def docx_linked(kind: str, target: str, mode: str = "External") -> bytes:
    """A document with one relationship."""
    link = f'<Relationship Id="r" Type="{kind}" Target="{target}" TargetMode="{mode}"/>'
    return docx({"word/_rels/document.xml.rels": _RELATIONSHIPS.format(more=link)})


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return content.getvalue()


def pdf(pages: int = 1, more: bytes = b"") -> bytes:
    """A PDF of empty pages; `more` stands among its objects."""
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"] * pages,
    ]
    content = bytearray(b"%PDF-1.7\n")
    places = []
    for number, text in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    content += more
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(content)


def object_stream(objects: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    """A compressed object stream."""
    packed = zlib.compress(objects, 9)
    return b"90 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter %s /Length %d >>\nstream\n%s\n%s" % (
        filters,
        len(packed),
        packed,
        b"endstream\nendobj\n",
    )


def png(width: int = 4, height: int = 3, rows: bytes | None = None) -> bytes:
    """A grey picture; its header may promise another size than its rows have."""
    body = zlib.compress((b"\x00" + b"\x80" * width) * height if rows is None else rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def jpeg(width: int = 4, height: int = 3) -> bytes:
    """The frame of a JPEG around no picture."""
    frame = b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\x00\x02\x00\xff\xd9"
    )


HONEST: dict[str, bytes] = {
    "sop.pdf": pdf(3),
    "line.png": png(),
    "room.jpg": jpeg(),
    "batches.xlsx": xlsx((0, 0, "Batch"), (40, 9, "=not run")),
    "deviation.docx": docx(),
    "yields.csv": "Batch,Yield\nA-1,98.2\nÄ-2,97.9\n".encode(),
    "notes.txt": "Synthetic notes\r\n".encode("utf-16"),
}


def _sheet(xml: str | bytes, place: str = "xl/worksheets/sheet1.xml") -> bytes:
    return archive(
        {
            "[Content_Types].xml": _TYPES.format(more=""),
            "xl/workbook.xml": "<workbook/>",
            place: xml,
        }
    )


_ROW = "".join(f'<c r="{chr(65 + n)}1" t="n"><v>1</v></c>' for n in range(20))
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BILLION = f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]><x>&l9;</x>'


def bombs() -> dict[str, tuple[str, bytes, str]]:
    """Each file that is refused: what the refusal says, its bytes, its name."""
    corner = "<worksheet><sheetData><row><c a=\">\" r='XFD1048576'/></row></sheetData></worksheet>"
    body = f"<worksheet><sheetData>{f'<row>{_ROW}</row>' * 78_000}</sheetData></worksheet>"
    zeros = archive({"xl/workbook.xml": "<workbook/>", "xl/media/zeros.bin": bytes(180 << 20)})
    tricky = _sheet(corner)
    return {
        "46 MB of XML": ("times its size", _sheet(body), "big.xlsx"),
        "zip of zeros": ("times its size", zeros, "zeros.xlsx"),
        "nested zip": (
            "another file inside",
            docx({"word/media/a.bin": archive({"a": "b"})}),
            "n.docx",
        ),
        "far corner, quoted": ("row 1,048,576", tricky, "corner.xlsx"),
        "far corner, UTF-16": (
            "row 1,048,576",
            _sheet(f'<?xml version="1.0" encoding="UTF-16"?>{corner}'.encode("utf-16")),
            "wide.xlsx",
        ),
        "far corner, elsewhere": ("row 1,048,576", _sheet(corner, "xl/other/sheet.dat"), "e.xlsx"),
        "rows without addresses": (
            "row 1,048,576",
            _sheet("<worksheet><row r='1048576'>" + "<c/>" * 200 + "</row></worksheet>"),
            "rows.xlsx",
        ),
        "billion laughs in a sheet": ("DOCTYPE", _sheet(_BILLION), "laughs.xlsx"),
        "billion laughs in a document": ("DOCTYPE", docx({"word/styles.xml": _BILLION}), "l.docx"),
        "macros": ("macros", docx({"word/vbaProject.bin": b"x"}), "macro.docx"),
        "macros by type": (
            "macros",
            docx(
                types='<Default Extension="x" ContentType="application/vnd.ms-office.vbaProject"/>'
            ),
            "typed.docx",
        ),
        "old Office": (
            "by its content",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "o.docx",
        ),
        "macro workbook by name": ("not taken", xlsx(), "book.xlsm"),
        "linked template": (
            "loads something from outside",
            docx_linked("http://x/relationships/attachedTemplate", "&#104;ttp://evil.example/t"),
            "template.docx",
        ),
        "embedded file": ("embedded", docx({"word/embeddings/a.bin": b"x"}), "embedded.docx"),
        "part that leads out": ("leads out", docx({"word/../../etc/x.xml": "<a/>"}), "out.docx"),
        "document as workbook": ("not", docx(), "document.xlsx"),
        "huge page tree": ("more than 2,000 pages", pdf(60_000), "pages.pdf"),
        "pages in object streams": (
            "more than 2,000 pages",
            pdf(1, object_stream(b"<< /Type /Page >> " * 3_000)),
            "packed.pdf",
        ),
        "object stream bomb": ("unpacks to more", pdf(1, object_stream(bytes(210 << 20))), "o.pdf"),
        "JavaScript": ("runs JavaScript", pdf(1, b"<< /S /J#61vaScript >>"), "js.pdf"),
        "JavaScript, packed": (
            "runs JavaScript",
            pdf(1, object_stream(b"<< /S /JavaScript >>")),
            "packed-js.pdf",
        ),
        "launch": ("starts another program", pdf(1, b"<< /S /Launch >>"), "launch.pdf"),
        "encrypted": ("encrypted", pdf(1, b"<< /Encrypt 9 0 R >>"), "encrypted.pdf"),
        "oddly packed": (
            "unusual way",
            pdf(1, object_stream(b"x", b"[/ASCIIHexDecode /FlateDecode]")),
            "odd.pdf",
        ),
        "truncated PDF": ("cut off", pdf(3)[:-40], "cut.pdf"),
        "truncated workbook": ("cannot|that can be opened", xlsx()[:-40], "cut.xlsx"),
        "huge picture": ("60,000 by 60,000", png(60_000, 60_000, rows=b""), "huge.png"),
        "truncated picture": ("cut off", png()[:-6], "cut.png"),
        "damaged picture": ("checksum", png().replace(b"IDAT", b"IDAX"), "damaged.png"),
        "bytes behind a picture": ("behind its end", png() + b"more", "more.png"),
        "huge JPEG": ("65,000 by 65,000", jpeg(65_000, 65_000), "huge.jpg"),
        "picture and archive": ("two kinds", jpeg() + archive({"a": "b"}), "both.jpg"),
        "text and PDF": ("two kinds", b"hello\n%PDF-1.7\n", "both.txt"),
        "empty": ("empty", b"", "empty.pdf"),
        "wrong ending": ("by its content it is a PNG", png(), "picture.pdf"),
        "web page as text": ("a web page", b"\n<html><script>x()</script>", "page.txt"),
        "binary as text": ("bytes that no text has", b"abc\x00def", "binary.csv"),
        "archive": ("not taken", archive({"a": "b"}), "all.zip"),
    }

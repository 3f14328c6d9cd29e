"""PNG and JPEG files from strangers: their structure and size, never their pixels."""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from openqmm.core.records.looks import FileFacts, FileFault, FileLimits

_MOST_SEGMENTS = 100_000
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_TRUNCATED = "The picture is cut off. Send it again."


def look_at_png(file: BinaryIO, limits: FileLimits) -> FileFacts:
    """Return a PNG's size; refused when it is too large, damaged, or more follows its end."""
    file.seek(8)
    facts = FileFacts()
    for number in range(_MOST_SEGMENTS):
        length, kind = struct.unpack(">I4s", _exactly(file, 8))
        if length > limits.bytes:
            raise FileFault(_TRUNCATED)
        body = _exactly(file, length)
        (stated,) = struct.unpack(">I", _exactly(file, 4))
        if zlib.crc32(kind + body) != stated:
            raise FileFault("The picture is damaged: a checksum in it is wrong.")
        if number == 0:
            if kind != b"IHDR" or length != 13:
                raise FileFault("The picture is damaged: it does not begin as a PNG does.")
            width, height = struct.unpack(">II", body[:8])
            facts = _sized(width, height, limits)
        if kind == b"IEND":
            if file.read(1):
                raise FileFault("The picture carries bytes behind its end.")
            return facts
    raise FileFault("The picture is made of too many parts.")


def look_at_jpeg(file: BinaryIO, limits: FileLimits) -> FileFacts:
    """Return a JPEG's size; refused when it is too large, or states none before its picture."""
    file.seek(2)
    for _ in range(_MOST_SEGMENTS):
        mark = _exactly(file, 1)
        if mark != b"\xff":
            raise FileFault("The picture is damaged: its parts do not follow each other.")
        while mark == b"\xff":
            mark = _exactly(file, 1)
        code = mark[0]
        if code in _BARE:
            continue
        if code in {0xD9, 0xDA}:
            raise FileFault("The picture is damaged: it states no size.")
        (length,) = struct.unpack(">H", _exactly(file, 2))
        body = _exactly(file, max(length - 2, 0))
        if code in _FRAMES:
            if len(body) < 5:
                raise FileFault(_TRUNCATED)
            height, width = struct.unpack(">HH", body[1:5])
            facts = _sized(width, height, limits)
            _require_end(file)
            return facts
    raise FileFault("The picture is made of too many parts.")


def _require_end(file: BinaryIO) -> None:
    # Cameras write previews behind the end, so that its mark need not be the last two bytes.
    if b"\xff\xd9" not in file.read():
        raise FileFault(_TRUNCATED)


def _sized(width: int, height: int, limits: FileLimits) -> FileFacts:
    if width * height > limits.pixels:
        raise FileFault(
            f"The picture is {width:,} by {height:,} pixels; at most {limits.pixels:,} pixels are "
            "taken. Save it smaller."
        )
    if not width or not height:
        raise FileFault("The picture is damaged: it states no size.")
    return FileFacts(width=width, height=height)


def _exactly(file: BinaryIO, count: int) -> bytes:
    content = file.read(count)
    if len(content) != count:
        raise FileFault(_TRUNCATED)
    return content

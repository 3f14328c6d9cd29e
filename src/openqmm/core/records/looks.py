"""What is found out about a file that is looked over, and the bounds it must keep."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20


class FileFault(Exception):
    """Why a file is not taken, as a sentence; raised while it is looked over."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Bounds that a file must keep to be taken.

    Parameters
    ----------
    bytes : size of the file as sent.
    unpacked_bytes : of all parts of an Office document, and of the object streams of a PDF.
    ratio : unpacked bytes to packed ones, of one part and of the whole; small parts excepted.
    members : parts of an Office document.
    cells : of a sheet: those that are there, and rows times columns that they span.
    pages : of a PDF.
    pixels : width times height of a picture.
    """

    bytes: int = 25 * MB
    unpacked_bytes: int = 200 * MB
    ratio: int = 100
    members: int = 2_000
    cells: int = 2_000_000
    pages: int = 2_000
    pixels: int = 100_000_000


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file says of itself, where its kind says it."""

    pages: int | None = None
    width: int | None = None
    height: int | None = None


LIMITS = FileLimits()

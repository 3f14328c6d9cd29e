"""Asking a virus scanner: clamd's INSTREAM, over TCP or a local socket.

Anything but its two plain answers is no answer, and a file without an answer is not taken.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SECONDS = 60.0
_PIECE_BYTES = 64 << 10
_LONGEST_ANSWER = 4_096
_CLEAN = re.compile(rb"(?:stream|instream\(local\)): OK\Z")
_FOUND = re.compile(rb"(?:stream|instream\(local\)): ([\x20-\x7e]{1,200}) FOUND\Z")


class ScannerUnavailable(Exception):
    """The scanner gave no answer that can be relied on."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd: its address (host and port, or the path of a socket) and how long it may take."""

    address: tuple[str, int] | Path
    seconds: float = SECONDS

    def found_in(self, file: BinaryIO) -> str | None:
        """Return the name of what the scanner found in the file, or None when it is clean.

        Raises
        ------
        ScannerUnavailable
            It cannot be reached, is late, hangs up, or answers something else.
        """
        until = time.monotonic() + self.seconds
        try:
            with self._connected() as connection:
                _send(connection, file, until)
                answer = _answer(connection, until)
        except OSError as error:
            raise ScannerUnavailable(f"{type(error).__name__}: {error}") from None
        if _CLEAN.match(answer):
            return None
        found = _FOUND.match(answer)
        if found is None:
            raise ScannerUnavailable(f"it answered {answer[:100]!r}")
        return found[1].decode("ascii")

    def _connected(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, self.seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.seconds)
        try:
            connection.connect(str(self.address))
        except OSError:
            connection.close()
            raise
        return connection


def scanner_at(text: str) -> Scanner | None:
    """Return the scanner at "host:port" or "/path/of/socket"; None for an empty text.

    Raises
    ------
    ValueError
        The text is neither.
    """
    if not text:
        return None
    if text.startswith("/"):
        return Scanner(Path(text))
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ValueError(f"{text!r} is neither host:port nor the path of a socket")
    return Scanner((host.strip("[]"), int(port)))


def _send(connection: socket.socket, file: BinaryIO, until: float) -> None:
    file.seek(0)
    _wait_at_most(connection, until)
    connection.sendall(b"zINSTREAM\0")
    while piece := file.read(_PIECE_BYTES):
        _wait_at_most(connection, until)
        connection.sendall(struct.pack(">I", len(piece)) + piece)
    connection.sendall(struct.pack(">I", 0))


def _answer(connection: socket.socket, until: float) -> bytes:
    answer = b""
    while len(answer) <= _LONGEST_ANSWER:
        _wait_at_most(connection, until)
        piece = connection.recv(1_024)
        if not piece:
            raise ConnectionError("it hung up without an answer")
        answer += piece
        if b"\0" in answer:
            whole, _, rest = answer.partition(b"\0")
            if rest:
                raise ConnectionError("it said more than one answer")
            return whole
    raise ConnectionError("its answer does not end")


def _wait_at_most(connection: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    connection.settimeout(left)

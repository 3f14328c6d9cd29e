"""The virus scanner: two plain answers, and everything else is none."""

from __future__ import annotations

import io
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openqmm.vault import Scanner, ScannerUnavailable, scanner_at

CONTENT = bytes(range(256)) * 1_000


def _read(connection: socket.socket) -> bytes:
    """Read what clamd reads; return the file."""
    with connection.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(size)
        return content


@contextmanager
def clamd(answers: Callable[[socket.socket], None], path: Path | None = None) -> Iterator[Scanner]:
    """A scanner that treats its first caller as told."""
    server = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    server.bind(str(path) if path else ("127.0.0.1", 0))
    server.listen(1)

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            answers(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Scanner(path or server.getsockname(), seconds=1.0)
    finally:
        thread.join(5)
        server.close()


def _says(answer: bytes) -> Callable[[socket.socket], None]:
    def answers(connection: socket.socket) -> None:
        assert _read(connection) == CONTENT
        connection.sendall(answer)

    return answers


def test_a_clean_file_is_clean() -> None:
    with clamd(_says(b"stream: OK\0")) as scanner:
        assert scanner.found_in(io.BytesIO(CONTENT)) is None


def test_what_is_found_is_named() -> None:
    with clamd(_says(b"stream: Eicar-Test-Signature FOUND\0")) as scanner:
        assert scanner.found_in(io.BytesIO(CONTENT)) == "Eicar-Test-Signature"


def test_a_local_socket_does_as_well(tmp_path: Path) -> None:
    with clamd(_says(b"stream: OK\0"), tmp_path / "clamd.socket") as scanner:
        assert scanner.found_in(io.BytesIO(CONTENT)) is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"stream: OK\n",
        b"stream: OKAY\0",
        b"stream: OK\0stream: OK\0",
        b"OK\0",
        b"stream: INSTREAM size limit exceeded. ERROR\0",
        b"stream: \xff FOUND\0",
        b"HTTP/1.1 200 OK\r\n\r\n\0",
        b"x" * 10_000,
    ],
)
def test_anything_else_is_no_answer(answer: bytes) -> None:
    with clamd(_says(answer)) as scanner, pytest.raises(ScannerUnavailable):
        scanner.found_in(io.BytesIO(CONTENT))


def test_a_scanner_that_hangs_up_at_once_is_no_answer() -> None:
    with clamd(lambda connection: None) as scanner, pytest.raises(ScannerUnavailable):
        scanner.found_in(io.BytesIO(CONTENT * 20))


def test_a_scanner_that_is_late_is_no_answer() -> None:
    def dawdles(connection: socket.socket) -> None:
        _read(connection)
        for _ in range(30):
            time.sleep(0.1)
            try:
                connection.sendall(b"s")
            except OSError:
                return

    began = time.monotonic()
    with clamd(dawdles) as scanner:
        with pytest.raises(ScannerUnavailable):
            scanner.found_in(io.BytesIO(CONTENT))
        assert time.monotonic() - began < 2


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailable):
        Scanner(tmp_path / "none", 1.0).found_in(io.BytesIO(CONTENT))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(ScannerUnavailable):
            Scanner(unused.getsockname(), 1.0).found_in(io.BytesIO(CONTENT))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("[::1]:3310", ("::1", 3310)),
        ("/run/clamd.sock", Path("/run/clamd.sock")),
    ],
)
def test_addresses(text: str, address: object) -> None:
    scanner = scanner_at(text)
    assert scanner is not None
    assert scanner.address == address


def test_no_address_is_no_scanner() -> None:
    assert scanner_at("") is None


@pytest.mark.parametrize("text", ["clamd", "host:", ":3310", "host:x", "host:70000", "host:0"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        scanner_at(text)

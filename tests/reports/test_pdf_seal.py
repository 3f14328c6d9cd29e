"""The seal on a PDF: any reader finds it, and any change breaks it."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_ratings import protocol, rated_alone

from openqmm.reports.pdf_seal import Sealer, SealKey
from openqmm.reports.rating_content import SignatureLine
from openqmm.reports.rating_pdf import ReportContext, rating_pdf

SMALL = protocol()
LINE = SignatureLine(
    "Bea Test, rating board member, Program Office",
    "I have reviewed this rating and issue it.",
    "14 March 2027, 09:30:00 UTC",
    "Signature holds.",
    "ab" * 32,
)
KEY = SealKey.make("test.example/trail", datetime.now(UTC))
PLAIN = rating_pdf(
    SMALL,
    rated_alone(SMALL, {"*": "445"}),
    ReportContext(facility_name="Northfield", signatures=(LINE,), sealed=True),
)
SEALED = Sealer(KEY).seal(PLAIN)

# What the library does inside says so on every signature it validates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def status(pdf: bytes, key: SealKey = KEY) -> Any:
    """What an independent validator says of the one seal on a file, trusting this key alone."""
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    trusted = ValidationContext(trust_roots=list(load_certs_from_pemder_data(key.certificates)))
    return _apart(lambda: validate_pdf_signature(signature, trusted))


def _apart(call: Callable[[], Any]) -> Any:
    """Call in a new thread: the validator runs an event loop, and the driver of the browser's tests
    leaves one running in the thread of the tests."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call).result()


@pytest.mark.requirement("R34")
def test_a_sealed_report_validates_whole() -> None:
    found = status(SEALED)
    assert found.bottom_line
    assert found.coverage.name == "ENTIRE_FILE"
    assert found.signing_cert.subject.native == {"common_name": "OpenQMM seal: test.example/trail"}
    assert b"/SubFilter /ETSI.CAdES.detached" in SEALED


def test_the_file_itself_stays_to_the_byte_with_what_it_claims_to_be() -> None:
    assert SEALED.startswith(PLAIN)
    added = SEALED[len(PLAIN) :]
    # Its statement of being archival and accessible is not written anew, nor its version.
    assert b"<x:xmpmeta" not in added
    assert b"/Version" not in added
    assert b"pdfaid:part>2<" in PLAIN
    assert b"/StructTreeRoot" in added
    # The seal draws nothing: printed, not hidden (PDF/A), out of the page (PDF/UA).
    assert b"/Rect [ -9999 -9999 -9999 -9999 ]" in added
    assert b"/F 132" in added


@given(st.integers(0, len(PLAIN) - 1), st.integers(1, 255))
@settings(max_examples=25)
def test_any_changed_byte_of_the_report_breaks_the_seal(place: int, by: int) -> None:
    bent = bytearray(SEALED)
    bent[place] ^= by
    assert not _intact(bytes(bent))


def _intact(pdf: bytes) -> bool:
    try:
        return bool(status(pdf).intact)
    except Exception:  # a reader may not even open it, in whatever way it fails
        return False


def test_what_is_added_behind_the_seal_shows() -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(SEALED))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    more = BytesIO()
    writer.write(more)
    assert status(more.getvalue()).coverage.name != "ENTIRE_FILE"


def test_another_key_is_not_trusted() -> None:
    other = SealKey.make("test.example/trail", datetime.now(UTC))
    found = status(Sealer(other).seal(PLAIN))
    assert (found.intact, found.valid, found.trusted) == (True, True, False)


def test_nothing_is_called_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: object, **__: object) -> None:
        raise AssertionError("called out")

    monkeypatch.setattr(socket.socket, "connect", called)
    assert status(Sealer(KEY).seal(PLAIN)).intact


def test_an_operators_own_certificate_of_either_kind_seals() -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    theirs = ec.generate_private_key(ec.SECP256R1())
    made = x509.load_pem_x509_certificate(KEY.certificates)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(made.subject)
        .issuer_name(made.subject)
        .public_key(theirs.public_key())
        .serial_number(7)
        .not_valid_before(made.not_valid_before_utc)
        .not_valid_after(made.not_valid_after_utc)
        .add_extension(made.extensions.get_extension_for_class(x509.KeyUsage).value, critical=True)
        .sign(theirs, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key = SealKey(
        theirs.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate.public_bytes(pem),
    )
    assert status(Sealer(key).seal(PLAIN), key).bottom_line


def test_sealing_adds_little_time() -> None:
    sealer = Sealer(KEY)
    sealer.seal(PLAIN)
    spent = []
    for _ in range(5):
        began = time.process_time()
        sealer.seal(PLAIN)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.1


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")
def test_popplers_reader_finds_the_seal_valid(tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(SEALED)
    said = subprocess.run(
        ["pdfsig", str(file)], capture_output=True, check=False, timeout=60
    ).stdout.decode()
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_a_thread_that_runs_an_event_loop_seals_too() -> None:
    """As a server may, and a browser's driver in these tests does."""

    async def sealed() -> bytes:
        return Sealer(KEY).seal(PLAIN)

    assert _apart(lambda: asyncio.run(sealed())).startswith(PLAIN)

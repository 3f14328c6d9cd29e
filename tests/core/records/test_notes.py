"""Notes and keys as other tools write and read them."""

from __future__ import annotations

import pytest

from openqmm.core.records.notes import SigningKey, tlog_proof
from openqmm.core.verifier import Unreadable, read_keys, verify_checkpoint
from openqmm.core.verifier.notes import Checkpoint, read_checkpoint, read_log_proof, signature_fault
from tests.core.verifier.ledgers import KEY, VKEY, drawn

# The example in the documentation of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NEUMANN_SIGNATURE = (
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
# The key of Go's checksum database.
GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def test_a_signature_made_elsewhere_verifies() -> None:
    import base64

    raw = base64.b64decode(NEUMANN_SIGNATURE)
    signatures = (("PeterNeumann", raw[:4], raw[4:]),)
    note = Checkpoint("PeterNeumann", 0, b"", NEUMANN_TEXT, signatures)
    assert signature_fault(note, read_keys(NEUMANN)) is None
    altered = Checkpoint("PeterNeumann", 0, b"", NEUMANN_TEXT + "!", signatures)
    assert "does not fit" in str(signature_fault(altered, read_keys(NEUMANN)))
    assert read_keys(GO)[0].name == "sum.golang.org"


def test_a_key_survives_its_file() -> None:
    again = SigningKey.from_pem(KEY.name, KEY.to_pem())
    assert again.vkey() == VKEY
    root = drawn("root")
    assert again.sign_checkpoint(42, root) == KEY.sign_checkpoint(42, root)


def test_a_checkpoint_is_laid_out_as_specified() -> None:
    note = KEY.sign_checkpoint(42, b"\x00" * 32)
    body, _, line = note.partition("\n\n")
    assert body == "openqmm.example/trail\n42\n" + "A" * 43 + "="
    assert line.startswith("— openqmm.example/trail ")
    assert line.endswith("\n")
    assert verify_checkpoint(note, VKEY).valid
    assert read_checkpoint(note).size == 42


def test_a_log_proof_reads_back() -> None:
    path = [drawn(n) for n in range(3)]
    text = tlog_proof(5, path, KEY.sign_checkpoint(8, drawn("root")))
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 5\n")
    proof = read_log_proof(text)
    assert (proof.index, proof.path, proof.checkpoint.size) == (5, path, 8)
    alone = read_log_proof(tlog_proof(0, [], KEY.sign_checkpoint(1, drawn("root"))))
    assert (alone.index, alone.path) == (0, [])


@pytest.mark.parametrize("name", ["", "with space", "a+b", "line\nbreak"])
def test_a_name_that_breaks_notes_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        SigningKey.from_seed(name, bytes(32))


def test_another_kind_of_key_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    pem = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(ValueError, match="Ed25519"):
        SigningKey.from_pem("a", pem)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000+AAAA",
        VKEY.replace("+", "+0", 1),
        GO.replace("033de0ae", "033de0af"),
        GO[:-1] + "9",
        "\ud800+033de0ae+" + GO.rpartition("+")[2],
    ],
)
def test_a_broken_key_is_refused(vkey: str) -> None:
    with pytest.raises(Unreadable):
        read_keys(vkey)

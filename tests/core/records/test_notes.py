"""Notes and keys as other tools write and read them."""

from __future__ import annotations

import base64
import hashlib

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
    raw = base64.b64decode(NEUMANN_SIGNATURE)
    signatures = (("PeterNeumann", raw[:4], raw[4:]),)
    note = Checkpoint("PeterNeumann", 0, b"", NEUMANN_TEXT, signatures)
    assert signature_fault(note, read_keys(NEUMANN)) is None
    altered = Checkpoint("PeterNeumann", 0, b"", NEUMANN_TEXT + "!", signatures)
    assert "does not fit" in str(signature_fault(altered, read_keys(NEUMANN)))
    assert read_keys(GO)[0].name == "sum.golang.org"


def test_a_key_of_another_log_vouches_for_nothing() -> None:
    other = SigningKey("other.example/trail", KEY.private)
    note = read_checkpoint(other.sign(f"{KEY.name}\n1\n{'A' * 43}=\n"))
    assert signature_fault(note, read_keys(other.vkey())) == (
        "the key of other.example/trail signed it, but it is of another log"
    )


def test_of_several_keys_one_is_enough_and_the_first_is_missed() -> None:
    other = SigningKey.from_seed("other.example/trail", bytes(32))
    note = read_checkpoint(KEY.sign_checkpoint(1, drawn("root")))
    assert signature_fault(note, read_keys(f"{other.vkey()} {VKEY}")) is None
    third = SigningKey.from_seed("third.example/trail", bytes(32))
    keys = read_keys(f"{other.vkey()}\n{third.vkey()}")
    assert signature_fault(note, keys) == "no signature of other.example/trail stands under it"


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("a\n1\n{root}\n\n— a AAAAAAA=\n", None),
        ("a\n0\n{root}\n\n— a AAAAAAA=\n", None),
        ("a\n1\n{root}\n\n— a AAAAAAA=", "is not a signed checkpoint"),
        ("a\n1\n{root}\n— a AAAAAAA=\n", "is not a signed checkpoint"),
        ("a\n1\n{root}\nb\n\n— a AAAAAAA=\n", "is not a signed checkpoint"),
        ("\n1\n{root}\n\n— a AAAAAAA=\n", "does not state an origin, a size and a root"),
        ("a\n01\n{root}\n\n— a AAAAAAA=\n", "does not state an origin, a size and a root"),
        ("a\n1\n{root}A\n\n— a AAAAAAA=\n", "does not state an origin, a size and a root"),
        ("a\n1\nAAAA\n\n— a AAAAAAA=\n", "does not state an origin, a size and a root"),
        ("a\n9007199254740993\n{root}\n\n— a AAAAAAA=\n", "states a size beyond 2**53"),
        ("a\n9007199254740992\n{root}\n\n— a AAAAAAA=\n", None),
        ("a\n1\n{root}\n\n— a AAAAAA==\n", "has a signature line that is malformed"),
        ("a\n1\n{root}\n\n- a AAAAAAA=\n", "has a signature line that is malformed"),
        ("a\n1\n{root}\n\n—  AAAAAAA=\n", "has a signature line that is malformed"),
        ("a\n1\n{root}\n\n— a AAAAAAA= b\n", "has a signature line that is malformed"),
        ("a\n1\n{root}\n\n— a AAAAAAB=\n", "has a signature line that is malformed"),
        ("x" * 100_000, "is not a signed checkpoint"),
        ("x" * 100_001, "is longer than any checkpoint"),
    ],
)
def test_a_checkpoint_is_read_to_the_letter(note: str, words: str | None) -> None:
    text = note.replace("{root}", "A" * 43 + "=")
    if words is None:
        assert read_checkpoint(text).signatures == (("a", b"\0" * 4, b"\0"),)
        return
    with pytest.raises(Unreadable) as unreadable:
        read_checkpoint(text)
    assert str(unreadable.value) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("@v1", "@v2"), "is not a log proof of version 1 without extra data"),
        (("index ", "place "), "is not a log proof of version 1 without extra data"),
        (("index 5", "index 05"), "has a malformed index or path"),
        (("index 5", f"index 5\n{'A' * 42}=="), "has a malformed index or path"),
        (("index 5", "index 5" + f"\n{'A' * 43}=" * 64), "has a malformed index or path"),
        (("index 5", "index 5" + f"\n{'A' * 43}=" * 63), None),
        (("index 5", "index 5" + "x" * 100_000), "is longer than any log proof"),
        (("8\n", "-8\n"), "does not state an origin, a size and a root"),
    ],
)
def test_a_log_proof_is_read_to_the_letter(change: tuple[str, str], words: str | None) -> None:
    whole = tlog_proof(5, [drawn("node")], KEY.sign_checkpoint(8, drawn("root")))
    text = whole.replace(*change, 1)
    if words is None:
        assert len(read_log_proof(text).path) == 64
        return
    with pytest.raises(Unreadable) as unreadable:
        read_log_proof(text)
    assert str(unreadable.value) == words


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


@pytest.mark.parametrize("raw", [b"\x02" + bytes(32), b"\x01" + bytes(31), b"\x01" + bytes(33)])
def test_a_key_of_another_kind_is_none_whatever_its_id(raw: bytes) -> None:
    key_id = hashlib.sha256(b"a\n" + raw).digest()[:4].hex()
    with pytest.raises(Unreadable, match="is not an Ed25519 key"):
        read_keys(f"a+{key_id}+{base64.b64encode(raw).decode()}")


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
        VKEY.removeprefix("openqmm.example/trail"),
        "openqmm.example/trail" + VKEY.rpartition("+")[2],
        GO.replace("033de0ae", "033de0af"),
        GO[:-1] + "9",
        "\ud800+033de0ae+" + GO.rpartition("+")[2],
    ],
)
def test_a_broken_key_is_refused(vkey: str) -> None:
    with pytest.raises(Unreadable):
        read_keys(vkey)

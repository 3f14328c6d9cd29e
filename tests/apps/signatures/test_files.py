"""Signatures as files that verify anywhere, and the seal on the report, with its key."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from openqmm.apps.audit.actions import anchor_trails, configured_folder, configured_key
from openqmm.apps.audit.models import Signature
from openqmm.apps.signatures import actions
from openqmm.cli.main import main
from openqmm.core.verifier import verify_signature
from tests.apps.signatures.papers import Signed, signed
from tests.people import Cast

pytestmark = pytest.mark.django_db


def addresses(found: Signed) -> dict[str, str]:
    """Where the file of each signature is."""

    def id_(record: Any) -> Any:
        return Signature.objects.get(record_id=str(record.pk)).pk

    report = f"/assessments/{found.assessment.pk}/report"
    return {
        "report": f"{report}/signatures/{id_(found.assessment)}.json",
        "rating": f"/ratings/{found.rating.pk}/signatures/{id_(found.rating)}.json",
        "consent": f"/sharing/{found.disclosure.pk}/signatures/{id_(found.disclosure)}.json",
    }


@pytest.mark.requirement("R34")
def test_a_downloaded_signature_verifies_without_the_platform(cast: Cast, tmp_path: Path) -> None:
    quin = cast.client("quin")
    for name, address in addresses(signed(cast)).items():
        answer = quin.get(address)
        assert answer.status_code == 200, name
        report = verify_signature(answer.content.decode())
        assert report.valid, report.faults
        assert {check.name: check.passed for check in report.checks} == {
            "format": True,
            "statement": True,
            "binding": True,
            "row": True,
            "trail": None,
        }
    file = tmp_path / "signature.json"
    file.write_bytes(answer.content)
    said = CliRunner().invoke(main, ["verify", str(file)])
    assert said.exit_code == 0, said.output
    assert "Sid Test, authorised_signatory, Alder Synthesis" in said.output
    file.write_text(answer.content.decode().replace("Sid Test", "Tid Test"))
    assert CliRunner().invoke(main, ["verify", str(file)]).exit_code == 1


@pytest.mark.parametrize(
    ("path", "value", "check"),
    [
        (("statement",), '{"content":{}}', "statement"),
        (("digest",), "0" * 64, "statement"),
        (("signed_at",), "2027-01-01T00:00:00.000000Z", "binding"),
        (("components",), ["passkey"], "binding"),
        (("challenge",), "another", "binding"),
        (("id",), "11111111-1111-4111-8111-111111111111", "binding"),
        (("row",), "{}", "row"),
        (("place",), {}, "format"),
        (("format",), "openqmm-signature/2", "format"),
    ],
)
def test_whatever_is_bent_in_a_file_is_found(cast: Cast, path: Any, value: Any, check: str) -> None:
    text = cast.client("sid").get(addresses(signed(cast))["rating"]).content.decode()
    document = json.loads(text)
    place = document
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    bent = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    report = verify_signature(bent)
    assert not report.valid
    assert next(one.name for one in report.checks if one.passed is False) == check


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"format":"openqmm-signature/1"}', "[" * 9999]
)
def test_what_is_no_signature_is_a_sentence_and_never_a_trace(text: str) -> None:
    report = verify_signature(text)
    assert not report.valid
    assert report.first_bad


@pytest.mark.requirement("R15")
def test_a_rival_has_no_signatures_file(cast: Cast) -> None:
    for address in addresses(signed(cast)).values():
        assert cast.client("bria").get(address).status_code == 404
        assert cast.client(None).get(address).status_code == 302
    # Nor has anybody one record's signature at another record's address.
    found = addresses(signed(cast, name="Alder Annexe", fei="3009999909"))
    other = found["rating"].rpartition("/")[2]
    address = found["consent"].rpartition("/")[0] + f"/{other}"
    assert cast.client("sid").get(address).status_code == 404


@pytest.mark.requirement("R34")
def test_the_report_leaves_sealed_by_a_key_that_its_owner_alone_reads(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.SEAL_KEY = tmp_path / "keys" / "seal.pem"
    settings.SEAL_CERTIFICATE = tmp_path / "keys" / "certificate.pem"
    found = signed(cast)
    pdf = cast.client("quin").get(f"/ratings/{found.rating.pk}/rating.pdf").content
    assert b"/SubFilter /ETSI.CAdES.detached" in pdf
    assert stat.S_IMODE(settings.SEAL_KEY.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.SEAL_KEY.parent.stat().st_mode) == 0o700
    before = settings.SEAL_KEY.read_bytes()
    assert actions.sealed_pdf(pdf[: pdf.rindex(b"%%EOF", 0, pdf.index(b"ETSI.CAdES")) + 6])
    assert settings.SEAL_KEY.read_bytes() == before


def test_a_key_without_its_certificate_is_refused_and_not_replaced(
    settings: Any, tmp_path: Path
) -> None:
    settings.SEAL_KEY = tmp_path / "seal.pem"
    settings.SEAL_CERTIFICATE = tmp_path / "certificate.pem"
    settings.SEAL_KEY.write_text("an operator's key")
    with pytest.raises(FileNotFoundError, match="Give both, or neither"):
        actions.sealed_pdf(b"%PDF")
    assert settings.SEAL_KEY.read_text() == "an operator's key"
    assert list(tmp_path.iterdir()) == [settings.SEAL_KEY]


@pytest.mark.requirement("R34")
def test_once_anchored_a_signature_proves_its_place_on_the_trail(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    settings.CHECKPOINT_KEY = tmp_path / "checkpoint.pem"
    found = addresses(signed(cast))
    anchor_trails(key=configured_key(), folder=configured_folder())
    text = cast.client("sid").get(found["consent"]).content.decode()
    report = verify_signature(text, configured_key().vkey())
    assert report.valid, report.faults
    assert all(check.passed for check in report.checks)
    # Another signature's row and binding under this proof are found out.
    other = json.loads(cast.client("sid").get(found["rating"]).content)
    bent = json.dumps(
        other | {"place": json.loads(text)["place"], "proof": json.loads(text)["proof"]},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    report = verify_signature(bent, configured_key().vkey())
    assert report.first_bad == "the event does not tell of this signature"


@pytest.mark.requirement("R15")
def test_a_file_tells_nothing_of_how_long_anothers_trail_is(cast: Cast) -> None:
    found = addresses(signed(cast))
    for name, address in found.items():
        own = "lea" if name == "report" else "sid"
        for reader in ("ada", "lea", "sid"):
            answer = cast.client(reader).get(address)
            if answer.status_code == 200:
                document = json.loads(answer.content)
                assert (document["place"] is not None) == (reader == own), (name, reader)
                assert document["row"]

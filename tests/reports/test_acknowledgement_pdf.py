from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openqmm.reports.acknowledgement_pdf import (
    Acknowledgement,
    SaidLine,
    SaidSection,
    SignedBy,
    acknowledgement_pdf,
)

DATED = datetime(2027, 3, 4, 10, 0, tzinfo=UTC)
SAID = Acknowledgement(
    reference="6f1a2a3b-0c4d-4e5f-8a9b-123456789abc",
    facility="Northfield Sterile Works",
    fei="3009999901",
    organisation="Northfield",
    round="2027-A",
    program="A program",
    received_at="3 March 2027, 09:30:00 UTC",
    state="submitted",
    printed_at="4 March 2027, 10:00:00 UTC",
    signatures=[
        SignedBy(
            name="Nora North",
            role="Authorised signatory",
            organisation="Northfield",
            meaning="Submits this application for the facility",
            signed_at="3 March 2027, 09:30:00 UTC",
            digest="ab" * 32,
            standing="What was signed is what stands here.",
        )
    ],
    sections=[
        SaidSection("Products", [SaidLine("Products", "Inventol\nInventamide", marked=True)]),
        SaidSection("Statements", [SaidLine("Why", "# no *markup* $of$ \\ours @here")]),
    ],
    confidential="Products",
    confidentiality="Nobody else reads it.",
    dates=[("20 March 2027", "Last day for applications.")],
)


def test_the_same_input_gives_the_same_archival_bytes() -> None:
    pdf = acknowledgement_pdf(SAID, DATED)
    assert pdf.startswith(b"%PDF-")
    assert pdf == acknowledgement_pdf(SAID, DATED)
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfuaid:part>1<" in pdf
    assert b"Northfield Sterile Works" in pdf
    assert pdf != acknowledgement_pdf(replace(SAID, state="withdrawn"), DATED)


def test_long_words_and_names_in_any_script_are_set() -> None:
    named = replace(SAID, facility="Haizhou Lantern 海州灯塔", organisation="x" * 300)
    pdf = acknowledgement_pdf(named, DATED)
    assert re.search(rb"/Type\s*/Pages", pdf)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_it_says_everything_and_takes_nothing_for_markup(tmp_path: Path) -> None:
    file = tmp_path / "acknowledgement.pdf"
    file.write_bytes(acknowledgement_pdf(SAID, DATED))
    done = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, timeout=60
    )
    text = " ".join(done.stdout.decode().split())
    for words in (
        "Received 3 March 2027, 09:30:00 UTC",
        "Nora North, authorised signatory, Northfield",
        "20 March 2027 Last day for applications.",
        "may be withdrawn at any time",
        "Marked by the applicant: Products.",
        "Inventamide Confidential",
        "# no *markup* $of$ \\ours @here",
    ):
        assert words in text

"""What one manufacturer sees does not depend on what another has or does: to the byte.

Alder goes through a whole program: every page, form, file and answer of the API, at every stage, as
its quality lead, its signatory and its own auditor. It does so twice: alone, and with a rival that
was there before, acts before each of its visits, and has as much of everything.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openqmm.apps.audit.actions import configured_key
from openqmm.apps.signatures.actions import sealed_pdf
from tests.site import determinism, worlds
from tests.site.sessions import STORY, Page, session, shape

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R15")]
Pairs = list[tuple[Page, Page]]


@pytest.fixture
def quiet(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The installation's key, made when first needed and not by what is compared; no warnings."""
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    settings.CHECKPOINT_KEY = tmp_path / "checkpoint.pem"
    configured_key()
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def _unseal(patch: pytest.MonkeyPatch) -> None:
    """Send PDF files without their seal, whose signature draws from where no story can tell."""
    for module in list(sys.modules.values()):
        if getattr(module, "sealed_pdf", None) is sealed_pdf:
            patch.setattr(module, "sealed_pdf", lambda content: content)


def _pairs(
    monkeypatch: pytest.MonkeyPatch, settings: Any, folder: Path, story: tuple[str, ...] = STORY
) -> Pairs:
    """Return what Alder was told alone, and with a rival."""
    sessions = []
    for with_rival in (False, True):
        own = folder / f"with rival {with_rival}"
        with monkeypatch.context() as patch, determinism.told() as told, worlds.undone():
            # What is kept outside the database, each world has for itself.
            settings.EVIDENCE_FOLDER = own / "evidence"
            _unseal(patch)
            sessions.append(session(told, patch, own, with_rival=with_rival, story=story))
    alone, beside = (one.pages for one in sessions)
    assert [page.asked for page in alone] == [page.asked for page in beside]
    return list(zip(alone, beside, strict=True))


@pytest.mark.usefixtures("quiet")
def test_a_rival_changes_nothing_of_what_a_manufacturer_is_told(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    pairs = _pairs(monkeypatch, settings, tmp_path)
    differing = [f"{a.asked}: {a.difference(b)}" for a, b in pairs if a != b]
    assert not differing, f"{len(differing)} of {len(pairs)}:\n" + "\n".join(differing[:40])
    assert len(pairs) >= 4_000
    answered = [page for page, _ in pairs if page.status == 200]
    assert len(answered) >= 2_000
    for kind in (
        b'"format": "openqmm-proof/1"',
        b'"format": "openqmm-trail/1"',
        b"c2sp.org",
        b"%PDF",
    ):
        assert any(kind in page.body for page in answered), kind


@pytest.mark.usefixtures("quiet")
def test_a_leak_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """Otherwise the test above could pass because it compares nothing."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.site.sessions.leaking"]
    pairs = _pairs(monkeypatch, settings, tmp_path, ("application draft",))
    assert all(a != b for a, b in pairs)


def test_a_proof_keeps_its_shape_when_what_is_drawn_is_crossed_out() -> None:
    """And everything else of it: what another trail changed there would show."""
    note = (
        "c2sp.org/tlog-proof@v1\nindex 3\n"
        + "A" * 43
        + "=\n\norigin\n4\n"
        + "B" * 43
        + "=\n\n— origin AAAA\n"
    )
    anchor = {"size": 7, "slot": 12, "salt": "ab", "path": ["cd"], "root": "ef", "tlog_proof": note}
    crossed = json.loads(shape(json.dumps({"index": 1, "anchor": anchor}).encode()))
    told = crossed["anchor"].pop("tlog_proof")
    assert crossed == {
        "index": 1,
        "anchor": {"size": 7, "slot": "x", "salt": "xx", "path": ["xx"], "root": "ef"},
    }
    assert len(told) == len(note)
    assert told == shape(note.encode()).decode()
    assert "index 3" in told
    assert "AAAA" not in told
    # The file of a signature holds its proof as a text.
    held = {"proof": json.dumps({"index": 1, "anchor": anchor})}
    assert json.loads(json.loads(shape(json.dumps(held).encode()))["proof"])["index"] == 1
    assert b"AAAA" not in shape(json.dumps(held).encode())
    assert shape(b"<p>A page</p>") == b"<p>A page</p>"

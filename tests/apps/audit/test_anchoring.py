"""All trails tied into one tree at a fixed cadence, whose checkpoints leave the database."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openqmm.apps.accounts.actions import add_organisation
from openqmm.apps.audit import actions
from openqmm.apps.audit.actions import CheckpointFolder, TrailContradicted
from openqmm.apps.audit.actions.anchoring import installation_frontier
from openqmm.apps.audit.models import Anchor, AnchoredHead, TrailHead
from openqmm.core import records
from openqmm.core.records.notes import SigningKey
from openqmm.core.verifier import verify_checkpoint
from openqmm.core.workflow import SYSTEM, OrganisationKind
from openqmm.web import clock
from tests.people import Cast

KEY = SigningKey.from_seed("openqmm.example/trail", bytes(32))


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    """Where checkpoints go."""
    return CheckpointFolder(tmp_path / "checkpoints")


@pytest.fixture
def tick(folder: CheckpointFolder, monkeypatch: pytest.MonkeyPatch):
    """Let five minutes pass, and anchor."""
    passed = [datetime(2027, 3, 1, 9, 30, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: passed[0])

    def pass_and_anchor() -> Anchor | None:
        passed[0] += timedelta(minutes=5)
        return actions.anchor_trails(key=KEY, folder=folder)

    return pass_and_anchor


def test_every_trail_is_anchored_whether_it_changed_or_not(cast: Cast, tick) -> None:
    first, second = tick(), tick()
    assert (first.position, second.position) == (0, 1)
    trails = set(TrailHead.objects.values_list("trail_id", flat=True))
    for anchor in (first, second):
        assert {head.trail_id for head in anchor.heads.all()} == trails
        assert anchor.capacity == 256
    one, two = (AnchoredHead.objects.filter(anchor=a) for a in (first, second))
    sizes = dict(one.values_list("trail_id", "size"))
    assert sizes == dict(two.values_list("trail_id", "size"))
    assert not set(one.values_list("salt", flat=True)) & set(two.values_list("salt", flat=True))


@pytest.mark.requirement("R08")
def test_a_signed_checkpoint_leaves_the_database(cast: Cast, tick, folder) -> None:
    tick()
    tick()
    text = folder.read(2)
    assert text is not None
    report = verify_checkpoint(text, KEY.vkey())
    assert report.valid, report
    assert folder.newest().size == 2
    assert base64.b64encode(folder.newest().root).decode() in text


@pytest.mark.requirement("R08")
def test_a_checkpoint_is_of_the_ticks_in_their_order(cast: Cast, tick, folder) -> None:
    rows = [tick() for _ in range(5)]
    leaves = [
        records.Anchor(row.tick, f"{row.at:%Y-%m-%dT%H:%M:%S}.000000Z", 0, {}, (), row.root).leaf()
        for row in rows
    ]
    assert [row.tick for row in rows] == list(range(rows[0].tick, rows[0].tick + 5))
    assert rows[0].tick == int(datetime(2027, 3, 1, 9, 35, tzinfo=UTC).timestamp()) // 300
    for size in (5, 2, 0):
        frontier = installation_frontier(size)
        assert (frontier.size, frontier.root()) == (size, records.tree_root(leaves[:size]))
    assert folder.newest().root == records.tree_root(leaves)


def test_before_the_first_tick_there_is_nothing_to_publish(cast: Cast, folder) -> None:
    assert actions.publish_checkpoint(key=KEY, folder=folder) is None
    assert folder.newest() is None


def test_every_tick_and_every_head_draws_its_own_chance(cast: Cast, tick) -> None:
    rows = [tick(), tick()]
    drawn = [row.seed for row in rows] + [head.salt for row in rows for head in row.heads.all()]
    assert len(drawn) == len(set(drawn))
    assert {len(bytes.fromhex(chance)) for chance in drawn} == {32}


def test_a_tick_is_anchored_once(cast: Cast, tick, folder) -> None:
    tick()
    assert actions.anchor_trails(key=KEY, folder=folder) is None
    assert Anchor.objects.count() == 1


def test_a_checkpoint_that_was_lost_is_published_again(cast: Cast, tick, folder) -> None:
    """A crash between the commit and the file."""
    tick()
    text = folder.read(1)
    (folder.path / "checkpoint-0000000001.txt").unlink()
    actions.anchor_trails(key=KEY, folder=folder)
    assert folder.read(1) == text
    tick()
    (folder.path / "checkpoint-0000000002.txt").unlink()
    assert tick().position == 2
    assert folder.newest().size == 3


@pytest.mark.requirement("R08")
def test_nothing_is_signed_against_a_checkpoint_outside(cast: Cast, tick, folder) -> None:
    tick()
    other = SigningKey.from_seed("openqmm.example/trail", bytes(32))
    folder.write(2, other.sign_checkpoint(2, bytes(32)))
    with pytest.raises(TrailContradicted, match="checkpoint 2"):
        tick()
    assert Anchor.objects.count() == 1
    assert sorted(file.name for file in folder.path.iterdir()) == [
        "checkpoint-0000000001.txt",
        "checkpoint-0000000002.txt",
    ]


def test_a_new_organisation_widens_no_proof(cast: Cast, tick) -> None:
    before = tick()
    add_organisation(by=SYSTEM, name="Fir", kind=OrganisationKind.PURCHASER, country="USA")
    after = tick()
    assert before.capacity == after.capacity
    assert after.heads.count() == before.heads.count() + 1


@pytest.mark.django_db
def test_the_key_is_made_once_for_its_owner_alone(settings, tmp_path: Path) -> None:
    settings.CHECKPOINT_KEY = tmp_path / "keys" / "checkpoint.pem"
    first, second = actions.configured_key(), actions.configured_key()
    assert first.vkey() == second.vkey()
    assert Path(settings.CHECKPOINT_KEY).stat().st_mode & 0o777 == 0o600

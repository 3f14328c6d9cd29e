"""Tying all trails into the installation's tree at a fixed cadence, under a signed checkpoint.

Format: docs/reference/audit-trail.md.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from openqmm.apps.audit.actions.checkpoints import CheckpointFolder
from openqmm.apps.audit.actions.trail import in_utc
from openqmm.apps.audit.models import Anchor, AnchoredHead, TrailHead
from openqmm.core import records
from openqmm.core.errors import OpenQMMError
from openqmm.core.records import Frontier, Head
from openqmm.core.records.notes import SigningKey
from openqmm.core.workflow import SYSTEM
from openqmm.web import clock, tenancy

TICK_SECONDS = 300


class TrailContradicted(OpenQMMError):
    """The database does not hold what a checkpoint outside it says: it was cut, or rewritten."""


def anchor_trails(*, key: SigningKey, folder: CheckpointFolder) -> Anchor | None:
    """Anchor every trail's head at the present tick and publish the checkpoint; None when this
    tick is anchored already.

    All trails, changed or not, so that an anchor tells nothing of anybody. Refused
    (TrailContradicted) where the newest published checkpoint is not of this tree: nothing is
    signed that contradicts it.
    """
    try:
        row = _anchored(folder)
    except IntegrityError:
        # Another process anchored this very tick.
        row = None
    # Outside the transaction: what is published must be in the database.
    publish_checkpoint(key=key, folder=folder)
    return row


def publish_checkpoint(*, key: SigningKey, folder: CheckpointFolder) -> str | None:
    """Sign the installation's tree as it stands and put the checkpoint into the folder; return
    its text, or None while nothing is anchored. Refused (TrailContradicted) where the folder holds
    another root of the same size."""
    frontier = installation_frontier()
    if frontier.size == 0:
        return None
    text = key.sign_checkpoint(frontier.size, frontier.root())
    stored = folder.read(frontier.size)
    if stored is None:
        folder.write(frontier.size, text)
    elif stored != text:
        raise TrailContradicted(
            f"Checkpoint {frontier.size} in {folder.path} is of another tree or under another key. "
            "Nothing was signed. Verify the trail before you go on."
        )
    return text


def installation_frontier(size: int | None = None) -> Frontier:
    """Return the installation's tree, or its first `size` leaves, computed from the anchors."""
    rows = Anchor.objects.order_by("position").values_list("tick", "at", "root")
    frontier = Frontier()
    for tick, at, root in rows if size is None else rows[:size]:
        made = records.Anchor(tick, in_utc(at), 0, {}, (), root)
        frontier.append(made.leaf())
    return frontier


def _anchored(folder: CheckpointFolder) -> Anchor | None:
    now = clock.now()
    tick = int(now.timestamp()) // TICK_SECONDS
    with transaction.atomic(), tenancy.scope(SYSTEM):
        before = _frontier_checked(folder)
        if Anchor.objects.filter(tick=tick).exists():
            return None
        heads = [
            Head(str(head.trail_id), head.size, _root(head), secrets.token_bytes(32))
            for head in TrailHead.objects.all()
        ]
        seed = secrets.token_bytes(32)
        made = records.anchor_heads(heads, tick=tick, at=in_utc(now), seed=seed)
        row = Anchor(tick=tick, position=before.size, at=now, seed=seed.hex())
        row.capacity, row.root = made.capacity, made.root
        row.save(force_insert=True)
        AnchoredHead.objects.bulk_create(_rows(row, heads, made))
    return row


def _frontier_checked(folder: CheckpointFolder) -> Frontier:
    """Return the tree as it stands, having compared it with the newest checkpoint outside."""
    frontier = installation_frontier()
    newest = folder.newest()
    if newest is not None:
        there = installation_frontier(newest.size)
        if (there.size, there.root()) != (newest.size, newest.root):
            raise TrailContradicted(
                f"The database does not hold the tree of checkpoint {newest.size} in "
                f"{folder.path}: it was cut, rewritten or restored from an older copy. Nothing was "
                "anchored. Verify the trail before you go on."
            )
    return frontier


def _root(head: TrailHead) -> str:
    return Frontier.from_hex(head.size, json.loads(head.frontier)).root().hex()


def _rows(row: Anchor, heads: Iterable[Head], made: records.Anchor) -> list[AnchoredHead]:
    return [
        AnchoredHead(
            anchor=row,
            trail_id=head.trail,
            slot=made.slots[head.trail],
            size=head.size,
            root=head.root,
            salt=head.salt.hex(),
        )
        for head in heads
    ]

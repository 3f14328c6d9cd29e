"""The way from a trail's head to a signed checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from openqmm.core.verifier.notes import (
    Checkpoint,
    LogProof,
    VerifierKey,
    read_keys,
    read_log_proof,
    signature_fault,
)
from openqmm.core.verifier.reading import (
    Unreadable,
    is_count,
    is_digest,
    is_path,
    is_time,
    misfits,
    path_bytes,
)
from openqmm.core.verifier.report import Findings
from openqmm.core.verifier.tree import BadPath, hash_leaf, root_by_path

FEWEST_LEVELS = 8
"""256 slots: fewer would tell how many organisations there are."""

_SHAPE = {
    "tick": is_count,
    "at": is_time,
    "size": is_count,
    "root": is_digest,
    "salt": is_digest,
    "slot": is_count,
    "path": is_path,
    "tlog_proof": str,
}


def head_leaf(trail: str, tick: int, size: int, root: str, salt: str) -> bytes:
    """Return the leaf hash of a trail's head in its slot."""
    head = f'{{"root":"{root}","salt":"{salt}","size":{size},"tick":{tick},"trail":"{trail}"}}'
    return hash_leaf(head.encode())


def padding_leaf(seed: bytes, slot: int) -> bytes:
    """Return the leaf hash of an empty slot."""
    return hash_leaf(sha256(seed + slot.to_bytes(4, "big")).digest())


def tick_leaf(tick: int, at: str, root: str) -> bytes:
    """Return the leaf hash of a tick's entry in the installation's tree."""
    return hash_leaf(f'{{"at":"{at}","root":"{root}","tick":{tick}}}'.encode())


def anchor_shape_fault(anchor: Any) -> str | None:
    """Return what is malformed in an anchor proof, or None."""
    return misfits(anchor, _SHAPE)


def check_anchor(
    findings: Findings, trail: str, anchor: Mapping[str, Any], vkey: str | None
) -> None:
    """Check an anchor proof of the right shape: head, slot, tick, log proof, signature."""
    tick = anchor["tick"]
    try:
        proof = _lead_to_log(trail, anchor)
    except Unreadable as unreadable:
        findings.fault("anchor", f"trail {trail}, anchor of tick {tick}: {unreadable}")
        return
    checkpoint = proof.checkpoint
    findings.looked_at(
        "anchor",
        f"{anchor['size']:,} events at {anchor['at']}, under the checkpoint of "
        f"{checkpoint.origin} at {checkpoint.size:,} ticks",
    )
    check_signature(findings, checkpoint, vkey, where=f"trail {trail}, anchor of tick {tick}")


def _lead_to_log(trail: str, anchor: Mapping[str, Any]) -> LogProof:
    """Return the anchor's log proof, if all leads to it (Unreadable)."""
    levels = len(anchor["path"])
    if levels < FEWEST_LEVELS:
        raise Unreadable(f"its path has {levels} levels; expected at least {FEWEST_LEVELS}")
    head = head_leaf(trail, anchor["tick"], anchor["size"], anchor["root"], anchor["salt"])
    try:
        tick_root = root_by_path(head, anchor["slot"], 1 << levels, path_bytes(anchor["path"]))
    except BadPath:
        raise Unreadable("its path does not fit its slot") from None
    try:
        proof = read_log_proof(anchor["tlog_proof"])
    except Unreadable as unreadable:
        raise Unreadable(f"its log proof {unreadable}") from None
    leaf = tick_leaf(anchor["tick"], anchor["at"], tick_root.hex())
    try:
        root = root_by_path(leaf, proof.index, proof.checkpoint.size, proof.path)
    except BadPath:
        raise Unreadable("its log proof does not fit the checkpoint's size") from None
    if root != proof.checkpoint.root:
        raise Unreadable("the head as anchored does not lead to the root of the checkpoint")
    return proof


def check_signature(
    findings: Findings, checkpoint: Checkpoint, vkey: str | None, *, where: str
) -> None:
    """Check a checkpoint's signature, or say that without a key it was not checked."""
    if vkey is None:
        findings.not_checked("signature", "not checked: no key was given")
        return
    keys = keys_of(findings, vkey)
    fault = signature_fault(checkpoint, keys) if keys else None
    if fault is not None:
        findings.fault("signature", f"{where}: {fault}")
    elif keys:
        findings.looked_at("signature", f"signed by {checkpoint.origin}")


def keys_of(findings: Findings, vkey: str) -> list[VerifierKey]:
    """Return the keys in `vkey`; where it holds none, that is the fault."""
    try:
        return read_keys(vkey)
    except Unreadable as unreadable:
        findings.fault("signature", f"the key given {unreadable}")
        return []

"""The small files: one event's proof, the proof that a trail only grew, a checkpoint."""

from __future__ import annotations

from typing import Any

from openqmm.core.verifier.anchors import anchor_shape_fault, check_anchor, check_signature
from openqmm.core.verifier.events import leaf_of, read_content, salted
from openqmm.core.verifier.notes import read_checkpoint
from openqmm.core.verifier.reading import (
    Unreadable,
    canonical_object,
    is_count,
    is_digest,
    is_path,
    is_uuid,
    misfits,
    path_bytes,
)
from openqmm.core.verifier.report import Findings, Report
from openqmm.core.verifier.tree import BadPath, root_by_path, root_over, roots_by_consistency

PROOF_FORMAT = "openqmm-proof/1"
CONSISTENCY_FORMAT = "openqmm-consistency/1"

_PROOF = {
    "format": lambda found: found == PROOF_FORMAT,
    "trail": is_uuid,
    "seq": is_count,
    "prev": is_digest,
    "salt": is_digest,
    "content": str,
    "index": is_count,
    "path": is_path,
    "anchor": lambda anchor: anchor_shape_fault(anchor) is None,
}
_HEAD = {"size": is_count, "root": is_digest}
_CONSISTENCY = {
    "format": lambda found: found == CONSISTENCY_FORMAT,
    "trail": is_uuid,
    "first": lambda head: misfits(head, _HEAD) is None,
    "second": lambda head: misfits(head, _HEAD) is None,
    "path": is_path,
}


def verify_proof(text: str, vkey: str | None = None) -> Report:
    """Return whether an event's proof leads from its content to a checkpoint.

    The rows it changed are known by digest only; the exported trail holds them.

    Parameters
    ----------
    text : the file.
    vkey : the key of the installation's log; without it the signature is not checked.
    """
    findings = Findings("event_proof")
    proof = _document(findings, text, _PROOF, PROOF_FORMAT)
    if proof is None:
        return findings.report()
    where = f"trail {proof['trail']} event {proof['seq']}"
    try:
        facts = read_content(proof["content"])
        where = f"{where} ({facts['event']})"
        findings.looked_at(
            "content", f"{facts['actor']['name']} {facts['sentence']}, {facts['at']}"
        )
    except Unreadable as unreadable:
        findings.fault("content", f"{where}: its content {unreadable}")
    _check_place(findings, proof, where)
    check_anchor(findings, proof["trail"], proof["anchor"], vkey)
    return findings.report()


def _check_place(findings: Findings, proof: dict[str, Any], where: str) -> None:
    anchor = proof["anchor"]
    content = salted(bytes.fromhex(proof["salt"]), proof["content"])
    leaf = leaf_of(proof["trail"], proof["seq"], proof["prev"], content)
    findings.looked_at("place", f"entry {proof['seq']} of {anchor['size']:,} as anchored")
    if proof["index"] != proof["seq"]:
        findings.fault("place", f"{where}: its index is {proof['index']}, its seq another")
        return
    try:
        root = root_by_path(leaf, proof["index"], anchor["size"], path_bytes(proof["path"]))
    except BadPath:
        findings.fault("place", f"{where}: its path does not fit a trail of {anchor['size']:,}")
        return
    if root.hex() != anchor["root"]:
        findings.fault(
            "place", f"{where}: the salt and content do not lead to the root that was anchored"
        )


def verify_consistency(text: str) -> Report:
    """Return whether a consistency proof shows that the later trail begins with the earlier.

    It binds two heads to each other; that they are the trail's own heads is for whoever holds
    them to compare.

    Parameters
    ----------
    text : the file.
    """
    findings = Findings("consistency_proof")
    proof = _document(findings, text, _CONSISTENCY, CONSISTENCY_FORMAT)
    if proof is None:
        return findings.report()
    first, second = proof["first"], proof["second"]
    grown = f"from {first['size']:,} to {second['size']:,} events"
    findings.looked_at("consistency", f"trail {proof['trail']} only grew {grown}")
    if not _consistent(first, second, path_bytes(proof["path"])):
        findings.fault(
            "consistency",
            f"trail {proof['trail']}: the proof does not show that it only grew {grown}",
        )
    return findings.report()


def _consistent(first: dict[str, Any], second: dict[str, Any], path: list[bytes]) -> bool:
    if first["size"] == 0:
        return not path and first["root"] == root_over([]).hex()
    try:
        old, new = roots_by_consistency(
            first["size"], second["size"], bytes.fromhex(first["root"]), path
        )
    except BadPath:
        return False
    return (old.hex(), new.hex()) == (first["root"], second["root"])


def verify_checkpoint(text: str, vkey: str | None = None) -> Report:
    """Return whether a checkpoint is well formed and signed by `vkey`.

    Parameters
    ----------
    text : the signed note.
    vkey : the key of the installation's log; without it the signature is not checked.
    """
    findings = Findings("checkpoint")
    try:
        checkpoint = read_checkpoint(text)
    except Unreadable as unreadable:
        findings.fault("format", f"the file {unreadable}")
        return findings.report()
    findings.looked_at(
        "format",
        f"{checkpoint.origin}, {checkpoint.size:,} ticks, root {checkpoint.root.hex()}",
    )
    check_signature(findings, checkpoint, vkey, where="the checkpoint")
    return findings.report()


def _document(
    findings: Findings, text: str, shape: dict[str, Any], name: str
) -> dict[str, Any] | None:
    try:
        document = canonical_object(text.removesuffix("\n"))
    except Unreadable as unreadable:
        findings.fault("format", f"the file {unreadable}")
        return None
    fault = misfits(document, shape)
    if fault is not None:
        findings.fault("format", f"the file: {fault}")
        return None
    findings.looked_at("format", name)
    return document

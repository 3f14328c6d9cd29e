"""One person's signature as a file (docs/reference/signatures.md): what was signed, by whom, when.

The file binds itself; that the signature was made on the platform is shown by its row on the
audit trail, once the event's proof in the file holds that row's digest.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from openqmm.core.verifier.events import leaf_of, read_content, salted
from openqmm.core.verifier.proofs import verify_proof
from openqmm.core.verifier.reading import (
    Unreadable,
    canonical,
    canonical_object,
    is_count,
    is_digest,
    is_text_or_null,
    is_uuid,
    misfits,
)
from openqmm.core.verifier.report import Findings, Report

SIGNATURE_FORMAT = "openqmm-signature/1"


def _texts(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(one, str) for one in found)


_PLACE = {"trail": is_uuid, "seq": is_count, "event": is_uuid, "leaf": is_digest}
_SIGNATURE = {
    "format": lambda found: found == SIGNATURE_FORMAT,
    "id": is_uuid,
    "statement": str,
    "digest": is_digest,
    "signed_at": str,
    "zone": str,
    "challenge": str,
    "components": _texts,
    "binding": is_digest,
    "row": is_text_or_null,
    "place": lambda found: found is None or misfits(found, _PLACE) is None,
    "proof": is_text_or_null,
}
_SIGNER = {"id": is_uuid, "name": str, "organisation": str, "role": str}
_STATEMENT = {
    "content": dict,
    "meaning": str,
    "record": lambda found: misfits(found, {"id": str, "type": str}) is None,
    "signer": lambda found: misfits(found, _SIGNER) is None,
}


def verify_signature(text: str, vkey: str | None = None) -> Report:
    """Return whether a signature's file is whole, and where it holds the proof of its event, also
    whether the audit trail tells of it.

    Parameters
    ----------
    text : the file.
    vkey : the key of the installation's log; without it the checkpoint's signature is not checked.
    """
    findings = Findings("signature")
    try:
        signature = canonical_object(text.removesuffix("\n"))
        fault = misfits(signature, _SIGNATURE)
    except Unreadable as unreadable:
        findings.fault("format", f"the file {unreadable}")
        return findings.report()
    if fault is not None:
        findings.fault("format", f"the file is no {SIGNATURE_FORMAT}: {fault}")
        return findings.report()
    findings.looked_at("format", SIGNATURE_FORMAT)
    _check_statement(findings, signature)
    _check_binding(findings, signature)
    _check_row(findings, signature)
    if signature["proof"] is None or signature["place"] is None or signature["row"] is None:
        findings.not_checked("trail", "the file holds no proof of its place on the audit trail")
    else:
        _check_proof(findings, signature, vkey)
    return findings.report()


def _check_statement(findings: Findings, signature: dict[str, Any]) -> None:
    findings.looked_at("statement", "the digest is that of what was signed")
    if _sha256(signature["statement"]) != signature["digest"]:
        findings.fault("statement", "what was signed does not give the signature's digest")
        return
    try:
        stated = json.loads(signature["statement"])
    except (ValueError, RecursionError):
        stated = None
    if fault := misfits(stated, _STATEMENT):
        findings.fault("statement", f"what was signed is no statement: {fault}")
        return
    signer = stated["signer"]
    findings.looked_at(
        "statement",
        f"{signer['name']}, {signer['role']}, {signer['organisation']}: “{stated['meaning']}”, "
        f"{signature['signed_at']}",
    )


def _check_binding(findings: Findings, signature: dict[str, Any]) -> None:
    bound = {
        name: signature[name]
        for name in ("challenge", "components", "digest", "id", "signed_at", "zone")
    }
    findings.looked_at("binding", f"signed with {' and '.join(signature['components'])}")
    if _sha256(canonical(bound)) != signature["binding"]:
        findings.fault("binding", "the time or the way of signing was altered")


def _check_row(findings: Findings, signature: dict[str, Any]) -> None:
    if signature["row"] is None:
        findings.not_checked("row", "the file holds no row of the audit trail")
        return
    findings.looked_at("row", "the row on the trail is this signature's")
    try:
        row = json.loads(signature["row"])
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or any(
        row.get(name) != signature[name] for name in ("statement", "digest", "binding")
    ):
        findings.fault("row", "the row on the trail is another signature's")


def _check_proof(findings: Findings, signature: dict[str, Any], vkey: str | None) -> None:
    report = verify_proof(signature["proof"], vkey)
    where = signature["place"]
    findings.looked_at("trail", f"event {where['seq']} of trail {where['trail']}")
    for fault in report.faults:
        findings.fault("trail", fault)
    if report.faults:
        return
    for check in report.checks:
        if check.passed is None:
            findings.not_checked(check.name, check.detail)
    shown = json.loads(signature["proof"])
    facts = read_content(shown["content"])
    if (shown["trail"], shown["seq"], facts["event"]) != (
        where["trail"],
        where["seq"],
        where["event"],
    ):
        findings.fault("trail", "the proof is of another event")
        return
    salt = bytes.fromhex(shown["salt"])
    leaf = leaf_of(shown["trail"], shown["seq"], shown["prev"], salted(salt, shown["content"]))
    if leaf.hex() != where["leaf"]:
        findings.fault("trail", "the leaf hash of the file's place is not that of its event")
        return
    digest = salted(salt, signature["row"])
    made = [
        change
        for change in facts["changes"]
        if change["table"] == "audit_signature"
        and change["record"].replace("-", "") == signature["id"].replace("-", "")
    ]
    if [change["after"] for change in made] != [digest]:
        findings.fault("trail", "the event does not tell of this signature")


def _sha256(text: str) -> str:
    # A text that has no UTF-8 form fits no digest.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

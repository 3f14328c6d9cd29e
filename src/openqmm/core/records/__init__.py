"""Canonical JSON, digests, the trail's trees and files, and workbooks looked over before reading.

`records.notes` (signing) is imported by its own name: it loads a cryptographic library.
"""

from openqmm.core.records.anchors import Anchor, Head, anchor_again, anchor_heads
from openqmm.core.records.canonical import canonical_json, sha256_hex
from openqmm.core.records.entries import (
    INSTALLATION,
    NO_ENTRY,
    Act,
    Change,
    change_digest,
    content_digest,
    entry,
    event_content,
)
from openqmm.core.records.exports import (
    AnchorProof,
    StoredEvent,
    anchor_proof,
    consistency_proof,
    event_proof,
    trail_head_line,
    trail_lines,
)
from openqmm.core.records.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    tree_root,
)
from openqmm.core.records.workbooks import workbook_fault

__all__ = [
    "EMPTY_ROOT",
    "INSTALLATION",
    "NO_ENTRY",
    "Act",
    "Anchor",
    "AnchorProof",
    "Change",
    "Frontier",
    "Head",
    "StoredEvent",
    "anchor_again",
    "anchor_heads",
    "anchor_proof",
    "canonical_json",
    "change_digest",
    "consistency_path",
    "consistency_proof",
    "content_digest",
    "entry",
    "event_content",
    "event_proof",
    "inclusion_path",
    "leaf_hash",
    "node_hash",
    "sha256_hex",
    "trail_head_line",
    "trail_lines",
    "tree_root",
    "workbook_fault",
]

"""Canonical JSON, digests, the trail's trees and files, and files from strangers looked over.

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
from openqmm.core.records.kinds import KINDS, FileKind, kind_fault, kind_of, safe_name
from openqmm.core.records.looks import LIMITS, FileFacts, FileFault, FileLimits
from openqmm.core.records.spreadsheet import line_writer, spreadsheet_plain, spreadsheet_safe
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
    "KINDS",
    "LIMITS",
    "NO_ENTRY",
    "Act",
    "Anchor",
    "AnchorProof",
    "Change",
    "FileFacts",
    "FileFault",
    "FileKind",
    "FileLimits",
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
    "kind_fault",
    "kind_of",
    "leaf_hash",
    "line_writer",
    "node_hash",
    "safe_name",
    "sha256_hex",
    "spreadsheet_plain",
    "spreadsheet_safe",
    "trail_head_line",
    "trail_lines",
    "tree_root",
    "workbook_fault",
]

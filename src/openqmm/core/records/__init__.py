"""Canonical JSON, digests, and files from strangers looked over before they are read."""

from openqmm.core.records.canonical import canonical_json, sha256_hex
from openqmm.core.records.workbooks import workbook_fault

__all__ = ["canonical_json", "sha256_hex", "workbook_fault"]

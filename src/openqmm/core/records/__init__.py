"""Canonical JSON and digests: how a record is given one spelling and one fingerprint."""

from openqmm.core.records.canonical import canonical_json, sha256_hex

__all__ = ["canonical_json", "sha256_hex"]

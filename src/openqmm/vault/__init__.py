"""Files from strangers: kept whole, read again by their digest, looked over in a process that can
be killed, scanned. Knows no Django and no record; what it needs is handed to it."""

from openqmm.vault.child import examine
from openqmm.vault.scanning import Scanner, ScannerUnavailable, scanner_at
from openqmm.vault.store import FileDamaged, FileMissing, FolderStore, Received, Store

__all__ = [
    "FileDamaged",
    "FileMissing",
    "FolderStore",
    "Received",
    "Scanner",
    "ScannerUnavailable",
    "Store",
    "examine",
    "scanner_at",
]

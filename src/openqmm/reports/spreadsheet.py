"""Text that ends in a spreadsheet: shown as written, never run as a formula."""

from openqmm.core.records import spreadsheet_safe

__all__ = ["spreadsheet_safe"]

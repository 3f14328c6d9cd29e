"""OpenQMM runs Quality Management Maturity programs for drug manufacturing facilities."""

__version__ = "0.1.0"

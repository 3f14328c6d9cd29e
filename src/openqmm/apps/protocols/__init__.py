"""Sealed protocol versions, and the public method pages."""

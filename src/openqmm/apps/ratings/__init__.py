"""Proposed, reviewed and issued ratings."""

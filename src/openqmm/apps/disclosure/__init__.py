"""Signed consents, the directory and public rating pages."""

"""Rounds, applications, screening and selection."""

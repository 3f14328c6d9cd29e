"""Signing in: what the sign-in library is told, and the pages a person keeps their sign-in on."""

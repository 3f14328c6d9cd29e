"""What a key may be used for: a closed set, one per area of the REST interface and verb."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One thing a key may do; the role behind the key must be allowed to as well."""

    DIRECTORY_READ = "directory:read"
    PROTOCOLS_READ = "protocols:read"
    RATINGS_READ = "ratings:read"

    @property
    def title(self) -> str:  # type: ignore[override]  # a word for people, not a method
        """The scope as people read it."""
        area, verb = self.value.split(":")
        return f"{verb.capitalize()} {area}"

"""Start-up checks: a route without a declared access stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

# Served by a library that guards itself; each is in the authorization matrix all the same.
TRUSTED_MODULES = ("allauth.",)


def routes(
    resolver: URLResolver | None = None, prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Yield every route of the site: its full name, its pattern and its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or pattern}", pattern, entry.callback


@register(Tags.security)
def every_route_declares_access(**_: Any) -> list[CheckMessage]:
    """Return an error for each view that does not say who may call it."""
    return [
        Error(
            f"The route {name} ({pattern}) does not declare who may use it.",
            hint="Decorate its view with openqmm.web.access.allow(...).",
            id="openqmm.E001",
        )
        for name, pattern, view in routes()
        if not hasattr(view, "allowed_roles") and not view.__module__.startswith(TRUSTED_MODULES)
    ]

"""Start-up checks: a route without a declared access, or a database without its guards, stops the
start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
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


@register(Tags.database)
def every_database_is_guarded(databases: list[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Return an error for a database whose guards are not as they were installed, and for a role
    that could switch them off."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if not connection.introspection.table_names():
            found.append(
                Error("The database is empty.", hint="Run `openqmm migrate`.", id="openqmm.E002")
            )
            continue
        if fault := connection.guards_fault():
            found.append(
                Error(
                    f"{fault}.",
                    hint="Verify the trail, then run `openqmm migrate`.",
                    id="openqmm.E003",
                )
            )
        if fault := connection.role_fault():
            found.append(
                Error(
                    f"OPENQMM_DATABASE: {fault}.",
                    hint="Give the owner's address in OPENQMM_DATABASE_OWNER.",
                    id="openqmm.E004",
                )
            )
    return found


@register(Tags.security, deploy=True)
def several_organisations_need_postgresql(**_: Any) -> list[CheckMessage]:
    """Return an error where a program office would run on the embedded database."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite"):
        return [
            Error(
                "The embedded database has no row-level security.",
                hint="Give OPENQMM_DATABASE and OPENQMM_DATABASE_OWNER, on PostgreSQL 15 or later.",
                id="openqmm.E005",
            )
        ]
    return []

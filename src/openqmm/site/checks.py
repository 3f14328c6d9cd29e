"""Start-up checks: a route, an API operation, a management command or a background task that does
not declare who may use it, or a database without its guards, stops the start. Files are served by
routes like any page."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

# Served by a library that guards itself; each is in the authorization matrix all the same.
TRUSTED_MODULES = ("allauth.",)
OURS = "openqmm."
# What the interface is, and the address it hangs on; they read no record.
OPEN_TO_ANY_KEY = ("api:openapi-json", "api:api-root")


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


@register(Tags.security)
def every_operation_declares_its_scope(**_: Any) -> list[CheckMessage]:
    """Return an error for each route of the REST interface that any key would open."""
    return [
        Error(
            f"The API route {name} ({pattern}) does not declare the scope that a key needs for it.",
            hint="Decorate its operations with openqmm.api.allow(..., scope=...).",
            id="openqmm.E006",
        )
        for name, pattern, view in routes()
        if name.startswith("api:") and name not in OPEN_TO_ANY_KEY and not view.scopes
    ]


@register(Tags.security)
def every_command_declares_its_policy(**_: Any) -> list[CheckMessage]:
    """Return an error for each management command of ours that does not say what stands for a
    permission there."""
    return [
        Error(
            f"The management command {module.__name__} does not declare who may start it.",
            hint="Decorate its Command with openqmm.web.access.unattended(...).",
            id="openqmm.E007",
        )
        for module in _modules("management.commands")
        if not getattr(getattr(module, "Command", None), "declared_policy", "")
    ]


@register(Tags.security)
def every_task_declares_its_policy(**_: Any) -> list[CheckMessage]:
    """Return an error for each background task of ours that does not say what stands for a
    permission there."""
    return [
        Error(
            f"The background task {module.__name__}.{name} does not declare who may start it.",
            hint="Decorate it with openqmm.web.access.unattended(...).",
            id="openqmm.E008",
        )
        for module in _modules("tasks")
        for name, task in undeclared_tasks(module)
    ]


def undeclared_tasks(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield what a module of tasks offers without having declared a policy for it: its own public
    functions, and the library's tasks made of them."""
    for name, member in vars(module).items():
        made_here = getattr(member, "func", member)
        if name.startswith("_") or getattr(made_here, "__module__", None) != module.__name__:
            continue
        declared = getattr(made_here, "declared_policy", getattr(member, "declared_policy", ""))
        if inspect.isfunction(made_here) and not declared:
            yield name, member


def _modules(place: str) -> Iterator[ModuleType]:
    """Yield the modules of ours at a place in each app: the module itself, or those of a package
    whose names are public."""
    for config in apps.get_app_configs():
        if not config.name.startswith(OURS):
            continue
        try:
            found = import_module(f"{config.name}.{place}")
        except ModuleNotFoundError as missing:
            if missing.name and not f"{config.name}.{place}".startswith(missing.name):
                raise
            continue
        if place == "tasks":
            yield found
        for inner in pkgutil.iter_modules(getattr(found, "__path__", ())):
            if not inner.name.startswith("_"):
                yield import_module(f"{found.__name__}.{inner.name}")

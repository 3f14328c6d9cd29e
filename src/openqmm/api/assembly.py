"""The API object, its routers and its routes, each of which says who may call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError
from ninja.renderers import BaseRenderer

from openqmm import __version__
from openqmm.api.access import KeyReader, identify
from openqmm.api.refusals import add_refusals
from openqmm.core.workflow import Role, Scope

EVERYONE = frozenset(role for role in Role if role is not Role.SYSTEM)
NAMESPACE = "api"

Urls = tuple[list[Any], str, str]
Declared = dict[str, tuple[frozenset[Role], frozenset[str], frozenset[Scope]]]

# The library's own routes; the root only ever answers 404, yet it needs its address.
_OWN: Declared = {
    "openapi-json": (EVERYONE, frozenset({"GET"}), frozenset()),
    "api-root": (EVERYONE, frozenset({"GET"}), frozenset()),
}


class PlainJson(BaseRenderer):
    """Writes dataclasses, ids and dates as JSON without a detour."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


def assemble(routers: Mapping[str, Router], *, read_key: KeyReader) -> Urls:
    """Return the API's routes: each router under its prefix, and the OpenAPI document.

    An operation that does not declare its roles and its scope stops the start. `read_key` tells
    whom a key lets act.
    """
    api = NinjaAPI(
        title="OpenQMM",
        version=__version__,
        description=(
            "Disclosed ratings and protocols for everybody; one's own ratings for those "
            "signed in. A rating describes a facility, never a company or a drug."
        ),
        # The library's documentation pages load their scripts from elsewhere; openapi.json stays.
        docs_url=None,
        urls_namespace=NAMESPACE,
        renderer=PlainJson(),
    )
    add_refusals(api)
    for prefix, router in routers.items():
        api.add_router(prefix, router)
    patterns, app_name, namespace = api.urls
    declared = _OWN | _declared(routers)
    for pattern in patterns:
        callback = pattern.callback
        if pattern.name in _OWN:
            # The library would answer every method alike.
            callback = require_safe(callback)
        callback = _identified(callback, api, read_key)
        callback.allowed_roles, callback.allowed_methods, callback.scopes = declared[pattern.name]
        pattern.callback = callback
    return patterns, app_name, namespace


def _identified(
    callback: Callable[..., HttpResponse], api: NinjaAPI, read_key: KeyReader
) -> Callable[..., HttpResponse]:
    @wraps(callback)
    def called(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            identify(request, read_key)
        except AuthenticationError as refusal:
            return api.on_exception(request, refusal)
        return callback(request, *args, **kwargs)

    return called


def _declared(routers: Mapping[str, Router]) -> Declared:
    """Return the roles, methods and scopes of every route by name; operations of one path share
    them."""
    declared: Declared = {}
    for router in routers.values():
        for path, view in router.path_operations.items():
            roles = [getattr(o.view_func, "allowed_roles", None) for o in view.operations]
            scopes = [getattr(o.view_func, "scope", None) for o in view.operations]
            if None in roles or None in scopes or not view.url_name:
                raise ImproperlyConfigured(
                    f"The API operation at {path} does not declare its roles, the scope a key "
                    "needs and its url_name."
                )
            methods = frozenset(m for o in view.operations for m in o.methods)
            declared[view.url_name] = (frozenset().union(*roles), methods, frozenset(scopes))
    return declared

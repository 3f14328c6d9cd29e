"""Fixtures that render the portal's templates without a database or the rest of the site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import override_settings
from django.urls import include, path

import openqmm.web

WEB = Path(openqmm.web.__file__).parent
PUBLIC = ("about", "method", "directory", "accessibility", "privacy")


def _nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Addresses:
    """The addresses the shell names, standing in for the site's own."""

    urlpatterns = (
        path("", _nowhere, name="home"),
        path("sign-in", _nowhere, name="account_login"),
        path("sign-out", _nowhere, name="account_logout"),
        path("accounts/", include(([path("switch", _nowhere, name="switch")], "accounts"))),
        path("public/", include(([path(name, _nowhere, name=name) for name in PUBLIC], "public"))),
    )


@pytest.fixture(scope="session")
def web() -> Path:
    """The folder of the package under test."""
    return WEB


@pytest.fixture(scope="session")
def engine() -> Engine:
    """A template engine that knows this package's folder and tags, and nothing else."""
    return Engine(
        dirs=[str(WEB / "templates")],
        libraries={
            "qmm": "openqmm.web.templatetags.qmm",
            "static": "django.templatetags.static",
            "i18n": "django.templatetags.i18n",
            "l10n": "django.templatetags.l10n",
        },
    )


@pytest.fixture
def site() -> Iterator[None]:
    """Addresses the shell points at, and static files under a plain prefix."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": plain,
    }
    with override_settings(
        ROOT_URLCONF=Addresses, STATIC_URL="/static/", STORAGES=storages, USE_I18N=True
    ):
        yield


@pytest.fixture
def render(engine: Engine, site: None) -> Callable[..., str]:
    """Render a line of template language with the component tags loaded."""

    def _render(source: str, **values: object) -> str:
        return engine.from_string("{% load qmm %}" + source).render(Context(values))

    return _render


@pytest.fixture
def page(engine: Engine, site: None) -> Callable[..., str]:
    """Render a template of the package by name."""

    def _page(name: str, **values: object) -> str:
        return engine.get_template(name).render(Context(values))

    return _page

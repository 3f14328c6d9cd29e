"""The portal's look: static files, base templates and components; it stores nothing."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Make the templates, static files and tags of this package known to Django."""

    name = "openqmm.web"
    label = "web"
    verbose_name = "Portal look and components"

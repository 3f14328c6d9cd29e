"""Signed consents, the directory and public rating pages."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """Signed consents, the directory and public rating pages."""

    name = "openqmm.apps.disclosure"
    label = "disclosure"

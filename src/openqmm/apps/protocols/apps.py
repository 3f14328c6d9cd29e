"""Sealed protocol versions, and the public method pages."""

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    """Sealed protocol versions, and the public method pages."""

    name = "openqmm.apps.protocols"
    label = "protocols"

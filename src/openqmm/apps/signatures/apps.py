"""Electronic signatures."""

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    """Electronic signatures."""

    name = "openqmm.apps.signatures"
    label = "signatures"

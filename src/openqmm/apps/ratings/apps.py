"""Proposed, reviewed and issued ratings."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Proposed, reviewed and issued ratings."""

    name = "openqmm.apps.ratings"
    label = "ratings"

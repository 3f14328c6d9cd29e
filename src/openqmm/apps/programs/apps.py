"""Rounds, applications, screening and selection."""

from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    """Rounds, applications, screening and selection."""

    name = "openqmm.apps.programs"
    label = "programs"

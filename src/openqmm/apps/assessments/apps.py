"""Teams, blind scores and consensus."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Teams, blind scores and consensus."""

    name = "openqmm.apps.assessments"
    label = "assessments"

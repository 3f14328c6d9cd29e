"""Files a manufacturer keeps as evidence of how its facilities work."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Files a manufacturer keeps as evidence of how its facilities work."""

    name = "openqmm.apps.evidence"
    label = "evidence"

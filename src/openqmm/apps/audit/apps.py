"""The append-only trail of every change, and signatures."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The append-only trail of every change, and signatures."""

    name = "openqmm.apps.audit"
    label = "audit"

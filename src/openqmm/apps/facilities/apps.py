"""The sites that are rated, and the public records about them."""

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    """The sites that are rated, and the public records about them."""

    name = "openqmm.apps.facilities"
    label = "facilities"

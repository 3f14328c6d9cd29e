"""People, organisations and the roles that join them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organisations and the roles that join them."""

    name = "openqmm.apps.accounts"
    label = "accounts"

"""The site as a Django app, so that its checks run at every start."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Registers the start-up checks and the receivers of log-in signals."""

    name = "openqmm.site"
    label = "site_"

    def ready(self) -> None:
        from openqmm.site import checks  # noqa: F401  (registers itself)
        from openqmm.site.sign_in import receivers

        receivers.connect()

"""Every route of the site."""

from django.urls import include, path

from openqmm.site import public_urls, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include(public_urls)),
    path("people/", include("openqmm.apps.accounts.urls")),
    path("accounts/", include("openqmm.site.account_urls")),
]

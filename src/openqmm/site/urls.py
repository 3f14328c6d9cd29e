"""Every route of the site."""

from django.urls import include, path

from openqmm.api import assemble
from openqmm.apps.accounts import actions as accounts
from openqmm.apps.disclosure import endpoints as disclosure
from openqmm.apps.facilities import urls as facilities
from openqmm.apps.protocols import endpoints as protocols
from openqmm.apps.ratings import endpoints as ratings
from openqmm.site import public_urls, views

API = assemble(
    {
        "/directory": disclosure.router,
        "/protocols": protocols.router,
        "/ratings": ratings.router,
    },
    read_key=accounts.use_key,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("", include(public_urls)),
    path("people/", include("openqmm.apps.accounts.urls")),
    path("facilities/", include("openqmm.apps.facilities.urls")),
    path("records/", include((facilities.records_urlpatterns, "records"))),
    path("evidence/", include("openqmm.apps.evidence.urls")),
    path("", include("openqmm.apps.programs.urls")),
    path("assessments/", include("openqmm.apps.assessments.urls")),
    path("ratings/", include("openqmm.apps.ratings.urls")),
    path("sharing/", include("openqmm.apps.disclosure.urls")),
    path("trail/", include("openqmm.apps.audit.urls")),
    path("api/v1/", API),
    path("accounts/", include("openqmm.site.account_urls")),
]

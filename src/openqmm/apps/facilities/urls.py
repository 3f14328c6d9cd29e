"""Routes of the facilities app: facilities, and the public records about them."""

from django.urls import path

from openqmm.apps.facilities.views import facilities, records

app_name = "facilities"
urlpatterns = [
    path("", facilities.facilities, name="facilities"),
    path("new/", facilities.add_facility, name="add_facility"),
    path("<uuid:facility_id>/", facilities.facility, name="facility"),
    path("<uuid:facility_id>/correct/", facilities.correct_facility, name="correct_facility"),
]
records_urlpatterns = [
    path("", records.sources, name="sources"),
    path("links/", records.links, name="links"),
    path("links/<slug:kind>/<slug:subject>/", records.link, name="link"),
]

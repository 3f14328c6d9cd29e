"""Routes of the facilities app."""

from django.urls import path

from openqmm.apps.facilities import views

app_name = "facilities"
urlpatterns = [
    path("", views.facilities, name="facilities"),
    path("new/", views.add_facility, name="add_facility"),
    path("<uuid:facility_id>/", views.facility, name="facility"),
    path("<uuid:facility_id>/correct/", views.correct_facility, name="correct_facility"),
]

"""Routes of the evidence app."""

from django.urls import path

from openqmm.apps.evidence import views

app_name = "evidence"
urlpatterns = [
    path("facilities/<uuid:facility_id>/", views.files, name="files"),
    path("facilities/<uuid:facility_id>/add/", views.add, name="add"),
    path("<uuid:evidence_id>/", views.detail, name="detail"),
    path("<uuid:evidence_id>/file/", views.download, name="download"),
    path("<uuid:evidence_id>/replace/", views.replace, name="replace"),
    path("<uuid:evidence_id>/withdraw/", views.withdraw, name="withdraw"),
]

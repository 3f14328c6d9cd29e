"""Routes of the audit app."""

from django.urls import path

from openqmm.apps.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
]

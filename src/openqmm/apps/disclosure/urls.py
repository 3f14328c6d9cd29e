"""Routes of a facility's own consents; the directory's are among the public ones."""

from django.urls import path

from openqmm.apps.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("ratings/<uuid:rating_id>/", views.consents, name="consents"),
    path("ratings/<uuid:rating_id>/consent/", views.consent, name="consent"),
    path(
        "<uuid:disclosure_id>/signatures/<uuid:signature_id>.json",
        views.signature,
        name="signature",
    ),
    path("<uuid:disclosure_id>/withdraw/", views.withdraw, name="withdraw"),
]

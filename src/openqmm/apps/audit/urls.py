"""Routes of the audit app."""

from django.urls import path

from openqmm.apps.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="export"),
    path("check/", views.check, name="check"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<uuid:review_id>/", views.review, name="review"),
    path("reviews/<uuid:review_id>/note/", views.note, name="note"),
    path("reviews/<uuid:review_id>/close/", views.close, name="close"),
    path("record/<slug:table>/<slug:record_id>/", views.record, name="record"),
    path("<uuid:event_id>/", views.event, name="event"),
    path("<uuid:event_id>/proof/", views.proof, name="proof"),
]

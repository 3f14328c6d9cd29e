"""Routes of the ratings app."""

from django.urls import path

from openqmm.apps.ratings import views

app_name = "ratings"
urlpatterns = [
    path("", views.ratings, name="ratings"),
    path("propose/<uuid:assessment_id>/", views.propose, name="propose"),
    path("<uuid:rating_id>/", views.rating, name="rating"),
    path("<uuid:rating_id>/review/", views.review, name="review"),
    path("<uuid:rating_id>/issue/", views.issue, name="issue"),
    path("<uuid:rating_id>/suspend/", views.suspend, name="suspend"),
    path("<uuid:rating_id>/reinstate/", views.reinstate, name="reinstate"),
    path("<uuid:rating_id>/supersede/", views.supersede, name="supersede"),
    path("<uuid:rating_id>/rating.pdf", views.report, name="report"),
    path("<uuid:rating_id>/rating.csv", views.table, name="table"),
    path("<uuid:rating_id>/signatures/<uuid:signature_id>.json", views.signature, name="signature"),
    path("<uuid:rating_id>/bundle.json", views.bundle, name="bundle"),
]

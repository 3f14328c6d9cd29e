"""Routes of the accounts app."""

from django.urls import path

from openqmm.apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.add_person, name="add_person"),
    path("<uuid:person_id>/", views.person, name="person"),
    path("<uuid:person_id>/role/", views.give_role, name="give_role"),
    path("<uuid:person_id>/off/", views.deactivate, name="deactivate"),
    path("<uuid:person_id>/on/", views.reactivate, name="reactivate"),
    path("<uuid:person_id>/invite/", views.invite, name="invite"),
    path("<uuid:person_id>/identity/", views.check_identity, name="check_identity"),
    path("<uuid:person_id>/interest/", views.declare_interest, name="declare_interest"),
    path("<uuid:person_id>/factor/", views.ask_reset, name="ask_reset"),
    path("roles/<uuid:membership_id>/end/", views.end_membership, name="end_membership"),
    path("factors/", views.resets, name="resets"),
    path("factors/<uuid:reset_id>/", views.confirm_reset, name="confirm_reset"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new/", views.add_organisation, name="add_organisation"),
    path("access/", views.access_on, name="access_on"),
    path("access/file/", views.access_file, name="access_file"),
    path("recertification/", views.reviews, name="reviews"),
    path("recertification/<uuid:organisation_id>/", views.review, name="review"),
    path("invitation/<str:text>/", views.invitation, name="invitation"),
    path("signature/", views.attest, name="attest"),
    path("keys/", views.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke/", views.revoke_key, name="revoke_key"),
    path("switch/", views.switch, name="switch"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
]

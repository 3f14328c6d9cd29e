"""Routes of the accounts app."""

from django.urls import path

from openqmm.apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("switch/", views.switch, name="switch"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
]

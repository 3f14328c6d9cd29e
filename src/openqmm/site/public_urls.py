"""The pages everybody may read, gathered from the apps that make them."""

from django.urls import path

from openqmm.apps.disclosure import views as disclosure
from openqmm.apps.programs.views import public as programs
from openqmm.apps.programs.views import selection as drawn
from openqmm.apps.protocols import views as protocols
from openqmm.site import views

app_name = "public"
urlpatterns: list = [
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("method/", protocols.method, name="method"),
    path("method/<str:protocol_id>/", protocols.protocol, name="protocol"),
    path("method/<str:protocol_id>/file/<str:kind>/", protocols.file, name="protocol_file"),
    path("method/<str:protocol_id>/<str:question_id>/", protocols.question, name="question"),
    path("programs/<uuid:round_id>/", programs.announcement, name="round"),
    path("programs/<uuid:round_id>/draw/", drawn.published, name="draw"),
    path("programs/<uuid:round_id>/draw.json", drawn.published_file, name="draw_file"),
    path("programs/<uuid:round_id>/program.yaml", drawn.program_file, name="program_file"),
    path("self-check/", programs.self_check, name="self_check"),
    path("directory/", disclosure.directory, name="directory"),
    path("directory/<uuid:disclosure_id>/", disclosure.rated, name="rated"),
]

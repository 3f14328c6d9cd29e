"""Routes of the programs app."""

from django.urls import path

from openqmm.apps.programs.views import (
    applications,
    configurations,
    desks,
    letters,
    pipeline,
    rounds,
    selection,
    wizard,
)

app_name = "programs"
urlpatterns = [
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.new_round, name="new_round"),
    path("rounds/<uuid:round_id>/", rounds.round_, name="round"),
    path("rounds/<uuid:round_id>/edit/", rounds.edit_round, name="edit_round"),
    path("rounds/<uuid:round_id>/advance/", rounds.advance_round, name="advance_round"),
    path("rounds/<uuid:round_id>/screening/", desks.screening, name="screening"),
    path(
        "rounds/<uuid:round_id>/screening/<uuid:application_id>/",
        desks.screening_of,
        name="screening_of",
    ),
    path(
        "rounds/<uuid:round_id>/screening/<uuid:application_id>/screen/",
        desks.screen,
        name="screen",
    ),
    path(
        "rounds/<uuid:round_id>/screening/<uuid:application_id>/<slug:criterion>/decide/",
        desks.decide_criterion,
        name="decide_criterion",
    ),
    path("rounds/<uuid:round_id>/selection/", selection.selection, name="selection"),
    path("rounds/<uuid:round_id>/pipeline/", pipeline.pipeline, name="pipeline"),
    path("rounds/due/", pipeline.due, name="due"),
    path("rounds/annual/", pipeline.annual, name="annual"),
    path("calendar.ics", pipeline.calendar, name="calendar"),
    path("applications/<uuid:application_id>/letter/", letters.letter, name="letter"),
    path("applications/<uuid:application_id>/letter.pdf", letters.preview, name="letter_preview"),
    path("letters/<uuid:letter_id>.pdf", letters.sent_letter, name="sent_letter"),
    path("rounds/<uuid:round_id>/draw/", selection.draw, name="draw"),
    path("rounds/<uuid:round_id>/applications.csv", selection.round_file, name="round_file"),
    path("rounds/programs/", configurations.programs, name="programs"),
    path("rounds/programs/<slug:program_id>/", configurations.program, name="program"),
    path(
        "rounds/programs/<slug:program_id>/copy/", configurations.copy_program, name="copy_program"
    ),
    path(
        "rounds/programs/<slug:program_id>/edit/", configurations.edit_program, name="edit_program"
    ),
    path("applications/", applications.applications, name="applications"),
    path("applications/new/", applications.apply, name="apply"),
    path("applications/<uuid:application_id>/", applications.application, name="application"),
    path("applications/<uuid:application_id>/edit/", wizard.edit, name="edit"),
    path("applications/<uuid:application_id>/edit/review/", applications.review, name="review"),
    path(
        "applications/<uuid:application_id>/edit/<slug:step>/", wizard.edit_step, name="edit_step"
    ),
    path(
        "applications/<uuid:application_id>/acknowledgement.pdf",
        applications.acknowledgement,
        name="acknowledgement",
    ),
    path("applications/<uuid:application_id>/sign/", applications.sign, name="sign"),
    path(
        "applications/<uuid:application_id>/signatures/<uuid:signature_id>.json",
        applications.signature,
        name="signature",
    ),
    path("applications/<uuid:application_id>/draw.json", selection.own_line, name="own_line"),
    path("applications/<uuid:application_id>/step/", applications.take_step, name="take_step"),
]

"""Routes of the assessments app."""

from django.urls import path

from openqmm.apps.assessments import views

app_name = "assessments"
urlpatterns = [
    path("", views.assessments, name="assessments"),
    path("plan/", views.plan, name="plan"),
    path("<uuid:assessment_id>/", views.detail, name="detail"),
    path("<uuid:assessment_id>/team/", views.team, name="team"),
    path("<uuid:assessment_id>/team/remove/", views.remove_member, name="remove_member"),
    path("<uuid:assessment_id>/team/period/", views.set_period, name="set_period"),
    path("<uuid:assessment_id>/declare/", views.declare, name="declare"),
    path("<uuid:assessment_id>/step/", views.step, name="step"),
    path("<uuid:assessment_id>/score/", views.score_next, name="score_next"),
    path("<uuid:assessment_id>/score/<str:question_id>/", views.score, name="score"),
    path("<uuid:assessment_id>/evidence/", views.evidence, name="evidence"),
    path(
        "<uuid:assessment_id>/evidence/<uuid:evidence_id>/",
        views.evidence_file,
        name="evidence_file",
    ),
    path("<uuid:assessment_id>/finish/", views.finish, name="finish"),
    path("<uuid:assessment_id>/consensus/", views.consensus, name="consensus"),
    path("<uuid:assessment_id>/consensus/<str:question_id>/", views.decide, name="decide"),
    path("<uuid:assessment_id>/report/", views.report, name="report"),
    path("<uuid:assessment_id>/report/sign/", views.sign_report, name="sign_report"),
    path(
        "<uuid:assessment_id>/report/signatures/<uuid:signature_id>.json",
        views.signature,
        name="signature",
    ),
    path("<uuid:assessment_id>/report/remarks/", views.add_remark, name="add_remark"),
    path(
        "<uuid:assessment_id>/report/remarks/<uuid:remark_id>/",
        views.edit_remark,
        name="edit_remark",
    ),
    path(
        "<uuid:assessment_id>/report/remarks/<uuid:remark_id>/remove/",
        views.remove_remark,
        name="remove_remark",
    ),
]

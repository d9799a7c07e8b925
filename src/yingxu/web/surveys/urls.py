"""Addresses of surveys; ``s/`` is kept out of the logs."""

from __future__ import annotations

from django.urls import path

from yingxu.web.surveys import public, views

urlpatterns = [
    path("s/<str:token>", public.survey, name="survey"),
    path("s/<str:token>/sheets", public.sheets, name="survey_sheets"),
    path("surveys", views.surveys, name="surveys"),
    path("surveys/new", views.new, name="new_survey"),
    path("surveys/<uuid:survey_id>", views.survey, name="survey_results"),
    path("surveys/<uuid:survey_id>/change", views.change, name="change_survey"),
    path("surveys/<uuid:survey_id>/questions", views.questions, name="survey_questions"),
    path("surveys/<uuid:survey_id>/codes", views.codes, name="survey_codes"),
    path("surveys/<uuid:survey_id>/doubtful", views.doubtful, name="survey_doubtful"),
    path("surveys/<uuid:survey_id>/answers.csv", views.answers, name="survey_answers"),
    path("sheets/<uuid:sheet_id>/apart", views.hold_apart, name="hold_sheet_apart"),
]

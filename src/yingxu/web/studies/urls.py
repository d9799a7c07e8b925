"""Addresses of studies and proposals."""

from __future__ import annotations

from django.urls import path

from yingxu.web.studies import adopting, proposals, views

urlpatterns = [
    path("studies", views.studies, name="studies"),
    path("studies/new", views.new_study, name="new_study"),
    path("studies/<uuid:study_id>", views.study, name="study"),
    path("studies/<uuid:study_id>/answer", views.answer, name="study_answer"),
    path("studies/<uuid:study_id>/hours.csv", views.hours_csv, name="study_csv"),
    path("studies/of/<str:item_code>/<int:number>", adopting.card, name="study_card"),
    path("studies/of/<str:item_code>/<int:number>/ask", adopting.ask_all, name="study_card_ask"),
    path("proposals", proposals.proposals, name="proposals"),
    path("proposals/looser", proposals.propose_looser, name="propose_looser"),
    path("proposals/<uuid:proposal_id>/<slug:word>", proposals.decide, name="decide_proposal"),
]

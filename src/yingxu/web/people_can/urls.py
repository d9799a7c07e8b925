"""Addresses of who can be sent, and of the pool."""

from __future__ import annotations

from django.urls import path

from yingxu.web.people_can import along, claims, rules, views

urlpatterns = [
    path("who-can", views.people, name="who_can"),
    path("who-can/mine", views.mine, name="who_can_mine"),
    path("who-can/duties", views.set_duties, name="who_can_duties"),
    path("who-can/expiring", views.expiring, name="who_can_expiring"),
    path("who-can/rules", rules.rules, name="who_can_rules"),
    path("who-can/rules/<slug:name>", rules.change, name="who_can_rule"),
    path("who-can/certificates/<uuid:certificate_id>/<slug:name>", views.decide, name="who_can_certificate"),
    path("who-can/<uuid:person_id>", views.person, name="who_can_person"),
    path("who-can/<uuid:person_id>/<slug:name>", views.change, name="who_can_change"),
    path("along", along.along, name="along"),
    path("along/<uuid:job_id>/come", along.come, name="along_come"),
    path("along/<uuid:job_id>/stay", along.stay, name="along_stay"),
    path("claims", claims.claims, name="claims"),
    path("claims/<uuid:job_id>", claims.claim, name="claim"),
]

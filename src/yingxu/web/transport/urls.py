"""Addresses of transport."""

from __future__ import annotations

from django.urls import path

from yingxu.web.transport import views, ways

urlpatterns = [
    path("ways", ways.ways, name="ways"),
    path("ways/say", ways.say, name="say_way"),
    path("transport", views.board, name="transport"),
    path("transport/round", views.send_round, name="transport_round"),
    path("transport/zone", views.zone, name="transport_zone"),
    path("transport/<uuid:job_id>", views.job, name="transport_job"),
    path("transport/<uuid:job_id>/<slug:name>", views.act, name="transport_act"),
]

"""Addresses of rating stands."""

from __future__ import annotations

from django.urls import path

from yingxu.web.stands import views

urlpatterns = [
    path("t/sw.js", views.service_worker, name="stand_worker"),
    path("t/<str:token>", views.stand, name="stand"),
    path("t/<str:token>/taps", views.taps, name="stand_taps"),
    path("t/<str:token>/duty", views.duty, name="stand_duty"),
    path("stands", views.stands, name="stands"),
    path("stands/<uuid:stand_id>", views.change, name="change_stand"),
]

"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from yingxu.web.desk import calls, views

urlpatterns = [
    path("desk", views.desk, name="desk"),
    path("desk/now", views.now, name="desk_now"),
    path("desk/requests/<uuid:request_id>", views.drawer, name="desk_request"),
    path("desk/requests/<uuid:request_id>/<slug:name>", views.act_on_request, name="desk_act"),
    path("desk/jobs/<uuid:job_id>/<slug:name>", views.act_on_job, name="desk_job_act"),
    path("desk/call", calls.take_call, name="desk_call"),
    path("desk/caller", calls.caller, name="desk_caller"),
    path("desk/items", calls.items, name="desk_items"),
    path("desk/places", calls.places, name="desk_places"),
    path("desk/read-back", calls.read_back, name="desk_read_back"),
]

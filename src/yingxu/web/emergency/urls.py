"""Addresses of emergencies and incidents."""

from __future__ import annotations

from django.urls import path

from yingxu.web.emergency import acts, incidents, plans, views

urlpatterns = [
    path("emergency", views.emergency, name="emergency"),
    path("emergency/<str:kind>", views.kind_page, name="emergency_kind"),
    path("emergency/<str:kind>/report", views.report, name="emergency_report"),
    path("emergency/<str:kind>/drill", views.drill, name="emergency_drill"),
    path("emergency/<str:kind>/plan", plans.plan, name="emergency_plan"),
    path("incidents", incidents.incidents, name="incidents"),
    path("incidents/banner", incidents.banner, name="incidents_banner"),
    path("incidents/calls/<uuid:call_id>", acts.tried, name="incident_call"),
    path("incidents/<uuid:incident_id>", incidents.incident, name="incident"),
    path("incidents/<uuid:incident_id>/live", incidents.live, name="incident_live"),
    path("incidents/<uuid:incident_id>/<str:act>", acts.act, name="incident_act"),
]

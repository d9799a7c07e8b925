"""Addresses of what is asked for ahead."""

from __future__ import annotations

from django.urls import path

from yingxu.web.planned import views

urlpatterns = [
    path("recurring", views.recurring, name="recurring"),
    path("recurring/<uuid:recurrence_id>/stop", views.stop_recurring, name="stop_recurring"),
    path("recurring/<uuid:recurrence_id>/leave-out", views.leave_out, name="leave_out_recurring"),
    path("recurring/<uuid:recurrence_id>/go-on", views.go_on, name="go_on_recurring"),
    path("requests/<uuid:request_id>/patient", views.patient, name="patient"),
]

"""Addresses of call-backs and checks."""

from __future__ import annotations

from django.urls import path

from yingxu.web.callbacks import checks, views

urlpatterns = [
    path("callbacks", views.callbacks, name="callbacks"),
    path("callbacks/count", views.count, name="callbacks_count"),
    path("callbacks/<uuid:call_id>", views.callback, name="callback"),
    path("callbacks/<uuid:call_id>/number", views.number, name="callback_number"),
    path("checks", checks.checks, name="checks"),
    path("checks/<uuid:job_id>", checks.check, name="check"),
]

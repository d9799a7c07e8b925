"""Addresses of timelines."""

from __future__ import annotations

from django.urls import path

from yingxu.web.timeline import views

urlpatterns = [path("timeline/<slug:kind>/<uuid:uid>", views.timeline, name="timeline")]

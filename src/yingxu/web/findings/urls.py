"""Addresses of findings."""

from __future__ import annotations

from django.urls import path

from yingxu.web.findings import views

urlpatterns = [path("findings", views.findings, name="findings")]

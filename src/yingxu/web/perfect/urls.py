"""Addresses of perfect service."""

from __future__ import annotations

from django.urls import path

from yingxu.web.perfect import views

urlpatterns = [
    path("perfect", views.perfect, name="perfect"),
    path("perfect/jobs", views.jobs, name="perfect_jobs"),
]

"""Addresses of perfect service."""

from __future__ import annotations

from django.urls import path

from yingxu.web.perfect import backlog, views

urlpatterns = [
    path("perfect", views.perfect, name="perfect"),
    path("backlog", backlog.backlog, name="backlog"),
    path("backlog/jobs", backlog.jobs, name="backlog_jobs"),
    path("perfect/jobs", views.jobs, name="perfect_jobs"),
]

"""Addresses of improvement projects."""

from __future__ import annotations

from django.urls import path

from yingxu.web.projects import views

urlpatterns = [
    path("projects", views.projects, name="projects"),
    path("projects/new", views.propose, name="propose_project"),
    path("projects/<uuid:project_id>", views.project, name="project"),
    path("projects/<uuid:project_id>/<slug:act>", views.act, name="project_act"),
]

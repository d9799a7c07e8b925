"""Addresses of what clocks tell."""

from __future__ import annotations

from django.urls import path

from yingxu.web.promises import views

urlpatterns = [
    path("requests/<uuid:request_id>/why", views.why, name="why"),
    path("ours/<uuid:request_id>/why", views.why_here, name="follow_here_why"),
    path("f/<str:code>/why", views.why_by_link, name="follow_why"),
]

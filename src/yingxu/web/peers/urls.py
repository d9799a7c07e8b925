"""Addresses of peer checks."""

from __future__ import annotations

from django.urls import path

from yingxu.web.peers import views

urlpatterns = [
    path("peers", views.peers, name="peers"),
    path("peers/count", views.count, name="peers_count"),
    path("peers/<uuid:check_id>", views.peer, name="peer"),
]

"""Addresses of the promise board."""

from __future__ import annotations

from django.urls import path

from yingxu.web.board import quality, views

urlpatterns = [
    path("promises", views.board_here, name="promise_board"),
    path("promises/<slug:site_code>", views.board, name="board"),
    path("promises/<slug:site_code>/wall", views.wall, name="wall"),
    path("promises/<slug:site_code>/line/<slug:line_code>", views.line, name="board_line"),
    path("promises/<slug:site_code>/quality", quality.quality, name="board_quality"),
    path("promises/<slug:site_code>/quality/<slug:code>/end", quality.end, name="end_quality_promise"),
    path("promises/<slug:site_code>/quality/<slug:code>/jobs", quality.jobs, name="board_quality_jobs"),
    path("promises/<slug:site_code>/jobs", views.jobs, name="board_jobs"),
]

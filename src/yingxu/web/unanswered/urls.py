"""Addresses of what is unanswered."""

from __future__ import annotations

from django.urls import path

from yingxu.web.unanswered import views

urlpatterns = [
    path("unanswered", views.unanswered, name="unanswered"),
    path("unanswered/count", views.count, name="unanswered_count"),
]

"""Addresses of requests."""

from __future__ import annotations

from django.urls import path

from yingxu.web.requests import views

urlpatterns = [
    path("requests", views.requests, name="requests"),
    path("requests.csv", views.export, name="requests_csv"),
    path("requests/<uuid:request_id>", views.request_page, name="request"),
]

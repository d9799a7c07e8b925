"""Addresses of asking."""

from __future__ import annotations

from django.urls import path

from yingxu.web.ask import views

urlpatterns = [
    path("q/<str:token>", views.ask_by_code, name="ask_by_code"),
    path("q/<str:token>/likely", views.likely_by_code, name="likely_by_code"),
    path("ask", views.ask, name="ask"),
    path("ask/likely", views.likely_here, name="likely"),
    path("ask/places", views.places, name="ask_places"),
]

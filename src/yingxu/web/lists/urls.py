"""Addresses of lists."""

from __future__ import annotations

from django.urls import path

from yingxu.web.lists import views

urlpatterns = [
    path("lists", views.lists, name="lists"),
    path("lists/template.<str:ending>", views.template, name="list_template"),
    path("lists/ask", views.ask_all, name="list_ask"),
    path("lists/take-back", views.take_back, name="list_take_back"),
]

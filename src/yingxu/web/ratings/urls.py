"""Address of the scores."""

from __future__ import annotations

from django.urls import path

from yingxu.web.ratings import views

urlpatterns = [path("ratings", views.ratings, name="ratings")]

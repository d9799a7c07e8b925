"""Address of the blind spots."""

from __future__ import annotations

from django.urls import path

from yingxu.web.coverage import views

urlpatterns = [path("coverage", views.coverage_page, name="coverage")]

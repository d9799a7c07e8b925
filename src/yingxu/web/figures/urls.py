"""Addresses of the analysis pages."""

from __future__ import annotations

from django.urls import path

from yingxu.web.figures import views

urlpatterns = [
    path("figures", views.demand, name="figures"),
    path("figures/forecast", views.forecast, name="figure_forecast"),
    path("figures/supply", views.supply, name="figure_supply"),
    path("figures/unfamiliar", views.unfamiliar, name="figure_unfamiliar"),
    path("figures/jobs", views.jobs, name="figure_jobs"),
    path("figures/unfamiliar/<int:rank>", views.group, name="figure_group"),
]

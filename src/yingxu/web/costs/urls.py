"""Addresses of costs."""

from __future__ import annotations

from django.urls import path

from yingxu.web.costs import views

urlpatterns = [
    path("costs", views.month, name="costs"),
    path("costs/csv", views.month_csv, name="costs_csv"),
    path("costs/jobs", views.month_jobs, name="cost_jobs"),
    path("costs/rates", views.rates, name="cost_rates"),
    path("costs/rates/set", views.set_rate, name="set_rate"),
    path("costs/terms/set", views.set_term, name="set_term"),
    path("costs/requests/<uuid:request_id>", views.request_cost, name="request_cost"),
    path("costs/requests/<uuid:request_id>/bill", views.enter_bill, name="enter_bill"),
    path("costs/requests/<uuid:request_id>/bills/<uuid:bill_id>/strike", views.strike_bill, name="strike_bill"),
]

"""Addresses of a worker's page."""

from __future__ import annotations

from django.urls import path

from yingxu.web.mywork import views

urlpatterns = [
    path("my-work", views.my_work, name="my_work"),
    path("my-work/presence", views.presence, name="my_presence"),
    path("my-work/<uuid:job_id>", views.my_work, name="my_job"),
    path("my-work/<uuid:job_id>/<slug:name>", views.act, name="my_act"),
]

"""Addresses of work at outside companies: the link's, and the ones inside."""

from __future__ import annotations

from django.urls import path

from yingxu.web.outside import senders, views

urlpatterns = [
    path("x/<str:code>", views.by_link, name="outside_link"),
    path("x/<str:code>/do/<slug:name>", views.act, name="outside_act"),
    path("x/<str:code>/photo/<uuid:file_id>", views.photo, name="outside_photo"),
    path("outside", senders.orders, name="outside"),
    path("outside/jobs/<uuid:job_id>", senders.job, name="outside_job"),
    path("outside/jobs/<uuid:job_id>/send", senders.send, name="send_outside"),
    path("outside/jobs/<uuid:job_id>/<uuid:order_id>/<slug:name>", senders.order_act, name="outside_order_act"),
    path("visits/<uuid:job_id>", senders.visit, name="begin_visit"),
]

"""Addresses of stores and of parts at jobs."""

from __future__ import annotations

from django.urls import path

from yingxu.web.stores import acts, at_job, views

urlpatterns = [
    path("stores", views.stock, name="stores"),
    path("stores/setup", views.set_up, name="store_setup"),
    path("stores/setup/new", acts.set_store, name="make_store"),
    path("stores/setup/<uuid:store_id>", acts.set_store, name="change_store"),
    path("stores/parts/new", views.new_part, name="new_part"),
    path("stores/parts/make", acts.make_part, name="make_part"),
    path("stores/parts/<uuid:part_id>", views.part, name="stock_part"),
    path("stores/parts/<uuid:part_id>/change", acts.change_part, name="change_part"),
    path("stores/parts/<uuid:part_id>/<slug:name>", acts.part_act, name="part_act"),
    path("stores/lacking", views.lacking, name="lacking"),
    path("stores/lacking/<uuid:shortage_id>/<slug:name>", acts.settle_lacking, name="settle_lacking"),
    path("stores/counts", views.takes, name="stock_takes"),
    path("stores/counts/begin", acts.begin_take, name="begin_take"),
    path("stores/counts/<uuid:take_id>", views.take, name="stock_take"),
    path("stores/counts/<uuid:take_id>/<slug:name>", acts.take_act, name="take_act"),
    path("job-parts/<uuid:job_id>", at_job.job_parts, name="job_parts"),
    path("job-parts/<uuid:job_id>/<slug:name>", at_job.job_part_act, name="job_part_act"),
]

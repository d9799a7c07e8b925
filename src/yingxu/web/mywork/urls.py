"""Addresses of a worker's page."""

from __future__ import annotations

from django.urls import path

from yingxu.web.mywork import found, reports, views
from yingxu.web.mywork.sync import views as phone

urlpatterns = [
    path("my-work", views.my_work, name="my_work"),
    path("my-work/app", phone.shell, name="my_app"),
    path("my-work/app.webmanifest", phone.manifest, name="my_app_manifest"),
    path("my-work/sw.js", phone.service_worker, name="my_app_worker"),
    path("my-work/carried", phone.carried, name="my_carried"),
    path("my-work/shelves", phone.shelves, name="my_shelves"),
    path("my-work/sync", phone.sync, name="my_sync"),
    path("my-work/files/<str:sha256>", phone.part, name="my_file"),
    path("phone-reports", reports.reports, name="phone_reports"),
    path("phone-reports/count", reports.count, name="phone_reports_count"),
    path("phone-reports/<uuid:report_id>/settle", reports.settle, name="phone_report_settle"),
    path("my-work/found", found.found, name="my_found"),
    path("my-work/presence", views.presence, name="my_presence"),
    path("my-work/<uuid:job_id>", views.my_work, name="my_job"),
    path("my-work/<uuid:job_id>/<slug:name>", views.act, name="my_act"),
]

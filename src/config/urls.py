"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from yingxu.web import health
from yingxu.web.api.views import make_api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", make_api().urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("hooks/", include("yingxu.connect.doors.urls")),
    path("language", set_language, name="language"),
    path("", include("yingxu.web.urls")),
]
handler404 = "yingxu.web.errors.page_not_found"
handler500 = "yingxu.web.errors.our_fault"

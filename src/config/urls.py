"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("language", set_language, name="language"),
    path("", include("yingxu.web.urls")),
]
handler404 = "yingxu.web.errors.page_not_found"
handler500 = "yingxu.web.errors.our_fault"

"""Addresses of notices and of the warning ladder."""

from __future__ import annotations

from django.urls import path

from yingxu.web.notices import house, ladder, views

urlpatterns = [
    path("notices", views.notices, name="notices"),
    path("notices/count", views.count, name="notices_count"),
    path("notices/read", views.read_all, name="notices_read"),
    path("notices/settings", views.settings, name="notices_settings"),
    path("notices/channels", house.channels, name="notices_channels"),
    path("notices/channels/retry", house.retry, name="notices_retry"),
    path("notices/<uuid:entry>/open", views.open_notice, name="notice_open"),
    path("ladder", ladder.ladder, name="ladder"),
]

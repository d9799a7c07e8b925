"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Standards(AppConfig):
    name = "yingxu.standards"
    label = "standards"
    verbose_name = "标准"

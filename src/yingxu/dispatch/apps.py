"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Dispatch(AppConfig):
    name = "yingxu.dispatch"
    label = "dispatch"
    verbose_name = "调度"

"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Work(AppConfig):
    name = "yingxu.work"
    label = "work"
    verbose_name = "作业"

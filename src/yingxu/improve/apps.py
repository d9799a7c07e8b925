"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Improve(AppConfig):
    name = "yingxu.improve"
    label = "improve"
    verbose_name = "改进"

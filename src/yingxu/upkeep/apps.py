"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Upkeep(AppConfig):
    name = "yingxu.upkeep"
    label = "upkeep"
    verbose_name = "巡保"

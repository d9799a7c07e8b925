"""The ground, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Ground(AppConfig):
    name = "yingxu.ground"
    label = "ground"
    verbose_name = "地基"

"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Promise(AppConfig):
    name = "yingxu.promise"
    label = "promise"
    verbose_name = "承诺"

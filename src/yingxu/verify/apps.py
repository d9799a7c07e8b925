"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Verify(AppConfig):
    name = "yingxu.verify"
    label = "verify"
    verbose_name = "查验"

"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Voice(AppConfig):
    name = "yingxu.voice"
    label = "voice"
    verbose_name = "评议"

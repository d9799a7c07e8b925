"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Demand(AppConfig):
    name = "yingxu.demand"
    label = "demand"
    verbose_name = "诉求"

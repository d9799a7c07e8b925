"""The room, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Team(AppConfig):
    name = "yingxu.team"
    label = "team"
    verbose_name = "队伍"

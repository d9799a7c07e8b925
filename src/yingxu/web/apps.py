"""The doors for people, as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    name = "yingxu.web"
    label = "web"
    verbose_name = "门面"

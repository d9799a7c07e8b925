"""The doors for people, as Django knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig


class Web(AppConfig):
    name = "yingxu.web"
    label = "web"
    verbose_name = "门面"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from yingxu.ground import telling

        telling.lend(_sentence)
        # the ledger says who signed in and when; Django's own column would be a write outside the verbs
        user_logged_in.disconnect(dispatch_uid="update_last_login")


def _sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """Return what a fact says; the sentences are read when the first is asked for."""
    from yingxu.web.facts import sentence

    return sentence(kind, facts)

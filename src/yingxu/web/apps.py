"""The doors for people, as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    name = "yingxu.web"
    label = "web"
    verbose_name = "门面"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        # the ledger says who signed in and when; Django's own column would be a write outside the verbs
        user_logged_in.disconnect(dispatch_uid="update_last_login")

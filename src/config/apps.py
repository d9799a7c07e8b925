"""The house itself, as Django knows it: it hands the loop's wiring to the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class House(AppConfig):
    """Wires the rooms when all of them stand."""

    name = "config"
    label = "house"

    def ready(self) -> None:
        from yingxu import loop
        from yingxu.ground import ledger

        ledger.wire(loop.REACTIONS)

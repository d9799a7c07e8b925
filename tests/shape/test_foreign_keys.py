"""Foreign keys point to the same or a lower floor, like imports."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps

from tests.shape.source import FLOORS


def pairs() -> Iterable[tuple[str, str, str]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.many_to_one or field.one_to_one:
                target = getattr(field, "related_model", None)
                if target is not None and getattr(field, "concrete", False):
                    yield f"{model._meta.label}.{field.name}", model._meta.app_label, target._meta.app_label


def upward(keys: Iterable[tuple[str, str, str]]) -> list[str]:
    return [
        f"{name} looks up from {room} to {target}"
        for name, room, target in keys
        if room in FLOORS and target in FLOORS and FLOORS.index(target) > FLOORS.index(room)
    ]


def test_foreign_keys_look_down() -> None:
    found = list(pairs())
    assert len(found) > 30
    assert upward(found) == []


def test_a_key_that_looks_up_is_caught() -> None:
    assert upward([("demand.Request.job", "demand", "work")]) == ["demand.Request.job looks up from demand to work"]

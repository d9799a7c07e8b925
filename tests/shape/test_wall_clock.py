"""Only doors read the wall clock; everywhere else the moment is an argument."""

from __future__ import annotations

from collections.abc import Iterable

from tests.shape.source import Module, calls, modules, planted

_READS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localdate",
    "time.time", "datetime.datetime.now", "datetime.date.today",
}  # fmt: skip
_DOORS = {"web", "connect", "config"}


def clock_readers(house: Iterable[Module]) -> list[str]:
    return [
        f"{module.name}:{line} reads the wall clock ({name})"
        for module in house
        if module.room not in _DOORS
        for name, line in calls(module.tree)
        if name in _READS
    ]


def test_only_doors_read_the_wall_clock() -> None:
    assert clock_readers(modules()) == []


def test_a_room_that_reads_it_is_caught() -> None:
    bad = "from django.utils import timezone\ndef is_overdue(due_at):\n    return due_at < timezone.now()\n"
    assert clock_readers(planted("yingxu.promise.queries", bad)) == [
        "yingxu.promise.queries:3 reads the wall clock (timezone.now)"
    ]
    assert clock_readers(planted("yingxu.web.desk.views", bad)) == []

"""Readings that a process keeps from request to request, and the proof in each write that none of them has changed.

Places, the catalogue, editions and contracts change a few times a week, and every asking reads them. Triggers turn a
mark (table ``ground_mark``) with every change of theirs. A reading is kept with the mark that it was read under; a unit
that relies on it (:meth:`Unit.relies_on`) states that mark in its one write, and the database refuses when another
stands there. The verb is then carried out again on what is read anew (:func:`anew_if_changed`). No clock and no message
between processes decides: what another process changed is seen by the next write.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from yingxu.ground.prepared import database
from yingxu.ground.unit import IN_BATCH
from yingxu.ground.writing import Outdated

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

#: Of more readings than so many a process remembers none: it begins again.
_AT_MOST = 20_000
#: The verb at work is carried out a second time: it reads anew and relies on nothing that was kept.
_SECOND_TRY: ContextVar[bool] = ContextVar("second_try", default=False)


class Kept:
    """What was read under one mark, by key. Another mark makes another one of these."""

    def __init__(self, mark: UUID | None) -> None:
        self.mark = mark
        self.readings: dict[Hashable, Any] = {}


_kept = Kept(None)


def may_rely() -> bool:
    """Tell whether a verb may rely on kept readings: a refused write must leave nothing but a second try."""
    return not database().in_atomic_block and IN_BATCH.get() is None and not _SECOND_TRY.get()


def kept() -> Kept:
    """Return what this process keeps. Readings that are relied on together are taken from one of these."""
    return _kept


def keep(mark: UUID | None, readings: dict[Hashable, Any]) -> Kept | None:
    """Keep readings that were made in one statement with the mark; None where there is no mark to keep them under."""
    global _kept
    if mark is None:
        return None
    known = _kept  # another thread may put its own in the place meanwhile
    if known.mark != mark or len(known.readings) > _AT_MOST:
        known = _kept = Kept(mark)
    known.readings.update(readings)
    return known


def forget() -> None:
    """Forget everything that is kept here. Budget: no query."""
    global _kept
    _kept = Kept(None)


def anew_if_changed(verb: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """Carry a verb out again, on what is read anew, when what it relied on had changed: nothing was written yet."""

    @wraps(verb)
    def carried_out(*given: Asked.args, **named: Asked.kwargs) -> Answer:
        try:
            return verb(*given, **named)
        except Outdated:
            forget()
        second = _SECOND_TRY.set(True)
        try:
            return verb(*given, **named)
        finally:
            _SECOND_TRY.reset(second)

    return carried_out

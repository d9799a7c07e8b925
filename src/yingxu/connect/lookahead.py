"""Raising ahead what is made ready for seasons and events: each turn once, however many workers run."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone

from yingxu.demand import actions as demand
from yingxu.ground.actor import engine
from yingxu.ground.refusals import NotFound, Refusal
from yingxu.upkeep import queries
from yingxu.upkeep.actions import watch_preparations
from yingxu.upkeep.queries import Due

log = logging.getLogger("yingxu.lookahead")
_AT_ONCE = 100
#: Work that was planned ahead.
PLANNED = 4


def turn() -> bool:
    """Raise what is to be prepared from today on; True when there may be more."""
    return raise_due(at=timezone.now()) == _AT_ONCE


def raise_due(*, at: datetime) -> int:
    """Raise what is to be prepared at a moment; return how many were raised by this worker."""
    return sum(_raise(due, at) for due in queries.due_preparations(at=at, limit=_AT_ONCE))


def watch() -> bool:
    """Tell upwards what is not ready in time."""
    return watch_preparations(actor=engine("clock"), at=timezone.now()).is_more


def _raise(due: Due, at: datetime) -> bool:
    try:
        try:
            ask(due, item_code=due.item_code, place_id=due.place_id, at=at)
        except NotFound:  # the kind of service or the place is no more: the desk says what it is now
            ask(due, item_code="", place_id=due.campus_id, at=at)
    except IntegrityError:
        return False  # another worker was quicker
    except Refusal as why:
        log.warning("%s was not raised: %s", due.source_ref, why)
        return False
    return True


def ask(due: Due, *, item_code: str, place_id: int | None, at: datetime) -> None:
    """Raise one preparation by the same door as everything that is asked; the room keeps it in the same unit."""
    demand.raise_request(
        site_id=due.site_id,
        channel="plan",
        text=due.text,
        item_code=item_code or None,
        place_id=place_id,
        owner_id=due.owner_id,
        priority=PLANNED,
        source_ref=due.source_ref,
        wanted=demand.Wanted(wanted_from=due.wanted_from),
        actor=engine("clock"),
        at=at,
    )

"""Raising ahead what is needed again and again: each occurrence once, however many workers run."""

from __future__ import annotations

import logging

from django.db import IntegrityError
from django.utils import timezone

from yingxu.demand import actions as demand
from yingxu.demand import queries
from yingxu.demand.queries import Due
from yingxu.ground.actor import engine
from yingxu.ground.refusals import Refusal
from yingxu.standards.refusals.forms import FormWrong

log = logging.getLogger("yingxu.recurring")
_AT_ONCE = 100


def turn() -> bool:
    """Raise what falls due within each rule's span; True when there may be more."""
    waiting = queries.due_recurrences(at=timezone.now(), limit=_AT_ONCE)
    for due in waiting:
        _raise(due)
    return False


def _raise(due: Due) -> None:
    try:
        try:
            _ask(due, demand.Wanted(form=due.form, wanted_from=due.wanted_from, wanted_to=due.wanted_to))
        except FormWrong:  # the item asks otherwise since the rule was set: it is needed all the same
            _ask(due, demand.Wanted(wanted_from=due.wanted_from, wanted_to=due.wanted_to))
    except IntegrityError:
        return  # another worker was quicker
    except Refusal as why:
        log.warning("%s was not raised: %s", due.source_ref, why)


def _ask(due: Due, wanted: demand.Wanted) -> None:
    demand.raise_request(
        site_id=due.site_id,
        channel="plan",
        text=due.text,
        item_code=due.item_code,
        place_id=due.place_id,
        owner_id=due.owner_id,
        source_ref=due.source_ref,
        wanted=wanted,
        actor=engine("clock"),
        at=timezone.now(),
    )

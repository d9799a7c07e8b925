"""Verbs of recurring demand: a rule is set and stopped; what falls due is raised ahead by the worker, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from yingxu.demand.events import RecurrenceDaysLeftOut, RecurrenceGoesOn, RecurrenceSet, RecurrenceStopped
from yingxu.demand.models import Recurrence
from yingxu.demand.wanted import Wanted, columns_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import Unit
from yingxu.standards import queries as standards

_MINUTES_A_DAY = 1440
#: A pause is no longer than this; what is not needed for a year is stopped.
_PAUSE_AT_MOST = 366


@dataclass(frozen=True)
class RecurrenceMade:
    """The public id of a rule."""

    id: UUID


def set_recurrence(
    *,
    site_id: int,
    item_code: str,
    place_code: str,
    text: str,
    form: Mapping[str, Any] | None,
    starts_min: int,
    window_min: int,
    weekdays: Sequence[int],
    skips_holidays: str,
    from_on: date,
    to_on: date | None,
    ahead_h: int,
    actor: Actor,
    at: datetime,
) -> RecurrenceMade:
    """The item is asked for at that time of those weekdays; ``skips_holidays``: ``yes`` leaves days off out.

    Records RecurrenceSet. Refuses: NotAllowed, NotFound, Malformed, FormWrong. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        asked = standards.asking(
            site_id, on=at.date(), at=at, item_code=item_code or None, place_code=place_code or None
        )
        path = asked.place.path if asked.place is not None else ""
        authority.require(actor, "request.create_recurring", where=Where(site_id=site_id, place_path=path, is_own=True))
        if asked.item is None or not text.strip():
            raise Malformed(field="item" if asked.item is None else "text", problem="missing")
        if asked.place is None and asked.item.is_place_needed:
            raise Malformed(field="place", problem="missing")
        if not 0 <= starts_min < _MINUTES_A_DAY or not 0 < window_min <= _MINUTES_A_DAY or not 1 <= ahead_h <= 168:
            raise Malformed(field="wanted_from", problem="wrong_type")
        if not weekdays or not set(weekdays) <= set(range(7)):
            raise Malformed(field="weekdays", problem="missing")
        if to_on is not None and to_on <= from_on:
            raise Malformed(field="to_on", problem="out_of_order")
        kept = columns_of(Wanted(form=form), asked, at=at)["form"]
        rule = unit.insert(
            Recurrence(
                site_id=site_id,
                item_id=asked.item.id,
                place_id=asked.place.id if asked.place is not None else None,
                text=text.strip()[:2000],
                form=kept,
                starts_min=starts_min,
                window_min=window_min,
                weekdays=sorted(set(weekdays)),
                skips_holidays=skips_holidays == "yes",
                from_on=from_on,
                to_on=to_on,
                ahead_h=ahead_h,
                owner_id=actor.account_id,
                made_at=at,
            )
        )
        unit.record(
            RecurrenceSet(
                site_id=site_id,
                subject_id=rule.pk,
                thread_id=rule.pk,
                item_code=item_code,
                starts_min=starts_min,
                weekdays=tuple(rule.weekdays),
                skips_holidays=rule.skips_holidays,
            )
        )
        unit.answer(RecurrenceMade(rule.uid))
    return unit.answered(RecurrenceMade)


def leave_out_days(*, recurrence_id: UUID, from_on: date, to_on: date, actor: Actor, at: datetime) -> RecurrenceMade:
    """For the days from the one on, the other not included, it is not asked for: an exception, or a pause.

    What was raised already goes on. Records RecurrenceDaysLeftOut.
    Refuses: NotAllowed, NotFound, Malformed, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        rule = _rule(recurrence_id, actor)
        if to_on <= from_on:
            raise Malformed(field="to_on", problem="out_of_order")
        if (to_on - from_on).days > _PAUSE_AT_MOST or to_on <= at.date():
            raise Malformed(field="to_on", problem="too_far" if to_on > at.date() else "past")
        days = {from_on + timedelta(days=n) for n in range((to_on - from_on).days)}
        kept = {day for day in rule.left_out if day >= at.date() - timedelta(days=1)}
        unit.change(rule, seen=["left_out"], left_out=sorted(kept | days))
        unit.record(
            RecurrenceDaysLeftOut(
                site_id=rule.site_id, subject_id=rule.pk, thread_id=rule.pk, from_on=from_on, to_on=to_on
            )
        )
        unit.answer(RecurrenceMade(rule.uid))
    return unit.answered(RecurrenceMade)


def resume_recurrence(*, recurrence_id: UUID, actor: Actor, at: datetime) -> RecurrenceMade:
    """What was left out from today on is asked for again. Records RecurrenceGoesOn.

    Refuses: NotAllowed, NotFound, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        rule = _rule(recurrence_id, actor)
        unit.change(rule, seen=["left_out"], left_out=[])
        unit.record(RecurrenceGoesOn(site_id=rule.site_id, subject_id=rule.pk, thread_id=rule.pk, from_on=at.date()))
        unit.answer(RecurrenceMade(rule.uid))
    return unit.answered(RecurrenceMade)


def _rule(recurrence_id: UUID, actor: Actor) -> Recurrence:
    """Return a live rule that the actor may change; refuses: NotAllowed, NotFound."""
    rule = Recurrence.objects.select_related("place").filter(uid=recurrence_id, is_active=True).first()
    path = rule.place.path if rule is not None and rule.place is not None else ""
    where = Where(site_id=rule.site_id if rule else None, place_path=path, is_own=True)
    authority.require(actor, "request.create_recurring", where=where)
    if rule is None:
        raise NotFound(kind="recurrence", name=str(recurrence_id))
    return rule


def stop_recurrence(*, recurrence_id: UUID, actor: Actor, at: datetime) -> RecurrenceMade:
    """Nothing more is raised by the rule; what was raised goes on. Records RecurrenceStopped.

    Refuses: NotAllowed, NotFound, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        rule = _rule(recurrence_id, actor)
        unit.change(rule, seen=["is_active"], is_active=False)
        unit.record(RecurrenceStopped(site_id=rule.site_id, subject_id=rule.pk, thread_id=rule.pk))
        unit.answer(RecurrenceMade(rule.uid))
    return unit.answered(RecurrenceMade)

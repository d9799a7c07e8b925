"""The watch over preparations: near their day, past it, or what they are for begins, each is told one step higher."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.unit import Unit
from yingxu.upkeep.events import PreparationLate
from yingxu.upkeep.models import Preparation, PreparationState
from yingxu.upkeep.people import held_now, officers
from yingxu.upkeep.reads import day_of

#: Days before its own day on which who answers for it is reminded.
NEAR_DAYS = 3
_AT_ONCE = 200


@dataclass(frozen=True)
class Watched:
    """How many steps were told."""

    n: int
    is_more: bool


def step_of(*, due_on: date, begins_on: date, today: date) -> int:
    """Return how far the watch has come: 0 in time, 1 near, 2 past its day, 3 what it is for has begun."""
    if today >= begins_on and today > due_on:
        return 3
    if today > due_on:
        return 2
    return 1 if (due_on - today).days <= NEAR_DAYS else 0


def watch_preparations(*, actor: Actor, at: datetime) -> Watched:
    """Who answers is reminded before its day; after it leader, manager and officer, then the director, each once.

    Without an owner the hospital's officers are told in his or her place. Records PreparationLate. Refuses: NotAllowed.
    Budget: one read, and one or two for each that is told.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "lookahead.watch", where=Where(None))
        waiting = Preparation.objects.select_related("site", "occasion", "owner").filter(
            state=PreparationState.OPEN, n_told__lt=3, due_on__lte=at.date() + timedelta(days=NEAR_DAYS + 1)
        )
        rows = list(waiting.filter(site__state="open").order_by("id")[:_AT_ONCE])
        n = 0
        for row in rows:
            step = step_of(due_on=row.due_on, begins_on=row.begins_on, today=day_of(row.site, at))
            if step <= row.n_told:
                continue
            unit.change(row, seen=["n_told", "state"], n_told=step)
            fact = PreparationLate(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.request_id,
                text=row.text,
                text_en=row.text_en,
                occasion=row.occasion.name,
                occasion_en=row.occasion.name_en,
                begins_on=row.begins_on.isoformat(),
                due_on=row.due_on.isoformat(),
                owner=row.owner.name if row.owner is not None else "",
                step=step,
            )
            entry = unit.record(fact)
            for account in _told(row, step, at):
                unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account)
            n += 1
        unit.answer(Watched(n, len(rows) == _AT_ONCE and n > 0))
    return unit.answered(Watched)


def _told(row: Preparation, step: int, at: datetime) -> tuple[int, ...]:
    told = {row.owner_id} if row.owner_id is not None else set(officers(row.site_id, at))
    if step == 1:
        return tuple(sorted(key for key in told if key is not None))
    roles = ("TL", "PM", "HO") if step == 2 else ("PM", "HO", "HD")
    held = held_now(row.site_id, roles, at).filter(
        Q(role__in=["HO", "HD"])
        | Q(role="TL", team_key__in=row.team_keys)
        | (Q(role="PM") & (Q(party=None) | Q(party_id__in=row.party_keys)))
    )
    return tuple(sorted({key for key in (*told, *held.values_list("account_id", flat=True)) if key is not None}))

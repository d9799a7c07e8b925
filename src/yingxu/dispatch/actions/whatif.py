"""What if? Asked by people, answered by the analyst, who may be killed at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingxu.dispatch.events import WhatIfAnswered, WhatIfAsked, WhatIfCancelled
from yingxu.dispatch.models import WhatIf
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound, Stale
from yingxu.ground.unit import CommandKey, Unit

LONGEST = timedelta(days=31)
MOST_HANDS = 20
#: Rules that take long and are played only when asked for.
FURTHER = ("planner",)
_LEASE = timedelta(minutes=5)
_MOST_TRIES = 3


@dataclass(frozen=True)
class WhatIfKept:
    """A question after the word about it; ``id`` None: nothing waits."""

    id: UUID | None
    state: str = ""


def ask_what_if(
    *,
    site_id: int,
    from_at: datetime,
    to_at: datetime,
    actor: Actor,
    at: datetime,
    line_code: str = "",
    more_hands: int = 0,
    further: tuple[str, ...] = (),
    seed: int = 1,
    command: CommandKey | None = None,
) -> WhatIfKept:
    """Past days wait to be played again under every policy, as they were staffed and with other hands.

    Records WhatIfAsked. Refuses: NotAllowed, Malformed (a span that is empty, too long or not over; an unknown rule).
    Budget: 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "promise.study", where=Where(site_id, line_code=line_code))
        if not from_at < to_at:
            raise Malformed(field="to_at", problem="out_of_order")
        if to_at > at:
            raise Malformed(field="to_at", problem="in_future")
        if to_at - from_at > LONGEST:
            raise Malformed(field="to_at", problem="too_large", limit=str(LONGEST.days))
        if abs(more_hands) > MOST_HANDS:
            raise Malformed(field="more_hands", problem="too_large", limit=str(MOST_HANDS))
        if set(further) - set(FURTHER):
            raise Malformed(field="policy", problem="unknown")
        row = unit.insert(
            WhatIf(
                site_id=site_id,
                line_code=line_code,
                from_at=from_at,
                to_at=to_at,
                more_hands=more_hands,
                further=sorted(set(further)),
                seed=seed,
                asked_by_id=actor.account_id,
                asked_at=at,
            )
        )
        unit.record(
            WhatIfAsked(
                site_id=site_id,
                subject_id=row.pk,
                thread_id=row.pk,
                line_code=line_code,
                from_at=from_at,
                to_at=to_at,
                more_hands=more_hands,
                further=tuple(sorted(set(further))),
            )
        )
        unit.answer(WhatIfKept(row.uid, row.state))
    return unit.answered(WhatIfKept)


def cancel_what_if(*, what_if_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> WhatIfKept:
    """The question is called off; an analyst that works on it stops at its next word.

    Records WhatIfCancelled. Refuses: NotAllowed, NotFound, Stale (it is answered). Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = WhatIf.objects.filter(uid=what_if_id).first()
        if row is None:
            raise NotFound(kind="what_if", name=str(what_if_id))
        authority.require(actor, "promise.study", where=Where(row.site_id, line_code=row.line_code))
        if row.state != "asked":
            raise Stale(kind="what_if")
        unit.change(row, seen=["state"], state="cancelled", finished_at=at, taken_until=None)
        unit.record(WhatIfCancelled(site_id=row.site_id, subject_id=row.pk, thread_id=row.pk))
        unit.answer(WhatIfKept(row.uid, "cancelled"))
    return unit.answered(WhatIfKept)


def note_what_if(*, what_if_id: UUID, done: int, total: int, left_s: float, actor: Actor, at: datetime) -> WhatIfKept:
    """The analyst says how far it is, and keeps the question for five minutes more. No fact: a reckoning under way.

    Refuses: NotAllowed, Stale (it was called off, or another answered it). Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "promise.run_study", where=Where(site_id=None))
        row = WhatIf.objects.filter(uid=what_if_id, state="asked").first()
        if row is None:
            raise Stale(kind="what_if")
        unit.change(
            row,
            seen=["state"],
            result={"done": done, "total": total, "left_s": round(left_s)},
            taken_until=at + _LEASE,
        )
        unit.answer(WhatIfKept(row.uid, row.state))
    return unit.answered(WhatIfKept)


def take_what_if(*, actor: Actor, at: datetime) -> WhatIfKept:
    """The oldest question that waits is this analyst's for five minutes; one that failed three times is given up.

    Records WhatIfAnswered for what is given up. Refuses: NotAllowed. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "promise.run_study", where=Where(site_id=None))
        unit.locking()
        free = WhatIf.objects.filter(Q(taken_until=None) | Q(taken_until__lte=at), state="asked")
        row = free.select_for_update(skip_locked=True, of=("self",)).order_by("asked_at").first()
        if row is None:
            unit.answer(WhatIfKept(None))
        elif row.n_tries >= _MOST_TRIES:
            _end(unit, row, "failed", {})
            unit.answer(WhatIfKept(row.uid, "failed"))
        else:
            unit.change(row, taken_until=at + _LEASE, n_tries=row.n_tries + 1)
            unit.answer(WhatIfKept(row.uid, row.state))
    return unit.answered(WhatIfKept)


def answer_what_if(
    *, what_if_id: UUID, state: str, result: Mapping[str, Any], actor: Actor, at: datetime
) -> WhatIfKept:
    """The question has its answer (``done``), or its past says too little (``too_little``).

    Records WhatIfAnswered. Refuses: NotAllowed, NotFound, Malformed (state), Stale. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        row = WhatIf.objects.filter(uid=what_if_id).first()
        if row is None:
            raise NotFound(kind="what_if", name=str(what_if_id))
        authority.require(actor, "promise.run_study", where=Where(row.site_id))
        if state not in ("done", "too_little"):
            raise Malformed(field="state", problem="unknown")
        _end(unit, row, state, result)
        unit.answer(WhatIfKept(row.uid, state))
    return unit.answered(WhatIfKept)


def _end(unit: Unit, row: WhatIf, state: str, result: Mapping[str, Any]) -> None:
    unit.change(row, seen=["state"], state=state, result=dict(result), finished_at=unit.at, taken_until=None)
    unit.record(
        WhatIfAnswered(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.pk,
            state=state,
            n_jobs=int(result.get("n_jobs", 0)),
        )
    )

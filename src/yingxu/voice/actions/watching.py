"""The watch over what was promised for findings and opinions: late, and told upwards (督办, domain S39)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding
from yingxu.ground.unit import Unit
from yingxu.voice.claims import day_at
from yingxu.voice.events.overseeing import PromisedLate
from yingxu.voice.models.overseeing import Remark

#: After so many whole days past its day: the team's leader, the company's manager, the hospital's officer.
STEPS = ((0, "TL"), (1, "PM"), (3, "HO"))


@dataclass(frozen=True)
class Told:
    """How many late promises were told one step higher."""

    n: int


def watch_promised(*, actor: Actor, at: datetime) -> Told:
    """What is past its day is told to leader, manager and officer after 0, 1 and 3 days, each once, until it is done.

    A step without anybody goes to the next that has somebody. Records PromisedLate. Refuses: NotAllowed.
    Budget: one read, and one for each that is told.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "finding.watch", where=Where(None))
        rows = Remark.objects.filter(done_on=None, due_on__lt=at.date(), n_told__lt=len(STEPS), site__state="open")
        n = 0
        for row in rows.select_related("site", "request").order_by("id"):
            if row.due_on is None:
                continue
            days = (day_at(row.site, at) - row.due_on).days - 1
            reached = sum(days >= since for since, _role in STEPS)
            if reached <= row.n_told:
                continue
            step = row.n_told + 1
            told = _holders(row, STEPS[step - 1][1])
            while not told and step < len(STEPS):
                step += 1
                told = _holders(row, STEPS[step - 1][1])
            unit.change(row, seen=["n_told"], n_told=step)
            fact = PromisedLate(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.request_id or row.pk,
                owner=row.owner_name,
                due_on=row.due_on.isoformat(),
                step=step,
            )
            entry = unit.record(fact)
            for account in told:
                unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account)
            n += 1
        unit.answer(Told(n))
    return unit.answered(Told)


def _holders(row: Remark, role: str) -> list[int]:
    """Return who is told: the request's team or company where it has one, the hospital's officers anyway."""
    held = Holding.objects.filter(site=row.site, role=role, ends_at=None, account__is_active=True)
    if role == "TL":
        held = held.filter(team_key__in=row.request.team_keys if row.request else ())
    elif role == "PM" and row.request is not None and row.request.party_keys:
        held = held.filter(Q(party=None) | Q(party_id__in=row.request.party_keys))
    return sorted(set(held.values_list("account_id", flat=True)))

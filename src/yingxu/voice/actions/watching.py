"""The watch over what waits or was promised: late, and told upwards (督办, domain S39)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding
from yingxu.ground.unit import Unit
from yingxu.voice.claims import day_at
from yingxu.voice.events.heard import VoiceLate
from yingxu.voice.events.overseeing import PromisedLate
from yingxu.voice.models.heard import Heard
from yingxu.voice.models.overseeing import Remark

#: After so many whole days past its day: the team's leader, the company's manager, the hospital's officer.
STEPS = ((0, "TL"), (1, "PM"), (3, "HO"))


#: A voice past its time: the team's leader and who keeps it at once, the manager after a day, the officer after three.
VOICE_STEPS = ((timedelta(0), "TL"), (timedelta(days=1), "PM"), (timedelta(days=3), "HO"))
#: What is about no work is the hospital's alone: its officers at once and after a day, the director after three.
OWN_STEPS = ((timedelta(0), "HO"), (timedelta(days=1), "HO"), (timedelta(days=3), "HD"))
_AT_ONCE = 200


@dataclass(frozen=True)
class Told:
    """How many late promises were told one step higher."""

    n: int


@dataclass(frozen=True)
class _Late:
    """Something past its time: the step that it has reached, the fact, and whom it is told."""

    row: Remark | Heard
    seen: tuple[str, ...]
    step: int
    fact: PromisedLate | VoiceLate
    told: list[int]


def watch_promised(*, actor: Actor, at: datetime) -> Told:
    """What is past its day is told to leader, manager and officer after 0, 1 and 3 days, each once, until it is done.

    A step without anybody goes to the next that has somebody. Records PromisedLate. Refuses: NotAllowed.
    Budget: one read, and one for each that is told.
    """
    return _watch("finding.watch", _late_promises, actor=actor, at=at)


def watch_voices(*, actor: Actor, at: datetime) -> Told:
    """A voice past its time without an answer is told leader, manager and officer after 0, 1 and 3 days, each once.

    A step without anybody goes to the next that has somebody. Records VoiceLate. Refuses: NotAllowed.
    Budget: one read, and one for each that is told.
    """
    return _watch("voice.watch", _late_voices, actor=actor, at=at)


def _watch(action: str, late: Callable[[Unit, datetime], Iterator[_Late]], *, actor: Actor, at: datetime) -> Told:
    """Tell each late one a step further up, once."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, action, where=Where(None))
        n = 0
        for one in late(unit, at):
            unit.change(one.row, seen=list(one.seen), n_told=one.step)
            entry = unit.record(one.fact)
            for account in one.told:
                unit.deliver(entry=entry, fact=one.fact, channel="in_app", to_account_id=account)
            n += 1
        unit.answer(Told(n))
    return unit.answered(Told)


def _late_promises(_unit: Unit, at: datetime) -> Iterator[_Late]:
    rows = Remark.objects.filter(done_on=None, due_on__lt=at.date(), n_told__lt=len(STEPS), site__state="open")
    for row in rows.select_related("site", "request").order_by("id"):
        if row.due_on is None:
            continue
        days = (day_at(row.site, at) - row.due_on).days - 1
        if sum(days >= since for since, _role in STEPS) <= row.n_told:
            continue
        step = row.n_told + 1
        told = _holders(row, STEPS[step - 1][1])
        while not told and step < len(STEPS):
            step += 1
            told = _holders(row, STEPS[step - 1][1])
        fact = PromisedLate(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.request_id or row.pk,
            owner=row.owner_name,
            due_on=row.due_on.isoformat(),
            step=step,
        )
        yield _Late(row, ("n_told",), step, fact, told)


def _late_voices(unit: Unit, at: datetime) -> Iterator[_Late]:
    unit.locking()
    late = Heard.objects.filter(
        fate="", quarantine="", answer_by__lte=at, n_told__lt=len(VOICE_STEPS), site__state="open"
    )
    for row in late.select_for_update(of=("self",), skip_locked=True).order_by("answer_by", "id")[:_AT_ONCE]:
        steps = OWN_STEPS if row.request_id is None else VOICE_STEPS
        reached = sum(at >= row.answer_by + since for since, _role in steps)
        if reached <= row.n_told:
            continue
        told = _voice_holders(row, steps[reached - 1][1]) or _voice_holders(row, "HO")
        if reached == 1 and row.keeper_id is not None:
            told = sorted({*told, row.keeper_id})
        fact = VoiceLate(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.request_id or row.pk,
            said=row.kind,
            answer_by=row.answer_by.isoformat(),
            step=reached,
        )
        yield _Late(row, ("fate", "n_told"), reached, fact, told)


def _voice_holders(row: Heard, role: str) -> list[int]:
    held = Holding.objects.filter(site_id=row.site_id, role=role, ends_at=None, account__is_active=True)
    if role == "TL":
        held = held.filter(team_key__in=row.team_keys)
    elif role == "PM":
        held = held.filter(Q(party=None) | Q(party_id__in=row.party_keys))
    return sorted(set(held.exclude(account_id__in=row.worker_keys).values_list("account_id", flat=True)))


def _holders(row: Remark, role: str) -> list[int]:
    """Return who is told: the request's team or company where it has one, the hospital's officers anyway."""
    held = Holding.objects.filter(site=row.site, role=role, ends_at=None, account__is_active=True)
    if role == "TL":
        held = held.filter(team_key__in=row.request.team_keys if row.request else ())
    elif role == "PM" and row.request is not None and row.request.party_keys:
        held = held.filter(Q(party=None) | Q(party_id__in=row.request.party_keys))
    return sorted(set(held.values_list("account_id", flat=True)))

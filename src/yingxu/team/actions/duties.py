"""Verbs on when people are on duty: set, called off, passed on. Lengths, rests and the hours of a week are hard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import library
from yingxu.team.actions.papers import where_of_member
from yingxu.team.events import DutyCalledOff, DutySet
from yingxu.team.fitness import limits_of, told
from yingxu.team.models import Duty, Member
from yingxu.team.refusals import DutyOver, DutyTooLong, NotOfTeam, TooLittleRest, WeekTooLong
from yingxu.team.snapshots import counted_h, duties_kept, most_in_seven_days

#: The longest rest and the longest duty that the library may ask for lie within this of a new duty.
_AROUND = timedelta(days=9)


@dataclass(frozen=True)
class NewDuty:
    """From when to when somebody is on duty, with breaks; ``kind``: of the library (``duty_kinds.csv``)."""

    person_id: UUID
    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    kind: str = "work"


@dataclass(frozen=True)
class DutiesSet:
    """How many duties were set, replaced or ended."""

    n: int
    ids: tuple[UUID, ...] = ()
    ended: tuple[UUID, ...] = ()


class _Book:
    """The duties of some people, locked with their rows until the unit ends."""

    def __init__(self, unit: Unit, members: Iterable[Member], since: datetime) -> None:
        self.unit = unit
        self.members = {row.account_id: row for row in members}
        self.duties: defaultdict[int, list[Duty]] = defaultdict(list)
        self.made: list[Duty] = []
        self.ended: list[Duty] = []
        rows = Duty.objects.filter(account_id__in=self.members, ended_at=None, ends_at__gt=since)
        for row in rows.order_by("starts_at"):
            self.duties[row.account_id].append(row)

    def end(self, row: Duty) -> None:
        """A duty counts no more."""
        self.unit.change(row, ended_at=self.unit.at)
        self.duties[row.account_id].remove(row)
        self.ended.append(row)

    def add(self, member: Member, new: NewDuty) -> Duty:
        """Check a duty, replace those it overlaps, and keep it."""
        _check(new, member.account.name)
        own = self.duties[member.account_id]
        for old in [one for one in own if one.starts_at < new.ends_at and one.ends_at > new.starts_at]:
            self._refuse_stretch(old, new, member)
            self.end(old)
        self._refuse_tired(own, new, member)
        row = self.unit.insert(
            Duty(
                site_id=member.site_id,
                account_id=member.account_id,
                kind=new.kind,
                starts_at=new.starts_at,
                ends_at=new.ends_at,
                breaks=told(new.breaks),
                set_by_id=self.unit.actor.account_id,
                set_at=self.unit.at,
            )
        )
        own.append(row)
        self.made.append(row)
        self.unit.record(
            DutySet(
                site_id=member.site_id,
                subject_id=member.account_id,
                thread_id=member.account_id,
                duty_from=new.starts_at,
                duty_to=new.ends_at,
                n_breaks=len(new.breaks),
                duty_kind=new.kind,
            )
        )
        return row

    def _refuse_stretch(self, old: Duty, new: NewDuty, member: Member) -> None:
        """Hours already worked are not forgotten by setting a duty over the one that runs.

        Whoever sets a site up enters duties as they stand, also over older ones.
        """
        if self.unit.actor.kind == "engine" or not old.starts_at < min(self.unit.at, new.starts_at):
            return
        limit_h = limits_of(new.kind)["longest_h"]
        if counted_h(old.kind, old.starts_at, old.ends_at) and new.ends_at - old.starts_at > timedelta(hours=limit_h):
            raise DutyTooLong(person=member.account.name, limit_h=limit_h)

    def _refuse_tired(self, own: Sequence[Duty], new: NewDuty, member: Member) -> None:
        limits = limits_of(new.kind)
        if not limits["rest_after_h"]:
            return
        working = [one for one in own if limits_of(one.kind)["rest_after_h"]]
        before = max(
            (one for one in working if one.ends_at <= new.starts_at), key=lambda one: one.ends_at, default=None
        )
        after = min((one for one in working if one.starts_at >= new.ends_at), key=lambda o: o.starts_at, default=None)
        if before is not None:
            _refuse_rest(before.kind, before.ends_at, new.starts_at, member, since=before.ends_at)
        if after is not None:
            _refuse_rest(new.kind, new.ends_at, after.starts_at, member, since=new.ends_at)
        near = [(one.kind, one.starts_at, one.ends_at) for one in working]
        hours = most_in_seven_days((new.kind, new.starts_at, new.ends_at), near)
        if limits["week_h"] and hours > limits["week_h"]:
            raise WeekTooLong(person=member.account.name, limit_h=limits["week_h"], hours=hours)

    def keep(self) -> None:
        """Put what stands now onto the members' rows."""
        for key, member in self.members.items():
            self.unit.change(member, **duties_kept(self.duties[key], at=self.unit.at))


def _refuse_rest(kind: str, ended: datetime, begins: datetime, member: Member, *, since: datetime) -> None:
    limit_h = limits_of(kind)["rest_after_h"]
    if begins - ended < timedelta(hours=limit_h):
        raise TooLittleRest(person=member.account.name, limit_h=limit_h, since=since.isoformat())


def _check(new: NewDuty, name: str) -> None:
    if new.kind not in library.by_code("duty_kinds"):
        raise Malformed(field="duty_kind", problem="unknown")
    if new.ends_at <= new.starts_at:
        raise Malformed(field="duty", problem="out_of_order", limit=new.starts_at.isoformat())
    for begin, end in new.breaks:
        if not new.starts_at <= begin < end <= new.ends_at:
            raise Malformed(field="break", problem="out_of_range", limit=new.ends_at.isoformat())
    limit_h = limits_of(new.kind)["longest_h"]
    if new.ends_at - new.starts_at > timedelta(hours=limit_h):
        raise DutyTooLong(person=name, limit_h=limit_h)


def _members(unit: Unit, people: Iterable[UUID]) -> dict[UUID, Member]:
    unit.locking()
    rows = Member.objects.select_related("team", "account").select_for_update(of=("self",)).order_by("id")
    return {row.account.uid: row for row in rows.filter(account__uid__in=list(people))}


def set_duties(
    *, duties: Sequence[NewDuty], actor: Actor, at: datetime, command: CommandKey | None = None
) -> DutiesSet:
    """These people are on duty in these hours, all or none; a duty replaces those of the person that it overlaps.

    Nobody is on duty longer than the kind of duty allows, without its rest to the duties before and after, or for more
    hours in any seven days.
    Records DutySet for each. Refuses: NotAllowed, NotFound, Malformed, DutyTooLong, TooLittleRest, WeekTooLong.
    Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        found = _members(unit, [duty.person_id for duty in duties])
        for duty in duties:
            member = found.get(duty.person_id)
            if member is None:
                raise NotFound(kind="member", name=str(duty.person_id))
            authority.require(actor, "duty.set", where=where_of_member(member))
        book = _Book(unit, found.values(), min([at, *(duty.starts_at for duty in duties)]) - _AROUND)
        for duty in duties:
            book.add(found[duty.person_id], duty)
        book.keep()
        unit.answer(_done(book))
    return unit.answered(DutiesSet)


def call_off_duty(
    *, duty_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> DutiesSet:
    """Somebody does not come, or goes home early: the duty is off, or ends now if it has begun.

    Records DutyCalledOff. Refuses: NotAllowed, NotFound, Malformed (no reason), DutyOver. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, member = _duty(unit, duty_id)
        if not reason.strip():
            raise Malformed(field="reason", problem="missing")
        book = _Book(unit, [member], at - _AROUND)
        own = next((one for one in book.duties[member.account_id] if one.pk == row.pk), None)
        if own is None or own.ends_at <= at:
            raise DutyOver()
        if own.starts_at < at:
            breaks = [[begin, end] for begin, end in own.breaks if datetime.fromisoformat(end) <= at]
            unit.change(own, ends_at=at, breaks=breaks)
        else:
            book.end(own)
        book.keep()
        _called_off(unit, row, reason)
        unit.answer(DutiesSet(1, (), (row.uid,)))
    return unit.answered(DutiesSet)


def pass_duty(
    *,
    duty_id: UUID,
    person_id: UUID,
    actor: Actor,
    at: datetime,
    in_exchange: UUID | None = None,
    command: CommandKey | None = None,
) -> DutiesSet:
    """A colleague takes a duty that has not begun; with ``in_exchange`` the two swap. Rests are kept on both sides.

    Records DutyCalledOff and DutySet for each. Refuses: NotAllowed, NotFound, DutyOver (begun), NotOfTeam (another
    team's), Malformed (the same person), DutyTooLong, TooLittleRest, WeekTooLong. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, _giver = _duty(unit, duty_id)
        given = [row]
        if in_exchange is not None:
            given.append(_duty(unit, in_exchange)[0])
        found = _members(unit, {row.account.uid, person_id})
        giver, taker = found[row.account.uid], found.get(person_id)
        if taker is None:
            raise NotFound(kind="member", name=str(person_id))
        authority.require(actor, "duty.set", where=where_of_member(taker))
        if giver.pk == taker.pk or (in_exchange is not None and given[1].account_id != taker.account_id):
            raise Malformed(field="person", problem="wrong_type")
        if giver.team_id != taker.team_id:
            raise NotOfTeam(person=taker.account.name, team=giver.team.name)
        book = _Book(unit, found.values(), at - _AROUND)
        for one in given:
            if one.ended_at is not None or one.starts_at <= at:
                raise DutyOver()
            book.end(next(kept for kept in book.duties[one.account_id] if kept.pk == one.pk))
            _called_off(unit, one, "")
        for one, member in zip(given, (taker, giver), strict=False):
            book.add(member, _anew(one, member.account.uid))
        book.keep()
        unit.answer(_done(book))
    return unit.answered(DutiesSet)


def _anew(row: Duty, person_id: UUID) -> NewDuty:
    breaks = tuple((datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in row.breaks)
    return NewDuty(person_id, row.starts_at, row.ends_at, breaks, row.kind)


def _duty(unit: Unit, duty_id: UUID) -> tuple[Duty, Member]:
    row = Duty.objects.select_related("account").filter(uid=duty_id).first()
    if row is None:
        authority.require(unit.actor, "duty.set", where=authority.Where(None))
        raise NotFound(kind="duty", name=str(duty_id))
    member = _members(unit, [row.account.uid])[row.account.uid]
    authority.require(unit.actor, "duty.set", where=where_of_member(member))
    return row, member


def _called_off(unit: Unit, row: Duty, reason: str) -> None:
    unit.record(
        DutyCalledOff(
            site_id=row.site_id,
            subject_id=row.account_id,
            thread_id=row.account_id,
            duty_from=row.starts_at,
            duty_to=row.ends_at,
            reason=reason.strip()[:200],
        )
    )


def _done(book: _Book) -> DutiesSet:
    kept = [row for row in book.made if row not in book.ended]
    return DutiesSet(
        len(book.made), tuple(row.uid for row in kept), tuple(row.uid for row in book.ended if row not in book.made)
    )

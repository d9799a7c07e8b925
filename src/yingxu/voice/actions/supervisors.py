"""Verbs of volunteer supervisors: nominated, appointed, ended; their rounds; a finding's opinion; a name revealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor, engine
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding, Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.actions.named import account_named
from yingxu.voice.claims import PURPOSES, day_at
from yingxu.voice.events.overseeing import (
    FinderRevealed,
    RemarkRaised,
    SupervisorDecided,
    SupervisorNominated,
    VisitMade,
    VisitPlanned,
)
from yingxu.voice.models.overseeing import Remark, Supervisor, Visit
from yingxu.voice.refusals.overseeing import CriterionMissing, RemarkNotOpen, SupervisesAlready

#: Who stands in the ledger for a finder whose name is hidden.
FINDER = engine("finding")
LIMIT = 2000


@dataclass(frozen=True)
class SupervisorKept:
    """A supervisor and where the nomination stands."""

    uid: UUID
    state: str


@dataclass(frozen=True)
class Kept:
    """What was kept."""

    uid: UUID


@dataclass(frozen=True)
class Revealed:
    """The name behind a hidden finding."""

    name: str


def nominate_supervisor(
    *,
    site_id: int,
    username: str,
    department_code: str,
    conscience: str,
    insight: str,
    in_touch: str,
    from_on: date,
    to_on: date,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> SupervisorKept:
    """Somebody (account or full name) is nominated, with grounds for each of the three criteria (domain S61).

    Records SupervisorNominated.

    Refuses: NotAllowed, NotFound, CriterionMissing, Malformed, SupervisesAlready. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "supervisor.nominate", where=Where(site_id=site_id))
        for criterion, grounds in (("conscience", conscience), ("insight", insight), ("in_touch", in_touch)):
            if not grounds.strip():
                raise CriterionMissing(criterion=criterion)
        if to_on <= from_on:
            raise Malformed(field="to_on", problem="out_of_order")
        account = account_named(username)
        place = Place.objects.filter(site_id=site_id, code=department_code.strip()).first()
        if place is None:
            raise NotFound(kind="place", name=department_code)
        if Supervisor.objects.filter(site_id=site_id, account=account).exclude(state="ended").exists():
            raise SupervisesAlready(name=account.name)
        row = unit.insert(
            Supervisor(
                site_id=site_id,
                account=account,
                department=place,
                conscience=conscience.strip()[:LIMIT],
                insight=insight.strip()[:LIMIT],
                in_touch=in_touch.strip()[:LIMIT],
                from_on=from_on,
                to_on=to_on,
                nominated_by_id=actor.account_id or 0,
                nominated_at=at,
            )
        )
        unit.record(SupervisorNominated(site_id=site_id, subject_id=row.pk, thread_id=row.pk, name=account.name))
        unit.answer(SupervisorKept(row.uid, "nominated"))
    return unit.answered(SupervisorKept)


def decide_supervisor(
    *, supervisor_id: UUID, is_appointed: bool, actor: Actor, at: datetime, command: CommandKey | None = None
) -> SupervisorKept:
    """A nominee is appointed and holds the role for the term; or supervision ends, and the role with it.

    Records SupervisorDecided. Refuses: NotAllowed, NotFound, RemarkNotOpen. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Supervisor.objects.filter(uid=supervisor_id).select_related("account", "site").first()
        if row is None:
            raise NotFound(kind="supervisor", name=str(supervisor_id))
        authority.require(actor, "supervisor.approve", where=Where(site_id=row.site_id))
        if row.state == "ended" or (is_appointed and row.state != "nominated"):
            raise RemarkNotOpen(state=row.state)
        zone = ZoneInfo(row.site.timezone)
        held = Holding.objects.filter(account=row.account, role="VS", site_id=row.site_id)
        if is_appointed and not any(one.ends_at is None or one.ends_at > at for one in held):
            starts_at = max(at, datetime.combine(row.from_on, time(), zone))
            unit.insert(
                Holding(
                    account=row.account,
                    role="VS",
                    site_id=row.site_id,
                    place_id=row.department_id,
                    starts_at=starts_at,
                    ends_at=max(datetime.combine(row.to_on, time(), zone), starts_at + timedelta(days=1)),
                )
            )
        if not is_appointed and row.state == "appointed":
            for one in held:
                if one.ends_at is None or one.ends_at > at:
                    unit.change(one, ends_at=max(at, one.starts_at + timedelta(seconds=1)))
        state = "appointed" if is_appointed else "ended"
        unit.change(row, seen=["state"], state=state)
        unit.record(
            SupervisorDecided(
                site_id=row.site_id, subject_id=row.pk, thread_id=row.pk, name=row.account.name, state=state
            )
        )
        unit.answer(SupervisorKept(row.uid, state))
    return unit.answered(SupervisorKept)


def renew_supervisor(
    *, supervisor_id: UUID, to_on: date, actor: Actor, at: datetime, command: CommandKey | None = None
) -> SupervisorKept:
    """Supervision goes on until another day, later than the one it had and than today, and the role with it.

    Records SupervisorDecided (renewed). Refuses: NotAllowed, NotFound, RemarkNotOpen, Malformed. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Supervisor.objects.filter(uid=supervisor_id).select_related("account", "site").first()
        if row is None:
            raise NotFound(kind="supervisor", name=str(supervisor_id))
        authority.require(actor, "supervisor.approve", where=Where(site_id=row.site_id))
        if row.state != "appointed":
            raise RemarkNotOpen(state=row.state)
        if to_on <= max(row.to_on, day_at(row.site, at)):
            raise Malformed(field="to_on", problem="out_of_order")
        ends_at = datetime.combine(to_on, time(), ZoneInfo(row.site.timezone))
        held = Holding.objects.filter(account=row.account, role="VS", site_id=row.site_id).order_by("-starts_at")
        last = next((one for one in held if one.ends_at is None or one.ends_at > at), None)
        if last is not None:
            unit.change(last, ends_at=ends_at)
        else:  # the term was over before somebody thought of it
            unit.insert(
                Holding(
                    account=row.account,
                    role="VS",
                    site_id=row.site_id,
                    place_id=row.department_id,
                    starts_at=at,
                    ends_at=ends_at,
                )
            )
        unit.change(row, seen=["to_on", "state"], to_on=to_on)
        unit.record(
            SupervisorDecided(
                site_id=row.site_id,
                subject_id=row.pk,
                thread_id=row.pk,
                name=row.account.name,
                state="renewed",
                to_on=to_on.isoformat(),
            )
        )
        unit.answer(SupervisorKept(row.uid, "appointed"))
    return unit.answered(SupervisorKept)


def plan_visit(
    *, site_id: int, place_code: str, on: date, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Kept:
    """A supervisor plans a round. Records VisitPlanned. Refuses: NotAllowed, NotFound. Budget: 2."""
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "supervisor.visit", where=Where(site_id=site_id, is_own=True))
        place = Place.objects.filter(site_id=site_id, code=place_code.strip()).first()
        if place is None:
            raise NotFound(kind="place", name=place_code)
        row = unit.insert(Visit(site_id=site_id, account_id=actor.account_id or 0, place=place, planned_on=on))
        unit.record(VisitPlanned(site_id=site_id, subject_id=row.pk, thread_id=row.pk, on=on.isoformat()))
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def make_visit(*, visit_id: UUID, note: str, actor: Actor, at: datetime, command: CommandKey | None = None) -> Kept:
    """A planned round was made, with a note. Records VisitMade. Refuses: NotAllowed, NotFound. Budget: 2."""
    with Unit(actor=actor, at=at, command=command) as unit:
        row = (
            Visit.objects.filter(uid=visit_id, account_id=actor.account_id or 0, made_on=None)
            .select_related("site")
            .first()
        )
        if row is None:
            raise NotFound(kind="visit", name=str(visit_id))
        where = Where(site_id=row.site_id, owner_ids=(row.account_id,))
        authority.require(actor, "supervisor.visit", where=where)
        unit.change(row, seen=["made_on"], made_on=day_at(row.site, at), note=note.strip()[:LIMIT])
        unit.record(VisitMade(site_id=row.site_id, subject_id=row.pk, thread_id=row.pk))
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def note_finding(
    *,
    request_id: UUID,
    is_hidden: bool,
    actor: Actor,
    at: datetime,
    purpose: str = "",
    command: CommandKey | None = None,
) -> Kept:
    """A finding is an opinion that gets an answer; a hidden name stands in no entry and on no page of the company.

    It is to improve unless its finder says otherwise (S60). Records RemarkRaised, by the house itself when the name is
    hidden. Refuses: NotAllowed, NotFound, Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = Request.objects.filter(uid=request_id, channel="supervisor").first()
        if request is None:
            raise NotFound(kind="request", name=str(request_id))
        authority.require(actor, "finding.hide_name", where=Where(site_id=request.site_id, is_own=True))
        if purpose and purpose not in PURPOSES:
            raise Malformed(field="purpose", problem="unknown")
        row = Remark.objects.filter(request=request).first()
        if row is None:
            row = unit.insert(
                Remark(
                    site_id=request.site_id,
                    source="finding",
                    purpose=purpose or "improve",
                    request=request,
                    raised_by_id=actor.account_id,
                    is_hidden=is_hidden,
                    text=request.text,
                    raised_at=at,
                )
            )
            unit.record(
                RemarkRaised(
                    site_id=request.site_id,
                    subject_id=row.pk,
                    thread_id=request.pk,
                    source="finding",
                    is_hidden=is_hidden,
                ),
                actor=FINDER if is_hidden else None,
            )
        unit.answer(Kept(row.uid))
    return unit.answered(Kept)


def reveal_finder(*, remark_id: UUID, reason: str, actor: Actor, at: datetime) -> Revealed:
    """An auditor learns the hidden name, for a reason that is recorded (domain 4.3.5); the finder is told of it.

    Records FinderRevealed.

    Refuses: NotAllowed, ReasonNeeded, NotFound. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        row = Remark.objects.filter(uid=remark_id).select_related("raised_by").first()
        if row is None:
            raise NotFound(kind="remark", name=str(remark_id))
        authority.require(actor, "finding.reveal", where=Where(site_id=row.site_id), reason=reason)
        fact = FinderRevealed(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.request_id or row.pk,
            reason=reason.strip()[:300],
        )
        entry = unit.record(fact)
        if row.raised_by_id is not None:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=row.raised_by_id)
        unit.answer(Revealed(row.raised_by.name if row.raised_by else row.speaker))
    return unit.answered(Revealed)

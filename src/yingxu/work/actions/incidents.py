"""Verbs of emergencies: confirmed or dropped, drilled, led, ended, reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Account
from yingxu.ground.queries import place_by_code
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.emergencies import is_kind, kinds
from yingxu.work.events.incidents import (
    CommandTaken,
    IncidentDropped,
    IncidentEnded,
    IncidentJoined,
    IncidentReviewed,
)
from yingxu.work.incidents import TEXT_LIMIT, account_of, fact_of_incident, incident_of, log_line, open_row
from yingxu.work.incidents import where_of_incident as where_of
from yingxu.work.models.incidents import Incident, IncidentLine, IncidentPlace
from yingxu.work.refusals.incidents import IncidentNotSo, MarkMissing

OUTCOMES = ("real", "false")
#: What a review says, each in a few words.
REVIEW = ("went_well", "went_badly", "change", "owner")
_REVIEW_LIMIT = 1000


@dataclass(frozen=True)
class IncidentKept:
    """An incident and where it stands."""

    uid: UUID
    state: str
    kind: str
    is_drill: bool


def open_incident(
    *,
    incident_id: UUID,
    commander_id: UUID | None = None,
    words: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> IncidentKept:
    """A proposed emergency is one: it has a commander (the actor unless named), its clocks and its call tree run.

    Records IncidentOpened. Refuses: NotAllowed, NotFound, IncidentNotSo. Budget: 6 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "proposed")
        authority.require(actor, "incident.open", where=where_of(row))
        unit.change(row, words=words.strip()[:TEXT_LIMIT])
        open_row(unit, row, _commander(actor, commander_id), place_ids=[row.place_id] if row.place_id else [])
        unit.answer(_kept(row))
    return unit.answered(IncidentKept)


def drop_incident(
    *, incident_id: UUID, words: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> IncidentKept:
    """A proposed emergency is none, with the reason; its request goes on as it is.

    Records IncidentDropped. Refuses: NotAllowed, NotFound, IncidentNotSo, Malformed. Budget: 1 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "proposed")
        authority.require(actor, "incident.open", where=where_of(row))
        if not words.strip():
            raise Malformed(field="reason", problem="missing")
        unit.change(row, seen=["state"], state="dropped", words=words.strip()[:TEXT_LIMIT], changed_at=at)
        unit.record(fact_of_incident(IncidentDropped, row, why="not_one", words=words.strip()[:TEXT_LIMIT]))
        unit.answer(_kept(row))
    return unit.answered(IncidentKept)


def join_incident(
    *, incident_id: UUID, into_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> IncidentKept:
    """A proposed emergency is one that runs already: its place is affected too, its request goes on as it is.

    Records IncidentJoined. Refuses: NotAllowed, NotFound, IncidentNotSo. Budget: 3 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row, into = incident_of(incident_id, "proposed"), incident_of(into_id, "open")
        authority.require(actor, "incident.open", where=where_of(row))
        if into.site_id != row.site_id or into.is_drill:
            raise IncidentNotSo(state=into.state)
        unit.change(row, seen=["state"], state="joined", joined_to=into, changed_at=at)
        unit.change(into, seen=["state"], changed_at=at)
        if row.place_id and not IncidentPlace.objects.filter(incident=into, place_id=row.place_id).exists():
            unit.insert(IncidentPlace(incident=into, place_id=row.place_id, added_at=at))
        log_line(unit, into, "place", row.place_name)
        unit.record(fact_of_incident(IncidentJoined, row, joined_to=into.pk))
        unit.answer(_kept(into))
    return unit.answered(IncidentKept)


def start_drill(
    *,
    site_id: int,
    kind: str,
    place_code: str = "",
    words: str = "",
    commander_id: UUID | None = None,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> IncidentKept:
    """A drill runs like the real thing: same clocks, same call tree, marked as a drill, with no request behind it.

    Nothing of it is promised, dispatched, counted or told outside. Records IncidentOpened.
    Refuses: NotAllowed, NotFound, Malformed. Budget: 5 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "drill.start", where=Where(site_id))
        if not is_kind(kind):
            raise NotFound(kind="emergency", name=kind)
        place = place_by_code(site_id, place_code.strip()) if place_code.strip() else None
        who = _commander(actor, commander_id)
        row = unit.insert(
            Incident(
                site_id=site_id,
                kind=kind,
                is_drill=True,
                place_id=place.id if place else None,
                place_name=place.full_name if place else "",
                place_name_en=place.full_name_en if place else "",
                words=words.strip()[:TEXT_LIMIT],
                reported_at=at,
                changed_at=at,
            )
        )
        open_row(unit, row, who, place_ids=[place.id] if place else [])
        unit.answer(_kept(row))
    return unit.answered(IncidentKept)


def take_command(
    *, incident_id: UUID, commander_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None
) -> IncidentKept:
    """Somebody else leads from now on; at every moment exactly one person does.

    Records CommandTaken. Refuses: NotAllowed, NotFound, IncidentNotSo. Budget: 2 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "open")
        authority.require(actor, "incident.command", where=where_of(row))
        who, before = account_of(commander_id), row.commander
        unit.change(row, seen=["state", "commander"], commander=who, changed_at=at)
        log_line(unit, row, "command", who.name)
        fact = fact_of_incident(CommandTaken, row, commander=who.name, before=before.name if before else "")
        entry = unit.record(fact)
        if who.pk != actor.account_id:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=who.pk)
        unit.answer(_kept(row))
    return unit.answered(IncidentKept)


def end_incident(
    *, incident_id: UUID, outcome: str, words: str = "", actor: Actor, at: datetime, command: CommandKey | None = None
) -> IncidentKept:
    """The emergency is over: as real only after what it was about was noted (people freed, supply restored).

    A lift stays out of use until its release is noted, which may come later. Records IncidentEnded.
    Refuses: NotAllowed, NotFound, IncidentNotSo, Malformed, MarkMissing. Budget: 2 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "open")
        authority.require(actor, "incident.command", where=where_of(row))
        if outcome not in OUTCOMES:
            raise Malformed(field="outcome", problem="missing")
        needed = kinds()[row.kind].ended_by
        if outcome == "real" and not IncidentLine.objects.filter(incident=row, code=needed).exists():
            raise MarkMissing(mark=needed, kind=row.kind)
        values = {"outcome": outcome, "ended_at": at, "look_at": at, "changed_at": at}
        unit.change(row, seen=["state"], state="ended", **values)
        log_line(unit, row, "ended", words)
        lasted_s = int((at - row.reported_at).total_seconds())
        unit.record(fact_of_incident(IncidentEnded, row, outcome=outcome, lasted_s=lasted_s))
        unit.answer(_kept(row))
    return unit.answered(IncidentKept)


def review_incident(
    *,
    incident_id: UUID,
    went_well: str,
    went_badly: str,
    change: str,
    owner: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> IncidentKept:
    """The short review is written: what went well, what did not, what changes and by whom. It may be written again.

    Records IncidentReviewed. Refuses: NotAllowed, NotFound, IncidentNotSo, Malformed. Budget: 1 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "ended")
        authority.require(actor, "incident.review", where=where_of(row))
        said = {"went_well": went_well, "went_badly": went_badly, "change": change, "owner": owner}
        for field in REVIEW[:3]:
            if not said[field].strip():
                raise Malformed(field=field, problem="missing")
        review = {field: value.strip()[:_REVIEW_LIMIT] for field, value in said.items()}
        unit.change(row, review=review, reviewed_at=at, changed_at=at)
        unit.record(fact_of_incident(IncidentReviewed, row))
        unit.answer(_kept(row))
    return unit.answered(IncidentKept)


def _commander(actor: Actor, commander_id: UUID | None) -> Account:
    """Return who leads: the one named, else who acts; refuses: NotFound. Budget: one query."""
    if commander_id is not None:
        return account_of(commander_id)
    found = Account.objects.filter(pk=actor.account_id or 0, is_active=True).first()
    if found is None:
        raise NotFound(kind="account", name=actor.name)
    return found


def _kept(row: Incident) -> IncidentKept:
    return IncidentKept(row.uid, row.state, row.kind, row.is_drill)

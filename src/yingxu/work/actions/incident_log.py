"""Verbs of an incident's log: moments, words, places, calls tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account
from yingxu.ground.queries import place_by_code
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.emergencies import marks_of
from yingxu.work.events.incidents import CallTried, LineNoted, MarkNoted, PlaceTouched
from yingxu.work.incidents import TEXT_LIMIT, account_of, fact_of_incident, incident_of, log_line
from yingxu.work.incidents import where_of_incident as where_of
from yingxu.work.models.incidents import CallTry, Incident, IncidentCall, IncidentLine, IncidentPlace
from yingxu.work.refusals.incidents import IncidentNotSo, MarkTaken, ReleaserNotCertified

#: What a line may be that is no mark.
SAID = ("said", "done", "decided", "told")
TRIES = ("answered", "no_answer", "busy")
#: Puts a lift back into use: only a holder of this certificate does (domain 2.2.1).
_RELEASE, _CERTIFICATE = "released", "T"
#: A phone's clock may run ahead by so much.
_AHEAD = timedelta(seconds=5)


@dataclass(frozen=True)
class Noted:
    """What was put on the log, of which incident."""

    incident_id: UUID
    code: str


def note_mark(
    *,
    incident_id: UUID,
    mark: str,
    words: str = "",
    releaser_id: UUID | None = None,
    happened_at: datetime | None = None,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Noted:
    """A moment that the limits need is noted, once; put down later it says so, and what was raised stays raised.

    A lift is put back into use by a holder of certificate T alone (``releaser_id``, else who acts); where papers are
    not kept yet, the certificate's number is typed. Records MarkNoted.
    Refuses: NotAllowed, NotFound, IncidentNotSo, Malformed, MarkTaken, ReleaserNotCertified. Budget: 4 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "open", "ended")
        authority.require(actor, "incident.log", where=where_of(row))
        known = marks_of(row.kind).get(mark)
        if known is None:
            raise Malformed(field="mark", problem="unknown")
        moment = happened_at or at
        if moment > at + _AHEAD:
            raise Malformed(field="happened_at", problem="in_future")
        if moment < row.reported_at:
            raise Malformed(field="happened_at", problem="out_of_order")
        if not known.is_repeated and IncidentLine.objects.filter(incident=row, code=mark).exists():
            raise MarkTaken(mark=mark, kind=row.kind)
        if mark == _RELEASE:
            words = _releaser(row, releaser_id, words, actor, at)
        log_line(unit, row, mark, words, happened_at=moment)
        unit.change(row, look_at=at, changed_at=at)
        said = words.strip()[:TEXT_LIMIT]
        unit.record(fact_of_incident(MarkNoted, row, mark=mark, marked_at=moment, words=said), happened_at=moment)
        unit.answer(Noted(row.uid, mark))
    return unit.answered(Noted)


def _releaser(row: Incident, releaser_id: UUID | None, words: str, actor: Actor, at: datetime) -> str:
    """Return who signs with what is said; refuses: ReleaserNotCertified, Malformed. Two queries."""
    who = account_of(releaser_id) if releaser_id is not None else Account.objects.get(pk=actor.account_id or 0)
    members = list(Member.objects.filter(account=who).values("papers", "team__gates_from", "site__timezone"))
    gated = [one for one in members if one["team__gates_from"] is not None and one["team__gates_from"] <= at]
    for one in gated:
        fitness = Fitness(one["team__gates_from"], one["papers"] or {}, timezone=one["site__timezone"])
        lacks = [
            code for code in fitness.lacks(certificates=[_CERTIFICATE], clearances=(), at=at) if code[:5] == "certi"
        ]
        if not lacks:
            return f"{who.name} {words}".strip()
    if gated:
        raise ReleaserNotCertified(name=who.name, certificate=_CERTIFICATE, state=lacks[0].rsplit(":", 1)[-1])
    if not words.strip():
        raise Malformed(field="certificate_number", problem="missing")
    return f"{who.name} {words.strip()}"


def note_line(
    *, incident_id: UUID, code: str, text: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> Noted:
    """What was said, done, decided or told stands on the log; it is never changed.

    Records LineNoted. Refuses: NotAllowed, NotFound, IncidentNotSo, Malformed. Budget: 1 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "open", "ended")
        authority.require(actor, "incident.log", where=where_of(row))
        if code not in SAID:
            raise Malformed(field="kind", problem="unknown")
        if not text.strip():
            raise Malformed(field="text", problem="missing")
        if len(text.strip()) > TEXT_LIMIT:
            raise Malformed(field="text", problem="too_long", limit=str(TEXT_LIMIT))
        log_line(unit, row, code, text)
        unit.change(row, changed_at=at)
        unit.record(fact_of_incident(LineNoted, row, code=code))
        unit.answer(Noted(row.uid, code))
    return unit.answered(Noted)


def touch_place(
    *,
    incident_id: UUID,
    place_code: str,
    is_told: bool = False,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Noted:
    """A place is affected, or the people there were told. Records PlaceTouched.

    Refuses: NotAllowed, NotFound, IncidentNotSo, Malformed. Budget: 3 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = incident_of(incident_id, "open")
        authority.require(actor, "incident.log", where=where_of(row))
        if not place_code.strip():
            raise Malformed(field="place", problem="missing")
        place = place_by_code(row.site_id, place_code.strip())
        known = IncidentPlace.objects.filter(incident=row, place_id=place.id).first()
        if known is None:
            unit.insert(IncidentPlace(incident=row, place_id=place.id, added_at=at, told_at=at if is_told else None))
        elif is_told and known.told_at is None:
            unit.change(known, told_at=at)
        log_line(unit, row, "told" if is_told else "place", place.full_name)
        unit.change(row, changed_at=at)
        unit.record(fact_of_incident(PlaceTouched, row, place=place.full_name, is_told=is_told))
        unit.answer(Noted(row.uid, "place"))
    return unit.answered(Noted)


def record_try(
    *,
    call_id: UUID,
    outcome: str,
    words: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Noted:
    """An attempt to reach a level of the call tree is kept; an answer ends the branch and sets the level's mark.

    In a drill somebody outside is played, never called; the attempt is kept alike. Records CallTried, MarkNoted.
    Refuses: NotAllowed, NotFound, IncidentNotSo, Malformed. Budget: 2 and one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        call = IncidentCall.objects.select_related("incident").filter(uid=call_id).first()
        if call is None:
            raise NotFound(kind="call", name=str(call_id))
        row = call.incident
        authority.require(actor, "incident.log", where=where_of(row))
        if row.state != "open":
            raise IncidentNotSo(state=row.state)
        if outcome not in TRIES:
            raise Malformed(field="outcome", problem="unknown")
        said = words.strip()[:TEXT_LIMIT]
        unit.insert(CallTry(call=call, outcome=outcome, words=said, account_id=actor.account_id, tried_at=at))
        unit.change(row, seen=["state"], look_at=at, changed_at=at)
        unit.record(fact_of_incident(CallTried, row, callee=call.name, outcome=outcome))
        sets = call.sets_mark if outcome == "answered" else ""
        if sets and not IncidentLine.objects.filter(incident=row, code=sets).exists():
            log_line(unit, row, sets, call.name)
            unit.record(fact_of_incident(MarkNoted, row, mark=sets, marked_at=at, words=call.name))
        unit.answer(Noted(row.uid, outcome))
    return unit.answered(Noted)

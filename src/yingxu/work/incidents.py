"""The seam of emergencies: incidents as rows, where they stand, their facts, and how one is opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from yingxu.ground.authority import Where
from yingxu.ground.models import Account, Holding
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import Unit
from yingxu.work.emergencies import BRANCHES, plan_of, reachable
from yingxu.work.events.incidents import IncidentFact, IncidentOpened
from yingxu.work.models.incidents import Incident, IncidentCall, IncidentLine, IncidentPlace
from yingxu.work.refusals.incidents import IncidentNotSo

Kind = TypeVar("Kind", bound=IncidentFact)
#: Longest text of a line of the log.
TEXT_LIMIT = 300


def where_of_incident(row: Incident) -> Where:
    """Return where an incident stands, for the authority: everybody on duty at the site may be needed."""
    return Where(site_id=row.site_id, owner_ids=(row.commander_id,) if row.commander_id else ())


def incident_of(incident_id: UUID, *states: str) -> Incident:
    """Return an incident by its uid; refuses: NotFound, IncidentNotSo. Budget: one query."""
    row = Incident.objects.select_related("site", "commander").filter(uid=incident_id).first()
    if row is None:
        raise NotFound(kind="incident", name=str(incident_id))
    if states and row.state not in states:
        raise IncidentNotSo(state=row.state)
    return row


def fact_of_incident(kind: type[Kind], row: Incident, **facts: Any) -> Kind:
    """Return a fact about the incident as it is now."""
    return kind(
        site_id=row.site_id,
        subject_id=row.pk,
        thread_id=row.request_id or row.pk,
        incident_kind=row.kind,
        is_drill=row.is_drill,
        **facts,
    )


def account_of(uid: UUID) -> Account:
    """Return an open account; refuses: NotFound. Budget: one query."""
    found = Account.objects.filter(uid=uid, is_active=True).first()
    if found is None:
        raise NotFound(kind="account", name=str(uid))
    return found


def log_line(unit: Unit, row: Incident, code: str, text: str = "", *, happened_at: datetime | None = None) -> None:
    """Put a line on the log of an incident."""
    unit.insert(
        IncidentLine(
            incident=row,
            code=code,
            text=text.strip()[:TEXT_LIMIT],
            account_id=unit.actor.account_id,
            happened_at=happened_at or unit.at,
            noted_at=unit.at,
        )
    )


def holders(site_id: int, roles: Iterable[str], at: datetime) -> tuple[int, ...]:
    """Return the accounts that hold one of these roles at a site, nobody from outside. Budget: one query."""
    held = Holding.objects.filter(site_id=site_id, role__in=list(roles), starts_at__lte=at, account__is_active=True)
    held = held.exclude(ends_at__lte=at)
    return tuple(sorted(set(held.values_list("account_id", flat=True))))


def open_row(unit: Unit, row: Incident, commander: Account, *, place_ids: Iterable[int]) -> None:
    """Set an incident running: its limits and call tree as they hold now, its first line, its places. Three queries."""
    plan = plan_of(row.site_id, row.kind)
    values = {
        "state": "open",
        "commander_id": commander.pk,
        "opened_at": unit.at,
        "opened_by_id": unit.actor.account_id,
        "limits": dict(plan.limits),
        "look_at": unit.at,
        "changed_at": unit.at,
    }
    unit.change(row, seen=["state"], **values)
    level = dict.fromkeys(BRANCHES, 0)
    for one in reachable(row.site_id, plan.tree, unit.at):
        level[one.step.branch] += 1
        unit.insert(
            IncidentCall(
                incident=row,
                branch=one.step.branch,
                level=level[one.step.branch],
                name=one.name[:120],
                name_en=one.name_en[:120],
                phone=one.phone,
                account_id=one.account_id,
                is_outside=one.step.is_outside or one.step.source.startswith("role:EX"),
                wait_s=one.step.wait_s,
                max_tries=one.step.max_tries,
                sets_mark=one.step.sets_mark,
            )
        )
    log_line(unit, row, "reported", row.words, happened_at=row.reported_at)
    for place_id in dict.fromkeys(place_ids):
        unit.insert(IncidentPlace(incident=row, place_id=place_id, added_at=unit.at))
    fact = fact_of_incident(IncidentOpened, row, commander=commander.name, is_urgent=not row.is_drill)
    entry = unit.record(fact)
    if commander.pk != unit.actor.account_id:
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=commander.pk)

"""The clock's verb of emergencies: calls that came due and limits that were passed are raised once, dated when due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.ledger import Fact
from yingxu.ground.unit import Unit
from yingxu.work.emergencies import BRANCHES, next_due, rules_of, standings, tree_of
from yingxu.work.events.incidents import CallDue, CallTreeSpent, IncidentDropped, IncidentLimitPassed
from yingxu.work.incidents import fact_of_incident, holders
from yingxu.work.models.incidents import CallTry, Incident, IncidentCall, IncidentLine, LimitPassed

#: Who hears of a passed legal limit (domain 6.18: a compliance event): the hospital, and the companies' managers.
_ANSWERABLE = ("HO", "HD", "PM")


@dataclass(frozen=True)
class IncidentsWatched:
    """How many calls came due, how many limits were passed, how many proposals fell away."""

    n_calls: int
    n_passed: int
    n_dropped: int


@dataclass
class _Seen:
    """One incident with what decides about it."""

    row: Incident
    calls: list[IncidentCall]
    tries: list[tuple[int, datetime, str]]
    marks: list[tuple[str, datetime]]
    passed: set[tuple[str, datetime]]


def watch_incidents(*, actor: Actor, at: datetime, limit: int = 50) -> IncidentsWatched:
    """Every call that came due and every limit that was passed is recorded once, dated when it was due.

    Exactly once however many workers ask: an incident that another one holds is skipped. A proposal whose request has
    ended meanwhile falls away. Records CallDue, CallTreeSpent, IncidentLimitPassed, IncidentDropped.
    Refuses: NotAllowed. Budget: two when nothing is due; six and one write else, and one for each told.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "incident.watch", where=Where(None))
        n_dropped = _drop_over(unit, limit)
        unit.locking()
        due = Incident.objects.filter(look_at__lte=at).select_for_update(skip_locked=True).order_by("look_at", "id")
        n_calls = n_passed = 0
        for one in _read(list(due[:limit])):
            calls, next_call = _raise_calls(unit, one)
            passed, next_limit = _raise_limits(unit, one)
            n_calls, n_passed = n_calls + calls, n_passed + passed
            moments = [moment for moment in (next_call, next_limit) if moment is not None]
            look_at = min(moments) if moments and one.row.state == "open" else None
            unit.change(one.row, look_at=look_at, changed_at=at if calls or passed else one.row.changed_at)
        unit.answer(IncidentsWatched(n_calls, n_passed, n_dropped))
    return unit.answered(IncidentsWatched)


def _drop_over(unit: Unit, limit: int) -> int:
    rows = list(Incident.objects.filter(state="proposed", request__is_open=False).order_by("id")[:limit])
    for row in rows:
        unit.change(row, seen=["state"], state="dropped", changed_at=unit.at)
        unit.record(fact_of_incident(IncidentDropped, row, why="over"))
    return len(rows)


def _read(rows: Sequence[Incident]) -> list[_Seen]:
    """Return the incidents with what decides about them. Four queries, none for none."""
    if not rows:
        return []
    found = {row.pk: _Seen(row, [], [], [], set()) for row in rows}
    keys = list(found)
    for call in IncidentCall.objects.filter(incident_id__in=keys).order_by("incident_id", "branch", "level"):
        found[call.incident_id].calls.append(call)
    tries = CallTry.objects.filter(call__incident_id__in=keys).order_by("tried_at", "id")
    for incident_id, call_id, tried_at, outcome in tries.values_list(
        "call__incident_id", "call_id", "tried_at", "outcome"
    ):
        found[incident_id].tries.append((call_id, tried_at, outcome))
    lines = IncidentLine.objects.filter(incident_id__in=keys)
    for incident_id, code, happened_at in lines.values_list("incident_id", "code", "happened_at"):
        found[incident_id].marks.append((code, happened_at))
    passed = LimitPassed.objects.filter(incident_id__in=keys)
    for incident_id, clock, due_at in passed.values_list("incident_id", "clock", "due_at"):
        found[incident_id].passed.add((clock, due_at))
    return list(found.values())


def _raise_calls(unit: Unit, one: _Seen) -> tuple[int, datetime | None]:
    row, n, following = one.row, 0, []
    if row.opened_at is None or row.state != "open":
        return 0, None
    for branch in BRANCHES:
        calls = {call.pk: call for call in one.calls if call.branch == branch}
        reading = tree_of(
            [(call.pk, call.wait_s, call.max_tries) for call in calls.values()],
            [made for made in one.tries if made[0] in calls],
            row.opened_at,
            unit.at,
        )
        for key, due_at in reading.due:
            call = calls[key]
            if call.due_at is None:
                unit.change(call, due_at=due_at)
                _tell_call(unit, row, call, due_at)
                n += 1
        if calls and reading.spent_at is not None and _is_new(unit, one, f"tree.{branch}", reading.spent_at):
            fact = fact_of_incident(CallTreeSpent, row, branch=branch, is_urgent=not row.is_drill)
            _tell(unit, fact, reading.spent_at, _answerable(unit, row))
            n += 1
        if reading.next_at is not None:
            following.append(reading.next_at)
    return n, min(following, default=None)


def _tell_call(unit: Unit, row: Incident, call: IncidentCall, due_at: datetime) -> None:
    fact = fact_of_incident(
        CallDue,
        row,
        branch=call.branch,
        level=call.level,
        callee=call.name,
        due_at=due_at,
        is_urgent=not row.is_drill,
    )
    told = {call.account_id} if call.account_id and not (row.is_drill and call.is_outside) else set()
    if call.level > 1 and row.commander_id:
        told.add(row.commander_id)
    _tell(unit, fact, due_at, told)


def _raise_limits(unit: Unit, one: _Seen) -> tuple[int, datetime | None]:
    row, n = one.row, 0
    if row.opened_at is None:
        return 0, None
    found = standings(row.kind, row.limits, one.marks, unit.at, ended_at=row.ended_at)
    rules = rules_of(row.kind)
    for code, reading in found.items():
        for due_at in reading.late_from:
            if not _is_new(unit, one, code, due_at):
                continue
            is_legal = rules[code].is_legal
            fact = fact_of_incident(
                IncidentLimitPassed,
                row,
                clock=code,
                is_legal=is_legal,
                due_at=due_at,
                limit_s=reading.limit.limit_s or 0,
                is_urgent=is_legal and not row.is_drill,
            )
            told = set(_answerable(unit, row)) if is_legal else set()
            if row.commander_id:
                told.add(row.commander_id)
            _tell(unit, fact, due_at, told)
            n += 1
    return n, next_due(found.values(), unit.at)


def _is_new(unit: Unit, one: _Seen, clock: str, due_at: datetime) -> bool:
    """Keep that a limit was passed then; False if that is kept already."""
    if (clock, due_at) in one.passed:
        return False
    one.passed.add((clock, due_at))
    unit.insert(LimitPassed(incident=one.row, clock=clock, due_at=due_at, raised_at=unit.at))
    return True


def _answerable(unit: Unit, row: Incident) -> Iterable[int]:
    """Return who hears of what must not be: nobody beyond the commander in a drill. One query."""
    if row.is_drill:
        return [row.commander_id] if row.commander_id else []
    return holders(row.site_id, _ANSWERABLE, unit.at)


def _tell(unit: Unit, fact: Fact, due_at: datetime, told: Iterable[int | None]) -> None:
    entry = unit.record(fact, happened_at=due_at)
    for account_id in sorted(key for key in told if key is not None):
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account_id)

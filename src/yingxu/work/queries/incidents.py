"""Questions about emergencies: what stands now, one incident in whole, the plan of a kind, drills. Rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from yingxu.core.clock.emergency import Standing
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding
from yingxu.ground.refusals import NotFound
from yingxu.team.models import Member
from yingxu.work.emergencies import (
    BRANCHES,
    LimitRule,
    Reachable,
    is_kind,
    kinds,
    plan_of,
    reachable,
    rules_of,
    tree_of,
)
from yingxu.work.emergencies import standings as standings_of
from yingxu.work.models.incidents import CallTry, Incident, IncidentCall, IncidentLine, IncidentPlace, LimitPassed

SHOWN = ("all", "real", "drill")
#: Noted so much later than it happened: put down afterwards.
LATE_NOTE = timedelta(minutes=2)
#: Roles whose holders may lead an emergency.
LEADERS = ("DK", "TL", "LM", "PM", "HO", "HD")


@dataclass(frozen=True)
class IncidentRow:
    """One incident in a list."""

    key: int
    uid: UUID
    kind: str
    state: str
    is_drill: bool
    place_name: str
    place_name_en: str
    words: str
    commander: str
    commander_en: str
    request_id: UUID | None
    request_number: str
    reported_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    outcome: str
    is_reviewed: bool
    joined_to: UUID | None


_ROW = (
    "id",
    "uid",
    "kind",
    "state",
    "is_drill",
    "place_name",
    "place_name_en",
    "words",
    "commander__name",
    "commander__name_en",
    "request__uid",
    "request__number",
    "reported_at",
    "opened_at",
    "ended_at",
    "outcome",
    "reviewed_at",
    "joined_to__uid",
)


def _rows(found: QuerySet[Incident]) -> tuple[IncidentRow, ...]:
    return tuple(_row(values) for values in found.values_list(*_ROW))


def _row(values: Sequence[Any]) -> IncidentRow:
    cells = list(values)
    for name in ("commander__name", "commander__name_en", "request__number"):
        cells[_ROW.index(name)] = cells[_ROW.index(name)] or ""
    cells[_ROW.index("reviewed_at")] = cells[_ROW.index("reviewed_at")] is not None
    return IncidentRow(*cells)


def standing_incidents(actor: Actor, site_id: int) -> tuple[IncidentRow, ...]:
    """Return what is proposed or open, real ones first. Budget: one query."""
    found = Incident.objects.filter(
        authority.visible(actor, "incident.read"), site_id=site_id, state__in=["proposed", "open"]
    )
    return _rows(found.order_by("is_drill", "state", "-reported_at")[:30])


def incident_list(
    actor: Actor, site_id: int, *, shown: str = "all", before: int | None = None, limit: int = 25
) -> tuple[IncidentRow, ...]:
    """Return incidents, newest first; those that fell away by themselves are left out. Budget: one query."""
    found = Incident.objects.filter(authority.visible(actor, "incident.read"), site_id=site_id)
    found = found.exclude(state="dropped", words="")
    if shown != "all":
        found = found.filter(is_drill=shown == "drill")
    if before is not None:
        found = found.filter(pk__lt=before)
    return _rows(found.order_by("-id")[:limit])


@dataclass(frozen=True)
class DrillRow:
    """When a kind was last drilled here, and when the next one is due."""

    kind: str
    last_at: datetime | None
    due_on: datetime | None


def drills(actor: Actor, site_id: int, *, at: datetime) -> tuple[DrillRow, ...]:
    """Return the drills of each kind against their cycle (counted apart from everything real). Budget: one query."""
    held = Incident.objects.filter(
        authority.visible(actor, "incident.read"), site_id=site_id, is_drill=True, state="ended", outcome="real"
    )
    found = dict(held.order_by().values("kind").annotate(last_at=Max("ended_at")).values_list("kind", "last_at"))
    rows = []
    for code, kind in kinds().items():
        last_at = found.get(code)
        due = None if last_at is None else last_at + timedelta(days=round(kind.drill_months * 365.25 / 12))
        rows.append(DrillRow(code, last_at, due))
    return tuple(rows)


@dataclass(frozen=True)
class LimitRow:
    """A limit of an incident: its rule and how it stands."""

    rule: LimitRule
    standing: Standing
    #: It was raised as passed, though a moment noted later says it was kept.
    was_raised: bool


@dataclass(frozen=True)
class TryRow:
    """One attempt to reach a level."""

    outcome: str
    who: str
    tried_at: datetime


@dataclass(frozen=True)
class CallRow:
    """One level of the call tree. ``state``: waiting, due, answered, passed (given up)."""

    uid: UUID
    level: int
    name: str
    name_en: str
    phone: str
    is_outside: bool
    state: str
    due_at: datetime | None
    over_at: datetime | None
    tries: tuple[TryRow, ...]


@dataclass(frozen=True)
class BranchRow:
    """One branch of the call tree."""

    code: str
    calls: tuple[CallRow, ...]
    answered_at: datetime | None
    spent_at: datetime | None


@dataclass(frozen=True)
class LineRow:
    """A line of the log. ``is_late``: put down afterwards."""

    code: str
    text: str
    who: str
    happened_at: datetime
    noted_at: datetime
    is_late: bool


@dataclass(frozen=True)
class PlaceTouchedRow:
    """An affected place."""

    code: str
    name: str
    name_en: str
    told_at: datetime | None


@dataclass(frozen=True)
class IncidentDetail:
    """One incident in whole."""

    row: IncidentRow
    site_id: int
    commander_key: int | None
    limits: tuple[LimitRow, ...]
    branches: tuple[BranchRow, ...]
    lines: tuple[LineRow, ...]
    #: First moment of each mark, with how many were noted.
    marks: dict[str, datetime]
    places: tuple[PlaceTouchedRow, ...]
    review: dict[str, str]
    changed_at: datetime

    @property
    def where(self) -> Where:
        """Where it stands, for the authority."""
        return Where(self.site_id, owner_ids=(self.commander_key,) if self.commander_key else ())


def incident_for(actor: Actor, incident_id: UUID, *, at: datetime) -> IncidentDetail:
    """Return one incident in whole as it stands at a moment; refuses: NotFound. Budget: seven queries."""
    seen = Incident.objects.filter(authority.visible(actor, "incident.read"), uid=incident_id)
    found = seen.values_list(*_ROW, "site_id", "commander_id", "limits", "review", "changed_at").first()
    if found is None:
        raise NotFound(kind="incident", name=str(incident_id))
    row = _row(found[: len(_ROW)])
    site_id, commander_key, limits, review, changed_at = found[len(_ROW) :]
    lines = tuple(
        LineRow(code, text, who or "", happened_at, noted_at, noted_at - happened_at > LATE_NOTE)
        for code, text, who, happened_at, noted_at in IncidentLine.objects.filter(incident_id=row.key)
        .order_by("happened_at", "id")
        .values_list("code", "text", "account__name", "happened_at", "noted_at")
    )
    marks: dict[str, datetime] = {}
    for line in lines:
        marks.setdefault(line.code, line.happened_at)
    places = IncidentPlace.objects.filter(incident_id=row.key).order_by("added_at", "id")
    return IncidentDetail(
        row=row,
        site_id=site_id,
        commander_key=commander_key,
        limits=_limits(row, limits, lines, at),
        branches=_branches(row, at),
        lines=lines,
        marks=marks,
        places=tuple(
            PlaceTouchedRow(*values)
            for values in places.values_list("place__code", "place__full_name", "place__full_name_en", "told_at")
        ),
        review=review,
        changed_at=changed_at,
    )


def _limits(row: IncidentRow, limits: dict[str, int], lines: Sequence[LineRow], at: datetime) -> tuple[LimitRow, ...]:
    if row.opened_at is None:
        return ()
    raised = set(LimitPassed.objects.filter(incident_id=row.key).values_list("clock", flat=True))
    marks = [(line.code, line.happened_at) for line in lines]
    found = standings_of(row.kind, limits, marks, at, ended_at=row.ended_at)
    rules = rules_of(row.kind)
    return tuple(
        LimitRow(rules[code], one, code in raised and not one.late_from and one.state in ("kept", "running"))
        for code, one in found.items()
    )


def _branches(row: IncidentRow, at: datetime) -> tuple[BranchRow, ...]:
    if row.opened_at is None:
        return ()
    calls = list(IncidentCall.objects.filter(incident_id=row.key).order_by("level"))
    tries = list(
        CallTry.objects.filter(call__incident_id=row.key)
        .order_by("tried_at", "id")
        .values_list("call_id", "tried_at", "outcome", "account__name")
    )
    made = [(key, tried_at, outcome) for key, tried_at, outcome, _ in tries]
    by_call: dict[int, list[TryRow]] = {}
    for key, tried_at, outcome, who in tries:
        by_call.setdefault(key, []).append(TryRow(outcome, who or "", tried_at))
    until = row.ended_at or at
    return tuple(_branch(code, [c for c in calls if c.branch == code], made, by_call, row, until) for code in BRANCHES)


def _branch(
    code: str,
    calls: list[IncidentCall],
    made: list[tuple[int, datetime, str]],
    by_call: dict[int, list[TryRow]],
    row: IncidentRow,
    at: datetime,
) -> BranchRow:
    keys = {call.pk for call in calls}
    reading = tree_of(
        [(call.pk, call.wait_s, call.max_tries) for call in calls],
        [one for one in made if one[0] in keys],
        row.opened_at or row.reported_at,
        at,
    )
    due = dict(reading.due)
    last = reading.due[-1][0] if reading.due else None
    rows = []
    for call in calls:
        tries = tuple(by_call.get(call.pk, ()))
        is_answered = any(one.outcome == "answered" for one in tries)
        is_now = call.pk == last and reading.answered_at is None and reading.spent_at is None
        state = "answered" if is_answered else "due" if is_now else "passed" if call.pk in due else "waiting"
        over_at = reading.next_at if is_now else None
        rows.append(
            CallRow(
                call.uid,
                call.level,
                call.name,
                call.name_en,
                call.phone,
                call.is_outside,
                state,
                due.get(call.pk),
                over_at,
                tries,
            )
        )
    return BranchRow(code, tuple(rows), reading.answered_at, reading.spent_at)


@dataclass(frozen=True)
class PlanRow:
    """The plan of a kind as it holds at a site, with who stands behind each level."""

    kind: str
    levels: tuple[Reachable, ...]
    steps: tuple[Any, ...]
    limits: dict[str, int]
    made_at: datetime | None


def plan_for(actor: Actor, site_id: int, kind: str, *, at: datetime) -> PlanRow:
    """Return whom to call in an emergency of a kind; refuses: NotFound. Budget: four queries."""
    if not is_kind(kind) or not authority.may(actor, "incident.read", where=Where(site_id)):
        raise NotFound(kind="emergency", name=kind)
    plan = plan_of(site_id, kind)
    return PlanRow(kind, reachable(site_id, plan.tree, at), plan.tree, dict(plan.limits), plan.made_at)


@dataclass(frozen=True)
class LeaderRow:
    """Somebody who may lead."""

    uid: UUID
    name: str
    name_en: str
    role: str


def leaders(site_id: int, *, at: datetime) -> tuple[LeaderRow, ...]:
    """Return who may lead an emergency at a site. Budget: one query."""
    held = Holding.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), site_id=site_id, role__in=LEADERS, starts_at__lte=at
    )
    held = held.filter(account__is_active=True).order_by("account__name", "id")
    found: dict[UUID, LeaderRow] = {}
    for uid, name, name_en, role in held.values_list("account__uid", "account__name", "account__name_en", "role"):
        found.setdefault(uid, LeaderRow(uid, name, name_en, role))
    return tuple(sorted(found.values(), key=lambda one: (LEADERS.index(one.role), one.name)))


def releasers(site_id: int) -> tuple[LeaderRow, ...]:
    """Return the members of the lift teams, who may sign that a lift is used again. Budget: one query."""
    found = Member.objects.filter(team__site_id=site_id, team__line_codes__contains="ELV", account__is_active=True)
    rows = found.order_by("account__name").values_list("account__uid", "account__name", "account__name_en")
    return tuple(LeaderRow(uid, name, name_en, "WK") for uid, name, name_en in dict.fromkeys(rows))


def incident_of_request(actor: Actor, request_id: UUID) -> UUID | None:
    """Return the incident that a request proposed, if the actor may see it. Budget: one query."""
    found = Incident.objects.filter(authority.visible(actor, "incident.read"), request__uid=request_id)
    return found.values_list("uid", flat=True).first()


def incident_of_thread(actor: Actor, key: int) -> UUID | None:
    """Return the incident whose facts stand under a thread: its request's, of a drill its own. Budget: one query."""
    found = Incident.objects.filter(Q(request_id=key) | Q(pk=key), authority.visible(actor, "incident.read"))
    return found.values_list("uid", flat=True).first()

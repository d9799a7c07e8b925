"""Incidents: the list, one in whole with what is due now, and the banner for screens that are always open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed
from yingxu.web.emergency.words import (
    Said,
    basis_words,
    branch_name,
    clock_time,
    kind_name,
    limit_said,
    mark_name,
    outcome_name,
    standing_said,
    state_name,
    try_name,
)
from yingxu.web.inside import Inside, inside, new_command
from yingxu.web.templatetags.yingxu import in_language
from yingxu.work.emergencies import kinds, lines_of, marks_of
from yingxu.work.queries import incidents as queries
from yingxu.work.queries.incidents import BranchRow, CallRow, IncidentDetail, IncidentRow, LimitRow

PAGE = 25
#: The lines that the log's form offers.
_SAID = ("said", "done", "decided", "told")


@dataclass(frozen=True)
class Shown:
    """An incident in words."""

    row: IncidentRow
    kind: str
    icon: str
    state: str
    tone: str
    state_icon: str
    outcome: str
    lasted: str


@dataclass(frozen=True)
class LimitShown:
    """A limit in words."""

    limit: LimitRow
    said: Said
    allowed: str
    basis: str
    due_at: Any


@dataclass(frozen=True)
class CallShown:
    """A level of the call tree in words."""

    call: CallRow
    name: str
    tries: list[tuple[str, Any, str]]
    #: The number to dial; empty in a drill for somebody outside, who is played.
    dial: str
    is_played: bool
    command: str


@never_cache
@require_safe
@inside
def incidents(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    shown = request.GET.get("show", "all")
    shown = shown if shown in queries.SHOWN else "all"
    after = request.GET.get("after", "")
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    rows = queries.incident_list(here.actor, here.site.id, shown=shown, before=before, limit=PAGE + 1)
    tabs = {"all": _("All"), "real": _("Real ones"), "drill": _("Drills")}
    values = {
        "lines": [shown_of(row) for row in rows[:PAGE]],
        "next": str(rows[PAGE - 1].key) if len(rows) > PAGE else "",
        "is_first": not after,
        "tabs": [(code, name, code == shown) for code, name in tabs.items()],
        "now": here.at,
    }
    return render(request, "web/emergency/incidents.html", values)


def _require(here: Inside) -> None:
    if not authority.may_anywhere(here.actor, "incident.read"):
        raise NotAllowed(action="incident.read")


@never_cache
@require_safe
@inside
def banner(request: HttpRequest, here: Inside) -> HttpResponse:
    """What stands now, for the desk and the wall screen; nothing for nothing."""
    _require(here)
    rows = queries.standing_incidents(here.actor, here.site.id)
    return render(request, "web/emergency/banner.html", {"lines": [shown_of(row) for row in rows], "now": here.at})


@never_cache
@require_safe
@inside
def incident(request: HttpRequest, here: Inside, incident_id: UUID) -> HttpResponse:
    return page(request, here, incident_id)


@never_cache
@require_safe
@inside
def live(request: HttpRequest, here: Inside, incident_id: UUID) -> HttpResponse:
    """The running part alone; nothing when nothing changed since the mark in the address."""
    found = queries.incident_for(here.actor, incident_id, at=here.at)
    if request.GET.get("mark") == _mark(found):
        return HttpResponse(status=204)
    return render(request, "web/emergency/live.html", _running(here, found))


def _mark(found: IncidentDetail) -> str:
    return f"{found.changed_at.timestamp():.6f}"


def page(
    request: HttpRequest, here: Inside, incident_id: UUID, *, trouble: str = "", act: str = "", status: int = 200
) -> HttpResponse:
    """Return an incident's page, with what was refused and what was typed."""
    found = queries.incident_for(here.actor, incident_id, at=here.at)
    row, where = found.row, found.where
    may = {
        name: authority.may(here.actor, f"incident.{name}", where=where)
        for name in ("open", "command", "log", "review")
    }
    others = queries.standing_incidents(here.actor, here.site.id) if row.state == "proposed" else ()
    values: dict[str, Any] = {
        **_running(here, found),
        "may": may,
        "leaders": queries.leaders(here.site.id, at=here.at) if row.state in {"proposed", "open"} else (),
        "releasers": queries.releasers(here.site.id) if _can_release(found) else (),
        "mine": here.actor.name,
        "same": [shown_of(one) for one in others if one.state == "open" and not one.is_drill and one.kind == row.kind],
        "review": found.review,
        "ways": [(code, mark_name(row.kind, code)) for code in _SAID],
        "late_marks": [
            (one.code, in_language(one))
            for one in marks_of(row.kind).values()
            if (one.is_repeated or one.code not in found.marks) and one.code != "released"
        ],
        "says": [in_language(line, "text") for line in lines_of(row.kind)["say"]],
        "firsts": [in_language(line, "text") for line in lines_of(row.kind)["first"]],
        "can_release": _can_release(found),
        "typed": request.POST,
        "trouble": trouble,
        "trouble_at": act,
    }
    return render(request, "web/emergency/incident.html", values, status=status)


def _can_release(found: IncidentDetail) -> bool:
    return found.row.kind == "entrapment" and "released" not in found.marks and found.row.state in {"open", "ended"}


def _running(here: Inside, found: IncidentDetail) -> dict[str, Any]:
    row = found.row
    may_log = row.state == "open" and authority.may(here.actor, "incident.log", where=found.where)
    return {
        "one": shown_of(row),
        "row": row,
        "mark": _mark(found),
        "limits": [_limit(one, row) for one in found.limits],
        "branches": [_branch(one, row) for one in found.branches],
        "due": [
            _call(call, row)
            for branch in found.branches
            for call in branch.calls
            if row.state == "open" and call.state == "due"
        ],
        "spent": [branch_name(one.code) for one in found.branches if one.spent_at and not one.answered_at],
        "next_marks": [
            (one.code, in_language(one), one.is_repeated)
            for one in marks_of(row.kind).values()
            if (one.is_repeated or one.code not in found.marks) and one.code not in {"reported", "released"}
        ]
        if may_log
        else [],
        "is_locked": row.kind == "entrapment" and "freed" in found.marks and "released" not in found.marks,
        "lines": [(mark_name(row.kind, line.code), line, line.code in marks_of(row.kind)) for line in found.lines],
        "places": found.places,
        "may_log": may_log,
        "command": new_command(),
        "now": here.at,
    }


def shown_of(row: IncidentRow) -> Shown:
    """Return an incident in words."""
    word, tone, icon = state_name(row.state)
    lasted = clock_time(int((row.ended_at - row.reported_at).total_seconds())) if row.ended_at else ""
    return Shown(
        row,
        kind_name(row.kind),
        kinds()[row.kind].icon,
        word,
        tone,
        icon,
        outcome_name(row.outcome, is_drill=row.is_drill),
        lasted,
    )


def _limit(one: LimitRow, row: IncidentRow) -> LimitShown:
    due_at = one.standing.due_at if row.state == "open" and one.standing.state in {"running", "late"} else None
    allowed = limit_said(one.standing.limit.limit_s) if one.standing.limit.limit_s is not None else "—"
    return LimitShown(one, standing_said(one.standing), allowed, basis_words(one.rule.mark), due_at)


def _branch(one: BranchRow, row: IncidentRow) -> tuple[str, BranchRow, list[CallShown]]:
    return branch_name(one.code), one, [_call(call, row) for call in one.calls]


def _call(call: CallRow, row: IncidentRow) -> CallShown:
    is_played = row.is_drill and call.is_outside
    tries = [(try_name(one.outcome), one.tried_at, one.who) for one in call.tries]
    return CallShown(call, in_language(call), tries, "" if is_played else call.phone, is_played, new_command())

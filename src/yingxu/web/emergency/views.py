"""The emergency screens: which one, what to say line by line, what first, whom to call; taken in, or drilled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.ground import authority, queries
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotAllowed, NotFound, Refusal
from yingxu.web import errors
from yingxu.web.emergency.words import basis_words, branch_name, limit_said
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.templatetags.yingxu import in_language
from yingxu.work.actions import incidents as actions
from yingxu.work.emergencies import BRANCHES, Kind, kinds, lines_of, rules_of
from yingxu.work.queries import incidents as incident_rows

#: Lifts are offered by name where somebody is trapped: so many at most.
_LIFTS = 40


@dataclass(frozen=True)
class KindCard:
    """A kind on the first screen, with its last drill."""

    kind: Kind
    drill: incident_rows.DrillRow | None
    is_due: bool


@never_cache
@require_safe
@inside
def emergency(request: HttpRequest, here: Inside) -> HttpResponse:
    require_reader(here)
    found = {row.kind: row for row in incident_rows.drills(here.actor, here.site.id, at=here.at)}
    may_read = authority.may(here.actor, "incident.read", where=Where(here.site.id))
    cards = [
        KindCard(kind, found[code] if may_read else None, _is_due(found[code], here)) for code, kind in kinds().items()
    ]
    values = {"cards": cards, "may_read": may_read, "now": here.at}
    return render(request, "web/emergency/home.html", values)


def _is_due(row: incident_rows.DrillRow, here: Inside) -> bool:
    return row.due_on is None or row.due_on < here.at


def require_reader(here: Inside) -> None:
    """Refuse NotAllowed to whoever has no business with emergencies."""
    if not authority.may_anywhere(here.actor, "emergency.read"):
        raise NotAllowed(action="emergency.read")


@never_cache
@require_safe
@inside
def kind_page(request: HttpRequest, here: Inside, kind: str) -> HttpResponse:
    return _kind(request, here, kind)


def _kind(
    request: HttpRequest, here: Inside, kind: str, *, trouble: str = "", form: str = "", status: int = 200
) -> HttpResponse:
    require_reader(here)
    if kind not in kinds():
        raise NotFound(kind="emergency", name=kind)
    where = Where(here.site.id)
    may_read = authority.may(here.actor, "incident.read", where=where)
    plan = incident_rows.plan_for(here.actor, here.site.id, kind, at=here.at) if may_read else None
    tree = [
        (branch_name(branch), [one for one in plan.levels if one.step.branch == branch])
        for branch in BRANCHES
        if plan is not None
    ]
    values: dict[str, Any] = {
        "kind": kinds()[kind],
        "parts": _parts(kind),
        "tree": tree,
        "rules": [
            (rule, limit_said(plan.limits.get(rule.code) if plan else rule.limit.limit_s), basis_words(rule.mark))
            for rule in rules_of(kind).values()
            if rule.limit.limit_s is not None
        ],
        "desk_phone": here.site.desk_phone,
        "lifts": queries.find_places(here.site.id, "梯", limit=_LIFTS) if kind == "entrapment" else (),
        "leaders": incident_rows.leaders(here.site.id, at=here.at) if may_read else (),
        "may_report": authority.may_anywhere(here.actor, "request.create_for_another"),
        "may_drill": authority.may(here.actor, "drill.start", where=where),
        "may_plan": authority.may(here.actor, "emergency_plan.manage", where=where),
        "typed": request.POST,
        "trouble": trouble,
        "form": form,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/emergency/kind.html", values, status=status)


def _parts(kind: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    names = {
        "say": _("Say to the caller"),
        "ask": _("Ask"),
        "first": _("Do first"),
        "never": _("Never"),
    }
    return [
        (part, names[part], [(in_language(line, "text"), basis_words(line.mark)) for line in lines])
        for part, lines in lines_of(kind).items()
    ]


def place_code_of(here: Inside, words: str) -> str:
    """Return the code of the place that words name: a code, a full name, or what is found first; empty for none."""
    said = words.strip()
    found = queries.find_places(here.site.id, said, limit=8) if said else ()
    exact = [row for row in found if said in (row.code, row.full_name, row.full_name_en)]
    return (exact or list(found))[0].code if found else ""


@require_POST
@inside
def report(request: HttpRequest, here: Inside, kind: str) -> HttpResponse:
    """Somebody calls: it becomes a critical request like any other, and its incident is proposed."""
    require_reader(here)
    if kind not in kinds():
        raise NotFound(kind="emergency", name=kind)
    post = request.POST
    words = post.get("place", "").strip()
    code = place_code_of(here, words)
    try:
        raised = demand.raise_request(
            site_id=here.site.id,
            channel="phone",
            text=post.get("text", "").strip() or kinds()[kind].name,
            item_code=kinds()[kind].default_item,
            place_code=code or None,
            place_words="" if code else words,
            requester_name=post.get("name", "").strip()[:64],
            requester_phone=post.get("phone", "").strip()[:32],
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _kind(request, here, kind, trouble=errors.sentence(refusal), form="report", status=refusal.status)
    incident_id = incident_rows.incident_of_request(here.actor, raised.id)
    if incident_id is None:
        return redirect("web:request", request_id=raised.id)
    return redirect("web:incident", incident_id=incident_id)


@require_POST
@inside
def drill(request: HttpRequest, here: Inside, kind: str) -> HttpResponse:
    post = request.POST
    leader = next((row.uid for row in _leaders(here) if str(row.uid) == post.get("commander", "")), None)
    try:
        made = actions.start_drill(
            site_id=here.site.id,
            kind=kind,
            place_code=place_code_of(here, post.get("place", "")),
            words=post.get("text", ""),
            commander_id=leader,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _kind(request, here, kind, trouble=errors.sentence(refusal), form="drill", status=refusal.status)
    return redirect("web:incident", incident_id=made.uid)


def _leaders(here: Inside) -> tuple[incident_rows.LeaderRow, ...]:
    return incident_rows.leaders(here.site.id, at=here.at)

"""The rules of sending: when papers decide, restricted zones, how each line's jobs find their workers."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.dispatch import actions as dispatch
from yingxu.dispatch import queries as dispatch_queries
from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, Refusal
from yingxu.team import actions as team
from yingxu.team import queries
from yingxu.team.fitness import CLEARANCES
from yingxu.web import errors, words
from yingxu.web.inside import Inside, command_of, inside, new_command


@never_cache
@require_safe
@inside
def rules(request: HttpRequest, here: Inside) -> HttpResponse:
    return _page(request, here)


@require_POST
@inside
def change(request: HttpRequest, here: Inside, name: str) -> HttpResponse:
    try:
        _change(request, here, name)
    except NotAllowed:
        raise
    except Refusal as why:
        return _page(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:who_can_rules")


def _change(request: HttpRequest, here: Inside, name: str) -> object:
    post, command = request.POST, command_of(request)
    if name == "mode":
        limit = post.get("limit", "")
        if not limit.isdigit():
            raise Malformed(field="hold_limit", problem="wrong_type")
        return dispatch.change_mode(
            site_id=here.site.id,
            line_code=post.get("line", ""),
            mode=post.get("mode", ""),
            hold_limit=int(limit),
            actor=here.actor,
            at=here.at,
            command=command,
        )
    if name == "restrict":
        return team.restrict_zone(
            site_id=here.site.id,
            place_code=post.get("place", ""),
            clearance=post.get("clearance", ""),
            actor=here.actor,
            at=here.at,
            command=command,
        )
    key = _key(post.get("key", ""))
    if name == "lift":
        return team.lift_zone(zone_id=key, actor=here.actor, at=here.at, command=command)
    if name == "start":
        return team.start_gates(team_id=key, actor=here.actor, at=here.at, command=command)
    if name == "stop":
        reason = post.get("reason", "")
        return team.stop_gates(team_id=key, reason=reason, actor=here.actor, at=here.at, command=command)
    raise Http404


def _key(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError as error:
        raise NotFound(kind="team", name=said) from error


def _page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    actor, site = here.actor, here.site.id
    if not any(authority.may_anywhere(actor, act) for act in ("dispatch_mode.read", "zone.manage", "certificate.look")):
        raise NotAllowed(action="dispatch_mode.read")
    may_zone = authority.may(actor, "zone.manage", where=Where(site))
    modes = [
        (row, authority.may(actor, "dispatch_mode.change", where=Where(site, line_code=row.line_code)))
        for row in dispatch_queries.modes(site)
    ]
    values = {
        "modes": modes,
        "mode_names": [(code, words.mode_name(code)) for code in dispatch.MODES],
        "gates": queries.gates(site),
        "zones": [(row, words.clearance_name(row.clearance)) for row in queries.zones(site)],
        "clearances": [(code, words.clearance_name(code)) for code in CLEARANCES],
        "may_zone": may_zone,
        "is_planned": dispatch_queries.is_planned_now(site, at=here.at),
        "command": new_command(),
        "given": request.POST,
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/people_can/rules.html", values, status=status)

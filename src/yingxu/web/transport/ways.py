"""Walking times: by the map, as learnt from the ways walked, and as somebody said who knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.core.routing.walking import Spot
from yingxu.dispatch.actions.ways import say_way_time
from yingxu.dispatch.queries import ways as queries
from yingxu.dispatch.queries.ways import SpotRow, WayRow
from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotAllowed, Refusal
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, kept, new_command
from yingxu.web.templatetags.yingxu import in_language

PAGE = 25


@dataclass(frozen=True)
class Way:
    """A way in words. ``begin`` and ``end`` are the codes of its spots."""

    begin: str
    end: str
    name: str
    n: int
    by_map: str
    learnt: str
    spread: str
    said: str
    reason: str
    said_by: str
    said_at: datetime | None
    #: Minutes for the form.
    minutes: str


@never_cache
@require_safe
@inside
def ways(request: HttpRequest, here: Inside) -> HttpResponse:
    return _page(request, here)


@require_POST
@inside
def say(request: HttpRequest, here: Inside) -> HttpResponse:
    try:
        say_way_time(
            site_id=here.site.id,
            begin=_spot(request.POST.get("begin", "")),
            end=_spot(request.POST.get("end", "")),
            seconds=None if "learnt" in request.POST else _seconds(request.POST.get("minutes", "")),
            reason=request.POST.get("reason", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Malformed as why:
        return _page(request, here, why)
    query = urlencode({name: request.GET[name] for name in ("q", "after") if request.GET.get(name)})
    return redirect(f"{reverse('web:ways')}{'?' if query else ''}{query}")


def _page(request: HttpRequest, here: Inside, why: Refusal | None = None) -> HttpResponse:
    if not queries.may_read(here.actor, here.site.id):
        raise NotAllowed(action="way_time.read")
    site = here.site.id
    known = kept("spots", site, lambda: queries.spots(here.actor, site))
    steps = kept("steps walked", site, lambda: queries.steps_walked(here.actor, site, at=here.at))
    wanted = request.GET.get("q", "").strip()[:40]
    rows = [way for way in queries.ways(here.actor, site, steps=steps, known=known) if _has(way, wanted)]
    said = request.GET.get("after", "")
    begun = min(int(said), len(rows)) if said.isascii() and said.isdecimal() else 0
    values = {
        "rows": [_way(way) for way in rows[begun : begun + PAGE]],
        "n": len(rows),
        "n_steps": len(steps),
        "next": str(begun + PAGE) if len(rows) > begun + PAGE else "",
        "is_first": not begun,
        "wanted": wanted,
        "query": urlencode({name: value for name, value in (("q", wanted), ("after", said)) if value}),
        "may_say": authority.may(here.actor, "way_time.change", where=Where(site)),
        "spots": [(_code(row.spot), _named(row)) for row in known],
        "given": request.POST if why is not None else {},
        "trouble": errors.sentence(why) if why is not None else "",
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/transport/ways.html", values, status=200 if why is None else 422)


def _has(way: WayRow, wanted: str) -> bool:
    return all(word.lower() in f"{_named(way.begin)} {_named(way.end)}".lower() for word in wanted.split())


def _way(way: WayRow) -> Way:
    begin, end = _named(way.begin), _named(way.end)
    counts = way.said_s if way.said_s is not None else way.learnt_s
    return Way(
        begin=_code(way.begin.spot),
        end=_code(way.end.spot),
        name=begin if way.begin == way.end else f"{begin} – {end}",
        n=way.n,
        by_map=_minutes(way.map_s),
        learnt=_minutes(way.learnt_s),
        spread=(
            _("%(low)s to %(high)s") % {"low": _number(way.low_s), "high": _minutes(way.high_s)}
            if way.low_s is not None and way.high_s is not None
            else ""
        ),
        said=_minutes(way.said_s) if way.said_s is not None else "",
        reason=way.reason,
        said_by=in_language(way, "said_by"),
        said_at=way.said_at,
        minutes=_number(counts),
    )


def _number(seconds: float) -> str:
    """Return seconds as minutes; a way of half a minute is told from one of a minute."""
    return f"{seconds / 60:.1f}".removesuffix(".0")


def _minutes(seconds: float) -> str:
    return _("%(n)s min") % {"n": _number(seconds)}


def _named(row: SpotRow) -> str:
    return in_language(row)


def _code(spot: Spot) -> str:
    return f"{spot[0]}:{'' if spot[1] is None else spot[1]}"


def _spot(code: str) -> Spot:
    building, _sep, floor = code.partition(":")
    if not building.isascii() or not building.isdecimal() or len(building) > 18:
        raise Malformed(field="place", problem="missing" if not code else "unknown")
    if floor and not (floor.lstrip("-").isdecimal() and len(floor) <= 4):
        raise Malformed(field="place", problem="unknown")
    return int(building), int(floor) if floor else None


def _seconds(minutes: str) -> int:
    said = minutes.strip().replace("，", ".").replace(",", ".")
    if not said:
        raise Malformed(field="walk_minutes", problem="missing")
    try:
        found = float(said)
    except ValueError:
        raise Malformed(field="walk_minutes", problem="wrong_type") from None
    if not 0.1 <= found <= 60:  # also what is no number at all
        raise Malformed(field="walk_minutes", problem="out_of_range", limit="0.1–60")
    return round(found * 60)

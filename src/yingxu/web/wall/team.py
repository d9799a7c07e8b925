"""The team leader's board: people on a time axis, sending by drag or by keys, taking back, present or absent."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.dispatch import queries as rows
from yingxu.dispatch.queries.day import day_jobs, waiting_jobs
from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed
from yingxu.team import actions as staff
from yingxu.team.queries import TeamRow, teams
from yingxu.web.desk import acts
from yingxu.web.fragments import Fragments
from yingxu.web.inside import Inside, command_of, inside, is_fragment, kept, new_command
from yingxu.web.live import is_same, kept_as, screen_mark
from yingxu.web.wall.day import axis, people, waiting

#: The desk's own verbs, as far as they are a leader's.
_ACTS = frozenset({"assign", "reassign", "pull-back"})
_SPANS = (8, 24)
_fragments: Fragments[str] = Fragments()


@never_cache
@require_safe
@inside
def board(request: HttpRequest, here: Inside) -> HttpResponse:
    known, team = _team(request, here)
    values = {
        "known": known,
        "team": team,
        "span": _span(request),
        "spans": _SPANS,
        "now": here.at,
        **(_live(request, here, team, screen_mark(here.site.id, at_once=True)) if team is not None else {}),
    }
    return render(request, "web/teamboard/board.html", values)


@never_cache
@require_safe
@inside
def now(request: HttpRequest, here: Inside) -> HttpResponse:
    """The live part alone; nothing when nothing was recorded and the screen is not old."""
    _, team = _team(request, here)
    mark = screen_mark(here.site.id)
    if team is None or is_same(request.GET.get("mark", ""), mark):
        return HttpResponse(status=204)
    return HttpResponse(_text(request, here, team, mark))


@require_POST
@inside
def act(request: HttpRequest, here: Inside, job_id: UUID, name: str) -> HttpResponse:
    if name not in _ACTS:
        raise Http404
    acts.JOB_ACTS[name](here, job_id, request.POST, command_of(request))
    return _acted(request, here, said=_("Taken back: it waits again.") if name == "pull-back" else _("Sent."))


@require_POST
@inside
def presence(request: HttpRequest, here: Inside, account_id: int) -> HttpResponse:
    is_present = request.POST.get("present") == "1"
    staff.change_presence(
        account_id=account_id, is_present=is_present, actor=here.actor, at=here.at, command=command_of(request)
    )
    return _acted(request, here, said=_("Present.") if is_present else _("Absent."))


def _acted(request: HttpRequest, here: Inside, *, said: str) -> HttpResponse:
    _, team = _team(request, here)
    if team is None or not is_fragment(request):
        return redirect(f"{reverse('web:team_board')}?{request.GET.urlencode()}")
    mark = screen_mark(here.site.id, at_once=True)
    values = {**_live(request, here, team, mark), "said": said}
    return render(request, "web/teamboard/live.html", values)


def _team(request: HttpRequest, here: Inside) -> tuple[tuple[TeamRow, ...], TeamRow | None]:
    """Return the teams that the actor may look at, and the one that is looked at. Refuses: NotAllowed."""
    if not authority.may_anywhere(here.actor, "queue.read"):
        raise NotAllowed(action="queue.read")
    known = tuple(row for row in kept("teams", here.site.id, lambda: teams(here.site.id)) if _sees(here, row))
    led = [row for row in known if row.id in {held.team_id for held in here.actor.holdings if held.role == "TL"}]
    code = request.GET.get("team", "")
    chosen = next((row for row in known if row.code == code), None) or next(iter([*led, *known]), None)
    return known, chosen


def _sees(here: Inside, row: TeamRow) -> bool:
    where = authority.Where(here.site.id, party_ids=(row.party_id,), team_ids=(row.id,))
    lines = {held.line_code for held in here.actor.holdings if held.site_id in (None, here.site.id)}
    return authority.may(here.actor, "queue.read", where=where) and ("" in lines or bool(lines & set(row.line_codes)))


def _span(request: HttpRequest) -> int:
    return 24 if request.GET.get("hours") == "24" else 8


def _text(request: HttpRequest, here: Inside, team: TeamRow, mark: str) -> str:
    browser = request.META.get("CSRF_COOKIE", "")  # its forms carry the browser's own token: another's is refused
    return _fragments.get(
        (here.site.id, team.id, _span(request), here.actor.id, here.actor.holdings, get_language(), browser),
        kept_as(mark),
        lambda: render_to_string("web/teamboard/live.html", _live(request, here, team, mark), request),
    )


def _live(request: HttpRequest, here: Inside, team: TeamRow, mark: str) -> dict[str, object]:
    """Return the board of a team. Budget: 3."""
    at = here.at.astimezone(ZoneInfo(here.site.timezone))
    span = axis(at=at, hours=_span(request))
    hands = [row for row in rows.workers(here.actor, here.site.id) if row.team_id == team.id]
    jobs = day_jobs(here.site.id, [row.id for row in hands], from_at=span.from_at, to_at=span.to_at)
    queue = waiting_jobs(here.actor, here.site.id, line_codes=team.line_codes, party_id=team.party_id)
    where = authority.Where(here.site.id, party_ids=(team.party_id,), team_ids=(team.id,))
    shown = people(hands, jobs, span, at=at)
    return {
        "team": team,
        "mark": mark,
        "query": f"team={team.code}&hours={_span(request)}",
        "axis": span,
        "people": shown,
        "queue": waiting(queue, hands, at=here.at),
        "n_present": sum(person.row.is_present for person in shown),
        "may_send": authority.may(here.actor, "job.dispatch", where=where),
        "may_presence": authority.may(here.actor, "presence.change", where=where),
        "may_act": authority.may(here.actor, "job.perform", where=where),
        "command": new_command(),
        "now": here.at,
    }

"""A worker's page and its acts: plain forms, one press each."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.team import actions as team
from yingxu.team import queries as team_queries
from yingxu.team.queries.mates import mates
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.mywork import acts
from yingxu.web.mywork.found import said_of
from yingxu.web.mywork.sheet import sheet
from yingxu.work import hands

#: The states in which a worker may ask for help and hand over.
HELPED = frozenset({"accepted", "en_route", "arrived", "in_progress", "paused"})


@never_cache
@require_safe
@inside
def my_work(request: HttpRequest, here: Inside, job_id: UUID | None = None) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "job.perform"):
        raise NotAllowed(action="job.perform")
    return _page(request, here, job_id)


def _page(
    request: HttpRequest, here: Inside, job_id: UUID | None, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    jobs = list(hands.jobs_in_hand(here.actor))
    chosen = next((job for job in jobs if job.uid == job_id), None)
    if job_id is not None and chosen is None:
        chosen = hands.job_in_hand(here.actor, job_id)
    first = chosen or next(iter(jobs), None)
    me = next(iter(team_queries.members(here.site.id, account_id=here.actor.id)), None)
    is_anothers = first is not None and first not in jobs and first.state in hands.IN_HAND_ORDER
    in_name = in_name_of(request) if is_anothers else ""
    is_in_hands = first is not None and first.state in HELPED
    values = {
        "sheet": sheet(first) if first else None,
        "others": [job for job in jobs if first is None or job.uid != first.uid],
        "waiting": hands.finished_lately(here.actor) if first is None else (),
        "me": me,
        "desk_phone": here.site.desk_phone,
        "is_anothers": is_anothers,
        "in_name": in_name,
        "may_act": not is_anothers or bool(in_name),
        "is_in_hands": is_in_hands,
        "mates": mates(here.site.id, here.actor.id or 0) if is_in_hands else (),
        "trouble": trouble,
        "said": _said(request.GET.get("done", "")),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/mywork/my_work.html", values, status=status)


def in_name_of(request: HttpRequest) -> str:
    """Return why somebody acts in a worker's name: asked for once, then carried from press to press."""
    return (request.POST.get("reason", "") or request.GET.get("in_name", "")).strip()[:300]


def _said(act: str) -> str:
    """Return what was done a moment ago, from the address that the act led to."""
    words = {
        "accept": _("It is yours."),
        "set-out": _("The asker sees that you are on the way."),
        "arrive": _("You are there."),
        "start": _("Work has begun."),
        "safe": _("Made safe, and said so."),
        "step": _("Step kept."),
        "photo": _("Photo kept."),
        "pause": _("Paused; the asker was told."),
        "resume": _("It goes on."),
        "help": _("Help was asked for."),
        "hand-over": _("Offered; it is yours until the other accepts."),
        "finish": _("Done. The asker is asked whether it is good."),
        "return": _("Given back; the desk sends somebody else."),
        "take-over": _("It is yours."),
        "leave-it": _("It stays with your colleague."),
    }
    return words.get(act, "") or said_of(act)


@require_POST
@inside
def act(request: HttpRequest, here: Inside, job_id: UUID, name: str) -> HttpResponse:
    carried_out = acts.ACTS.get(name)
    if carried_out is None:
        raise Http404
    try:
        carried_out(here, job_id, request, command_of(request))
    except Refusal as refused:
        if refused.status == 403:
            raise
        return _page(request, here, job_id, trouble=errors.sentence(refused), status=refused.status)
    if name in {"finish", "return", "leave-it"}:
        return redirect(f"/my-work?done={name}")
    there = "steps" if name in {"step", "photo"} else "now"
    in_name = in_name_of(request)
    more = f"&in_name={quote(in_name)}" if in_name else ""
    return redirect(f"/my-work/{job_id}?done={name}{more}#{there}")


@require_POST
@inside
def presence(request: HttpRequest, here: Inside) -> HttpResponse:
    team.change_presence(
        account_id=here.actor.id or 0,
        is_present=request.POST.get("is_present") == "1",
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return redirect("web:my_work")

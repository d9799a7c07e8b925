"""Jobs on which the reader is asked to go along, and the answer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.dispatch import actions
from yingxu.dispatch import queries as dispatch
from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command


@never_cache
@require_safe
@inside
def along(request: HttpRequest, here: Inside) -> HttpResponse:
    return _page(request, here)


@require_POST
@inside
def come(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    try:
        actions.accept_to_go_along(job_id=job_id, actor=here.actor, at=here.at, command=command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return _page(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:along")


@require_POST
@inside
def stay(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    note = request.POST.get("note", "")
    try:
        actions.decline_to_go_along(job_id=job_id, note=note, actor=here.actor, at=here.at, command=command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return _page(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:along")


def _page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "job.go_along"):
        raise NotAllowed(action="job.go_along")
    rows = dispatch.going_along(here.actor, here.site.id)
    beside = dispatch.going_with(here.actor, [row.job_id for row in rows]) if rows else {}
    values = {
        "rows": [(row, beside.get(row.job_id, ())) for row in rows],
        "command": new_command(),
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/people_can/along.html", values, status=status)

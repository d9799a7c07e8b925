"""The pool: waiting jobs of the lines whose workers choose."""

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
from yingxu.web import errors, words
from yingxu.web.inside import Inside, command_of, inside, new_command


@never_cache
@require_safe
@inside
def claims(request: HttpRequest, here: Inside) -> HttpResponse:
    return _page(request, here)


@require_POST
@inside
def claim(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    try:
        actions.claim_job(job_id=job_id, actor=here.actor, at=here.at, command=command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return _page(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:my_work")


def _page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "job.claim"):
        raise NotAllowed(action="job.claim")
    pool = dispatch.pool(here.actor, here.site.id, at=here.at)
    values = {
        "pool": pool,
        "rows": [(row, words.lacking(row.missing)) for row in pool.rows],
        "command": new_command(),
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/people_can/claims.html", values, status=status)

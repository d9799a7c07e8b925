"""Parts at a worker's job: what it has, what the stores offer, what is lacking."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.ground.unit import CommandKey
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.stores.reading import in_hours, needed_uid, quantity_of
from yingxu.work.actions import parts, shortages
from yingxu.work.queries import parts as questions
from yingxu.work.queries import stores as shelves

Act = Callable[[Inside, UUID, QueryDict, CommandKey | None], object]


@never_cache
@require_safe
@inside
def job_parts(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    return _page(request, here, job_id)


def _page(request: HttpRequest, here: Inside, job_id: UUID, *, trouble: str = "", status: int = 200) -> HttpResponse:
    job = questions.parts_of_job(here.actor, job_id)
    q = (request.GET.get("q") or request.POST.get("q") or "").strip()[:60]
    values = {
        "job": job,
        "q": q,
        "offered": questions.offered(here.actor, job_id, q) if job.may_use else (),
        "known": shelves.known_parts(here.actor, here.site.id, q, limit=8) if q and job.may_ask else (),
        "stores": [row for row in shelves.stores(here.actor, here.site.id) if row.is_open] if job.may_ask else (),
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/stores/job.html", values, status=status)


def _with_quantity(verb: Callable[..., object]) -> Act:
    def act(here: Inside, job_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
        return verb(
            job_id=job_id,
            level_id=needed_uid(post, "level", "part"),
            quantity=quantity_of(post),
            actor=here.actor,
            at=here.at,
            command=command,
        )

    return act


def _release(here: Inside, job_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
    level_id = needed_uid(post, "level", "part")
    return parts.release_part(job_id=job_id, level_id=level_id, actor=here.actor, at=here.at, command=command)


def _lack(here: Inside, job_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return shortages.report_shortage(
        job_id=job_id,
        part_id=needed_uid(post, "part", "part"),
        store_id=needed_uid(post, "store", "to_store"),
        quantity=quantity_of(post),
        expected_at=in_hours(post, here),
        note=post.get("note", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _drop(here: Inside, job_id: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return shortages.drop_shortage(
        shortage_id=needed_uid(post, "shortage", "part"), actor=here.actor, at=here.at, command=command
    )


ACTS: dict[str, Act] = {
    "take": _with_quantity(parts.issue_part),
    "keep": _with_quantity(parts.reserve_part),
    "back": _with_quantity(parts.return_part),
    "release": _release,
    "lack": _lack,
    "drop": _drop,
}


@require_POST
@inside
def job_part_act(request: HttpRequest, here: Inside, job_id: UUID, name: str) -> HttpResponse:
    carried_out = ACTS.get(name)
    if carried_out is None:
        raise Http404
    try:
        carried_out(here, job_id, request.POST, command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return _page(request, here, job_id, trouble=errors.sentence(why), status=why.status)
    return redirect(reverse("web:job_parts", args=[job_id]))

"""Transport: the desk's list with rounds and zones; one transport as its worker takes and gives it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.dispatch import actions as dispatch
from yingxu.dispatch import queries as desk
from yingxu.dispatch.actions.rounds import MOST_STOPS
from yingxu.ground import authority
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.ground.unit import CommandKey
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.transport.learnt import learnt
from yingxu.web.transport.shown import Shown, rounds, shown, whose
from yingxu.web.words import choices, coded
from yingxu.work import actions as work
from yingxu.work.ends import LINES
from yingxu.work.transport import (
    delays_counted,
    open_transports,
    transport,
)
from yingxu.work.zones import SHIFT, in_zones

PAGE = 50
_DELAYS_OF = timedelta(days=30)


@never_cache
@require_safe
@inside
def board(request: HttpRequest, here: Inside) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "queue.read"):
        raise NotAllowed(action="queue.read")
    standards, storeys = learnt(here.site.id, at=here.at)
    rows = [shown(row, standards, storeys) for row in open_transports(here.actor, here.site.id)]
    wanted = request.GET.get("q", "").strip()[:40]
    found = [one for one in rows if _has(one, wanted)]
    said = request.GET.get("after", "")
    begun = min(int(said), len(found)) if said.isascii() and said.isdecimal() and len(said) < 6 else 0
    counted = delays_counted(here.actor, here.site.id, from_at=here.at - _DELAYS_OF, to_at=here.at)
    values = {
        "rows": found[begun : begun + PAGE],
        "n": len(rows),
        "next": str(begun + PAGE) if len(found) > begun + PAGE else "",
        "is_first": not begun,
        "wanted": wanted,
        "rounds": rounds(rows, standards, storeys, most=MOST_STOPS, at=here.at) if not begun and not wanted else (),
        "workers": [
            row for row in desk.workers(here.actor, here.site.id) if row.is_present and set(LINES) & set(row.line_codes)
        ],
        "zones": in_zones(here.actor, here.site.id, since_at=here.at - SHIFT),
        "delays": [(coded("transport_delays", one.reason_code), whose(one.accountable), one) for one in counted],
        "n_legs": standards.n,
        "may_send": authority.may_anywhere(here.actor, "job.dispatch"),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/transport/board.html", values)


def _has(one: Shown, wanted: str) -> bool:
    """Tell whether every word is in what the row shows."""
    shown_words = f"{one.row.number} {one.what} {one.begin} {one.end} {one.row.worker_name}".casefold()
    return all(word in shown_words for word in wanted.casefold().split())


@require_POST
@inside
def send_round(request: HttpRequest, here: Inside) -> HttpResponse:
    try:
        jobs = [UUID(key) for key in request.POST.getlist("jobs")]
        worker = UUID(request.POST.get("worker", ""))
    except ValueError:
        raise Malformed(field="worker", problem="missing") from None
    dispatch.assign_round(job_ids=jobs, worker_id=worker, actor=here.actor, at=here.at, command=command_of(request))
    return redirect("web:transport")


@require_POST
@inside
def zone(request: HttpRequest, here: Inside) -> HttpResponse:
    code = request.POST.get("place", "").replace("\x00", "")[:64]
    work.sign_in_zone(place_code=code, actor=here.actor, at=here.at, command=command_of(request))
    return redirect(_back(request) or "web:my_work")


def _back(request: HttpRequest) -> str:
    """Return the transport page that the form stood on, if it stood on one."""
    try:
        return reverse("web:transport_job", args=[UUID(request.POST.get("job", ""))])
    except ValueError:
        return ""


@never_cache
@require_safe
@inside
def job(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    row = transport(here.actor, job_id)
    standards, storeys = learnt(here.site.id, at=here.at)
    is_mine = row.worker_id is not None and row.worker_id == here.actor.account_id
    values = {
        "one": shown(row, standards, storeys),
        "is_mine": is_mine,
        "can_move": is_mine and row.state in ("arrived", "in_progress"),
        "delays": choices("transport_delays"),
        "told": [(coded("transport_delays", one.reason_code), whose(one.accountable), one) for one in row.delays],
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/transport/job.html", values)


@require_POST
@inside
def act(request: HttpRequest, here: Inside, job_id: UUID, name: str) -> HttpResponse:
    known = ACTS.get(name)
    if known is None:
        raise Http404
    known(here, job_id, request.POST, command_of(request))
    return redirect("web:transport_job", job_id=job_id)


def _take(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return work.take_load(
        job_id=key,
        identifiers=(_text(post, "first"), _text(post, "second")),
        place_code=_text(post, "place"),
        counterpart=_text(post, "counterpart"),
        temperature_c=_temperature(post),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _give(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return work.give_load(
        job_id=key,
        identifiers=(_text(post, "first"), _text(post, "second")),
        counterpart=_text(post, "counterpart"),
        place_code=_text(post, "place"),
        temperature_c=_temperature(post),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _delay(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    reason, note = _text(post, "reason"), _text(post, "note")
    return work.note_delay(job_id=key, reason_code=reason, note=note, actor=here.actor, at=here.at, command=command)


def _go_on(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return work.go_on(job_id=key, actor=here.actor, at=here.at, command=command)


def _text(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\x00", "").strip()[:64]


def _temperature(post: QueryDict) -> Decimal | None:
    said = _text(post, "temperature").replace(",", ".").replace("，", ".")
    if not said:
        return None
    try:
        found = Decimal(said).quantize(Decimal("0.1"))
    except InvalidOperation:
        raise Malformed(field="temperature_c", problem="wrong_type") from None
    return found


ACTS: dict[str, Callable[[Inside, UUID, QueryDict, CommandKey | None], object]] = {
    "take": _take,
    "give": _give,
    "delay": _delay,
    "go-on": _go_on,
}

"""Pages of those here: sending a job to an outside company, its link, what was said, what it asks; all orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority, links
from yingxu.ground.refusals import Malformed, NotAllowed, Refusal
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.outside import acts
from yingxu.web.outside.words import LOOKS, state_name
from yingxu.web.stores.reading import fen_of, uid_of
from yingxu.work import actions as work
from yingxu.work import hands
from yingxu.work.queries import outside
from yingxu.work.queries.outside import OrderRow

#: How long a link may live, in hours.
HOURS = (8, 24, 72, 168, 720)


def _host(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _shown(order: OrderRow, here: Inside) -> dict[str, Any]:
    state = order.state(here.at)
    icon, tone = LOOKS.get(state, ("circle-x", "muted"))
    return {"order": order, "state": state, "state_name": state_name(state), "icon": icon, "tone": tone}


@never_cache
@require_safe
@inside
def orders(request: HttpRequest, here: Inside) -> HttpResponse:
    is_open = request.GET.get("show") != "ended"
    page = outside.orders_page(here.actor, here.site.id, is_open=is_open, cursor=request.GET.get("after") or None)
    values = {
        "rows": [{"row": row, **_shown(row.order, here)} for row in page.rows],
        "next": page.next or "",
        "is_first": not request.GET.get("after"),
        "is_open": is_open,
        "now": here.at,
    }
    return render(request, "web/outside/list.html", values)


@never_cache
@require_safe
@inside
def job(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    return _page(request, here, job_id)


def _page(request: HttpRequest, here: Inside, job_id: UUID, *, trouble: str = "", status: int = 200) -> HttpResponse:
    found = outside.job_outside(here.actor, job_id)
    live = next((order for order in found.orders if order.ended_at is None), None)
    is_living = live is not None and live.expires_at > here.at
    url = links.outside_url(live.order_id, host=_host(request)) if live is not None and is_living else ""
    may_send = found.may_send and not is_living
    values = {
        "job": found,
        "live": _shown(live, here) if live is not None else None,
        "past": [_shown(order, here) for order in found.orders if order is not live],
        "url": url if found.may_send else "",
        "qr": segno.make(url, error="m").svg_data_uri(scale=4, border=2) if url and found.may_send else "",
        "may_send": may_send and found.state in {"queued", *_SENDABLE},
        "is_offered": found.state == "dispatched",
        "people": outside.people_to_answer(here.actor, job_id) if may_send and not found.has_worker else (),
        "companies": outside.companies(here.actor, here.site.id) if may_send else (),
        "hours": [(n, _lasts(n)) for n in HOURS],
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/outside/inside.html", values, status=status)


_SENDABLE = ("accepted", "en_route", "arrived", "in_progress", "paused")


def _lasts(hours: int) -> int:
    """Return so many hours as seconds, for the page's own words of durations."""
    return hours * 3600


@require_POST
@inside
def send(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    post = request.POST
    hours = post.get("hours", "")
    try:
        if not (hours.isascii() and hours.isdigit()) or int(hours) not in HOURS:
            raise Malformed(field="link_until", problem="missing")
        work.send_outside(
            job_id=job_id,
            company=post.get("company", ""),
            contact_name=post.get("contact_name", ""),
            phone=post.get("phone", ""),
            email=post.get("email", ""),
            words=post.get("words", ""),
            expires_at=here.at + timedelta(hours=int(hours)),
            answers_id=uid_of(post.get("answers", "")),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except NotAllowed:
        raise
    except Refusal as why:
        return _page(request, here, job_id, trouble=errors.sentence(why), status=why.status)
    return redirect("web:outside_job", job_id=job_id)


@require_POST
@inside
def order_act(request: HttpRequest, here: Inside, job_id: UUID, order_id: UUID, name: str) -> HttpResponse:
    post, command = request.POST, command_of(request)
    said: dict[str, Any] = {"order_id": order_id, "actor": here.actor, "at": here.at, "command": command}
    try:
        if name == "revoke":
            work.revoke_outside(why=post.get("why", ""), **said)
        elif name == "say":
            work.say_outside(text=post.get("text", ""), **said)
        elif name == "take":
            work.take_outside_cost(amount_fen=fen_of(post, "amount"), **said)
        else:
            raise Http404
    except NotAllowed:
        raise
    except Refusal as why:
        return _page(request, here, job_id, trouble=errors.sentence(why), status=why.status)
    return redirect("web:outside_job", job_id=job_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def visit(request: HttpRequest, here: Inside, job_id: UUID) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "job.perform"):
        raise NotAllowed(action="job.perform")
    if request.method != "POST":
        return _visit_page(request, here, job_id)
    try:
        acts.visit(here, job_id, request, command_of(request))
    except NotAllowed:
        raise
    except Refusal as why:
        return _visit_page(request, here, job_id, trouble=errors.sentence(why), status=why.status)
    return redirect("web:my_job", job_id=job_id)


def _visit_page(
    request: HttpRequest, here: Inside, job_id: UUID, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    found = hands.job_in_hand(here.actor, job_id)
    values = {
        "job": found,
        "is_anothers": found.uid not in {one.uid for one in hands.jobs_in_hand(here.actor)},
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/outside/visit_page.html", values, status=status)

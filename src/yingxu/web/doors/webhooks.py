"""Who is told by machine: subscriptions, their secret, a try, and the log with what went wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.ground import actions as ground
from yingxu.ground import authority, queries
from yingxu.ground.models import MOST_TRIES
from yingxu.ground.queries import SubscriptionRow
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.ground.webhooks import secret_of
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command

#: Kinds that most receivers want, offered as examples.
EXAMPLES = ("demand.request.*", "work.job.*", "promise.*", "verify.*", "voice.*")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def webhooks(request: HttpRequest, here: Inside) -> HttpResponse:
    if not authority.may_anywhere(here.actor, "webhook.manage"):
        raise NotAllowed(action="webhook.manage")
    if request.method != "POST":
        return _list(request, here)
    try:
        made = ground.subscribe(
            site_id=here.site.id,
            name=request.POST.get("name", ""),
            url=request.POST.get("url", ""),
            kinds=_kinds(request),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Malformed as why:
        return _list(request, here, trouble=errors.sentence(why), status=422)
    return redirect("web:webhook", made.uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def webhook(request: HttpRequest, here: Inside, subscription_id: UUID) -> HttpResponse:
    row = queries.subscription_for(here.actor, subscription_id)
    if request.method != "POST":
        return _page(request, here, row)
    try:
        ground.change_subscription(
            subscription_id=subscription_id,
            name=request.POST.get("name", ""),
            url=request.POST.get("url", ""),
            kinds=_kinds(request),
            is_on=request.POST.get("is_on") == "1",
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Malformed as why:
        return _page(request, here, row, trouble=errors.sentence(why), status=422)
    return redirect(f"{reverse('web:webhook', args=[subscription_id])}?saved=1")


@require_POST
@inside
def fire_test(request: HttpRequest, here: Inside, subscription_id: UUID) -> HttpResponse:
    ground.fire_test(subscription_id=subscription_id, actor=here.actor, at=here.at, command=command_of(request))
    return redirect(f"{reverse('web:webhook', args=[subscription_id])}#log")


@require_POST
@inside
def send_again(request: HttpRequest, here: Inside, subscription_id: UUID, message_id: UUID) -> HttpResponse:
    ground.send_once_more(
        subscription_id=subscription_id,
        message_id=message_id,
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return redirect(f"{reverse('web:webhook', args=[subscription_id])}#log")


@require_POST
@inside
def renew_secret(request: HttpRequest, here: Inside, subscription_id: UUID) -> HttpResponse:
    ground.renew_secret(subscription_id=subscription_id, actor=here.actor, at=here.at, command=command_of(request))
    return redirect(f"{reverse('web:webhook', args=[subscription_id])}?saved=1")


def _kinds(request: HttpRequest) -> list[str]:
    return request.POST.get("kinds", "").replace(",", " ").replace("，", " ").split()


def _said(request: HttpRequest, row: SubscriptionRow | None) -> dict[str, Any]:
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in ("name", "url", "kinds", "is_on")}
    if row is None:
        return {"name": "", "url": "", "kinds": "demand.request.*", "is_on": "1"}
    return {"name": row.name, "url": row.url, "kinds": " ".join(row.kinds), "is_on": "1" if row.is_on else ""}


def _list(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    values = {
        "rows": queries.subscriptions(here.actor, here.site.id),
        "said": _said(request, None),
        "examples": EXAMPLES,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/doors/webhooks.html", values, status=status)


def _page(
    request: HttpRequest, here: Inside, row: SubscriptionRow, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    cursor = request.GET.get("after", "")
    log = queries.sent_by_webhook(row.uid, cursor=cursor)
    values = {
        "row": row,
        "said": _said(request, row),
        "examples": EXAMPLES,
        "secret": secret_of(row.uid, row.secret_number),
        "log": log.rows,
        "next": log.next,
        "is_first": not cursor,
        "most_tries": MOST_TRIES,
        "trouble": trouble,
        "is_saved": request.GET.get("saved") == "1",
        "commands": [new_command() for _ in range(3)],
        "now": here.at,
    }
    return render(request, "web/doors/webhook.html", values, status=status)

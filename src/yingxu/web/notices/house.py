"""The administrator's page of channels: the house's quiet hours, its gateway, what did not get through."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.ground import actions, authority, queries
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.webhooks import secret_of
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.notices.forms import HouseForm
from yingxu.web.sentences import sentence as in_words


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def channels(request: HttpRequest, here: Inside) -> HttpResponse:
    if request.method != "POST":
        return _page(request, here)
    form = HouseForm(request.POST)
    if not form.is_valid():
        return _page(request, here, form, status=422)
    try:
        actions.set_house_notices(
            site_id=here.site.id, **form.cleaned_data, actor=here.actor, at=here.at, command=command_of(request)
        )
    except Malformed as refusal:
        return _page(request, here, form, trouble=in_words(refusal), status=422)
    return redirect(f"{reverse('web:notices_channels')}?kept=1")


@require_POST
@inside
def retry(request: HttpRequest, here: Inside) -> HttpResponse:
    actions.retry_deliveries(site_id=here.site.id, actor=here.actor, at=here.at, delivery_id=_which(request))
    return redirect("web:notices_channels")


def _channel(code: str) -> str:
    """Return what a channel is called."""
    names = {
        "email": _("mail"),
        "gateway": _("message gateway"),
        "webhook": _("subscribers"),
        "door": _("answers by the way they came"),
    }
    return names.get(code, code)


def _which(request: HttpRequest) -> UUID | None:
    """Return which message shall be tried again; None: all of them. Refuses: NotFound."""
    said = request.POST.get("delivery", "")
    try:
        return UUID(said) if said else None
    except ValueError:
        raise NotFound(kind="delivery", name=said[:40]) from None


def _page(
    request: HttpRequest, here: Inside, form: HouseForm | None = None, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    sums, rows = queries.troubled(here.actor, here.site.id)
    _mine, house = queries.notice_settings(here.actor, here.site.id)
    may_manage = authority.may(here.actor, "notice.manage", where=Where(here.site.id))
    values = {
        "form": form or HouseForm(initial={name: getattr(house, name) for name in HouseForm.base_fields}),
        "sums": [(_channel(one.channel), one) for one in sums],
        "rows": [(_channel(one.channel), one) for one in rows],
        "mail_server": settings.EMAIL_HOST,
        "secret": secret_of(here.site.uid, 1) if house.gateway_url and may_manage else "",
        "trouble": trouble,
        "is_kept": request.GET.get("kept") == "1" and not trouble,
        "may_manage": may_manage,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/notices/channels.html", values, status=status)

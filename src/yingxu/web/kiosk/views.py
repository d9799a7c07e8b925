"""Asking at a stand: the place is preset, nothing of the one before is left, it resets by itself.

Whoever asks gets the number and what is promised; the link to follow it goes by a code to photograph, not by this page,
which the next one sees.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yingxu.demand import actions as demand
from yingxu.demand.likely import likely
from yingxu.demand.queries import doors as queries
from yingxu.ground import queries as ground
from yingxu.ground.actor import engine
from yingxu.ground.queries import PlaceRow, SiteRow
from yingxu.ground.refusals import CommandReused, Malformed, NotFound
from yingxu.standards import queries as standards
from yingxu.web import errors, links
from yingxu.web.addresses import address_of
from yingxu.web.ask import limits, promises, sending
from yingxu.web.ask.forms import AskForm, new_command
from yingxu.web.clock import site_clock
from yingxu.web.inside import catalogue_of
from yingxu.web.kiosk.worker import worker

KIOSK = engine("kiosk")
#: The thanks stay so long; then the next one may ask.
RESETS_IN_S = 8
#: What its page is drawn with: kept in the kiosk's own browser.
_STATIC = (
    "web/phone.css",
    "web/kiosk.css",
    "web/logo.svg",
    "web/clock.js",
    "web/reach.js",
    "web/photos.js",
    "web/outbox.js",
    "web/ask.js",
    "web/standing.js",
    "web/kiosk.js",
    "vendor/icons.svg",
)


@dataclass(frozen=True)
class Stand:
    """Where a kiosk stands, and the addresses of its page."""

    site: SiteRow
    place: PlaceRow
    code: str
    post_url: str
    likely_url: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    try:
        stand = _stand(token)
    except NotFound:
        return render(request, "web/kiosk/no_kiosk.html", {"desks": ground.desks_of_code(token)}, status=404)
    at = site_clock(stand.site.timezone)
    if request.method != "POST":
        return _page(request, stand, AskForm(), at)
    form = AskForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, stand, form, at, status=422)
    if not limits.allows(code=f"kiosk:{token}", address=address_of(request)):
        return _page(request, stand, form, at, status=429, trouble=_too_many(stand.site))
    return _send(request, stand, form, at)


@never_cache
@require_safe
def likely_here(request: HttpRequest, token: str) -> HttpResponse:
    stand = _stand(token)
    at = site_clock(stand.site.timezone)
    values = _offer(stand, request.GET.get("text", "")[:2000], request.GET.get("item", ""), at)
    return render(request, "web/ask/likely.html", values)


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker of the kiosks' own pages and nothing else. A changed file makes it another."""
    return worker("yingxu-kiosk", _STATIC, _scope())


def _scope() -> str:
    """Return the address under which kiosks lie."""
    return reverse("web:kiosk_worker").rpartition("/")[0] + "/"


@never_cache
@require_safe
def thanks(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """The number, and the private link as a code to photograph; the page goes back by itself, without a script too."""
    stand = _stand(token)
    code = request.GET.get("f", "")
    try:
        links.request_of_code(code)
    except NotFound:
        return redirect("web:kiosk", token)
    address = links.follow_url(links.request_of_code(code), host=f"{request.scheme}://{request.get_host()}")
    values = {
        "stand": stand,
        "number": number[:16],
        "promise": request.GET.get("p", "")[:200],
        "qr": _qr(address),
        "resets_in_s": RESETS_IN_S,
        "is_photo_refused": request.GET.get("photo") == "refused",
    }
    return render(request, "web/kiosk/thanks.html", values)


def _qr(address: str) -> SafeString:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, scale=5, border=2, dark="#000", light="#fff", omitsize=True
    )
    return mark_safe(drawn.getvalue().decode())  # made here from an address of ours


def _stand(token: str) -> Stand:
    door = queries.door_by_token("kiosk", token)
    if door.place_id is None:
        raise NotFound(kind="place", name="")
    return Stand(
        site=ground.site_by_id(door.site_id),
        place=ground.place_by_key(door.place_id),
        code=token,
        post_url=reverse("web:kiosk", args=[token]),
        likely_url=reverse("web:kiosk_likely", args=[token]),
    )


def _send(request: HttpRequest, stand: Stand, form: AskForm, at: datetime) -> HttpResponse:
    said, command = form.cleaned_data, form.command_key()
    try:
        raised = demand.raise_request(
            site_id=stand.site.id,
            channel="kiosk",
            text=said["text"],
            item_code=said["item"] or None,
            place_id=stand.place.id,
            requester_phone=said["phone"],
            actor=KIOSK,
            at=at,
            command=command,
        )
    except CommandReused:
        trouble = _("This page has sent a request already. If this is another one, press send once more.")
        return _page(request, stand, form, at, status=409, trouble=trouble)
    except (Malformed, NotFound) as refused:
        return _page(request, stand, form, at, status=422, trouble=errors.sentence(refused))
    is_refused = False
    if said["photos"]:
        is_refused = (
            sending.add_photos(
                site_id=stand.site.id,
                request_id=raised.id,
                photos=said["photos"],
                actor=ground.actor_of_link(raised.key),
                at=at,
                command=command,
            )
            is not None
        )
    query = f"?f={links.follow_code(raised.id)}" + ("&photo=refused" if is_refused else "")
    return redirect(reverse("web:kiosk_thanks", args=[stand.code, raised.number]) + query)


def _page(
    request: HttpRequest, stand: Stand, form: AskForm, at: datetime, *, status: int = 200, trouble: str = ""
) -> HttpResponse:
    text = form.data.get("text", "")[:2000]
    wrong = [error for errors_of in form.errors.values() for error in errors_of] if form.is_bound else []
    values = _offer(stand, text, form.data.get("item", ""), at)
    values.update(
        stand=stand,
        text=text,
        phone=form.data.get("phone", ""),
        command=new_command() if status in {200, 409} else form.data.get("command") or new_command(),
        troubles=[trouble] if trouble else wrong,
        now=at,
        scope=_scope(),
    )
    response = render(request, "web/kiosk/kiosk.html", values, status=status)
    return limits.told_to_wait(response)


def _offer(stand: Stand, text: str, chosen: str, at: datetime) -> dict[str, Any]:
    """Return the chips, the promise of the chosen (else the likeliest) one, and whether the words name a danger."""
    catalogue = catalogue_of(stand.site.id)
    offer = likely(text, catalogue, place_class=stand.place.place_class)
    items = list(offer.items)
    kept = next((row for row in catalogue if row.code == chosen), None)
    if kept is not None and kept not in items:
        items = [kept, *items[:-1]]
    subject = kept or (items[0] if text.strip() and items and not offer.is_bare else None)
    line = ""
    if subject is not None:
        terms = standards.promised_words(stand.site.id, subject.code, at=at, place_class=stand.place.place_class)
        line = promises.promise_line(terms, at=at)
    return {
        "items": items,
        "chosen": kept.code if kept else "",
        "subject": subject,
        "promise": line,
        "is_danger": offer.is_danger,
        "is_bare": offer.is_bare and kept is None,
    }


def _too_many(site: SiteRow) -> str:
    words = _("Very many requests came from here in ten minutes. Your words are kept below: wait a little, then send.")
    if site.desk_phone:
        return words + " " + _("If it is urgent, call %(phone)s now.") % {"phone": site.desk_phone}
    return words

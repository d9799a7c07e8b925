"""Asking: by a printed code, or signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yingxu.core.hours import advance
from yingxu.demand import actions as demand
from yingxu.demand.likely import Likely, likely
from yingxu.ground import queries
from yingxu.ground.actor import Actor
from yingxu.ground.queries import AssetName, PlaceRow, SiteRow
from yingxu.ground.refusals import CommandReused, Malformed, NotAllowed, NotFound
from yingxu.standards import queries as standards
from yingxu.standards.refusals.forms import FormWrong
from yingxu.web import errors, links
from yingxu.web.addresses import address_of
from yingxu.web.ask import limits, promises, sending
from yingxu.web.ask.forms import AskForm, new_command
from yingxu.web.clock import site_clock
from yingxu.web.formfields import drawn, given_of, wanted_of
from yingxu.web.inside import catalogue_of, suspended_of
from yingxu.web.signing import actor_of


@dataclass(frozen=True)
class Door:
    """Where somebody asks from: the site, the place and the asset if they are known, who asks, by which way."""

    site: SiteRow
    place: PlaceRow | None
    actor: Actor
    channel: str
    code: str
    post_url: str
    likely_url: str
    asset: AssetName | None = None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_by_code(request: HttpRequest, token: str) -> HttpResponse:
    try:
        door = _door_of_code(token)
    except NotFound:
        said = request.POST.get("text", "")[:2000]
        values = {"desks": queries.desks_of_code(token), "said": said}
        return render(request, "web/ask/no_code.html", values, status=404)
    return _ask(request, door)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        return redirect_to_login(request.get_full_path())
    return _ask(request, _door_of_person(request, actor))


@require_safe
def likely_by_code(request: HttpRequest, token: str) -> HttpResponse:
    return _likely(request, _door_of_code(token))


@require_safe
def likely_here(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        raise NotAllowed(action="request.create")
    return _likely(request, _door_of_person(request, actor))


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        raise NotAllowed(action="request.create")
    words = request.GET.get("find", "").strip()
    found = queries.find_places(_site_of(request, actor).id, words, limit=8) if words else ()
    return render(request, "web/ask/places.html", {"found": found, "find": words})


def _ask(request: HttpRequest, door: Door) -> HttpResponse:
    at = site_clock(door.site.timezone)
    if request.method != "POST":
        return _page(request, door, AskForm(), at)
    form = AskForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, door, form, at, status=422)
    if not limits.allows(code=door.code or door.actor.key, address=address_of(request)):
        return _page(request, door, form, at, status=429, trouble=_too_many(door.site))
    return _send(request, door, form, at)


def _send(request: HttpRequest, door: Door, form: AskForm, at: datetime) -> HttpResponse:
    said, command = form.cleaned_data, form.command_key()
    try:
        raised = demand.raise_request(
            site_id=door.site.id,
            channel=door.channel,
            text=str(said["text"]),
            item_code=said["item"] or None,
            place_id=door.place.id if door.place else None,
            asset_id=door.asset.id if door.asset else None,
            requester_name=door.actor.name,
            requester_phone=said["phone"],
            wanted=wanted_of(given_of(request.POST), zone=door.site.timezone, is_asked=said["item"]),
            actor=door.actor,
            at=at,
            command=command,
        )
    except CommandReused:
        return _page(request, door, form, at, status=409, trouble=_sent_before())
    except FormWrong as refused:
        return _page(request, door, form, at, status=422, trouble=errors.sentence(refused), refused=refused)
    except NotFound as refused:
        if refused.kind != "item":
            raise
        gone = _("This kind of service is not offered now. Choose another, or just send: the desk reads it.")
        return _page(request, door, form, at, status=422, trouble=gone)
    except Malformed as refused:
        return _page(request, door, form, at, status=422, trouble=errors.sentence(refused))
    refused_photo = (
        sending.add_photos(
            site_id=door.site.id,
            request_id=raised.id,
            photos=form.sent_along(),
            actor=queries.actor_of_link(raised.key),
            at=at,
            command=command,
        )
        if form.sent_along()
        else None
    )
    address = f"/f/{links.follow_code(raised.id)}?sent=1"
    return redirect(address + ("&photo=refused" if refused_photo else ""))


def _page(
    request: HttpRequest,
    door: Door,
    form: AskForm,
    at: datetime,
    *,
    status: int = 200,
    trouble: str = "",
    refused: FormWrong | None = None,
) -> HttpResponse:
    text = (form.data.get("text", "") or request.GET.get("text", ""))[:2000]
    chosen = form.data.get("item", "") or request.GET.get("item", "")
    values = _offer(door, text, chosen, at, given=given_of(request.POST), refused=refused)
    wrong = [error for errors_of in form.errors.values() for error in errors_of] if form.is_bound else []
    values.update(
        door=door,
        text=text,
        phone=form.data.get("phone", ""),
        command=new_command() if status in {200, 409} else form.data.get("command") or new_command(),
        troubles=[trouble] if trouble else wrong,
        find=request.GET.get("find", "").strip(),
        found=_found(request, door),
        now=at,
    )
    return limits.told_to_wait(render(request, "web/ask/ask.html", values, status=status))


def _found(request: HttpRequest, door: Door) -> tuple[PlaceRow, ...]:
    words = request.GET.get("find", "").strip()
    return queries.find_places(door.site.id, words, limit=8) if words and not door.code else ()


def _likely(request: HttpRequest, door: Door) -> HttpResponse:
    at = site_clock(door.site.timezone)
    values = _offer(door, request.GET.get("text", "")[:2000], request.GET.get("item", ""), at)
    return render(request, "web/ask/likely.html", {**values, "door": door})


def _offer(
    door: Door,
    text: str,
    chosen: str,
    at: datetime,
    *,
    given: Mapping[str, str] | None = None,
    refused: FormWrong | None = None,
) -> dict[str, Any]:
    """Return the chips, the promise of the chosen (else the likeliest) one, its fields, and whether danger is named.

    What is suspended and likely meant is told by its notice instead of offered.
    """
    place_class = door.place.place_class if door.place else ""
    held = suspended_of(door.site.id)
    catalogue = tuple(row for row in catalogue_of(door.site.id) if row.is_offered_at(place_class))
    asset_class = door.asset.class_code if door.asset else ""
    offer: Likely = likely(text, (*catalogue, *held), place_class=place_class, asset_class=asset_class)
    items = [row for row in offer.items if row not in held]
    told = [row for row in offer.items[:2] if row in held] if text.strip() else []
    kept = next((row for row in catalogue if row.code == chosen), None)
    if kept is not None and kept not in items:
        items = [kept, *items[:-1]]
    subject = kept or (items[0] if text.strip() and items and not offer.is_bare else None)
    line = ""
    if subject is not None:
        terms = standards.promised_words(door.site.id, subject.code, at=at, place_class=place_class)
        line = promises.promise_line(terms, at=at)
    return {
        "items": items,
        "told": told,
        "fields": drawn(kept.fields(), given, refused) if kept is not None else (),
        "is_closed_now": kept is not None and not _is_served(door.site.id, kept.hours_code, at),
        "chosen": kept.code if kept else "",
        "subject": subject,
        "promise": line,
        "is_danger": offer.is_danger,
        "is_bare": offer.is_bare and kept is None,
    }


def _is_served(site_id: int, hours_code: str, at: datetime) -> bool:
    """Tell whether a kind of service is served at this moment; outside its hours it is taken in all the same."""
    if not hours_code:
        return True
    calendar = standards.calendar_by_id(standards.calendar_id(site_id, hours_code))
    return advance(calendar, at, timedelta(seconds=1)) - at <= timedelta(seconds=2)


def _door_of_code(token: str) -> Door:
    row = queries.qr_of_token(token)
    return Door(
        site=row.site,
        place=row.place,
        actor=queries.actor_of_qr(row),
        channel="qr",
        code=token,
        post_url=reverse("web:ask_by_code", args=[token]),
        likely_url=reverse("web:likely_by_code", args=[token]),
        asset=row.asset,
    )


def _door_of_person(request: HttpRequest, actor: Actor) -> Door:
    site = _site_of(request, actor)
    about = request.POST.get("asset") or request.GET.get("asset", "")
    code = request.POST.get("place") or request.GET.get("place", "")
    asset: AssetName | None = None
    place: PlaceRow | None
    if about:
        asset, place = queries.asset_to_ask_about(site.id, about)
    else:
        place = queries.place_by_code(site.id, code) if code else _own_place(actor, site)
    known = {"place": place.code if place else "", "asset": asset.code if asset else ""}
    here = f"{reverse('web:likely')}?{urlencode({name: said for name, said in known.items() if said})}"
    return Door(site, place, actor, channel="web", code="", post_url=reverse("web:ask"), likely_url=here, asset=asset)


def _own_place(actor: Actor, site: SiteRow) -> PlaceRow | None:
    """Return the ward or office that a requester belongs to: where most of what is asked is needed."""
    keys = [held.place_id for held in actor.holdings if held.place_id is not None and held.site_id == site.id]
    return queries.place_by_key(keys[0]) if keys else None


def _site_of(request: HttpRequest, actor: Actor) -> SiteRow:
    """Return the site asked for, among those where the actor holds a role; the first one when none is named."""
    code = request.POST.get("site") or request.GET.get("site", "")
    for site in queries.sites_of(actor):
        if code in ("", site.code):
            return site
    raise NotFound(kind="site", name=code)


def _too_many(site: SiteRow) -> str:
    words = _("Very many requests came from here in ten minutes. Your words are kept below: wait a little, then send.")
    if site.desk_phone:
        return words + " " + _("If it is urgent, call %(phone)s now.") % {"phone": site.desk_phone}
    return words


def _sent_before() -> str:
    return _("This page has sent a request already. If this is another one, press send once more.")

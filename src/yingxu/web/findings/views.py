"""A finding (挑刺): where, what, how bad, a photo; sent in a minute, its fate below."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yingxu.demand import actions as demand
from yingxu.demand.queries import found
from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.ground.queries import PlaceRow
from yingxu.ground.refusals import CommandReused, Malformed, NotAllowed, NotFound
from yingxu.voice.actions import supervisors as voice
from yingxu.voice.bare import bare_photo
from yingxu.voice.claims import PURPOSES
from yingxu.voice.queries import overseeing
from yingxu.voice.queries.overseeing import RemarkRow
from yingxu.web import errors
from yingxu.web.ask import sending
from yingxu.web.ask.forms import AskForm
from yingxu.web.boxes.words import fate_name, purpose_name, verdict_name
from yingxu.web.inside import Inside, inside, new_command

#: Domain 6: how bad a finding is. The hospital's assessment weighs it; here it is said in words.
LEVELS = ("minor", "serious", "grave")


def level_name(code: str) -> str:
    """Return a level as people say it."""
    return {"minor": _("minor"), "serious": _("serious"), "grave": _("grave")}[code]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def findings(request: HttpRequest, here: Inside) -> HttpResponse:
    channel = _channel(here.actor)
    place, found_places = _place(request, here)
    if request.method != "POST":
        return _page(request, here, AskForm(), place, found_places)
    form = AskForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, here, form, place, found_places, status=422)
    if place is None:
        trouble = _("Say where it is: look for the place and choose it.")
        return _page(request, here, form, place, found_places, trouble=trouble, status=422)
    return _send(request, here, form, place, channel)


def _channel(actor: Actor) -> str:
    """A supervisor finds for the asker's side; whoever works here finds it ourselves (S60: found by us)."""
    if authority.may_anywhere(actor, "inspection.find_fault"):
        return "supervisor"
    if authority.may_anywhere(actor, "inspection.create"):
        return "self_found"
    raise NotAllowed(action="inspection.find_fault")


def _place(request: HttpRequest, here: Inside) -> tuple[PlaceRow | None, tuple[PlaceRow, ...]]:
    """Return the place that is chosen, and those that the words in the address find."""
    code = (request.POST.get("place") or request.GET.get("place", "")).strip()
    if code:
        try:
            return ground.place_by_code(here.site.id, code), ()
        except NotFound:
            return None, ground.find_places(here.site.id, code, limit=8)
    words = request.GET.get("find", "").strip()
    return None, ground.find_places(here.site.id, words, limit=8) if words else ()


def _send(request: HttpRequest, here: Inside, form: AskForm, place: PlaceRow, channel: str) -> HttpResponse:
    said, command = form.cleaned_data, form.command_key()
    level = request.POST.get("level", "")
    text = said["text"] if level not in LEVELS else f"【{level_name(level)}】{said['text']}"
    is_hidden = channel == "supervisor" and request.POST.get("hidden") == "1"
    try:
        raised = demand.raise_request(
            site_id=here.site.id,
            channel=channel,
            text=text[: demand.TEXT_LIMIT],
            place_id=place.id,
            requester_name="" if is_hidden else here.actor.name,
            actor=voice.FINDER if is_hidden else here.actor,
            at=here.at,
            command=command,
        )
    except CommandReused:
        trouble = _("This page has sent a request already. If this is another one, press send once more.")
        return _page(request, here, form, place, (), trouble=trouble, status=409)
    except Malformed as why:
        return _page(request, here, form, place, (), trouble=errors.sentence(why), status=422)
    if channel == "supervisor":
        voice.note_finding(
            request_id=raised.id,
            is_hidden=is_hidden,
            purpose=_purpose(request),
            actor=here.actor,
            at=here.at,
        )
    refused = _photos(here, form, raised.id, raised.key, is_hidden=is_hidden) if said["photos"] else False
    tail = "&photo=refused" if refused else ""
    return redirect(f"{reverse('web:findings')}?sent={raised.number}&place={place.code}{tail}")


def _own(here: Inside) -> list[tuple[RemarkRow, str, str]]:
    """Return the own findings with what each turned out to be and its fate, in words."""
    rows, _following = overseeing.remarks(here.actor, here.site.id, shown="all")
    return [
        (row, verdict_name(row.verdict), fate_name(row.fate)) for row in rows if row.source == "finding" and row.is_own
    ]


def _purpose(request: HttpRequest) -> str:
    """A finding is to improve unless its finder says otherwise."""
    purpose = request.POST.get("purpose", "")
    return purpose if purpose in PURPOSES else "improve"


def _photos(here: Inside, form: AskForm, request_id: Any, key: int, *, is_hidden: bool) -> bool:
    """Give the photos to the request; of who hides the name the pictures alone. Returns whether one was not taken."""
    photos, n_broken = list(form.cleaned_data["photos"]), 0
    if is_hidden:
        photos, n_broken = _bare(photos)
    refused = sending.add_photos(
        site_id=here.site.id,
        request_id=request_id,
        photos=photos,
        actor=ground.actor_of_link(key),
        at=here.at,
        command=form.command_key(),
    )
    return refused is not None or n_broken > 0


def _bare(photos: list[Any]) -> tuple[list[Any], int]:
    """Return the pictures without what the cameras wrote (owner, device, place), and how many could not be taken."""
    kept = []
    for photo in photos:
        with suppress(Malformed):
            kept.append(ContentFile(bare_photo(photo.read())[0], name="photo"))
    return kept, len(photos) - len(kept)


def _page(
    request: HttpRequest,
    here: Inside,
    form: AskForm,
    place: PlaceRow | None,
    found_places: tuple[PlaceRow, ...],
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    is_supervisor = _channel(here.actor) == "supervisor"
    wrong = [error for errors_of in form.errors.values() for error in errors_of] if form.is_bound else []
    values = {
        "place": place,
        "found": found_places,
        "find": request.GET.get("find", "").strip() or (request.POST.get("place", "").strip() if place is None else ""),
        "text": form.data.get("text", "") or request.GET.get("text", ""),
        "level": form.data.get("level", "minor"),
        "levels": [(code, level_name(code)) for code in LEVELS],
        "command": new_command() if status in {200, 409} else form.data.get("command") or new_command(),
        "troubles": [trouble] if trouble else wrong,
        "may_hide": authority.may_anywhere(here.actor, "finding.hide_name"),
        "is_hidden": request.POST.get("hidden") == "1",
        "sent": request.GET.get("sent", "")[:16],
        "is_photo_refused": request.GET.get("photo") == "refused",
        # a supervisor's finding has its one fate as an opinion; what is found by who works here has its request's
        "own": _own(here) if is_supervisor else (),
        "rows": () if is_supervisor else found.found_by(here.actor, here.site.id),
        "purposes": [(code, purpose_name(code)) for code in PURPOSES] if is_supervisor else (),
        "purpose": _purpose(request),
        "now": here.at,
    }
    return render(request, "web/findings/findings.html", values, status=status)

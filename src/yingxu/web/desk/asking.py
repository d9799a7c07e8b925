"""What a call asks besides the words: the item's fields, further places; each place becomes a request of one group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.demand import actions as demand
from yingxu.demand.actions import Raised, Wanted
from yingxu.demand.triage.filling import said_of
from yingxu.ground import authority, ids
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.ground.unit import CommandKey
from yingxu.standards.refusals.forms import FormWrong
from yingxu.web import errors
from yingxu.web.desk.finding import find_place
from yingxu.web.formfields import Drawn, drawn, given_of, wanted_of
from yingxu.web.inside import Inside, catalogue_of, inside, is_fragment

#: One call does not ask for more places than this; longer ones are lists.
PLACES_AT_MOST = 30


@never_cache
@require_safe
@inside
def fields(request: HttpRequest, here: Inside) -> HttpResponse:
    """What the chosen item asks; nothing new while the same item's fields are shown, so that nothing typed is lost."""
    if not authority.may_anywhere(here.actor, "request.create_for_another"):
        raise NotAllowed(action="request.create_for_another")
    code = request.GET.get("item", "")
    if code and code == request.GET.get("shown", ""):
        return HttpResponse(status=204)
    text = request.GET.get("text", "")[:2000]
    return render(request, "web/desk/call_fields.html", {"item": code, "fields": drawn_of(here, code, text=text)})


def drawn_of(
    here: Inside, code: str, post: QueryDict | None = None, refused: FormWrong | None = None, *, text: str = ""
) -> list[Drawn]:
    """Return the fields that an item asks, with what was typed, or what ``text`` says of them, and what is wrong."""
    row = next((one for one in catalogue_of(here.site.id) if one.code == code), None)
    if row is None:
        return []
    fields = row.fields()
    return list(drawn(fields, given_of(post) if post is not None else said_of(text, fields), refused))


def wanted_in(here: Inside, post: QueryDict, item: str) -> Wanted:
    """Return the form of a call. A critical call is never held up by an empty one."""
    given = given_of(post)
    is_held_up = post.get("priority") == "1" and not any(given.values())
    return wanted_of(given, zone=here.site.timezone, is_asked=item if not is_held_up else "")


def still_asked(request: HttpRequest, here: Inside, item: str, why: FormWrong) -> HttpResponse:
    """Show what is missing beside each field; everything typed stands."""
    values: dict[str, Any] = {"item": item, "fields": drawn_of(here, item, request.POST, why), "is_open": True}
    values["trouble"] = errors.sentence(why)
    if is_fragment(request):
        response = render(request, "web/desk/call_fields.html", values, status=422)
        response["HX-Retarget"] = "#call-fields"
        response["HX-Reswap"] = "innerHTML"
        return response
    values |= {"given": request.POST, "command": request.POST.get("command", "")}
    return render(request, "web/desk/call_page.html", values, status=422)


def places_in(here: Inside, post: QueryDict) -> list[tuple[str, str]]:
    """Return the places of a call, (code, words): the first, then further ones, each once.

    Refuses: Malformed (a further place that is no known one; too many).
    """
    found = [find_place(here, post.get("place", ""), post.get("place_words", ""))]
    typed = post.get("also_words", "").replace("；", ";").replace("、", ";").split(";")
    for code, words in [(code, "") for code in post.getlist("also")] + [("", words) for words in typed]:
        if not code and not words.strip():
            continue
        place = (code, "") if code else find_place(here, "", words)
        if not place[0]:
            raise Malformed(field="place", problem="unknown", limit=words.strip()[:60])
        if place not in found:
            found.append(place)
    if len(found) > PLACES_AT_MOST:
        raise Malformed(field="place", problem="too_long", limit=str(PLACES_AT_MOST))
    return found


def raise_at(
    places: Sequence[tuple[str, str]], *, wanted: Wanted, command: CommandKey | None, **asked: Any
) -> list[Raised]:
    """Raise one request for each place, all or none; several carry one group key."""
    if len(places) == 1:
        code, words = places[0]
        return [_raise(code, words, wanted=wanted, command=command, asked=asked)]
    wanted = Wanted(wanted.form, wanted.wanted_from, wanted.wanted_to, ids.next_key())
    with transaction.atomic():
        return [
            _raise(code, words, wanted=wanted, command=_part(command, n), asked=asked)
            for n, (code, words) in enumerate(places)
        ]


def _raise(code: str, words: str, *, wanted: Wanted, command: CommandKey | None, asked: dict[str, Any]) -> Raised:
    return demand.raise_request(place_code=code or None, place_words=words, wanted=wanted, command=command, **asked)


def _part(command: CommandKey | None, n: int) -> CommandKey | None:
    return CommandKey(f"{command.command_id[:56]}.{n}", command.digest) if command is not None and n else command

"""What a text seems to ask for, in words: shown beside every field, applied by one key, decided by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yingxu.demand import triage
from yingxu.demand.actions import Proposed
from yingxu.demand.likely import asked_of_class
from yingxu.demand.triage import Read, Twin
from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed
from yingxu.web.inside import Inside, catalogue_of, inside, kept
from yingxu.web.templatetags.yingxu import in_language


@dataclass(frozen=True)
class Choice:
    """A code with its name in the reader's language."""

    code: str
    name: str


@dataclass(frozen=True)
class Same:
    """An earlier request that seems to be the same incident, in words."""

    id: UUID
    number: str
    what: str
    where: str
    created_at: datetime
    why: str


@dataclass(frozen=True)
class Shown:
    """A proposal in words."""

    item: Choice | None
    runners_up: tuple[Choice, ...]
    place: Choice | None
    places: tuple[Choice, ...]
    #: The urgency to set; 0: the item's own.
    priority: int
    #: The urgency that it will have then.
    urgency: int
    is_danger: bool
    is_critical: bool
    percent: int
    words: tuple[str, ...]
    danger_words: tuple[str, ...]
    place_words: tuple[str, ...]
    question: str
    problems: tuple[Choice, ...]
    twins: tuple[Same, ...]
    version: int
    #: Nothing to do was recognised in the words.
    is_bare: bool


def read_here(here: Inside, text: str, *, near: str = "", place_code: str = "", has_phone: bool = False) -> Read:
    """Return what a text seems to ask for at this site. Budget: two, seldom."""
    site = here.site.id
    return triage.read(
        text,
        catalogue=catalogue_of(site),
        tree=kept("place_tree", site, lambda: triage.tree_of(site)),
        in_use=kept("triage", site, lambda: triage.table_in_use(site)),
        near=near,
        place_code=place_code,
        has_phone=has_phone,
    )


def twins_here(
    here: Inside, text: str, said: Read, *, beside: int | None = None, place_path: str = ""
) -> tuple[Twin, ...]:
    """Return the likely same incidents. Budget: one query."""
    earlier = triage.recent_reports(here.actor, here.site.id, at=here.at)
    return triage.twins_of(text, said, earlier, at=here.at, place_path=place_path, beside=beside)


def shown(said: Read, twins: Sequence[Twin] = ()) -> Shown:
    """Return a proposal in words. An urgency below the item's own is never set by itself."""
    own = said.item.default_priority if said.item else 3
    urgency = min(own, said.priority) if said.item else said.priority
    return Shown(
        item=Choice(said.item.code, in_language(said.item)) if said.item else None,
        runners_up=tuple(Choice(row.code, in_language(row)) for row in said.runners_up),
        place=Choice(said.place.code, in_language(said.place, "full_name")) if said.place else None,
        places=tuple(Choice(row.code, in_language(row, "full_name")) for row in said.places),
        priority=urgency if urgency < own or (said.item is None and urgency < 3) else 0,
        urgency=urgency,
        is_danger=said.is_danger,
        is_critical=said.is_p1_by_rule,
        percent=round(100 * said.confidence),
        words=said.words,
        danger_words=said.danger_words,
        place_words=said.place_words,
        question=_question(said.question),
        problems=tuple(Choice(row.code, in_language(row)) for row in said.problems),
        twins=tuple(_same(twin) for twin in twins),
        version=said.version,
        is_bare=said.is_bare,
    )


def beside_asset(here: Inside, offer: Shown, asset_class: str) -> Shown:
    """Return the proposal with what is asked about the request's asset among the runners-up: a lift, then lifts."""
    known = {row.code: row for row in catalogue_of(here.site.id)}
    has = {offer.item.code if offer.item else "", *(one.code for one in offer.runners_up)}
    own = [code for code in asked_of_class(asset_class) if code in known and code not in has]
    return replace(offer, runners_up=(*offer.runners_up, *(Choice(code, in_language(known[code])) for code in own)))


def _same(twin: Twin) -> Same:
    earlier = twin.earlier
    return Same(
        id=earlier.id,
        number=earlier.number,
        what=in_language(earlier, "item_name") or earlier.text[:24],
        where=in_language(earlier, "place_name") or earlier.place_words,
        created_at=earlier.created_at,
        why=_(", ").join(_shares(name) for name in twin.shares),
    )


def _shares(name: str) -> str:
    names = {
        "place": _("same place"),
        "within": _("one place lies in the other"),
        "floor": _("same floor"),
        "item": _("same kind of service"),
        "line": _("same service line"),
        "words": _("like words"),
    }
    return names.get(name, name)


def _question(code: str) -> str:
    names = {
        "item": _("What is wrong, or what do you need?"),
        "place": _("Where is it: building, floor, ward?"),
        "which": _("Which one of these places?"),
        "room": _("Which room or bed exactly?"),
        "lift": _("Which lift, and at which floor?"),
        "route": _("From where to where?"),
        "phone": _("Where is it, and on which number can we reach you?"),
    }
    return names.get(code, "")


def proposed_by(said: Read, *, is_danger_said: bool | None = None) -> Proposed:
    """Return a proposal as it is kept beside the decision. Budget: none."""
    given = shown(said)
    return Proposed(
        version=said.version,
        item_code=said.item.code if said.item else "gen.unclear",
        priority=given.urgency,
        place_code=said.place.code if said.place else "",
        is_danger=said.is_danger,
        confidence=said.confidence,
        words=said.words,
        is_danger_said=is_danger_said,
    )


def proposed_in(here: Inside, post: QueryDict, text: str) -> Proposed | None:
    """Return what the sender of a form was shown for ``text``, and what he said about danger; None when neither."""
    is_danger_said = {"yes": True, "no": False}.get(post.get("danger", ""))
    if (post.get("seen") != "1" and is_danger_said is None) or not text.strip():
        return None
    return proposed_by(read_here(here, text, near=post.get("near", "")), is_danger_said=is_danger_said)


@require_safe
@inside
def proposal(request: HttpRequest, here: Inside) -> HttpResponse:
    """The proposal for what the clerk is typing."""
    if not authority.may_anywhere(here.actor, "request.create_for_another"):
        raise NotAllowed(action="request.create_for_another")
    text, near = request.GET.get("text", "").strip()[:2000], request.GET.get("near", "")[:64]
    said = read_here(here, text, near=near, has_phone=bool(request.GET.get("phone", "").strip()))
    twins = twins_here(here, text, said) if len(text) > 1 else ()
    values = {"shown": shown(said, twins) if text else None, "text": text, "near": near, "now": here.at}
    return render(request, "web/desk/proposal.html", values)

"""Taking in: everything that is asked becomes a request with a number, whoever took it in and whatever is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.demand.actions.triaged import Proposed, keep_proposal
from yingxu.demand.events import DangerNoticed, RequestAccepted, RequestRaised
from yingxu.demand.follow_up import settle
from yingxu.demand.models import Request, RequestState
from yingxu.demand.reads import PromiseSaid, memo_of
from yingxu.demand.sides import require_hospital_side
from yingxu.demand.triage.rules import RuleHit, rule_hit
from yingxu.demand.wanted import NOTHING, Wanted, columns_of
from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor, engine
from yingxu.ground.authority import Where
from yingxu.ground.kept import anew_if_changed
from yingxu.ground.making import new_row
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import queries as standards
from yingxu.standards.queries import Asking, ItemRow

CHANNELS = frozenset(
    {"qr", "desk", "phone", "web", "api", "log", "supervisor", "self_found", "alarm", "kiosk", "im", "forum", "plan"}
    | {"mail", "list", "follow_up"}
)
#: Taken in for somebody else, whoever typed it.
_FOR_ANOTHER = frozenset({"desk", "phone", "log", "alarm"})
_STAFF = frozenset({"DK", "WK", "TL", "LM", "PM", "HO"})
TEXT_LIMIT = 2000


@dataclass(frozen=True)
class Raised:
    """A request as its asker gets it back: a number at once, and what is promised."""

    id: UUID
    key: int
    number: str
    state: str
    priority: int
    created_at: datetime
    promises: tuple[PromiseSaid, ...]


@anew_if_changed
def raise_request(
    *,
    site_id: int,
    channel: str,
    text: str,
    item_code: str | None = None,
    place_code: str | None = None,
    place_id: int | None = None,
    place_words: str = "",
    requester_name: str = "",
    requester_phone: str = "",
    asset_id: int | None = None,
    owner_id: int | None = None,
    priority: int | None = None,
    source_ref: str = "",
    target_at: datetime | None = None,
    happened_at: datetime | None = None,
    proposed: Proposed | None = None,
    wanted: Wanted = NOTHING,
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> Raised:
    """Somebody's need has a number, an urgency and a clock; with its item and place known, work waits to be sent.

    The place comes by code, by key (a printed token's) or in words; the urgency is the item's own unless the desk says
    otherwise, or a rule of the urgent facts fires: then it is critical before anybody has looked.
    ``target_at``: an outside record promised that instant; it alone is promised. ``proposed``: what a desk was shown.
    ``wanted``: the item's fields and the appointment. ``asset_id``: the lift, bed or pump that it is about.

    Records: RequestRaised, RequestAccepted when work can be sent, DangerNoticed when a rule fired.
    Refuses: NotAllowed, Malformed, FormWrong, NotFound (a place or item that is named and unknown), HospitalDecides.
    Budget: one write; one read before it where the process knows the place, the item or its contracts no longer.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        said = _checked_text(text)
        _check(channel=channel, priority=priority, happened_at=happened_at, at=at)
        created_at = happened_at or at
        asked = standards.asking(
            site_id,
            on=created_at.date(),
            at=created_at,
            item_code=item_code or None,
            place_code=place_code or None,
            place_id=place_id,
            unit=unit,
        )
        owner_id = _require(actor, site_id, channel, owner_id, asked)
        item, place = asked.item, asked.place
        urgency = own = _urgency(actor, site_id, item, priority)
        hit = rule_hit(said, channel=channel) if priority is None and own > 1 else None
        if hit is not None:
            urgency = 1
        if proposed is not None:
            urgency = proposed.at_least(urgency)
        request = new_row(
            Request,
            site_id=site_id,
            number=ids.next_number(),
            channel=channel,
            state=RequestState.RECEIVED,
            text=said,
            priority=urgency,
            place_words=place_words[:200],
            owner_id=owner_id,
            requester_name=requester_name,
            requester_phone=requester_phone,
            asset_id=asset_id,
            token_id=actor.id if actor.kind == "qr" else None,
            first_contact_id=_first_contact(actor),
            source_ref=source_ref,
            target_at=target_at,
            created_at=created_at,
            changed_at=at,
            party_keys=[asked.party_id] if asked.party_id else [],
            contract_id=asked.contract_id,
            has_contract_gap=item is not None and not item.is_answered_only and asked.contract_id is None,
            **columns_of(wanted, asked, at=at),
        )
        if item is not None:
            request.item_id, request.line_code = item.id, item.line_code
        if place is not None:
            request.place_id, request.place_path, request.department_id = place.id, place.path, place.department_id
            request.place_name, request.place_name_en = place.full_name, place.full_name_en
        unit.insert(request)
        memo = memo_of(unit)
        memo.requests[request.pk] = request
        memo.promises[request.pk] = []
        _record(unit, request, asked, target_at)
        if hit is not None:
            _notice(unit, request, hit, before=own)
        if proposed is not None and item is not None:
            code = place.code if place is not None else ""
            keep_proposal(unit, request, proposed, item_code=item.code, priority=urgency, place_code=code)
        settle(request, unit)
        unit.answer(
            Raised(
                id=request.uid,
                key=request.pk,
                number=request.number,
                state=request.shown_state,
                priority=urgency,
                created_at=created_at,
                promises=tuple(memo.said),
            )
        )
    return unit.answered(Raised)


def _checked_text(text: str) -> str:
    said = text.strip()
    if not said:
        raise Malformed(field="text", problem="missing")
    if len(said) > TEXT_LIMIT:
        raise Malformed(field="text", problem="too_long", limit=str(TEXT_LIMIT))
    if "\x00" in said:
        raise Malformed(field="text", problem="wrong_type")
    return said


def _check(*, channel: str, priority: int | None, happened_at: datetime | None, at: datetime) -> None:
    if channel not in CHANNELS:
        raise Malformed(field="channel", problem="unknown")
    if priority is not None and not 1 <= priority <= 4:
        raise Malformed(field="priority", problem="unknown")
    if happened_at is not None and happened_at > at:
        raise Malformed(field="happened_at", problem="in_future")


def _require(actor: Actor, site_id: int, channel: str, owner_id: int | None, asked: Asking) -> int | None:
    """Refuse unless the actor may ask here; return whose request it is. Nobody is turned away by line or contract."""
    path = asked.place.path if asked.place is not None else ""
    is_own = actor.kind == "person" and channel not in _FOR_ANOTHER and owner_id in (None, actor.id)
    if actor.kind == "qr" or is_own:
        authority.require(actor, "request.create", where=Where(site_id=site_id, place_path=path, is_own=is_own))
        return actor.account_id
    authority.require(actor, "request.create_for_another", where=Where(site_id=site_id, place_path=path))
    return owner_id


def _first_contact(actor: Actor) -> int | None:
    """Return the employee who took it in and stays the asker's contact (首问负责); None is the duty desk."""
    takes_in = actor.account_id is not None and bool(actor.roles & _STAFF)
    return actor.account_id if takes_in else None


def _urgency(actor: Actor, site_id: int, item: ItemRow | None, given: int | None) -> int:
    own = item.default_priority if item is not None else 3
    if given is None or given == own:
        return own
    if actor.kind != "engine":
        authority.require(actor, "request.classify", where=Where(site_id=site_id))
        if item is not None and given > own:
            require_hospital_side(actor, "priority.lower", site_id=site_id)
    return given


def _record(unit: Unit, request: Request, asked: Asking, target_at: datetime | None) -> None:
    item, place = asked.item, asked.place
    place_class = place.place_class if place is not None else ""
    unit.record(
        RequestRaised(
            site_id=request.site_id,
            subject_id=request.pk,
            thread_id=request.pk,
            number=request.number,
            channel=request.channel,
            priority=request.priority,
            line_code=request.line_code,
            item_id=request.item_id,
            place_id=request.place_id,
            raised_at=request.created_at,
            has_contract_gap=request.has_contract_gap,
            edition_id=_edition(request, asked),
            place_class=place_class,
        )
    )
    if item is not None and is_ready(item, request):
        accept(unit, request, (item,), asked)


def _notice(unit: Unit, request: Request, hit: RuleHit, *, before: int) -> None:
    """Record which rule made it critical: nothing that acts by itself acts silently."""
    unit.record(
        DangerNoticed(
            site_id=request.site_id,
            subject_id=request.pk,
            thread_id=request.pk,
            rule=hit.rule,
            words=hit.words,
            before=before,
        ),
        actor=engine("triage"),
    )


def _edition(request: Request, asked: Asking) -> int | None:
    if request.channel == "log":
        return None  # an outside log says itself what was promised, or nothing was
    # without an item: what such an asking stands under; a site without a catalogue yet takes it in all the same
    return asked.item.edition_id if asked.item is not None else asked.default_edition_id


def is_ready(item: ItemRow, request: Request) -> bool:
    """Tell whether somebody can be sent: the place is known, not needed, or it is a P1 with a number to call."""
    if request.place_id is not None or not item.is_place_needed:
        return True
    return request.priority == 1 and bool(request.requester_phone)


def accept(unit: Unit, request: Request, items: tuple[ItemRow, ...], asked: Asking) -> None:
    """Make the request accepted: a job will be opened for each item that is worked on, none for words alone."""
    worked = tuple(item for item in items if not item.is_answered_only)
    in_words = items[0] if not worked else None
    unit.change(request, state=RequestState.ACCEPTED)
    unit.record(
        RequestAccepted(
            site_id=request.site_id,
            subject_id=request.pk,
            thread_id=request.pk,
            number=request.number,
            item_ids=tuple(item.id for item in worked),
            priority=request.priority,
            place_id=request.place_id,
            raised_at=request.created_at,
            answered_item_id=in_words.id if in_words else None,
            answered_edition_id=in_words.edition_id if in_words and request.channel != "log" else None,
            target_at=request.target_at,
            items=worked,
            place=asked.place,
        )
    )

"""Verbs of occasions: put on the calendar by hand or from the library, changed, announced, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from yingxu.demand.public_state import BEFORE_SENDING
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards import library as standards
from yingxu.standards.models import Item
from yingxu.upkeep.events import (
    OccasionAdded,
    OccasionAnnounced,
    OccasionChanged,
    OccasionWithdrawn,
    PreparationSkipped,
)
from yingxu.upkeep.models import Occasion, Preparation, PreparationRule, PreparationState, Repeats
from yingxu.upkeep.people import touched
from yingxu.upkeep.reads import day_of, turns_of
from yingxu.upkeep.refusals import NobodyToTell, OnCalendarAlready
from yingxu.upkeep.said import TEXT_LIMIT, NewOccasion, columns_of
from yingxu.upkeep.turns import due_of, library

#: Whoever is touched by a planned stop is told at least so long before it (domain 2.3 [E]).
NOTICE = timedelta(hours=24)


@dataclass(frozen=True)
class OccasionKept:
    """The public id of an occasion, and what became of its preparations or how many were told."""

    id: UUID
    n: int = 0


def add_occasion(
    *, site_id: int, what: NewOccasion, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OccasionKept:
    """Something that comes stands on the site's calendar. Records OccasionAdded.

    Refuses: NotAllowed, Malformed, NotFound. Budget: 1, one more each for a place and an asset.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "lookahead.keep", where=Where(site_id))
        row = unit.insert(
            Occasion(site_id=site_id, keeper_id=actor.account_id, made_at=at, **columns_of(site_id, what))
        )
        _record_added(unit, row, 0)
        unit.answer(OccasionKept(row.uid))
    return unit.answered(OccasionKept)


def adopt_occasion(
    *,
    site_id: int,
    code: str,
    from_on: date | None = None,
    to_on: date | None = None,
    name: str = "",
    name_en: str = "",
    place: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> OccasionKept:
    """An occasion of the starter library stands on the calendar with all that is made ready for it.

    What comes once says its days; the others have theirs. Records OccasionAdded.
    Refuses: NotAllowed, NotFound, Malformed, OnCalendarAlready. Budget: 3, one more for a place.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "lookahead.keep", where=Where(site_id))
        found = next((one for one in library("occasions") if one["code"] == code), None)
        if found is None:
            raise NotFound(kind="occasion", name=code)
        what = NewOccasion(
            kind=found["kind"],
            name=name.strip() or found["name_zh"],
            name_en=name_en.strip() or ("" if name.strip() else found["name_en"]),
            repeats=found["repeats"],
            from_md=found["from_md"],
            to_md=found["to_md"],
            from_on=from_on,
            to_on=to_on or from_on,
            holiday=found["holiday"],
            place=place,
            basis=found["basis_zh"],
        )
        _refuse_twice(site_id, code, what)
        row = unit.insert(
            Occasion(
                site_id=site_id,
                code=code,
                mark=found["mark"],
                keeper_id=actor.account_id,
                made_at=at,
                **columns_of(site_id, what),
            )
        )
        items = dict(Item.objects.filter(site_id=site_id).values_list("code", "id"))
        seeds = [one for one in library("preparations") if one["seed"] == found["seed"]]
        for one in seeds:
            unit.insert(
                PreparationRule(
                    site_id=site_id,
                    occasion=row,
                    text=one["text_zh"],
                    text_en=one["text_en"],
                    item_id=items.get(one["item"]),
                    line_code=one["line"],
                    place_id=row.place_id,
                    place_class="" if row.place_id else one["place_class"],
                    lead_days=int(one["lead_days"]),
                    ready_days=int(one["ready_days"]),
                    made_at=at,
                )
            )
        _record_added(unit, row, len(seeds))
        unit.answer(OccasionKept(row.uid, len(seeds)))
    return unit.answered(OccasionKept)


def adopt_cycle(
    *,
    site_id: int,
    cycle_code: str,
    next_on: date | None,
    asset: str = "",
    item_code: str = "",
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> OccasionKept:
    """A legal date stands on the calendar: the cycle of the library, its next day, and the asset that it is about.

    It is prepared for as many days ahead as the library warns, a fortnight at least. Records OccasionAdded.
    Refuses: NotAllowed, NotFound, Malformed. Budget: 2, one more for an asset.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "lookahead.keep", where=Where(site_id))
        found = standards.by_code("cycles").get(cycle_code)
        if found is None or found["cycle_unit"] != "month":
            raise NotFound(kind="cycle", name=cycle_code)
        if next_on is None:
            raise Malformed(field="from_on", problem="missing")
        what = NewOccasion(
            kind="legal",
            name=f"{found['object_zh']} {found['task_zh']}"[:64],
            name_en=f"{found['object_en']}: {found['task_en']}"[:64],
            repeats="months",
            from_on=next_on,
            every_months=int(found["cycle"]),
            asset=asset,
            basis=found["basis"],
        )
        columns = columns_of(site_id, what)
        mark = {"code": cycle_code[:24], "mark": found["mark"][:2]}
        row = unit.insert(Occasion(site_id=site_id, keeper_id=actor.account_id, made_at=at, **mark, **columns))
        item = Item.objects.filter(site_id=site_id, code=item_code).first() if item_code else None
        if item_code and item is None:
            raise NotFound(kind="item", name=item_code)
        unit.insert(
            PreparationRule(
                site_id=site_id,
                occasion=row,
                text=f"{found['task_zh']}：约检、备资料、定停机时间",
                text_en=f"{found['task_en']}: book it, have the papers ready, settle the downtime"[:300],
                item=item,
                line_code=found["line"],
                place_id=row.place_id,
                lead_days=max(14, int(found["warn_days"] or 0)),
                ready_days=1,
                made_at=at,
            )
        )
        _record_added(unit, row, 1)
        unit.answer(OccasionKept(row.uid, 1))
    return unit.answered(OccasionKept)


def change_occasion(
    *, occasion_id: UUID, what: NewOccasion, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OccasionKept:
    """An occasion has other days, another place or other words; its open preparations follow its days.

    Records OccasionChanged. Refuses: NotAllowed, NotFound, Malformed. Budget: 3, one each for place, asset, holidays.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = occasion_of(occasion_id)
        authority.require(actor, "lookahead.keep", where=Where(row.site_id))
        unit.change(row, seen=["is_active"], **columns_of(row.site_id, what))
        today = day_of(row.site, at)
        begins = {turn.key: turn for turn in turns_of(row, today=today)}
        n = 0
        kept = Preparation.objects.select_related("rule").filter(occasion=row, state=PreparationState.OPEN)
        for one in kept.order_by("id"):
            turn = begins.get(one.turn)
            if turn is None or turn.begins_on == one.begins_on:
                continue
            due_on = due_of(turn, ready_days=one.rule.ready_days, today=today)
            unit.change(one, seen=["state"], begins_on=turn.begins_on, due_on=due_on, n_told=0)
            n += 1
        about = {"site_id": row.site_id, "subject_id": row.pk, "thread_id": row.pk}
        unit.record(OccasionChanged(**about, name=row.name, name_en=row.name_en, n_moved=n))
        unit.answer(OccasionKept(row.uid, n))
    return unit.answered(OccasionKept)


def withdraw_occasion(
    *, occasion_id: UUID, reason: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OccasionKept:
    """It does not come any more: nothing further is raised, and what nobody has begun to make ready is left out.

    Records OccasionWithdrawn, PreparationSkipped. Refuses: NotAllowed, NotFound, Malformed. Budget: 3, four more for
    each request that ends.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = occasion_of(occasion_id)
        authority.require(actor, "lookahead.keep", where=Where(row.site_id))
        said = reason.strip()[:TEXT_LIMIT]
        if not said:
            raise Malformed(field="reason", problem="missing")
        unit.change(row, seen=["is_active"], is_active=False)
        waiting = Preparation.objects.select_related("request").filter(occasion=row, state=PreparationState.OPEN)
        n = 0
        for one in waiting.order_by("id"):
            ended = key_to_end(one)
            if one.request.is_open and ended is None:
                continue  # somebody works on it: the end of that work is its end
            end = {"state": PreparationState.SKIPPED, "note": said, "ended_at": at, "ended_by_id": actor.account_id}
            unit.change(one, seen=["state"], **end)
            unit.record(
                PreparationSkipped(
                    site_id=row.site_id,
                    subject_id=one.pk,
                    thread_id=one.request_id,
                    text=one.text,
                    text_en=one.text_en,
                    reason=said,
                    ended_request_id=ended,
                )
            )
            n += 1
        about = {"site_id": row.site_id, "subject_id": row.pk, "thread_id": row.pk}
        unit.record(OccasionWithdrawn(**about, name=row.name, name_en=row.name_en, reason=said, n_skipped=n))
        unit.answer(OccasionKept(row.uid, n))
    return unit.answered(OccasionKept)


def announce_occasion(
    *, occasion_id: UUID, text: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> OccasionKept:
    """Everybody whom it touches is told: who asks for service at its place, the desk, leaders and managers.

    Records OccasionAnnounced. Refuses: NotAllowed, NotFound, Malformed, NobodyToTell. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = occasion_of(occasion_id)
        authority.require(actor, "lookahead.announce", where=Where(row.site_id))
        said = text.strip()
        if not said or len(said) > TEXT_LIMIT:
            raise Malformed(field="text", problem="too_long" if said else "missing", limit=str(TEXT_LIMIT))
        turn = next(iter(turns_of(row, today=day_of(row.site, at))), None)
        if turn is None:
            raise Malformed(field="from_on", problem="past")
        people = touched(row, row.place, at)
        if not people:
            raise NobodyToTell(place=row.place.full_name if row.place is not None else "")
        fact = OccasionAnnounced(
            site_id=row.site_id,
            subject_id=row.pk,
            thread_id=row.pk,
            name=row.name,
            name_en=row.name_en,
            text=said,
            begins_on=turn.begins_on.isoformat(),
            n_told=len(people),
            is_short=turn.begins_on < day_of(row.site, at + NOTICE),
        )
        unit.change(row, announced_at=at, n_told=len(people))
        entry = unit.record(fact)
        for key, _name, _role, _place in people:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=key)
        unit.answer(OccasionKept(row.uid, len(people)))
    return unit.answered(OccasionKept)


def occasion_of(occasion_id: UUID) -> Occasion:
    """Return an occasion that stands; refuses: NotFound. Budget: one query."""
    row = Occasion.objects.select_related("site", "place").filter(uid=occasion_id, is_active=True).first()
    if row is None:
        raise NotFound(kind="occasion", name=str(occasion_id))
    return row


def key_to_end(row: Preparation) -> int | None:
    """Return the key of the request that ends with a preparation: an open one that nobody was sent for."""

    is_waiting = row.request.is_open and row.request.shown_state in BEFORE_SENDING
    return row.request_id if is_waiting else None


def _record_added(unit: Unit, row: Occasion, n_rules: int) -> None:
    about = {"site_id": row.site_id, "subject_id": row.pk, "thread_id": row.pk}
    unit.record(OccasionAdded(**about, name=row.name, name_en=row.name_en, n_rules=n_rules))


def _refuse_twice(site_id: int, code: str, what: NewOccasion) -> None:
    if what.repeats == Repeats.ONCE:
        return
    standing = Occasion.objects.filter(site_id=site_id, is_active=True, repeats=what.repeats, name=what.name).first()
    if standing is not None:
        raise OnCalendarAlready(name=standing.name)

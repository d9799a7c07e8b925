"""What comes: the calendar, one occasion with its rules, whom an announcement reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.upkeep.models import Occasion, Preparation, PreparationRule, PreparationState
from yingxu.upkeep.people import held_now, touched
from yingxu.upkeep.reads import AHEAD, days_off, turns_of
from yingxu.upkeep.turns import Turn


@dataclass(frozen=True)
class OccasionRow:
    """An occasion with its next turn, and how far that is made ready."""

    id: UUID
    code: str
    kind: str
    name: str
    name_en: str
    repeats: str
    place_name: str
    place_name_en: str
    begins_on: date | None
    ends_on: date | None
    is_expected: bool
    #: From when on something is prepared for it.
    opens_on: date | None
    n_rules: int
    n_open: int
    n_ready: int
    n_late: int
    n_unowned: int
    announced_at: datetime | None
    n_told: int


def occasions(actor: Actor, site_id: int, *, today: date) -> tuple[OccasionRow, ...]:
    """Return what stands on the calendar, the next first; what is over last. Refuses: NotAllowed. Budget: 3 or 4."""
    authority.require(actor, "lookahead.read", where=Where(site_id))
    rows = list(
        Occasion.objects.filter(site_id=site_id, is_active=True)
        .select_related("place")
        .annotate(n_rules=Count("rules", filter=Q(rules__is_active=True)))
        .order_by("id")
    )
    leads: dict[int, int] = {}
    live = PreparationRule.objects.filter(site_id=site_id, is_active=True)
    for occasion_id, lead in live.values_list("occasion_id", "lead_days"):
        leads[occasion_id] = max(lead, leads.get(occasion_id, 0))
    off = days_off(site_id, today) if any(row.repeats == "holiday" for row in rows) else {}
    counted = _counts(site_id, today)
    found = []
    for row in rows:
        turn = next(iter(turns_of(row, today=today, off=off)), None)
        counts = counted.get((row.pk, turn.key), (0, 0, 0, 0)) if turn is not None else (0, 0, 0, 0)
        found.append(_row(row, turn, leads.get(row.pk), counts))
    return tuple(sorted(found, key=lambda one: (one.begins_on is None, one.begins_on or today, one.name)))


def _counts(site_id: int, today: date) -> dict[tuple[int, str], tuple[int, int, int, int]]:
    is_open = Q(state=PreparationState.OPEN)
    rows = Preparation.objects.filter(site_id=site_id, begins_on__gte=today - AHEAD).values("occasion_id", "turn")
    rows = rows.annotate(
        n_open=Count("id", filter=is_open),
        n_ready=Count("id", filter=Q(state=PreparationState.READY)),
        n_late=Count("id", filter=is_open & Q(due_on__lt=today)),
        n_unowned=Count("id", filter=is_open & Q(owner=None)),
    )
    return {
        (row["occasion_id"], row["turn"]): (row["n_open"], row["n_ready"], row["n_late"], row["n_unowned"])
        for row in rows.order_by()
    }


def _row(row: Occasion, turn: Turn | None, lead: int | None, counts: tuple[int, int, int, int]) -> OccasionRow:
    return OccasionRow(
        row.uid,
        row.code,
        row.kind,
        row.name,
        row.name_en,
        row.repeats,
        row.place.full_name if row.place is not None else "",
        row.place.full_name_en if row.place is not None else "",
        turn.begins_on if turn is not None else None,
        turn.ends_on if turn is not None else None,
        turn.is_expected if turn is not None else False,
        turn.begins_on - timedelta(days=lead) if turn is not None and lead is not None else None,
        getattr(row, "n_rules", 0),
        *counts,
        row.announced_at,
        row.n_told,
    )


@dataclass(frozen=True)
class RuleRow:
    """What is made ready before an occasion, by codes and names."""

    id: UUID
    text: str
    text_en: str
    item_code: str
    item_name: str
    item_name_en: str
    line_code: str
    place_code: str
    place_name: str
    place_name_en: str
    place_class: str
    lead_days: int
    ready_days: int
    team_code: str
    team_name: str
    team_name_en: str
    owner_username: str
    owner_name: str

    @property
    def id_text(self) -> str:
        """The id as fields of a page are named by it."""
        return str(self.id)


@dataclass(frozen=True)
class OccasionDetail:
    """One occasion: its days a year ahead, what is made ready before it, whom an announcement reaches."""

    row: OccasionRow
    from_md: str
    to_md: str
    from_on: date | None
    to_on: date | None
    every_months: int | None
    holiday: str
    place_code: str
    asset_code: str
    asset_name: str
    note: str
    basis: str
    mark: str
    turns: tuple[Turn, ...]
    rules: tuple[RuleRow, ...]
    may_keep: bool
    may_announce: bool


def occasion_for(actor: Actor, occasion_id: UUID, *, today: date) -> OccasionDetail:
    """Return one occasion that stands. Refuses: NotFound, NotAllowed. Budget: 3, one more for holidays."""
    rows = Occasion.objects.filter(uid=occasion_id, is_active=True).select_related("place", "asset")
    row = rows.annotate(n_rules=Count("rules", filter=Q(rules__is_active=True))).first()
    if row is None:
        raise NotFound(kind="occasion", name=str(occasion_id))
    where = Where(row.site_id)
    authority.require(actor, "lookahead.read", where=where)
    rules = tuple(_rule(one) for one in _rules_of(row))
    coming = turns_of(row, today=today)
    turn = next(iter(coming), None)
    counts = _counts(row.site_id, today).get((row.pk, turn.key), (0, 0, 0, 0)) if turn is not None else (0, 0, 0, 0)
    lead = max((rule.lead_days for rule in rules), default=None)
    return OccasionDetail(
        _row(row, turn, lead, counts),
        row.from_md,
        row.to_md,
        row.from_on,
        row.to_on,
        row.every_months,
        row.holiday,
        row.place.code if row.place is not None else "",
        row.asset.code if row.asset is not None else "",
        row.asset.name if row.asset is not None else "",
        row.note,
        row.basis,
        row.mark,
        coming[:4],
        rules,
        authority.may(actor, "lookahead.keep", where=where),
        authority.may(actor, "lookahead.announce", where=where),
    )


def _rules_of(row: Occasion) -> Sequence[PreparationRule]:
    rules = PreparationRule.objects.filter(occasion=row, is_active=True)
    return list(rules.select_related("item", "place", "team", "owner").order_by("-lead_days", "id"))


def _rule(row: PreparationRule) -> RuleRow:
    item, place, team, owner = row.item, row.place, row.team, row.owner
    return RuleRow(
        row.uid,
        row.text,
        row.text_en,
        item.code if item is not None else "",
        item.name if item is not None else "",
        item.name_en if item is not None else "",
        row.line_code,
        place.code if place is not None else "",
        place.full_name if place is not None else "",
        place.full_name_en if place is not None else "",
        row.place_class,
        row.lead_days,
        row.ready_days,
        team.code if team is not None else "",
        team.name if team is not None else "",
        team.name_en if team is not None else "",
        owner.username if owner is not None else "",
        owner.name if owner is not None else "",
    )


def told_of(actor: Actor, occasion_id: UUID, *, at: datetime) -> tuple[tuple[int, str, str, str], ...]:
    """Return whom an announcement would reach: key, name, role, place. Refuses: NotFound, NotAllowed. Budget: 2."""
    row = Occasion.objects.select_related("place").filter(uid=occasion_id, is_active=True).first()
    if row is None:
        raise NotFound(kind="occasion", name=str(occasion_id))
    authority.require(actor, "lookahead.announce", where=Where(row.site_id))
    return touched(row, row.place, at)


@dataclass(frozen=True)
class AnswererRow:
    """Somebody who can answer for a preparation."""

    username: str
    name: str
    name_en: str
    role: str


def answerers(actor: Actor, site_id: int, *, at: datetime) -> tuple[AnswererRow, ...]:
    """Return leaders, managers and officers of the site, by name. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "lookahead.read", where=Where(site_id))
    held = held_now(site_id, ("TL", "LM", "PM", "HO", "HD"), at).order_by("account__name", "account_id")
    rows = held.values_list("account__username", "account__name", "account__name_en", "role")
    return tuple({row[0]: AnswererRow(*row) for row in rows}.values())


def occasion_of_rule(actor: Actor, rule_id: UUID) -> UUID:
    """Return the occasion that a rule is for. Refuses: NotFound, NotAllowed. Budget: one query."""
    rows = PreparationRule.objects.filter(uid=rule_id, is_active=True, occasion__is_active=True)
    row = rows.values_list("occasion__uid", "site_id").first()
    if row is None:
        raise NotFound(kind="preparation_rule", name=str(rule_id))
    authority.require(actor, "lookahead.read", where=Where(row[1]))
    return row[0]

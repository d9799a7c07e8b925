"""What should be raised ahead now and was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from yingxu.ground.models import Place
from yingxu.standards import library as standards
from yingxu.upkeep.models import Preparation, PreparationRule
from yingxu.upkeep.reads import day_of, days_off, ref_of, turns_of
from yingxu.upkeep.turns import Turn, due_of, opened

#: The hour of its last day by which something is to be ready: two hours before its promise of being done (18:00).
READY_BY = time(16, 0)


@dataclass(frozen=True)
class Due:
    """One preparation whose time has come and that was not raised yet."""

    site_id: int
    text: str
    item_code: str
    place_id: int | None
    #: The whole site, for a place that is no more.
    campus_id: int | None
    owner_id: int | None
    source_ref: str
    wanted_from: datetime | None


def due_preparations(*, at: datetime, limit: int = 100) -> tuple[Due, ...]:
    """Return what should be raised now and was not: the lead has begun and its occasion is not over.

    A preparation is named by its rule and turn, unique by constraint, so that it is raised once whatever runs beside.
    Budget: 3, and one a site with holidays.
    """
    rules = PreparationRule.objects.filter(is_active=True, occasion__is_active=True, site__state="open")
    rows = list(rules.select_related("occasion", "site", "item", "place").order_by("id"))
    if not rows:
        return ()
    off: dict[int, dict[date, str]] = {}
    found: list[tuple[PreparationRule, Turn, date]] = []
    coming: dict[int, tuple[Turn, ...]] = {}
    for rule in rows:
        today = day_of(rule.site, at)
        if rule.occasion_id not in coming:
            if rule.occasion.repeats == "holiday" and rule.site_id not in off:
                off[rule.site_id] = dict(days_off(rule.site_id, today))
            coming[rule.occasion_id] = turns_of(rule.occasion, today=today, off=off.get(rule.site_id, {}))
        now = opened(coming[rule.occasion_id], lead_days=rule.lead_days, today=today)
        found.extend((rule, turn, today) for turn in now)
    if not found:
        return ()
    made = Preparation.objects.filter(rule_id__in=[rule.pk for rule, _turn, _day in found])
    done = set(made.values_list("rule_id", "turn"))
    waiting = [one for one in found if (one[0].pk, one[1].key) not in done][:limit]
    if not waiting:
        return ()
    sites = {rule.site_id for rule, _turn, _day in waiting}
    roots = Place.objects.filter(site_id__in=sites, parent=None, is_active=True).order_by("-id")
    campus = dict(roots.values_list("site_id", "id"))
    return tuple(_due(rule, turn, today, campus.get(rule.site_id), at) for rule, turn, today in waiting)


def _due(rule: PreparationRule, turn: Turn, today: date, campus: int | None, at: datetime) -> Due:
    zone = ZoneInfo(rule.site.timezone)
    by = datetime.combine(due_of(turn, ready_days=rule.ready_days, today=today), READY_BY, zone)
    where = standards.by_code("place_classes").get(rule.place_class)
    text = f"【{rule.occasion.name} {turn.begins_on:%m-%d}】{rule.text}"
    return Due(
        rule.site_id,
        text + (f"（{where['name_zh']}）" if where is not None else ""),
        rule.item.code if rule.item is not None else "",
        rule.place_id or campus,
        campus,
        rule.occasion.keeper_id,
        ref_of(rule, turn.key),
        by if by > at else None,
    )

"""Who answers, who is told: by the roles that people hold and the teams that serve a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from yingxu.ground.models import Account, Holding, Place
from yingxu.team.models import Team
from yingxu.upkeep.models import Occasion, PreparationRule

#: Who is told of what strikes a place: those who ask there, who answers the telephone, who leads the teams.
TOLD_THERE, TOLD_ANYWAY = ("RQ", "VS"), ("DK", "TL", "LM", "PM", "HO")
#: Who can answer for a preparation.
STAFF = ("WK", "TL", "LM", "PM", "DK", "HO", "HD")


def held_now(site_id: int, roles: Sequence[str], at: datetime) -> QuerySet[Holding]:
    """Return the live holdings of those roles at a site. Budget: one query."""
    live = Holding.objects.filter(site_id=site_id, role__in=roles, account__is_active=True, starts_at__lte=at)
    return live.filter(Q(ends_at=None) | Q(ends_at__gt=at))


def team_of(rule: PreparationRule) -> Team | None:
    """Return the team that makes it ready: the rule's own, else the first that serves the line. Budget: one query."""
    if rule.team_id is not None:
        return rule.team
    if not rule.line_code:
        return None
    teams = Team.objects.filter(site_id=rule.site_id, line_codes__contains=[rule.line_code])
    return teams.order_by("code").first()


def owner_of(rule: PreparationRule, team: Team | None, at: datetime) -> Account | None:
    """Return who answers: the rule's person, else the team's leader; None is an alarm. Budget: one query."""
    if rule.owner is not None and rule.owner.is_active:
        return rule.owner
    if team is None:
        return None
    led = held_now(rule.site_id, ("TL",), at).filter(team_key=team.pk).select_related("account")
    holding = led.order_by("account_id").first()
    return holding.account if holding is not None else None


def officers(site_id: int, at: datetime) -> tuple[int, ...]:
    """Return the keys of the hospital's logistics officers; its director where there is none. Budget: one query."""
    held = held_now(site_id, ("HO", "HD"), at).values_list("account_id", "role")
    rows = sorted(set(held))
    return tuple(sorted({key for key, role in rows if role == "HO"} or {key for key, _role in rows}))


def touched(occasion: Occasion, place: Place | None, at: datetime) -> tuple[tuple[int, str, str, str], ...]:
    """Return whom an announcement reaches: key, name, role, place; each person once. Budget: one query.

    Of a place: who asks in it, below it or in what it lies in; the desk, leaders and managers anyway.
    """
    held = held_now(occasion.site_id, (*TOLD_THERE, *TOLD_ANYWAY), at)
    rows = held.order_by("account_id", "id").values_list(
        "account_id", "account__name", "role", "place__full_name", "place__path"
    )
    found: dict[int, tuple[int, str, str, str]] = {}
    for key, name, role, full_name, path in rows:
        is_there = place is None or path is None or path.startswith(place.path) or place.path.startswith(path)
        if role in TOLD_ANYWAY or is_there:
            found.setdefault(key, (key, name, role, full_name or ""))
    return tuple(found.values())


def staff_named(site_id: int, username: str, at: datetime) -> Account | None:
    """Return who works here by account name; None for a stranger or another hospital's. Budget: one query."""
    held = held_now(site_id, STAFF, at).filter(account__username=username.strip()).select_related("account")
    holding = held.first()
    return holding.account if holding is not None else None

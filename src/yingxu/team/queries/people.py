"""Questions to the team: who could go."""

from __future__ import annotations

from dataclasses import dataclass

from yingxu.ground.models import Holding
from yingxu.team.models import Member, Team


@dataclass(frozen=True)
class MemberRow:
    """A worker, with the team and party he or she stands for."""

    account_id: int
    name: str
    name_en: str
    phone: str
    team_id: int
    team_name: str
    team_name_en: str
    party_id: int
    line_codes: tuple[str, ...]
    skills: dict[str, int]
    is_present: bool


def members(site_id: int, *, line_code: str | None = None, account_id: int | None = None) -> tuple[MemberRow, ...]:
    """Return the site's workers, those of a line or one of them, present ones first. Budget: one query."""
    rows = Member.objects.filter(site_id=site_id, account__is_active=True)
    if line_code is not None:
        rows = rows.filter(team__line_codes__contains=[line_code])
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    found = rows.order_by("-is_present", "team__code", "account__name").values_list(
        "account_id",
        "account__name",
        "account__name_en",
        "account__phone",
        "team_id",
        "team__name",
        "team__name_en",
        "team__party_id",
        "team__line_codes",
        "skills",
        "is_present",
    )
    return tuple(MemberRow(*row[:8], line_codes=tuple(row[8]), skills=row[9], is_present=row[10]) for row in found)


@dataclass(frozen=True)
class TeamRow:
    """A team."""

    id: int
    code: str
    name: str
    name_en: str
    party_id: int
    line_codes: tuple[str, ...]


def teams(site_id: int) -> tuple[TeamRow, ...]:
    """Return the site's teams. Budget: one query."""
    rows = Team.objects.filter(site_id=site_id).order_by("code")
    return tuple(
        TeamRow(*row[:5], line_codes=tuple(row[5]))
        for row in rows.values_list("id", "code", "name", "name_en", "party_id", "line_codes")
    )


def site_of_person(username: str) -> tuple[int, int] | None:
    """Return (account, site) of somebody who works somewhere; None for nobody. Budget: two queries at most."""
    row = Member.objects.filter(account__username=username).values_list("account_id", "site_id").first()
    if row is None:
        held = Holding.objects.filter(account__username=username, site__isnull=False, ends_at=None)
        row = held.order_by("id").values_list("account_id", "site_id").first()
    return (row[0], row[1]) if row is not None and row[1] is not None else None

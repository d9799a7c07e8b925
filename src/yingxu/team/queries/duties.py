"""When people are on duty: what lies ahead, and who of the team could take a duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from yingxu.team.models import Duty, Member


@dataclass(frozen=True)
class DutyRow:
    """A duty that runs or comes."""

    uid: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...]
    person_uid: UUID
    person_name: str
    person_name_en: str


def duties_ahead(account_id: int, *, at: datetime, limit: int = 31) -> tuple[DutyRow, ...]:
    """Return the duties of somebody that are not over, in order. Budget: one."""
    return _rows(Duty.objects.filter(account_id=account_id, ended_at=None, ends_at__gt=at), limit)


def duties_of_mates(account_id: int, team_id: int, *, at: datetime, days: int = 14) -> tuple[DutyRow, ...]:
    """Return the duties of the others of a team that have not begun: for exchanging. Budget: one."""
    mates = Member.objects.filter(team_id=team_id, account__is_active=True).exclude(account_id=account_id)
    rows = Duty.objects.filter(
        account_id__in=mates.values("account_id"),
        ended_at=None,
        starts_at__gt=at,
        starts_at__lt=at + timedelta(days=days),
    )
    return _rows(rows, 200)


def mates_of(account_id: int, team_id: int) -> tuple[tuple[UUID, str, str], ...]:
    """Return the others of a team: id, name, English name. Budget: one."""
    rows = Member.objects.filter(team_id=team_id, account__is_active=True).exclude(account_id=account_id)
    return tuple(rows.order_by("account__name").values_list("account__uid", "account__name", "account__name_en"))


def member_uid(account_id: int, site_id: int) -> UUID | None:
    """Return the public id of somebody who works in a team of the site; None: of no team. Budget: one."""
    rows = Member.objects.filter(account_id=account_id, site_id=site_id)
    return rows.values_list("account__uid", flat=True).first()


def _rows(rows: QuerySet[Duty], limit: int) -> tuple[DutyRow, ...]:
    found = rows.order_by("starts_at", "id").values_list(
        "uid", "kind", "starts_at", "ends_at", "breaks", "account__uid", "account__name", "account__name_en"
    )
    return tuple(
        DutyRow(
            uid,
            kind,
            starts_at,
            ends_at,
            tuple((datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in breaks),
            person,
            name,
            name_en,
        )
        for uid, kind, starts_at, ends_at, breaks, person, name, name_en in found[:limit]
    )

"""Who can be sent: people with skills, papers, clearances and duty; what expires soon; restricted zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.team.fitness import Fitness, certificate_state, paper_state
from yingxu.team.models import Certificate, Member, RestrictedZone, Team

READ = "certificate.look"


@dataclass(frozen=True)
class PersonRow:
    """Somebody at work, with what decides whether he or she may be sent."""

    key: int
    uid: UUID
    name: str
    name_en: str
    team_id: int
    team_name: str
    team_name_en: str
    party_id: int
    is_present: bool
    skills: Mapping[str, int]
    fitness: Fitness
    #: (kind, state) of the best certificate of each kind, the worst state first.
    papers: tuple[tuple[str, str], ...]

    @property
    def where(self) -> tuple[int, int]:
        """Team and party, for showing buttons."""
        return self.team_id, self.party_id


_COLUMNS = (
    "account_id",
    "team_id",
    "skills",
    "is_present",
    "papers",
    "clearances",
    "duty_from",
    "duty_to",
    "breaks",
    "duty_kind",
    "later",
)
_NAMES = {
    "person": "account__uid",
    "name": "account__name",
    "name_en": "account__name_en",
    "team_name": "team__name",
    "team_name_en": "team__name_en",
    "party_id": "team__party_id",
    "gates_from": "team__gates_from",
    "timezone": "site__timezone",
}
_WORST = ("expired", "review_overdue", "unverified", "due_soon", "valid")


def _members(actor: Actor, site_id: int) -> QuerySet[Member, dict[str, Any]]:
    rows = Member.objects.filter(site_id=site_id, account__is_active=True)
    parties = authority_parties(actor, site_id)
    if parties is not None:
        rows = rows.filter(team__party_id__in=parties)
    found: QuerySet[Member, dict[str, Any]] = rows.values(*_COLUMNS, **{name: F(path) for name, path in _NAMES.items()})
    return found


def authority_parties(actor: Actor, site_id: int) -> list[int] | None:
    """Return the parties whose people an actor may look at; None: all. Refuses: NotAllowed. Budget: none."""
    parties: list[int] = []
    for held in actor.holdings:
        cell = authority.grants().get(READ, {}).get(held.role, ())
        if cell and held.site_id in (None, site_id):
            if held.party_id is None or any(grant.scope == "all" for grant in cell):
                return None
            parties.append(held.party_id)
    if not parties:
        authority.require(actor, READ, where=Where(None))
    return parties


def _person(row: Mapping[str, Any], on: date) -> PersonRow:
    papers = [(kind, paper_state(paper, on)) for kind, paper in row["papers"].items()]
    papers.sort(key=lambda one: (_WORST.index(one[1]), one[0]))
    return PersonRow(
        key=row["account_id"],
        uid=row["person"],
        name=row["name"],
        name_en=row["name_en"],
        team_id=row["team_id"],
        team_name=row["team_name"],
        team_name_en=row["team_name_en"],
        party_id=row["party_id"],
        is_present=row["is_present"],
        skills=row["skills"],
        fitness=Fitness.of(row),
        papers=tuple(papers),
    )


@dataclass(frozen=True)
class PeoplePage:
    """A page of people; ``next``: where the next one begins, 0 at the end."""

    rows: tuple[PersonRow, ...]
    next: int


def people(
    actor: Actor,
    site_id: int,
    *,
    at: datetime,
    text: str = "",
    team_id: UUID | None = None,
    after: int = 0,
    limit: int = 40,
) -> PeoplePage:
    """Return people of the actor's side with what decides who may be sent. Refuses: NotAllowed. Budget: one."""
    rows = _members(actor, site_id).filter(account_id__gt=after)
    if text.strip():
        rows = rows.filter(account__name__icontains=text.strip())
    if team_id is not None:
        rows = rows.filter(team__uid=team_id)
    found = [_person(row, _day(row, at)) for row in rows.order_by("account_id")[: limit + 1]]
    return PeoplePage(tuple(found[:limit]), found[limit - 1].key if len(found) > limit else 0)


def _day(row: Mapping[str, Any], at: datetime) -> date:
    return at.astimezone(ZoneInfo(row["timezone"] or "Asia/Shanghai")).date()


@dataclass(frozen=True)
class CertificateRow:
    """A certificate on record."""

    uid: UUID
    kind_code: str
    number: str
    scope: str
    issued_on: date | None
    valid_to: date | None
    review_due: date | None
    verified_by: str
    verified_at: datetime | None
    state: str
    person_uid: UUID
    person_name: str
    person_key: int


def _certificates(rows: QuerySet[Certificate], at: datetime) -> tuple[CertificateRow, ...]:
    found = rows.values_list(
        "uid",
        "kind_code",
        "number",
        "scope",
        "issued_on",
        "valid_to",
        "review_due",
        "verified_by__name",
        "verified_at",
        "site__timezone",
        "account__uid",
        "account__name",
        "account_id",
    )
    made = []
    for row in found:
        on = at.astimezone(ZoneInfo(row[9])).date()
        state = certificate_state(row[8] is not None, row[5], row[6], on)
        made.append(CertificateRow(*row[:7], row[7] or "", row[8], state, *row[10:]))
    return tuple(made)


def person(
    actor: Actor, site_id: int, person_id: UUID, *, at: datetime
) -> tuple[PersonRow, tuple[CertificateRow, ...]]:
    """Return somebody with all certificates on record. Refuses: NotFound, NotAllowed (others' people). Budget: two.

    Everybody sees the own record.
    """
    rows = Member.objects.filter(site_id=site_id, account__uid=person_id)
    row = rows.values(*_COLUMNS, **{name: F(path) for name, path in _NAMES.items()}).first()
    if row is None or row["account_id"] != actor.account_id:
        parties = authority_parties(actor, site_id)
        if row is None or (parties is not None and row["party_id"] not in parties):
            raise NotFound(kind="member", name=str(person_id))
    held = Certificate.objects.filter(account_id=row["account_id"], withdrawn_at=None).order_by("kind_code", "id")
    return _person(row, _day(row, at)), _certificates(held, at)


def expiring(
    actor: Actor, site_id: int, *, at: datetime, days: int = 90, limit: int = 100
) -> tuple[CertificateRow, ...]:
    """Return certificates that end, or are to be reviewed, within so many days, and those past or not verified (S12).

    Refuses: NotAllowed. Budget: one.
    """
    rows = Certificate.objects.filter(site_id=site_id, withdrawn_at=None, account__is_active=True)
    parties = authority_parties(actor, site_id)
    if parties is not None:
        team_people = Member.objects.filter(site_id=site_id, team__party_id__in=parties)
        rows = rows.filter(account_id__in=team_people.values("account_id"))
    until = (at + timedelta(days=days)).date()
    rows = rows.filter(Q(valid_to__lte=until) | Q(review_due__lte=until) | Q(verified_at=None))
    return _certificates(rows.order_by(Least("valid_to", "review_due").asc(nulls_last=True), "id")[:limit], at)


@dataclass(frozen=True)
class GateRow:
    """A team, and since when papers and duty decide who of it may be sent."""

    uid: UUID
    name: str
    name_en: str
    gates_from: datetime | None


def gates(site_id: int) -> tuple[GateRow, ...]:
    """Return the site's teams with their gates. Budget: one."""
    rows = Team.objects.filter(site_id=site_id).order_by("code")
    return tuple(GateRow(*row) for row in rows.values_list("uid", "name", "name_en", "gates_from"))


@dataclass(frozen=True)
class ZoneRow:
    """A place that only cleared people are sent to."""

    uid: UUID
    place_code: str
    place_name: str
    place_name_en: str
    clearance: str


def zones(site_id: int) -> tuple[ZoneRow, ...]:
    """Return the restricted zones in force. Budget: one."""
    rows = RestrictedZone.objects.filter(site_id=site_id, lifted_at=None).order_by("place__code", "clearance")
    return tuple(
        ZoneRow(*row)
        for row in rows.values_list("uid", "place__code", "place__full_name", "place__full_name_en", "clearance")
    )

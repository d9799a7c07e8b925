"""Questions about rating stands: figures with n and interval, and what was held apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yingxu.core.quality.share import Share, attainment
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.team.models import Duty, Member, Team
from yingxu.voice.models.stands import RatingStand, Tap


@dataclass(frozen=True)
class StandRow:
    """A stand as its page needs it."""

    uid: UUID
    id: int
    site_id: int
    name: str
    place_name: str
    place_name_en: str
    place_code: str
    line_code: str
    token: str
    most_per_hour: int
    is_on: bool


@dataclass(frozen=True)
class TeamScore:
    """How a stand was answered while a team was on duty there; a tap counts for each that was."""

    name: str
    name_en: str
    good: Share


@dataclass(frozen=True)
class StandScore:
    """How a stand was answered in a span; taps held apart count in ``n_apart`` alone."""

    stand: StandRow
    n_good: int
    n_fair: int
    n_bad: int
    n_apart: int
    good: Share
    #: (reason, how often), the most frequent first
    reasons: tuple[tuple[str, int], ...] = ()
    #: By the team on duty at the moment of each tap, the most taps first.
    teams: tuple[TeamScore, ...] = ()


def stand_by_token(token: str) -> StandRow:
    """Return the stand of a page. Refuses: NotFound. Budget: one query."""
    row = RatingStand.objects.filter(token=token, is_on=True).select_related("place").first()
    if row is None:
        raise NotFound(kind="stand", name="")
    return _row(row)


@dataclass(frozen=True)
class DutyRow:
    """Somebody who is on duty: the name, and the number on the badge."""

    name: str
    name_en: str
    badge: str
    team_name: str
    team_name_en: str


def on_duty(stand: StandRow, *, at: datetime, limit: int = 8) -> tuple[DutyRow, ...]:
    """Return who is on duty for the stand's line now, as the stand shows it to everybody; nobody without a line.

    On duty is who is present, or whose duty covers the moment. Budget: one query.
    """
    if not stand.line_code:
        return ()
    duties = Duty.objects.filter(account=OuterRef("account"), ended_at=None, starts_at__lte=at, ends_at__gt=at)
    is_on = Q(is_present=True) | Exists(duties.exclude(kind="on_call"))
    rows = Member.objects.filter(
        is_on, site_id=stand.site_id, account__is_active=True, team__line_codes__contains=[stand.line_code]
    ).order_by("team__code", "account__name")
    found = rows.values_list("account__name", "account__name_en", "account__badge", "team__name", "team__name_en")
    return tuple(DutyRow(*row) for row in found[:limit])


def stand_scores(actor: Actor, site_id: int, *, since: datetime, until: datetime) -> tuple[StandScore, ...]:
    """Return each stand's figures over taps in [since, until). Refuses: NotAllowed. Budget: four queries."""
    authority.require(actor, "stand.read", where=Where(site_id=site_id))
    within = Q(taps__tapped_at__gte=since, taps__tapped_at__lt=until)

    def counted(face: int) -> Count:
        return Count("taps", filter=within & Q(taps__quarantine="", taps__face=face))

    rows = (
        RatingStand.objects.filter(site_id=site_id)
        .select_related("place")
        .annotate(
            n_good=counted(3),
            n_fair=counted(2),
            n_bad=counted(1),
            n_apart=Count("taps", filter=within & ~Q(taps__quarantine="")),
        )
        .order_by("made_at", "id")
    )
    said: dict[int, list[tuple[str, int]]] = {}
    taps = Tap.objects.filter(site_id=site_id, tapped_at__gte=since, tapped_at__lt=until, quarantine="")
    for stand, reason, n in (
        taps.exclude(reason="").values_list("stand", "reason").annotate(n=Count("id")).order_by("-n", "reason")
    ):
        said.setdefault(stand, []).append((reason, n))
    by_team = _by_team(taps)
    return tuple(
        StandScore(
            _row(row),
            row.n_good,
            row.n_fair,
            row.n_bad,
            row.n_apart,
            attainment(row.n_good, row.n_good + row.n_fair + row.n_bad),
            tuple(said.get(row.pk, ())[:4]),
            by_team.get(row.pk, ()),
        )
        for row in rows
    )


def _by_team(taps: QuerySet[Tap]) -> dict[int, tuple[TeamScore, ...]]:
    """Return each stand's taps by the teams that were on duty at the moment of each, whoever is on duty today."""
    counted: dict[tuple[int, int], list[int]] = {}
    groups = taps.exclude(duty=[]).order_by().values_list("stand", "face", "duty").annotate(n=Count("id"))
    for stand, face, duty, n in groups:
        for team in {one[0] for one in duty}:
            good_all = counted.setdefault((stand, team), [0, 0])
            good_all[0] += n if face == 3 else 0
            good_all[1] += n
    if not counted:
        return {}
    teams = {
        row[0]: row[1:]
        for row in Team.objects.filter(pk__in={t for _, t in counted}).values_list("id", "name", "name_en")
    }
    found: dict[int, list[TeamScore]] = {}
    for (stand, team), (good, n) in counted.items():
        found.setdefault(stand, []).append(TeamScore(*teams[team], attainment(good, n)))
    return {stand: tuple(sorted(rows, key=lambda one: (-one.good.n, one.name))) for stand, rows in found.items()}


def _row(row: RatingStand) -> StandRow:
    return StandRow(
        row.uid,
        row.pk,
        row.site_id,
        row.name,
        row.place.full_name if row.place else "",
        row.place.full_name_en if row.place else "",
        row.place.code if row.place else "",
        row.line_code,
        row.token,
        row.most_per_hour,
        row.is_on,
    )

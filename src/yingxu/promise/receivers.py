"""Who is told: the people behind a rung's roles, at the narrowest scope that has somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yingxu.ground.models import Holding
from yingxu.promise.models import Promise
from yingxu.team.models import Team

#: Where nobody holds a role, its warning goes on to the next: it is never lost.
ABOVE: Mapping[str, str] = {"WK": "TL", "DK": "HO", "TL": "LM", "LM": "PM", "PM": "HO", "HO": "HD"}


@dataclass(frozen=True)
class Answering:
    """With whom a job is: who answers for it (None: the desk, nobody has accepted), its team and company."""

    worker_id: int | None = None
    team_id: int | None = None
    party_id: int | None = None


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a role, and how far."""

    account_id: int
    role: str
    site_id: int | None
    party_id: int | None
    line_code: str
    place_path: str
    team_id: int | None


@dataclass(frozen=True)
class Scope:
    """Where a promise stands."""

    site_id: int
    worker_id: int | None
    team_ids: frozenset[int]
    party_ids: frozenset[int]
    line_code: str
    place_path: str


class Directory:
    """Who holds which role at some sites, and which teams serve which lines. Budget: two queries."""

    def __init__(self, site_ids: Iterable[int], at: datetime) -> None:
        sites = sorted(set(site_ids))
        held = Holding.objects.filter(
            Q(site_id__in=sites) | Q(site=None),
            Q(ends_at=None) | Q(ends_at__gt=at),
            starts_at__lte=at,
            role__in=[*ABOVE, "HD"],
            account__is_active=True,
        ).order_by("account_id", "id")
        columns = ("account_id", "role", "site_id", "party_id", "line_code", "place__path", "team_key")
        self.holders = [
            Holder(key, role, site, party, line, path or "", team)
            for key, role, site, party, line, path, team in held.values_list(*columns)
        ]
        self._teams = list(
            Team.objects.filter(site_id__in=sites).values_list("id", "site_id", "party_id", "line_codes").order_by("id")
        )

    def scope_of(self, row: Promise, answering: Answering | None) -> Scope:
        """Return where a promise stands; until somebody goes, with all teams of its line."""
        request = row.request
        parties = frozenset(request.party_keys or ())
        line = row.line_code or request.line_code
        if answering is not None and answering.team_id is not None:
            teams = frozenset({answering.team_id})
        else:
            teams = frozenset(
                key
                for key, site, party, lines in self._teams
                if site == row.site_id and line in lines and (not parties or party in parties)
            )
        if answering is not None and answering.party_id is not None:
            parties = frozenset({answering.party_id})
        elif not parties:
            parties = frozenset(party for key, _, party, _ in self._teams if key in teams)
        worker = answering.worker_id if answering is not None else None
        return Scope(row.site_id, worker, teams, parties, line, request.place_path)

    def people(self, roles: Sequence[str], scope: Scope) -> tuple[dict[int, str], tuple[str, ...]]:
        """Return accounts with the role as which each is told, and the roles that were reached."""
        told: dict[int, str] = {}
        reached: list[str] = []
        for wanted in roles:
            role = wanted
            while True:
                found = self._of_role(role, scope)
                if found or role not in ABOVE:
                    break
                role = ABOVE[role]
            if found and role not in reached:
                reached.append(role)
            for account_id in found:
                told.setdefault(account_id, role)
        return told, tuple(reached)

    def _of_role(self, role: str, scope: Scope) -> list[int]:
        if role == "WK":
            return [scope.worker_id] if scope.worker_id is not None else self._of_role("DK", scope)
        best: list[int] = []
        narrowest: tuple[int, ...] = (-1,)
        for one in self.holders:
            narrowness = _narrowness(one, scope) if one.role == role else None
            if narrowness is None or narrowness < narrowest:
                continue
            if narrowness > narrowest:
                best, narrowest = [], narrowness
            if one.account_id not in best:
                best.append(one.account_id)
        return best


def _narrowness(one: Holder, scope: Scope) -> tuple[int, ...] | None:
    """Return how narrowly a holding covers the scope, larger is narrower; None: it does not cover it."""
    if one.site_id is not None and one.site_id != scope.site_id:
        return None
    if one.team_id is not None and one.team_id not in scope.team_ids:
        return None
    if one.party_id is not None and scope.party_ids and one.party_id not in scope.party_ids:
        return None
    if one.line_code and scope.line_code and one.line_code != scope.line_code:
        return None
    if one.place_path and not scope.place_path.startswith(one.place_path):
        return None
    if one.role == "DK":  # the desk answers as one: whoever sits there
        return (0,)
    return (
        int(one.team_id is not None),
        int(bool(one.line_code)),
        len(one.place_path),
        int(one.party_id is not None),
    )

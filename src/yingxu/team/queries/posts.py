"""Which posts there are, who holds them, and which items a person's posts cover."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Holding
from yingxu.team.models import Member, Post, Posting
from yingxu.team.queries.people import TeamRow, teams


@dataclass(frozen=True)
class Cover:
    """What one post covers: items of its lines, narrowed by skills where there are any, and single items."""

    line_codes: tuple[str, ...]
    skills: tuple[str, ...] = ()
    item_codes: tuple[str, ...] = ()

    def has(self, *, item_code: str, line_code: str, skill: str) -> bool:
        """Tell whether an item belongs to the post."""
        if item_code in self.item_codes:
            return True
        return line_code in self.line_codes and (not self.skills or skill in self.skills)


@dataclass(frozen=True)
class Standing:
    """Where a person stands: team, posts held, since when, and what these cover."""

    account_id: int
    name: str
    name_en: str
    team_id: int | None
    team: str
    team_en: str
    party_phone: str
    posts: tuple[tuple[str, str], ...]
    covers: tuple[Cover, ...]
    since_at: datetime | None

    def holds(self, *, item_code: str, line_code: str, skill: str) -> bool:
        """Tell whether an item belongs to the person's posts."""
        return any(one.has(item_code=item_code, line_code=line_code, skill=skill) for one in self.covers)


def standings(
    site_id: int, *, account_ids: Iterable[int] | None = None, team_ids: Iterable[int] | None = None
) -> tuple[Standing, ...]:
    """Return the members' standings, by team and name: posts held, else the team's own lines. Budget: two queries."""
    members = Member.objects.filter(site_id=site_id, account__is_active=True)
    held = Posting.objects.filter(site_id=site_id, to_at=None)
    if account_ids is not None:
        keys = list(account_ids)
        members, held = members.filter(account_id__in=keys), held.filter(account_id__in=keys)
    if team_ids is not None:
        members = members.filter(team_id__in=list(team_ids))
    posts: dict[int, list[tuple[tuple[str, str], Cover, datetime]]] = {}
    for account_id, name, name_en, lines, skills, items, from_at in held.order_by("post__code").values_list(
        "account_id",
        "post__name",
        "post__name_en",
        "post__line_codes",
        "post__skills",
        "post__item_codes",
        "from_at",
    ):
        cover = Cover(tuple(lines), tuple(skills), tuple(items))
        posts.setdefault(account_id, []).append(((name, name_en), cover, from_at))
    found = members.order_by("team__code", "account__name", "account_id").values_list(
        "account_id",
        "account__name",
        "account__name_en",
        "team_id",
        "team__name",
        "team__name_en",
        "team__party__phone",
        "team__line_codes",
        "joined_at",
        "account__opened_at",
    )
    return tuple(
        Standing(
            *row[:7],
            posts=tuple(name for name, _, _ in posts.get(row[0], ())),
            covers=tuple(cover for _, cover, _ in posts.get(row[0], ())) or (Cover(tuple(row[7])),),
            since_at=max([at for _, _, at in posts.get(row[0], ())], default=row[8] or row[9]),
        )
        for row in found
    )


def standing_of_staff(account_id: int, site_id: int) -> tuple[Cover, ...]:
    """Return what somebody without a team is there for: the line that he or she manages. Budget: one query."""
    held = Holding.objects.filter(account_id=account_id, site_id=site_id, role="LM", ends_at=None)
    lines = tuple(sorted({code for code in held.values_list("line_code", flat=True) if code}))
    return (Cover(lines),) if lines else ()


@dataclass(frozen=True)
class Holder:
    """Who holds a post, since when."""

    posting: UUID
    account_id: int
    name: str
    name_en: str
    since_at: datetime


@dataclass(frozen=True)
class PostRow:
    """A post with its holders."""

    uid: UUID
    code: str
    name: str
    name_en: str
    team_id: int
    line_codes: tuple[str, ...]
    skills: tuple[str, ...]
    item_codes: tuple[str, ...]
    holders: tuple[Holder, ...]


def posts(site_id: int, *, team_ids: Iterable[int]) -> tuple[PostRow, ...]:
    """Return the posts of teams with who holds them. Budget: two queries."""
    keys = list(team_ids)
    holders: dict[int, list[Holder]] = {}
    for row in (
        Posting.objects.filter(site_id=site_id, to_at=None, post__team_id__in=keys)
        .order_by("account__name")
        .values_list("post_id", "uid", "account_id", "account__name", "account__name_en", "from_at")
    ):
        holders.setdefault(row[0], []).append(Holder(*row[1:]))
    found = Post.objects.filter(site_id=site_id, team_id__in=keys).order_by("team__code", "code")
    return tuple(
        PostRow(*post[1:6], tuple(post[6]), tuple(post[7]), tuple(post[8]), tuple(holders.get(post[0], ())))
        for post in found.values_list(
            "id", "uid", "code", "name", "name_en", "team_id", "line_codes", "skills", "item_codes"
        )
    )


def where_of_team(site_id: int, team: TeamRow, line_code: str = "") -> Where:
    """Return where a team stands, for the authority."""
    return Where(site_id, team_ids=(team.id,), party_ids=(team.party_id,), line_code=line_code)


def teams_for(actor: Actor, action: str, site_id: int) -> tuple[TeamRow, ...]:
    """Return the teams for which the actor may do an act, by one of their lines at least. Budget: one query."""
    return tuple(
        team
        for team in teams(site_id)
        if any(authority.may(actor, action, where=where_of_team(site_id, team, code)) for code in team.line_codes or "")
    )

"""Verbs of posts: made and changed by whoever leads the team, given to its people, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code
from yingxu.standards.models import Item, Line
from yingxu.team.events import PostChanged, PostGiven, PostMade, PostTaken
from yingxu.team.models import Member, Post, Posting, Team
from yingxu.team.refusals import EmptyPost, NotOfTeam, PostCodeTaken, PostHeldAlready

_LONGEST_CODE, _LONGEST_NAME = 32, 64


@dataclass(frozen=True)
class PostSaid:
    """The uid of a post and its name."""

    uid: UUID
    name: str


def make_post(
    *,
    site_id: int,
    team_id: int,
    code: str,
    name: str,
    line_codes: Sequence[str],
    actor: Actor,
    at: datetime,
    name_en: str = "",
    skills: Sequence[str] = (),
    item_codes: Sequence[str] = (),
    command: CommandKey | None = None,
) -> PostSaid:
    """A team has a post that covers items of lines (narrowed by skills) and single items.

    Records PostMade. Refuses: NotAllowed, NotFound (team, line, item, skill), Malformed (code, name), EmptyPost,
    PostCodeTaken. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        team = Team.objects.filter(pk=team_id, site_id=site_id).first()
        _require(actor, site_id, team)
        if team is None:
            raise NotFound(kind="team", name=str(team_id))
        code, name = _named(code, name)
        _refuse_unknown(site_id, line_codes, skills, item_codes)
        if Post.objects.filter(site_id=site_id, code=code).exists():
            raise PostCodeTaken(name=code)
        post = unit.insert(
            Post(
                site_id=site_id,
                team=team,
                code=code,
                name=name,
                name_en=name_en.strip()[:_LONGEST_NAME],
                line_codes=list(line_codes),
                skills=list(skills),
                item_codes=list(item_codes),
            )
        )
        unit.record(PostMade(site_id=site_id, subject_id=team.pk, thread_id=team.pk, code=code, name=name))
        unit.answer(PostSaid(post.uid, name))
    return unit.answered(PostSaid)


def change_post(
    *,
    post: UUID,
    name: str,
    line_codes: Sequence[str],
    actor: Actor,
    at: datetime,
    name_en: str = "",
    skills: Sequence[str] = (),
    item_codes: Sequence[str] = (),
    command: CommandKey | None = None,
) -> PostSaid:
    """A post covers something else; the books of its holders change with it.

    Records PostChanged. Refuses: NotAllowed, NotFound (post, line, item, skill), Malformed (name), EmptyPost.
    Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Post.objects.select_related("team").filter(uid=post).first()
        _require(actor, row.site_id if row else None, row.team if row else None)
        if row is None:
            raise NotFound(kind="post", name=str(post))
        _, name = _named(row.code, name)
        _refuse_unknown(row.site_id, line_codes, skills, item_codes)
        unit.change(
            row,
            name=name,
            name_en=name_en.strip()[:_LONGEST_NAME],
            line_codes=list(line_codes),
            skills=list(skills),
            item_codes=list(item_codes),
        )
        unit.record(
            PostChanged(site_id=row.site_id, subject_id=row.team_id, thread_id=row.team_id, code=row.code, name=name)
        )
        unit.answer(PostSaid(row.uid, name))
    return unit.answered(PostSaid)


def give_post(
    *, post: UUID, account_id: int, actor: Actor, at: datetime, command: CommandKey | None = None
) -> PostSaid:
    """A person of the team holds the post: the own handbook is that of the posts held.

    Records PostGiven. Refuses: NotAllowed, NotFound (post, person), NotOfTeam, PostHeldAlready. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Post.objects.select_related("team").filter(uid=post).first()
        _require(actor, row.site_id if row else None, row.team if row else None)
        if row is None:
            raise NotFound(kind="post", name=str(post))
        member = Member.objects.select_related("account").filter(account_id=account_id, site_id=row.site_id).first()
        if member is None or not member.account.is_active:
            raise NotFound(kind="person", name=str(account_id))
        if member.team_id != row.team_id:
            raise NotOfTeam(person=member.account.name, team=row.team.name)
        if Posting.objects.filter(post=row, account_id=account_id, to_at=None).exists():
            raise PostHeldAlready(person=member.account.name, post=row.name)
        unit.insert(Posting(site_id=row.site_id, post=row, account_id=account_id, from_at=at))
        unit.record(
            PostGiven(site_id=row.site_id, subject_id=account_id, thread_id=account_id, code=row.code, name=row.name)
        )
        unit.answer(PostSaid(row.uid, row.name))
    return unit.answered(PostSaid)


def take_post(*, posting: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> PostSaid:
    """A person no longer holds the post; without any post it is the team's own lines again.

    Records PostTaken. Refuses: NotAllowed, NotFound (posting). Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Posting.objects.select_related("post__team").filter(uid=posting, to_at=None).first()
        _require(actor, row.site_id if row else None, row.post.team if row else None)
        if row is None:
            raise NotFound(kind="posting", name=str(posting))
        unit.change(row, seen=["to_at"], to_at=at)
        unit.record(
            PostTaken(
                site_id=row.site_id,
                subject_id=row.account_id,
                thread_id=row.account_id,
                code=row.post.code,
                name=row.post.name,
            )
        )
        unit.answer(PostSaid(row.post.uid, row.post.name))
    return unit.answered(PostSaid)


def _require(actor: Actor, site_id: int | None, team: Team | None) -> None:
    """Ask the authority for the team's posts; also for none, so that nobody learns which there are."""
    where = where_of_site(actor, site_id, party_ids=(team.party_id,) if team else ())
    line = team.line_codes[0] if team and team.line_codes else ""
    held = {one.line_code for one in actor.holdings if one.line_code}
    if team is not None:
        # whoever leads one of the team's lines leads its posts
        line = next((code for code in team.line_codes if code in held), line)
    where = Where(
        where.site_id,
        party_ids=where.party_ids,
        line_code=line,
        team_ids=(team.pk,) if team else (),
        is_being_set_up=where.is_being_set_up,
    )
    authority.require(actor, "post.manage", where=where)


def _named(code: str, name: str) -> tuple[str, str]:
    code, name = code.strip(), name.strip()
    for field, value, longest in (("post_code", code, _LONGEST_CODE), ("name", name, _LONGEST_NAME)):
        if not value:
            raise Malformed(field=field, problem="missing")
        if len(value) > longest:
            raise Malformed(field=field, problem="too_long", limit=str(longest))
    return code, name


def _refuse_unknown(site_id: int, line_codes: Sequence[str], skills: Sequence[str], item_codes: Sequence[str]) -> None:
    if not line_codes and not item_codes:
        raise EmptyPost
    lines = set(Line.objects.filter(site_id=site_id, code__in=line_codes).values_list("code", flat=True))
    items = set(Item.objects.filter(site_id=site_id, code__in=item_codes).values_list("code", flat=True))
    for kind, wanted, known in (
        ("line", line_codes, lines),
        ("item", item_codes, items),
        ("skill", skills, set(by_code("skills"))),
    ):
        for code in wanted:
            if code not in known:
                raise NotFound(kind=kind, name=code)

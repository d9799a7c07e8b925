"""The demo's handbooks: four teams have read theirs from the start, posts came to the others last week, and three
standards changed since yesterday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor, engine
from yingxu.standards import actions as standards
from yingxu.standards import library
from yingxu.standards.texts import first_terms
from yingxu.team import actions as team
from yingxu.team import queries
from yingxu.team.handbook import quiz

#: Every so many people one has not got round to the first reading; every so many one signs a change at once.
_SLOW, _QUICK = 13, 3
#: Teams whose people had their handbook when the house opened.
_FIRST = ("lift", "plumbing", "power", "escort")


@dataclass(frozen=True)
class _News:
    """What changed in an item: by whom it was written, how long ago it came in force, which steps say what now."""

    item: str
    writer: str
    ago: timedelta
    why: str
    steps: dict[str, dict[str, Any]]
    more: tuple[dict[str, Any], ...] = ()


_CHANGES = (
    _News(
        "elv.trapped",
        "chenqj",
        timedelta(hours=20),
        "上月困人演练：安抚晚了四分钟",
        {},
        (
            {
                "code": "talk",
                "type": "tick",
                "zh": "到场先用对讲或隔门安抚，每 3 分钟一次。",
                "en": "On arrival calm the people by intercom or through the door, every 3 min.",
                "critical": True,
                "mandatory": True,
                "evidence": "tick",
            },
        ),
    ),
    _News(
        "plb.faucet",
        "chenqj",
        timedelta(hours=8),
        "同一龙头两周内返修三次",
        {
            "test": {
                "zh": "开阀试水3分钟，接头和关闭后均不滴漏，冷热各试一次。",
                "en": "Open and test for 3 min, cold and hot: joints and closed tap stay dry.",
            }
        },
    ),
    _News(
        "esc.exam",
        "caohf",
        timedelta(hours=2),
        "一次接错病人的险情",
        {},
        (
            {
                "code": "name_twice",
                "type": "tick",
                "zh": "请患者自己说姓名，与腕带、检查单三处一致才出发。",
                "en": "Let the patient say the name; leave only when it fits wristband and form.",
                "critical": True,
                "mandatory": True,
                "evidence": "tick",
            },
        ),
    ),
)


def furnish_handbooks(site_id: int, at: datetime) -> None:
    """Make the posts of one team and let people sign their first reading, as it was when the house opened."""
    setup = engine("setup")
    teams = {row.code: row for row in queries.teams(site_id)}
    people = queries.standings(site_id)
    power = teams["power"]
    post = team.make_post(
        site_id=site_id,
        team_id=power.id,
        code="ele-hv",
        name="高压值班电工",
        name_en="High-voltage electrician on duty",
        line_codes=("ELE",),
        item_codes=("fir.alarm",),
        actor=setup,
        at=at,
    )
    for one in [one for one in people if one.team_id == power.id][:3]:
        team.give_post(post=post.uid, account_id=one.account_id, actor=setup, at=at)
    read_at = at + timedelta(days=3, hours=2)
    first = {teams[code].id for code in _FIRST}
    for n, one in enumerate(one for one in people if one.team_id in first):
        if n % _SLOW != 7:
            _sign(site_id, _person(one.account_id), read_at + timedelta(minutes=7 * n))


def change_standards(site_id: int, accounts: dict[str, int], now: datetime) -> None:
    """Put three changed standards in force since yesterday; some people have read and signed them already."""
    _give_posts(site_id, now - timedelta(days=6))
    officer, director = _person(accounts["hanp"]), _person(accounts["yuanq"])
    people = queries.standings(site_id)
    for news in _CHANGES:
        writer, at = _person(accounts[news.writer]), now - news.ago
        draft = standards.draft_edition(site_id=site_id, item_code=news.item, why=news.why, actor=writer, at=at)
        text = _text(news)
        draft = standards.edit_draft(
            edition_id=draft.id, revision=draft.revision, text=text, why=news.why, actor=writer, at=at
        )
        standards.submit_edition(edition_id=draft.id, revision=draft.revision, actor=writer, at=at)
        standards.approve_edition(edition_id=draft.id, revision=draft.revision, actor=director, at=at)
        standards.publish_edition(edition_id=draft.id, actor=officer, at=at)
        line = library.by_code("items")[news.item]["line"]
        skill = library.by_code("items")[news.item]["skill"]
        holders = [one for one in people if one.holds(item_code=news.item, line_code=line, skill=skill)]
        for one in holders[::_QUICK]:
            _sign(site_id, _person(one.account_id), at + timedelta(minutes=40), parts=(news.item,))


def _give_posts(site_id: int, at: datetime) -> None:
    """Give the other teams' people a post each: from then on they have time for their first reading."""
    setup = engine("setup")
    people = queries.standings(site_id)
    for group in queries.teams(site_id):
        members = [one for one in people if one.team_id == group.id]
        if group.code in _FIRST or not members:
            continue
        post = team.make_post(
            site_id=site_id,
            team_id=group.id,
            code=f"post-{group.code}",
            name=f"{group.name.removesuffix('班')}岗",
            name_en=f"{group.name_en} post",
            line_codes=group.line_codes,
            actor=setup,
            at=at,
        )
        for one in members:
            team.give_post(post=post.uid, account_id=one.account_id, actor=setup, at=at)


def _text(news: _News) -> dict[str, Any]:
    said = library.procedure(news.item)
    steps = [{**step, **news.steps.get(step["code"], {})} for step in said["steps"]]
    # a new step stands after the arrival
    steps[1:1] = news.more
    names = ("goal", "requirement")
    words = {name + end: said[f"{name}_{language}"] for name in names for end, language in (("", "zh"), ("_en", "en"))}
    return {**words, "steps": steps, "terms": first_terms(news.item), "basis": said["basis"]}


def _person(account_id: int) -> Actor:
    account = ground.account_with_holdings(account_id)
    assert account is not None
    return ground.actor_of_account(account)


def _sign(site_id: int, person: Actor, at: datetime, *, parts: Iterable[str] = ()) -> None:
    """Let a person read and sign what is owed, one part after another, each by its three questions."""
    wanted = tuple(parts)
    for n, reading in enumerate(queries.readings_of(site_id, person.id or 0)):
        if wanted and reading.part not in wanted:
            continue
        asked = quiz.questions(reading, account_id=person.id or 0, attempt=1)
        team.answer_quiz(
            site_id=site_id,
            part=reading.part,
            digest=reading.digest,
            attempt=1,
            answers=[one.right for one in asked],
            actor=person,
            at=at + timedelta(minutes=12 * n),
        )

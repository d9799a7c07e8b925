"""Who has not read what: people by editions, for those who lead them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed
from yingxu.team.handbook.values import GENERAL, days_to_read, rules_edition
from yingxu.team.queries.books import InForce, covered, in_force
from yingxu.team.queries.people import TeamRow
from yingxu.team.queries.posts import Standing, standings, teams_for
from yingxu.team.queries.readings import owed_of, reminded_at, rules_signed_by, signed_by

#: A reminder is given once in so many hours.
REMIND_AGAIN = timedelta(hours=12)


@dataclass(frozen=True)
class Unread:
    """An edition that a person has not signed for. ``kind``: first, change, general."""

    item_code: str
    name: str
    name_en: str
    line_code: str
    number: int
    kind: str
    due_at: datetime


@dataclass(frozen=True)
class PersonState:
    """How far a person is with the own handbook."""

    account_id: int
    name: str
    name_en: str
    team_id: int
    team: str
    team_en: str
    n_pages: int
    unread: tuple[Unread, ...]
    n_overdue: int
    reminded_at: datetime | None

    @property
    def n_signed(self) -> int:
        """How many pages (the rules counted as one) are signed for."""
        return self.n_pages - len(self.unread)

    @property
    def due_at(self) -> datetime | None:
        """The nearest limit."""
        return min((one.due_at for one in self.unread), default=None)


@dataclass(frozen=True)
class EditionState:
    """How many of those who hold an item have signed for its edition in force."""

    item_code: str
    name: str
    name_en: str
    line_code: str
    number: int
    from_at: datetime
    n_signed: int
    n_people: int
    n_overdue: int


@dataclass(frozen=True)
class ReadingState:
    """The leader's view: figures over all people in view, a page of them, and editions that are not read by all."""

    teams: tuple[TeamRow, ...]
    n_people: int
    n_done: int
    n_overdue_people: int
    people: tuple[PersonState, ...]
    #: Where the next page of people begins; None on the last.
    next_after: int | None
    editions: tuple[EditionState, ...]


def reading_state(
    actor: Actor,
    site_id: int,
    *,
    at: datetime,
    team_id: int | None = None,
    line_code: str = "",
    item_code: str = "",
    show: str = "",
    after: int = 0,
    limit: int = 50,
) -> ReadingState:
    """Return who has read what among the people whom the actor leads; refuses: NotAllowed when there are none to lead.

    ``show``: ``unread`` or ``overdue`` people alone; ``line_code`` and ``item_code`` narrow the pages looked at;
    ``after`` is the number of people passed over. Budget: seven queries, for any number of people.
    """
    led = teams_for(actor, "handbook.oversee", site_id)
    if not led:
        raise NotAllowed(action="handbook.oversee")
    wanted = [team.id for team in led if team_id in (None, team.id)]
    every = tuple(
        one for one in in_force(site_id) if line_code in ("", one.line_code) and item_code in ("", one.item_code)
    )
    is_whole = not line_code and not item_code
    people = _states(site_id, wanted, every, is_whole=is_whole, at=at)
    n_people = len(people)
    chosen = [one for one in people if _fits(one, show)]
    page = chosen[after : after + limit]
    following = after + limit if len(chosen) > after + limit else None
    return ReadingState(
        teams=led,
        n_people=n_people,
        n_done=sum(not one.unread for one in people),
        n_overdue_people=sum(one.n_overdue > 0 for one in people),
        people=tuple(page),
        next_after=following,
        editions=_editions(people, every, at=at),
    )


def _fits(one: PersonState, show: str) -> bool:
    return {"unread": bool(one.unread), "overdue": one.n_overdue > 0}.get(show, True)


@dataclass(frozen=True)
class _Person(PersonState):
    #: Keys of the editions in the person's book.
    editions: frozenset[int] = frozenset()


def _states(
    site_id: int, team_ids: Iterable[int], every: tuple[InForce, ...], *, is_whole: bool, at: datetime
) -> list[_Person]:
    people = standings(site_id, team_ids=team_ids)
    signed = signed_by(site_id)
    rules = rules_signed_by(site_id)
    told = reminded_at((one.account_id for one in people), since_at=at - REMIND_AGAIN)
    found = []
    for standing in people:
        editions = covered(standing, every)
        if not editions and not is_whole:
            continue
        keys, by_item = signed.get(standing.account_id, (set(), {}))
        unread = [
            Unread(
                one.edition.item_code,
                one.edition.name,
                one.edition.name_en,
                one.edition.line_code,
                one.edition.number,
                "change" if one.older_id else "first",
                one.due_at,
            )
            for one in owed_of(standing, editions, keys, by_item)
        ]
        if is_whole:
            unread += _rules(standing, rules.get(standing.account_id, 0))
        found.append(
            _Person(
                account_id=standing.account_id,
                name=standing.name,
                name_en=standing.name_en,
                team_id=standing.team_id or 0,
                team=standing.team,
                team_en=standing.team_en,
                n_pages=len(editions) + is_whole,
                unread=tuple(sorted(unread, key=lambda one: (one.due_at, one.item_code))),
                n_overdue=sum(one.due_at < at for one in unread),
                reminded_at=told.get(standing.account_id),
                editions=frozenset(one.edition_id for one in editions),
            )
        )
    return found


def _rules(standing: Standing, signed: int) -> list[Unread]:
    if signed >= rules_edition() or standing.since_at is None:
        return []
    due_at = standing.since_at + timedelta(days=days_to_read()["first"])
    return [Unread(GENERAL, "", "", "", rules_edition(), GENERAL, due_at)]


def _editions(people: list[_Person], every: tuple[InForce, ...], *, at: datetime) -> tuple[EditionState, ...]:
    """Return the editions that somebody has not read, those with most overdue readers first, then the newest."""
    holders: dict[int, int] = {}
    unread: dict[str, list[datetime]] = {}
    for one in people:
        for key in one.editions:
            holders[key] = holders.get(key, 0) + 1
        for page in one.unread:
            unread.setdefault(page.item_code, []).append(page.due_at)
    found = [
        EditionState(
            one.item_code,
            one.name,
            one.name_en,
            one.line_code,
            one.number,
            one.from_at,
            holders[one.edition_id] - len(unread[one.item_code]),
            holders[one.edition_id],
            sum(due_at < at for due_at in unread[one.item_code]),
        )
        for one in every
        if one.edition_id in holders and one.item_code in unread
    ]
    return tuple(sorted(found, key=lambda one: (-one.n_overdue, -one.from_at.timestamp(), one.item_code)))

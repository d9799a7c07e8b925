"""What is in whose handbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Q

from yingxu.ground.models import Account, Holding, Site
from yingxu.ground.refusals import NotFound
from yingxu.standards.models import Edition, Item, Term
from yingxu.standards.models.editions import PUBLISHED
from yingxu.team.handbook.values import Book, Contact, Procedure, PromiseText, chapters_of, version_of
from yingxu.team.queries.posts import Cover, Standing, standing_of_staff, standings


@dataclass(frozen=True)
class InForce:
    """An edition in force, without its text."""

    edition_id: int
    item_id: int
    item_code: str
    name: str
    name_en: str
    line_code: str
    skill: str
    priority: int
    number: int
    from_at: datetime


def in_force(
    site_id: int, covers: Iterable[Cover] | None = None, *, as_of: datetime | None = None
) -> tuple[InForce, ...]:
    """Return the editions in force of all items that can be asked for, in the book's order. Budget: one query.

    With ``covers`` those of their lines and single items alone; with ``as_of`` those that were in force then.
    """
    held = Q(state="in_force")
    if as_of is not None:
        held = Q(state__in=PUBLISHED, from_at__lte=as_of) & (Q(to_at=None) | Q(to_at__gt=as_of))
    rows = Edition.objects.filter(held, site_id=site_id, item__state="active", item__line__is_active=True)
    rows = rows.order_by("item__line__sort", "item__sort", "item_id")
    if covers is not None:
        lines = {code for one in covers for code in one.line_codes}
        items = {code for one in covers for code in one.item_codes}
        rows = rows.filter(Q(item__line__code__in=lines) | Q(item__code__in=items))
    return tuple(
        InForce(*cast("Any", row))
        for row in rows.values_list(
            "id",
            "item_id",
            "item__code",
            "item__name",
            "item__name_en",
            "item__line__code",
            "item__skill",
            "item__default_priority",
            "number",
            "from_at",
        )
    )


def procedures(edition_ids: Iterable[int]) -> tuple[Procedure, ...]:
    """Return editions as pages of the book, in its order, with what they promise. Budget: two queries."""
    keys = list(edition_ids)
    promises: dict[int, list[PromiseText]] = {}
    for row in (
        Term.objects.filter(edition_id__in=keys)
        .order_by("priority", "limit_s", "id")
        .values_list(
            "edition_id",
            "priority",
            "milestone",
            "place_class",
            "limit_s",
            "percentile",
            "calendar__name",
            "calendar__name_en",
        )
    ):
        promises.setdefault(row[0], []).append(PromiseText(*row[1:5], float(row[5]), *row[6:]))
    rows = Edition.objects.filter(pk__in=keys, from_at__isnull=False).order_by(
        "item__line__sort", "item__sort", "item_id", "number"
    )
    return tuple(
        Procedure(*cast("Any", (*row[:19], tuple(row[19]), tuple(row[20]), tuple(promises.get(row[0], ())))))
        for row in rows.values_list(
            "id",
            "item_id",
            "item__code",
            "item__name",
            "item__name_en",
            "item__line__code",
            "item__line__name",
            "item__line__name_en",
            "item__line__icon",
            "item__skill",
            "item__default_priority",
            "item__minutes",
            "item__crew",
            "number",
            "from_at",
            "goal",
            "goal_en",
            "requirement",
            "requirement_en",
            "procedure",
            "basis",
        )
    )


def procedure_of_item(site_id: int, item_code: str) -> Procedure:
    """Return an item's page as it is in force; refuses: NotFound. Budget: three queries."""
    key = Edition.objects.filter(site_id=site_id, item__code=item_code, state="in_force").values_list("id", flat=True)
    found = procedures(key[:1])
    if not found:
        raise NotFound(kind="item", name=item_code)
    return found[0]


def standing_of(site_id: int, account_id: int) -> Standing:
    """Return where a person stands, member of a team or not; refuses: NotFound. Budget: two queries, or four."""
    for found in standings(site_id, account_ids=(account_id,)):
        return found
    person = Account.objects.filter(pk=account_id).values_list("name", "name_en", "opened_at").first()
    if person is None:
        raise NotFound(kind="account", name=str(account_id))
    covers = standing_of_staff(account_id, site_id)
    return Standing(account_id, person[0], person[1], None, "", "", "", (), covers, person[2])


def covered(standing: Standing, every: Iterable[InForce]) -> tuple[InForce, ...]:
    """Return those editions that belong to a person's posts."""
    return tuple(
        one for one in every if standing.holds(item_code=one.item_code, line_code=one.line_code, skill=one.skill)
    )


def book_of(site_id: int, account_id: int) -> Book:
    """Return a person's handbook as it stands now; refuses: NotFound. Budget: seven queries, nine without a team."""
    standing = standing_of(site_id, account_id)
    pages = procedures(one.edition_id for one in covered(standing, in_force(site_id, standing.covers)))
    return _book(site_id, standing, pages, _contacts(site_id))


def books_of(site_id: int, *, account_id: int | None = None) -> tuple[Book, ...]:
    """Return the handbooks of all members of teams; the same pages are the same tuple. Budget: seven queries."""
    people = standings(site_id, account_ids=None if account_id is None else (account_id,))
    every = in_force(site_id)
    keys: dict[tuple[Cover, ...], tuple[int, ...]] = {}
    for one in people:
        if one.covers not in keys:
            keys[one.covers] = tuple(edition.edition_id for edition in covered(one, every))
    text = {one.edition_id: one for one in procedures({key for found in keys.values() for key in found})}
    pages = {covers: tuple(text[key] for key in found) for covers, found in keys.items()}
    contacts = _contacts(site_id)
    return tuple(_book(site_id, one, pages[one.covers], contacts) for one in people)


def _contacts(site_id: int) -> Callable[[Standing], tuple[tuple[str, str], tuple[Contact, ...]]]:
    """Return who can be called, by standing: desk, team leaders, the company. Two queries, once."""
    site = Site.objects.filter(pk=site_id).values_list("name", "name_en", "desk_phone").first()
    if site is None:
        raise NotFound(kind="site", name=str(site_id))
    leaders: dict[int, list[Contact]] = {}
    for team_key, name, name_en, phone in (
        Holding.objects.filter(
            site_id=site_id, role="TL", ends_at=None, team_key__isnull=False, account__is_active=True
        )
        .order_by("account__name")
        .values_list("team_key", "account__name", "account__name_en", "account__phone")
    ):
        leaders.setdefault(team_key or 0, []).append(Contact("leader", name, name_en, phone))
    name, name_en, desk_phone = site

    def contacts(standing: Standing) -> tuple[tuple[str, str], tuple[Contact, ...]]:
        found = [Contact("desk", "", "", desk_phone)] if desk_phone else []
        found += leaders.get(standing.team_id or 0, [])
        if standing.party_phone:
            found.append(Contact("company", "", "", standing.party_phone))
        return (name, name_en), tuple(found)

    return contacts


def _book(
    site_id: int,
    standing: Standing,
    pages: tuple[Procedure, ...],
    contacts: Callable[[Standing], tuple[tuple[str, str], tuple[Contact, ...]]],
) -> Book:
    (site, site_en), people = contacts(standing)
    return Book(
        account_id=standing.account_id,
        name=standing.name,
        name_en=standing.name_en,
        team=standing.team,
        team_en=standing.team_en,
        posts=standing.posts,
        site=site,
        site_en=site_en,
        contacts=people,
        chapters=chapters_of(pages),
        version=version_of(pages),
        as_of=max((one.from_at for one in pages), default=None),
    )


def holders_of_item(site_id: int, item_id: int) -> int:
    """Return how many people have an item in their book. Budget: three queries."""
    row = Item.objects.filter(pk=item_id, site_id=site_id).values_list("code", "line__code", "skill").first()
    if row is None:
        raise NotFound(kind="item", name=str(item_id))
    return sum(one.holds(item_code=row[0], line_code=row[1], skill=row[2]) for one in standings(site_id))

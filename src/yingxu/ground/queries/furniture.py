"""Questions of those who furnish a site: lists of places and people, what was uploaded, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yingxu.ground import authority, first_passwords
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account, Contract, Holding, ImportRun, Party, Place, PlaceToken, Site
from yingxu.ground.refusals import NotFound
from yingxu.ground.setting_up import where_of_site


@dataclass(frozen=True)
class FurniturePlace:
    """A place as a list of places shows it."""

    id: int
    code: str
    kind: str
    name: str
    name_en: str
    full_name: str
    full_name_en: str
    path: str
    place_class: str
    aliases: tuple[str, ...]
    floor_no: int | None
    parent_code: str
    is_active: bool
    has_code: bool

    @property
    def depth(self) -> int:
        """How deep it lies: 0 is the root."""
        return self.path.count("/") - 2


@dataclass(frozen=True)
class PlaceFilter:
    """Which places: below one (itself included), of some kinds, with words in the name; closed ones too."""

    below: str = ""
    kinds: tuple[str, ...] = ()
    words: str = ""
    with_closed: bool = False
    without_code: bool = False


@dataclass(frozen=True)
class PlacePage:
    """A page of places in the tree's order; ``n`` counts all that fit."""

    rows: tuple[FurniturePlace, ...]
    n: int
    next: str


def _places(site_id: int, wanted: PlaceFilter) -> QuerySet[Place]:
    rows = Place.objects.filter(site_id=site_id)
    if not wanted.with_closed:
        rows = rows.filter(is_active=True)
    if wanted.below:
        root = Place.objects.filter(site_id=site_id, code=wanted.below).values_list("path", flat=True).first()
        rows = rows.filter(path__startswith=root) if root else rows.none()
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    for word in wanted.words.split():
        rows = rows.filter(
            Q(full_name__icontains=word)
            | Q(full_name_en__icontains=word)
            | Q(code__istartswith=word)
            | Q(aliases__icontains=word)
        )
    live = PlaceToken.objects.filter(place=OuterRef("pk"), asset=None, revoked_at=None)
    rows = rows.annotate(has_code=Exists(live))
    return rows.filter(has_code=False) if wanted.without_code else rows


def _require(actor: Actor, site_id: int, *actions: str) -> None:
    where = where_of_site(actor, site_id)
    if not any(authority.may(actor, action, where=where) for action in actions):
        authority.require(actor, actions[0], where=where)


def furniture_places(actor: Actor, site_id: int, wanted: PlaceFilter, *, after: str = "", limit: int = 50) -> PlacePage:
    """Return a page of the site's places; refuses: NotAllowed. Budget: 3, one more each for setting up and a root."""
    _require(actor, site_id, "place.manage", "token.manage")
    rows = _places(site_id, wanted).select_related("parent").order_by("path")
    n = rows.order_by().count()
    page = list((rows.filter(path__gt=after) if after else rows)[: limit + 1])
    shown = tuple(_place_row(row) for row in page[:limit])
    return PlacePage(shown, n, shown[-1].path if len(page) > limit else "")


def furniture_codes(actor: Actor, site_id: int, wanted: PlaceFilter, *, limit: int) -> tuple[str, ...]:
    """Return the codes of the places that fit, in the tree's order; refuses: NotAllowed. Budget: 3."""
    _require(actor, site_id, "token.manage", "place.manage")
    return tuple(_places(site_id, wanted).order_by("path").values_list("code", flat=True)[:limit])


def furniture_place(actor: Actor, site_id: int, code: str) -> FurniturePlace:
    """Return one place, closed or not; refuses: NotAllowed, NotFound. Budget: 2."""
    _require(actor, site_id, "place.manage")
    row = _places(site_id, PlaceFilter(with_closed=True)).select_related("parent").filter(code=code).first()
    if row is None:
        raise NotFound(kind="place", name=code)
    return _place_row(row)


def _place_row(row: Place) -> FurniturePlace:
    return FurniturePlace(
        row.pk,
        row.code,
        row.kind,
        row.name,
        row.name_en,
        row.full_name,
        row.full_name_en,
        row.path,
        row.place_class,
        tuple(row.aliases),
        row.floor_no,
        row.parent.code if row.parent else "",
        row.is_active,
        bool(getattr(row, "has_code", False)),
    )


@dataclass(frozen=True)
class HeldRow:
    """A role that somebody holds, and where."""

    id: UUID
    account_id: int
    role: str
    role_name: str
    role_name_en: str
    party_name: str
    line_code: str
    place_name: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class FurniturePerson:
    """A person as a list of people shows one."""

    id: int
    username: str
    name: str
    name_en: str
    phone: str
    badge: str
    is_active: bool
    has_first_password: bool
    held: tuple[HeldRow, ...]


@dataclass(frozen=True)
class PersonPage:
    """A page of people by account name; ``n`` counts all that fit."""

    rows: tuple[FurniturePerson, ...]
    n: int
    next: str


def furniture_people(
    actor: Actor,
    site_id: int,
    *,
    words: str = "",
    role: str = "",
    with_closed: bool = False,
    after: str = "",
    limit: int = 50,
) -> PersonPage:
    """Return a page of the people who hold something at the site; refuses: NotAllowed. Budget: 3."""
    authority.require(actor, "account.manage", where=authority.Where(site_id))
    held = Holding.objects.filter(site_id=site_id)
    if role:
        held = held.filter(role=role)
    rows = Account.objects.filter(pk__in=held.values("account"))
    if not with_closed:
        rows = rows.filter(is_active=True)
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(name_en__icontains=word)
            | Q(username__icontains=word)
            | Q(phone__icontains=word)
        )
    n = rows.count()
    rows = rows.order_by("username")
    page = list((rows.filter(username__gt=after) if after else rows)[: limit + 1])
    shown = _people(site_id, page[:limit])
    return PersonPage(shown, n, shown[-1].username if len(page) > limit else "")


def furniture_person(actor: Actor, site_id: int, account_id: int) -> FurniturePerson:
    """Return one person of the site; refuses: NotAllowed, NotFound. Budget: 2."""
    authority.require(actor, "account.manage", where=authority.Where(site_id))
    held = Holding.objects.filter(Q(site_id=site_id) | Q(site_id=None)).values("account")
    row = Account.objects.filter(pk=account_id, pk__in=held).first()
    if row is None:
        raise NotFound(kind="account", name=str(account_id))
    return _people(site_id, [row])[0]


def _people(site_id: int, accounts: Sequence[Account]) -> tuple[FurniturePerson, ...]:
    held: dict[int, list[HeldRow]] = {}
    known = authority.roles()
    rows = (
        Holding.objects.filter(Q(site_id=site_id) | Q(site_id=None), account__in=[one.pk for one in accounts])
        .order_by("id")
        .values_list(
            "uid", "account_id", "role", "party__name", "line_code", "place__full_name", "starts_at", "ends_at"
        )
    )
    for uid, account_id, role, party, line, place, starts_at, ends_at in rows:
        names = known.get(role)
        held.setdefault(account_id, []).append(
            HeldRow(
                uid,
                account_id,
                role,
                names.name_zh if names else role,
                names.name if names else role,
                party or "",
                line,
                place or "",
                starts_at,
                ends_at,
            )
        )
    return tuple(
        FurniturePerson(
            one.pk,
            one.username,
            one.name,
            one.name_en,
            one.phone,
            one.badge,
            one.is_active,
            one.password.startswith(first_passwords.MARK),
            tuple(held.get(one.pk, ())),
        )
        for one in accounts
    )


@dataclass(frozen=True)
class ImportRow:
    """An upload that was carried out."""

    id: UUID
    table: str
    file_name: str
    n_rows: int
    made_by: str
    made_at: datetime
    undone_at: datetime | None


def imports_of(actor: Actor, site_id: int, *, limit: int = 10) -> tuple[ImportRow, ...]:
    """Return the site's last uploads; refuses: NotAllowed. Budget: 1, one more for setting up."""
    _require(actor, site_id, "place.manage", "account.manage")
    rows = ImportRun.objects.filter(site_id=site_id).order_by("-made_at")
    found = rows.values_list("uid", "table", "file_name", "n_rows", "made_by__name", "made_at", "undone_at")[:limit]
    return tuple(ImportRow(*row[:4], row[4] or "", *row[5:]) for row in found)


def own_imports(actor: Actor, site_id: int, table: str, *, limit: int = 5) -> tuple[ImportRow, ...]:
    """Return what the actor uploaded of one table lately. Budget: 1."""
    rows = ImportRun.objects.filter(site_id=site_id, table=table, made_by_id=actor.account_id or 0)
    found = rows.order_by("-made_at", "-id").values_list(
        "uid", "table", "file_name", "n_rows", "made_by__name", "made_at", "undone_at"
    )[:limit]
    return tuple(ImportRow(*row[:4], row[4] or "", *row[5:]) for row in found)


@dataclass(frozen=True)
class SetUpState:
    """How far a site is furnished."""

    n_places: int
    n_people: int
    n_first_passwords: int
    n_openers: int
    n_parties: int
    n_contracts: int
    n_codes: int


def set_up_state(site_id: int) -> SetUpState:
    """Return what a site has. Budget: 5."""
    people = Account.objects.filter(is_active=True, pk__in=Holding.objects.filter(site_id=site_id).values("account"))
    counted = people.aggregate(n=Count("pk"), fresh=Count("pk", filter=Q(password__startswith=first_passwords.MARK)))
    openers = Holding.objects.filter(site_id=site_id, role__in=["HO", "HD"], ends_at=None).count()
    return SetUpState(
        n_places=Place.objects.filter(site_id=site_id, is_active=True).count(),
        n_people=counted["n"],
        n_first_passwords=counted["fresh"],
        n_openers=openers,
        n_parties=Party.objects.filter(site_id=site_id).count(),
        n_contracts=Contract.objects.filter(site_id=site_id).count(),
        n_codes=PlaceToken.objects.filter(place__site_id=site_id, revoked_at=None).count(),
    )


def taken_names(usernames: Sequence[str]) -> frozenset[str]:
    """Return which account names are taken. Budget: 1."""
    return frozenset(Account.objects.filter(username__in=usernames).values_list("username", flat=True))


def taken_site_code(code: str) -> bool:
    """Tell whether a site has that code. Budget: 1."""
    return Site.objects.filter(code=code).exists()


def place_names(site_id: int) -> dict[str, int]:
    """Return the keys of a site's open places by code, full name and name; a name of several counts for none.

    Budget: 1.
    """
    rows = Place.objects.filter(site_id=site_id, is_active=True).values_list("id", "code", "full_name", "name")
    by_name: dict[str, int | None] = {}
    found: dict[str, int] = {}
    for key, code, full_name, name in rows:
        found[code] = key
        for said in {full_name, name}:
            by_name[said] = None if said in by_name else key
    return {**{name: key for name, key in by_name.items() if key is not None}, **found}


@dataclass(frozen=True)
class PartyRow:
    """A party of the site."""

    id: int
    code: str
    kind: str
    name: str
    name_en: str = ""


def parties_of(site_id: int) -> tuple[PartyRow, ...]:
    """Return the site's parties. Budget: 1."""
    rows = Party.objects.filter(site_id=site_id).order_by("kind", "name")
    return tuple(PartyRow(*row) for row in rows.values_list("id", "code", "kind", "name", "name_en"))

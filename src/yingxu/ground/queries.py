"""Questions to the ground: accounts and what they hold, places, timelines. Rows out, never querysets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, Func, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject, Now

from yingxu.ground import authority
from yingxu.ground.actor import Actor, Held
from yingxu.ground.authority import Where
from yingxu.ground.models import Account, Entry, File, Holding, Place, PlaceToken, Seal, Site, Token
from yingxu.ground.refusals import NotFound

# accounts


def account_for_sign_in(username: str) -> Account | None:
    """Return the account of that name, for checking a password. Budget: one query."""
    return Account.objects.filter(username=username.strip()).first()


def account_with_holdings(key: int) -> Account | None:
    """Return an open account with what it holds now (``account.held``). Budget: one query."""
    held = (
        Holding.objects.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), account=OuterRef("pk"), starts_at__lte=Now())
        .order_by()
        .values("account")
        .annotate(
            rows=JSONBAgg(
                JSONObject(
                    role=F("role"),
                    site_id=F("site_id"),
                    party_id=F("party_id"),
                    line_code=F("line_code"),
                    place_id=F("place_id"),
                    place_path=F("place__path"),
                    team_id=F("team_key"),
                ),
                order_by="id",
            )
        )
        .values("rows")
    )
    return Account.objects.filter(pk=key, is_active=True).annotate(held=Subquery(held)).first()


def actor_of_account(account: Account) -> Actor:
    """Return an account as an actor; its holdings must have come with it."""
    held = getattr(account, "held", None)
    if held is None:
        loaded = account_with_holdings(account.pk)
        held = getattr(loaded, "held", None) or []
    return Actor(
        kind="person",
        id=account.pk,
        name=account.name,
        holdings=tuple(Held(**{**row, "place_path": row["place_path"] or ""}) for row in held),
        language=account.language,
    )


@dataclass(frozen=True)
class PersonRow:
    """A person as a list shows one."""

    id: int
    username: str
    name: str
    name_en: str
    role: str
    role_name: str
    role_name_en: str


def one_person_a_role() -> tuple[PersonRow, ...]:
    """Return the first open account of each role, in the roles' order (the demo's bar). Budget: one query."""
    rows = (
        Holding.objects.filter(ends_at=None, account__is_active=True)
        .order_by("role", "id")
        .distinct("role")
        .values_list("account_id", "account__username", "account__name", "account__name_en", "role")
    )
    first = {row[4]: row for row in rows}
    known = authority.roles()
    return tuple(PersonRow(*first[code], role.name_zh, role.name) for code, role in known.items() if code in first)


@dataclass(frozen=True)
class ContactRow:
    """Somebody to call."""

    name: str
    name_en: str
    phone: str


def workers_to_call(actor: Actor, where: Where) -> tuple[ContactRow, ...]:
    """Return who works on an object now, with phones, to those who may know them. Budget: one query."""
    if not where.worker_ids or not authority.may(actor, "worker.see_phone", where=where):
        return ()
    rows = Account.objects.filter(pk__in=where.worker_ids).order_by("id")
    return tuple(ContactRow(*row) for row in rows.values_list("name", "name_en", "phone"))


def actors_by_name(usernames: Iterable[str]) -> dict[str, tuple[Actor, UUID]]:
    """Return open accounts as actors with their public ids, by account name. Budget: two queries."""
    accounts = {account.pk: account for account in Account.objects.filter(username__in=list(usernames), is_active=True)}
    held: dict[int, list[Held]] = {}
    rows = Holding.objects.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), account__in=accounts).order_by("id")
    for row in rows.values_list(
        "account_id", "role", "site_id", "party_id", "line_code", "place__path", "place_id", "team_key"
    ):
        held.setdefault(row[0], []).append(
            Held(
                role=row[1],
                site_id=row[2],
                party_id=row[3],
                line_code=row[4],
                place_path=row[5] or "",
                place_id=row[6],
                team_id=row[7],
            )
        )
    return {
        account.username: (
            Actor(
                kind="person", id=key, name=account.name, holdings=tuple(held.get(key, ())), language=account.language
            ),
            account.uid,
        )
        for key, account in accounts.items()
    }


def actor_of_token(secret: str) -> tuple[Actor, tuple[str, ...]]:
    """Return the actor and the scopes of a bearer token; refuses: NotFound. Budget: one query."""
    digest = hashlib.sha256(secret.encode()).digest()
    row = Token.objects.filter(digest=digest, revoked_at=None).values_list("id", "name", "scopes", "site_id").first()
    if row is None:
        raise NotFound(kind="token", name="")
    key, name, scopes, site_id = row
    held = tuple(Held(role=scope, site_id=site_id) for scope in scopes)
    return Actor(kind="token", id=key, name=name, holdings=held), tuple(scopes)


def actor_of_link(request_key: int) -> Actor:
    """Return the holder of a request's private link: may do what an asker may, with that request alone."""
    return Actor(kind="link", id=request_key, name="", holdings=(Held(role="PF"),))


def actor_of_qr(row: QrRow) -> Actor:
    """Return a printed code as an actor: whoever stands before it may ask for its place, and read nothing."""
    held = Held(role="qr", site_id=row.site.id, place_path=row.place.path)
    return Actor(kind="qr", id=row.token_id, name="", holdings=(held,))


# places


@dataclass(frozen=True)
class PlaceRow:
    """A place as a page or a verb needs it."""

    id: int
    uid: UUID
    site_id: int
    code: str
    kind: str
    name: str
    name_en: str
    full_name: str
    full_name_en: str
    path: str
    place_class: str
    department_id: int | None
    floor_no: int | None


_PLACE = tuple(PlaceRow.__dataclass_fields__)


def place_by_code(site_id: int, code: str) -> PlaceRow:
    """Return an active place; refuses: NotFound. Budget: one query."""
    row = Place.objects.filter(site_id=site_id, code=code, is_active=True).values_list(*_PLACE).first()
    if row is None:
        raise NotFound(kind="place", name=code)
    return PlaceRow(*row)


def place_by_key(key: int) -> PlaceRow:
    """Return an active place by its key; refuses: NotFound. Budget: one query."""
    row = Place.objects.filter(pk=key, is_active=True).values_list(*_PLACE).first()
    if row is None:
        raise NotFound(kind="place", name=str(key))
    return PlaceRow(*row)


@dataclass(frozen=True)
class QrRow:
    """A printed code: its own key, its place and site."""

    token_id: int
    place: PlaceRow
    site: SiteRow


@dataclass(frozen=True)
class SiteRow:
    """A site as every page needs it."""

    id: int
    uid: UUID
    code: str
    name: str
    name_en: str
    timezone: str
    state: str
    desk_phone: str


_SITE = tuple(SiteRow.__dataclass_fields__)


def site_by_code(code: str) -> SiteRow:
    """Return a site; refuses: NotFound. Budget: one query."""
    row = Site.objects.filter(code=code).values_list(*_SITE).first()
    if row is None:
        raise NotFound(kind="site", name=code)
    return SiteRow(*row)


def site_by_id(key: int) -> SiteRow:
    """Return a site by its key; refuses: NotFound. Budget: one query."""
    row = Site.objects.filter(pk=key).values_list(*_SITE).first()
    if row is None:
        raise NotFound(kind="site", name=str(key))
    return SiteRow(*row)


def sites_of(actor: Actor) -> tuple[SiteRow, ...]:
    """Return the sites at which the actor holds a role. Budget: one query."""
    keys = [held.site_id for held in actor.holdings if held.site_id is not None]
    rows = Site.objects.order_by("code")
    if len(keys) == len(actor.holdings):
        rows = rows.filter(pk__in=keys)
    return tuple(SiteRow(*row) for row in rows.values_list(*_SITE))


def has_sites() -> bool:
    """Tell whether any site stands. Budget: one query."""
    return Site.objects.exists()


def live_token(site_id: int, place_code: str) -> str:
    """Return a place's printed code; refuses: NotFound. Budget: one query."""
    row = PlaceToken.objects.filter(place__site_id=site_id, place__code=place_code, revoked_at=None)
    token = row.values_list("token", flat=True).first()
    if token is None:
        raise NotFound(kind="qr", name=place_code)
    return token


def qr_of_token(token: str) -> QrRow:
    """Return what a printed code stands for; refuses: NotFound (unknown or revoked). Budget: one query."""
    row = (
        PlaceToken.objects.filter(token=token, revoked_at=None, place__is_active=True)
        .values_list("id", *(f"place__{name}" for name in _PLACE), *(f"place__site__{name}" for name in _SITE))
        .first()
    )
    if row is None:
        raise NotFound(kind="qr", name=token)
    return QrRow(row[0], PlaceRow(*row[1 : 1 + len(_PLACE)]), SiteRow(*row[1 + len(_PLACE) :]))


def place_keys(site_id: int) -> dict[str, int]:
    """Return the keys of a site's places by code. Budget: one query."""
    return dict(Place.objects.filter(site_id=site_id).values_list("code", "id"))


def find_places(site_id: int, text: str, *, limit: int = 12) -> tuple[PlaceRow, ...]:
    """Return active places whose code, name or alias holds every word of ``text``. Budget: one query."""
    rows = Place.objects.filter(site_id=site_id, is_active=True)
    for word in text.split():
        rows = rows.filter(
            Q(full_name__icontains=word)
            | Q(full_name_en__icontains=word)
            | Q(code__iexact=word)
            | Q(aliases__icontains=word)
        )
    return tuple(PlaceRow(*row) for row in rows.order_by("path").values_list(*_PLACE)[:limit])


# files


@dataclass(frozen=True)
class FileRow:
    """A kept file, and the object that it belongs to."""

    id: int
    uid: UUID
    sha256: str
    media_type: str
    subject_kind: str
    subject_id: int
    label: str
    received_at: datetime


_FILE = tuple(FileRow.__dataclass_fields__)


def file_by_uid(uid: UUID) -> FileRow:
    """Return a kept file; the caller asks who may see its object. Refuses: NotFound. Budget: one query."""
    row = File.objects.filter(uid=uid).values_list(*_FILE).first()
    if row is None:
        raise NotFound(kind="file", name=str(uid))
    return FileRow(*row)


def files_of(*subject_ids: int) -> tuple[FileRow, ...]:
    """Return the files of some objects, oldest first. Budget: one query."""
    rows = File.objects.filter(subject_id__in=subject_ids).order_by("id").values_list(*_FILE)
    return tuple(FileRow(*row) for row in rows)


# the ledger


@dataclass(frozen=True)
class TimelineRow:
    """One recorded fact, for a timeline; the sentence is made from ``kind`` and ``facts`` where it is shown."""

    id: int
    kind: str
    subject_kind: str
    subject_id: int
    actor_kind: str
    actor_name: str
    behalf_name: str
    happened_at: datetime
    recorded_at: datetime
    facts: dict[str, Any]


_BEHALF = tuple(TimelineRow.__dataclass_fields__).index("behalf_name")


def _timeline_row(row: tuple[Any, ...]) -> TimelineRow:
    return TimelineRow(*row[:_BEHALF], row[_BEHALF] or "", *row[_BEHALF + 1 :])


def timeline(thread_id: int, *, limit: int = 200) -> tuple[TimelineRow, ...]:
    """Return what was recorded under one object, oldest first; the caller asked who may see it. Budget: one query."""
    behalf = Account.objects.filter(pk=OuterRef("behalf_id")).values("name")[:1]
    rows = (
        Entry.objects.filter(thread_id=thread_id)
        .annotate(behalf_name=Subquery(behalf))
        .order_by("happened_at", "id")
        .values_list(*TimelineRow.__dataclass_fields__)[:limit]
    )
    return tuple(_timeline_row(row) for row in rows)


def may_open(actor: Actor, action: str, site_id: int) -> bool:
    """Tell whether the actor may do an act somewhere at the site (for menus). Budget: none."""
    return any(held.site_id in (None, site_id) for held in actor.holdings) and authority.may_anywhere(actor, action)


@dataclass(frozen=True)
class SealState:
    """How much of the ledger is sealed."""

    n_entries: int
    n_unsealed: int


def seal_state() -> SealState:
    """Return how many entries there are and how many wait for a seal. Budget: two queries."""
    n_entries = Entry.objects.count()
    n_sealed = (
        Seal.objects.aggregate(n=Sum(Func(F("entry_ids"), 1, function="array_length", output_field=IntegerField())))[
            "n"
        ]
        or 0
    )
    return SealState(n_entries, n_entries - n_sealed)


def database_answers() -> bool:
    """Ask the database for a word; raises DatabaseError when it gives none. Budget: one query."""
    Site.objects.order_by().values_list("id", flat=True).first()
    return True

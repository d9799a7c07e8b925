"""Verbs of the ground: sites, places and their codes, parties and contracts, accounts, roles, tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.types.range import DateRange

from yingxu.ground import authority, ids
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.events import (
    ContractSigned,
    PartyJoined,
    PlacesAdded,
    QrIssued,
    QrRevoked,
    SiteOpened,
    SiteSetUp,
)
from yingxu.ground.models import Contract, Party, Place, PlaceToken, Site
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.setting_up import where_of_site
from yingxu.ground.unit import Unit

#: Kinds of places that end a full name's beginning: a site's own name says nothing to its people.
_UNSAID = frozenset({"campus"})
#: Kinds of places that a request is attributed to.
_DEPARTMENTS = frozenset({"department", "ward"})


@dataclass(frozen=True)
class Made:
    """The key and the public id of what was made."""

    id: int
    uid: UUID


def set_up_site(
    *,
    code: str,
    name: str,
    name_en: str = "",
    timezone: str = "Asia/Shanghai",
    desk_phone: str = "",
    actor: Actor,
    at: datetime,
) -> Made:
    """A site exists; it is being set up until its hospital opens it. Records SiteSetUp. Refuses: NotAllowed."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "site.set_up", where=Where(None, is_being_set_up=True))
        site = unit.insert(Site(code=code, name=name, name_en=name_en, timezone=timezone, desk_phone=desk_phone))
        unit.record(SiteSetUp(site_id=site.pk, subject_id=site.pk, thread_id=site.pk, code=code))
        unit.answer(Made(site.pk, site.uid))
    return unit.answered(Made)


def open_site(*, site_id: int, actor: Actor, at: datetime) -> Made:
    """The site is open: from now on publishing is the hospital's. Records SiteOpened. Refuses: NotAllowed, Stale."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "site.open", where=Where(site_id))
        site = Site.objects.filter(pk=site_id).first()
        if site is None:
            raise NotFound(kind="site", name=str(site_id))
        unit.change(site, seen=["state"], state="open")
        unit.record(SiteOpened(site_id=site.pk, subject_id=site.pk, thread_id=site.pk))
        unit.answer(Made(site.pk, site.uid))
    return unit.answered(Made)


@dataclass(frozen=True)
class NewPlace:
    """A place to add; its parent comes before it in the list or is known already."""

    code: str
    parent_code: str
    kind: str
    name: str
    name_en: str = ""
    place_class: str = ""
    aliases: tuple[str, ...] = ()
    floor_no: int | None = None


@dataclass(frozen=True)
class Added:
    """How many were added."""

    n: int


def add_places(*, site_id: int, places: Sequence[NewPlace], actor: Actor, at: datetime) -> Added:
    """The places stand in the tree, each with its path, its spoken name and its department. Records PlacesAdded.

    Refuses: NotAllowed, NotFound (a parent), Malformed (a code twice). Budget: 2 + key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "place.manage", where=where_of_site(actor, site_id))
        known = {place.code: place for place in Place.objects.filter(site_id=site_id)}
        for new in places:
            if new.code in known:
                raise Malformed(field="place", problem="twice", limit=new.code)
            parent = known.get(new.parent_code) if new.parent_code else None
            if new.parent_code and parent is None:
                raise NotFound(kind="place", name=new.parent_code)
            known[new.code] = unit.insert(_place(site_id, new, parent))
        unit.record(PlacesAdded(site_id=site_id, subject_id=site_id, thread_id=site_id, n_places=len(places)))
        unit.answer(Added(len(places)))
    return unit.answered(Added)


def _place(site_id: int, new: NewPlace, parent: Place | None) -> Place:
    place = Place(
        site_id=site_id,
        parent=parent,
        code=new.code,
        kind=new.kind,
        name=new.name,
        name_en=new.name_en,
        place_class=new.place_class or (parent.place_class if parent else ""),
        aliases=list(new.aliases),
        floor_no=new.floor_no if new.floor_no is not None else (parent.floor_no if parent else None),
    )
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    english = new.name_en or new.name
    said = parent if parent is not None and parent.kind not in _UNSAID else None
    place.full_name = _said(said.full_name, said.name, new.name) if said else new.name
    place.full_name_en = _said(said.full_name_en, said.name_en or said.name, english) if said else english
    place.department = place if new.kind in _DEPARTMENTS else (parent.department if parent else None)
    return place


def _said(before: str, parent: str, own: str) -> str:
    """Return a place's name after its parent's; a floor called "外科楼7楼" does not say its building twice."""
    if parent and own.startswith(parent):
        before = before.removesuffix(parent).rstrip()
    return f"{before} {own}".strip()


@dataclass(frozen=True)
class Issued:
    """Issued codes, by place code."""

    tokens: tuple[IssuedToken, ...]


@dataclass(frozen=True)
class IssuedToken:
    """One issued code."""

    place_code: str
    token: str


def issue_tokens(*, site_id: int, place_codes: Sequence[str], actor: Actor, at: datetime) -> Issued:
    """Each place has one live QR code, newly made; earlier ones are revoked. Records QrIssued.

    Refuses: NotAllowed, NotFound. Budget: 3 + key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "token.manage", where=where_of_site(actor, site_id))
        places = {p.code: p for p in Place.objects.filter(site_id=site_id, code__in=place_codes)}
        missing = [code for code in place_codes if code not in places]
        if missing:
            raise NotFound(kind="place", name=missing[0])
        for old in PlaceToken.objects.filter(place__in=places.values(), asset=None, revoked_at=None):
            unit.change(old, seen=["revoked_at"], revoked_at=at)
        issued = []
        for code in place_codes:
            token = unit.insert(PlaceToken(place=places[code], token=ids.new_code(), issued_at=at))
            issued.append(IssuedToken(code, token.token))
        unit.record(QrIssued(site_id=site_id, subject_id=site_id, thread_id=site_id, n_codes=len(issued)))
        unit.answer(Issued(tuple(issued)))
    return unit.answered(Issued)


def revoke_token(*, token: str, reason: str, actor: Actor, at: datetime) -> Added:
    """A printed code no longer works. Records QrRevoked. Refuses: NotAllowed, NotFound, Stale. Budget: 2."""
    with Unit(actor=actor, at=at) as unit:
        row = PlaceToken.objects.select_related("place").filter(token=token).first()
        authority.require(actor, "token.manage", where=where_of_site(actor, row.place.site_id if row else None))
        if row is None or row.revoked_at is not None:
            raise NotFound(kind="qr", name=token)
        unit.change(row, seen=["revoked_at"], revoked_at=at)
        place = row.place
        unit.record(QrRevoked(site_id=place.site_id, subject_id=place.pk, thread_id=place.pk, reason=reason))
        unit.answer(Added(1))
    return unit.answered(Added)


def add_party(
    *, site_id: int, code: str, kind: str, name: str, name_en: str = "", phone: str = "", actor: Actor, at: datetime
) -> Made:
    """A party is known at the site. Records PartyJoined. Refuses: NotAllowed."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "party.manage", where=where_of_site(actor, site_id))
        party = unit.insert(Party(site_id=site_id, code=code, kind=kind, name=name, name_en=name_en, phone=phone))
        unit.record(PartyJoined(site_id=site_id, subject_id=party.pk, thread_id=party.pk, code=code, party_kind=kind))
        unit.answer(Made(party.pk, party.uid))
    return unit.answered(Made)


def sign_contract(
    *,
    site_id: int,
    party_id: int,
    number: str,
    name: str,
    from_on: date,
    to_on: date | None,
    line_code: str = "",
    place_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Made:
    """A company has a duty for a line (or all others) at a place (or the site) in [from_on, to_on).

    Records ContractSigned.

    Refuses: NotAllowed, Malformed (dates out of order); an overlap at one line, place and day is an IntegrityError.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "party.manage", where=where_of_site(actor, site_id))
        if to_on is not None and to_on <= from_on:
            raise Malformed(field="to_on", problem="out_of_order")
        contract = unit.insert(
            Contract(
                site_id=site_id,
                party_id=party_id,
                number=number,
                name=name,
                line_code=line_code,
                place_id=place_id,
                period=DateRange(from_on, to_on, "[)"),
            )
        )
        unit.record(
            ContractSigned(
                site_id=site_id, subject_id=contract.pk, thread_id=contract.pk, number=number, line_code=line_code
            )
        )
        unit.answer(Made(contract.pk, contract.uid))
    return unit.answered(Made)

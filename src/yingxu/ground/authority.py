"""Who may do what, where. The matrix is data (``roles/permissions.csv``); what it does not say is refused.

Every verb asks :func:`require` on its first line; every question begins with :func:`visible`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.db.models import Q

from yingxu.ground.actor import Actor, Held
from yingxu.ground.refusals import NotAllowed, OwnWork, ReasonNeeded

#: Scopes of a grant, from narrow to wide. ``scope`` is the holding's own party, line and place.
SCOPES = ("own", "assigned", "department", "team", "line", "scope", "all")

#: The one condition that the place alone decides, so that it is asked here; the others are asked by their verbs.
SET_UP = "site_being_set_up"


@dataclass(frozen=True)
class Role:
    """One of the roles of the trade (domain 4.1)."""

    code: str
    name: str
    name_zh: str
    side: str


@dataclass(frozen=True)
class Grant:
    """One cell of the matrix: how far a role may do an act, on which condition, and whether it needs a reason."""

    scope: str
    needs_reason: bool
    condition: str


@dataclass(frozen=True)
class Where:
    """Where the object of an act stands, in the dimensions that holdings are limited by."""

    site_id: int | None
    party_ids: tuple[int, ...] = ()
    line_code: str = ""
    place_path: str = ""
    department_id: int | None = None
    team_ids: tuple[int, ...] = ()
    worker_ids: tuple[int, ...] = ()
    owner_ids: tuple[int, ...] = ()
    #: Key of the request, which a private link or a QR actor's own command is bound to.
    request_id: int | None = None
    #: Key of the live order to an outside company, whose link reaches this object and no other.
    outside_id: int | None = None
    #: The act makes something of the actor's own (asking for oneself or one's department).
    is_own: bool = False
    #: The site's hospital has not opened it yet (decision 14); only verbs that furnish a site look and say so.
    is_being_set_up: bool = False


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (resources.files("yingxu.ground") / "roles" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def roles() -> dict[str, Role]:
    """Return the roles by code."""
    return {row["code"]: Role(row["code"], row["name_en"], row["name_zh"], row["side"]) for row in _rows("roles.csv")}


@cache
def token_scopes() -> frozenset[str]:
    """Return the scopes that a machine's token may have."""
    return frozenset(row["code"] for row in _rows("token_scopes.csv"))


@cache
def acts_of_scopes(scopes: tuple[str, ...]) -> frozenset[str]:
    """Return the acts that a person's own token lets through; whether the person may do them, the holdings say."""
    chosen = [row for row in _rows("token_scopes.csv") if row["code"] in scopes]
    return frozenset(
        act for row in chosen for act in (*row["actions"].split(";"), *row["person_actions"].split(";")) if act
    )


@cache
def grants() -> dict[str, dict[str, tuple[Grant, ...]]]:
    """Return the matrix: action, role (or a token's scope, or an engine), grants."""
    matrix: dict[str, dict[str, tuple[Grant, ...]]] = {}

    def add(action: str, role: str, grant: Grant) -> None:
        cell = matrix.setdefault(action, {})
        cell[role] = (*cell.get(role, ()), grant)

    known = roles()
    for row in _rows("permissions.csv"):
        if row["scope"] not in SCOPES or row["role"] not in known:
            raise ValueError(f"permissions.csv: {row} names an unknown scope or role")
        add(row["action"], row["role"], Grant(row["scope"], row["needs_reason"] == "1", row["condition"]))
    for row in _rows("token_scopes.csv"):
        for action in filter(None, row["actions"].split(";")):
            add(action, row["code"], Grant("scope", False, ""))
    for row in _rows("engines.csv"):
        add(row["action"], row["engine"], Grant("all", False, row["why"]))
    return matrix


def require(actor: Actor, action: str, *, where: Where, reason: str | None = None) -> None:
    """Refuse with :class:`NotAllowed` unless one of the actor's roles may do ``action`` there.

    Where the matrix asks for a logged reason, an empty ``reason`` is refused with :class:`ReasonNeeded`.
    """
    allowed = _covering(actor, action, where)
    if not allowed:
        raise NotAllowed(action=action)
    if all(grant.needs_reason for _, grant in allowed) and not (reason or "").strip():
        raise ReasonNeeded(action=action)


def may(actor: Actor, action: str, *, where: Where) -> bool:
    """Tell whether the actor may do the act there (for showing a button; the verb asks again)."""
    return bool(_covering(actor, action, where))


def roles_for(actor: Actor, action: str, *, where: Where) -> frozenset[str]:
    """Return the roles by which the actor may do the act there; a role held elsewhere is none of them."""
    return frozenset(held.role for held, _ in _covering(actor, action, where))


def is_bound(actor: Actor, action: str, condition: str, *, where: Where) -> bool:
    """Tell whether every grant by which the actor may do the act there carries the condition, so that it must hold."""
    return all(condition in grant.condition.split(";") for _, grant in _covering(actor, action, where))


def may_anywhere(actor: Actor, action: str, *, is_being_set_up: bool = True) -> bool:
    """Tell whether some role of the actor knows the act at all (for menus).

    ``is_being_set_up``: whether a site of the actor is; what may be done only then is not told otherwise.
    """
    return any(is_being_set_up or grant.condition != SET_UP for _, grant in _held_grants(actor, action))


def refuse_own_work(actor: Actor, doers: tuple[int | None, ...], *, action: str) -> None:
    """Refuse with :class:`OwnWork` when the actor, or the one it stands in for, did what is being judged."""
    if {actor.account_id, actor.behalf_id} & {doer for doer in doers if doer is not None}:
        raise OwnWork(action=action)


def visible(actor: Actor, action: str = "request.read", *, reason: str | None = None) -> Q:
    """Return the filter of what the actor may see, over the columns that rows carry for it.

    What the matrix shows only for a logged reason is not seen without one.
    Columns: site, party_keys, line_code, place_path, department, team_keys, worker_keys, owner.
    """
    seen = Q(pk__in=())
    for held, grant in _held_grants(actor, action):
        if (grant.needs_reason and not (reason or "").strip()) or grant.condition == SET_UP:
            continue
        seen |= _as_filter(actor, held, grant.scope)
    return seen


def parties_of(actor: Actor, action: str, site_id: int) -> frozenset[int] | None:
    """Return the companies whose people and figures the actor sees at a site by ``action``; None: everybody's.

    Only the roles that know the act count: whoever also asks for a ward sees no more people by that.
    """
    held = {one.party_id for one, _ in _held_grants(actor, action) if one.site_id in (None, site_id)}
    return None if None in held else frozenset(party for party in held if party is not None)


def seen_alike(actor: Actor, action: str) -> tuple[object, ...]:
    """Return a key that two actors have in common only if both see the same rows by ``action``."""
    is_personal = any(grant.scope in {"own", "assigned"} for _, grant in _held_grants(actor, action))
    return (actor.holdings, actor.kind, actor.id if is_personal else None, actor.acts)


def _held_grants(actor: Actor, action: str) -> Iterator[tuple[Held, Grant]]:
    if actor.acts is not None and action not in actor.acts:
        return
    by_role = grants().get(action, {})
    for held in actor.holdings:
        for grant in by_role.get(held.role, ()):
            yield held, grant


def _covering(actor: Actor, action: str, where: Where) -> list[tuple[Held, Grant]]:
    return [(held, grant) for held, grant in _held_grants(actor, action) if _covers(actor, held, grant, where)]


def _covers(actor: Actor, held: Held, grant: Grant, where: Where) -> bool:
    if held.site_id is not None and held.site_id != where.site_id:
        return False
    if grant.condition == SET_UP and not where.is_being_set_up:
        return False
    return _in_scope(actor, held, grant.scope, where)


def _in_scope(actor: Actor, held: Held, scope: str, where: Where) -> bool:
    if actor.kind == "outside":  # a company's link reaches its one job, while its order lives, and nothing else
        return scope == "assigned" and actor.id is not None and actor.id == where.outside_id
    if where.is_own and scope in {"own", "department"}:
        return True
    if scope == "own":
        if actor.kind in {"link", "qr"}:
            return actor.id is not None and actor.id == where.request_id
        return actor.account_id is not None and actor.account_id in where.owner_ids
    if scope == "assigned":
        return actor.account_id is not None and actor.account_id in where.worker_ids
    if scope == "department":
        return held.place_id is not None and held.place_id == where.department_id
    if scope == "team":
        return held.team_id is not None and held.team_id in where.team_ids
    if scope == "all":
        return True
    inside = not held.party_id or not where.party_ids or held.party_id in where.party_ids
    inside = inside and (not held.line_code or not where.line_code or held.line_code == where.line_code)
    return inside and (scope == "line" or not held.place_path or where.place_path.startswith(held.place_path))


def _as_filter(actor: Actor, held: Held, scope: str) -> Q:
    # no limit is said as a condition that always holds: an empty Q would vanish in an OR, and its grant with it
    base = Q(pk__isnull=False) if held.site_id is None else Q(site_id=held.site_id)
    nothing = Q(pk__in=())
    if actor.kind == "outside":
        return nothing  # lists are never for a link; its one job is read by its own question
    if scope == "own":
        if actor.kind in {"link", "qr"}:
            return base & Q(pk=actor.id)
        return base & Q(owner_id=actor.account_id) if actor.account_id else nothing
    if scope == "assigned":
        return base & Q(worker_keys__contains=[actor.account_id]) if actor.account_id else nothing
    if scope == "department":
        return base & Q(department_id=held.place_id) if held.place_id else nothing
    if scope == "team":
        return base & Q(team_keys__contains=[held.team_id]) if held.team_id else nothing
    if scope == "all":
        return base
    if held.party_id:
        base &= Q(party_keys__contains=[held.party_id]) | Q(party_keys=[])
    if held.line_code:
        base &= Q(line_code=held.line_code) | Q(line_code="")
    if held.place_path and scope == "scope":
        base &= Q(place_path__startswith=held.place_path)
    return base

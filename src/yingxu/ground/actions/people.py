"""Verbs of accounts, the roles they hold, and the tokens of machines."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password

from yingxu.ground import authority, first_passwords, ids
from yingxu.ground.actions.house import Added
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.events import (
    AccountOpened,
    RoleGranted,
    TokenMade,
    TokenRevoked,
)
from yingxu.ground.models import Account, Holding, Token
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import Unit


@dataclass(frozen=True)
class NewHolding:
    """A role to grant with an account, and its scope."""

    role: str
    site_id: int | None = None
    party_id: int | None = None
    line_code: str = ""
    place_id: int | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class NewAccount:
    """A person to open an account for. ``password`` may be empty: then nobody can sign in with it yet."""

    username: str
    name: str
    name_en: str = ""
    phone: str = ""
    badge: str = ""
    password: str = ""
    #: Signs in once with the first password that a list hands out (``ground.first_passwords``).
    has_first_password: bool = False
    language: str = ""
    holdings: tuple[NewHolding, ...] = field(default=())


#: Roles that are held in a team: whoever holds one works there.
_AT_WORK = frozenset({"WK", "TL"})


@dataclass(frozen=True)
class Opened:
    """Keys of the opened accounts, in order."""

    keys: tuple[int, ...]


def open_accounts(
    *, site_id: int | None, people: Sequence[NewAccount], actor: Actor, at: datetime, prepared_password: str = ""
) -> Opened:
    """The people can sign in and hold their roles. Records AccountOpened for each.

    ``prepared_password`` is a ready hash for all of them (the demo's), instead of hashing one a person.
    Refuses: NotAllowed, Malformed (an unknown role); a name that is taken is an IntegrityError. Budget: 1 + key blocks.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.manage", where=Where(site_id))
        keys = []
        for person in people:
            unknown = [held.role for held in person.holdings if held.role not in authority.roles()]
            if unknown:
                raise Malformed(field="role", problem="unknown", limit=unknown[0])
            account = unit.insert(
                Account(
                    id=ids.next_key(),
                    username=person.username,
                    name=person.name,
                    name_en=person.name_en,
                    phone=person.phone,
                    badge=person.badge,
                    language=person.language,
                    password=prepared_password or make_password(person.password or None),
                    opened_at=at,
                )
            )
            if person.has_first_password:
                account.password = first_passwords.hashed(account.uid)
            for held in person.holdings:
                unit.insert(_holding(account.pk, held, at, None))
            roles = tuple(held.role for held in person.holdings)
            team = next((held.team_id for held in person.holdings if held.role in _AT_WORK and held.team_id), None)
            unit.record(
                AccountOpened(
                    site_id=site_id or 0, subject_id=account.pk, thread_id=account.pk, roles=roles, team_id=team
                )
            )
            keys.append(account.pk)
        unit.answer(Opened(tuple(keys)))
    return unit.answered(Opened)


def _holding(account_id: int, held: NewHolding, at: datetime, ends_at: datetime | None) -> Holding:
    return Holding(
        account_id=account_id,
        role=held.role,
        site_id=held.site_id,
        party_id=held.party_id,
        line_code=held.line_code,
        place_id=held.place_id,
        team_key=held.team_id,
        starts_at=at,
        ends_at=ends_at,
    )


def grant_role(
    *,
    account_id: int,
    holding: NewHolding,
    actor: Actor,
    at: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Added:
    """The account holds one more role. Records RoleGranted. Refuses: NotAllowed, Malformed. Budget: 1."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.manage", where=Where(holding.site_id))
        if holding.role not in authority.roles():
            raise Malformed(field="role", problem="unknown", limit=holding.role)
        begins = starts_at or at
        if ends_at is not None and ends_at <= begins:
            raise Malformed(field="ends_at", problem="out_of_order")
        unit.insert(_holding(account_id, holding, begins, ends_at))
        unit.record(
            RoleGranted(
                site_id=holding.site_id or 0,
                subject_id=account_id,
                thread_id=account_id,
                role=holding.role,
                ends_at=ends_at,
                team_id=holding.team_id if holding.role in _AT_WORK and begins <= at else None,
            )
        )
        unit.answer(Added(1))
    return unit.answered(Added)


@dataclass(frozen=True)
class Secret:
    """A new token's secret: shown once."""

    id: int
    secret: str


def make_token(
    *,
    name: str,
    scopes: Sequence[str],
    site_id: int | None,
    actor: Actor,
    at: datetime,
    account_id: int | None = None,
) -> Secret:
    """A machine may call with this token, or a program in a person's name. Only its digest is kept.

    ``account_id``: whose own it is; it may then do what that person may, within the scopes, and the ledger names the
    person. Records TokenMade. Refuses: NotAllowed, Malformed (an unknown scope). Budget: 1.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "api_token.manage", where=Where(site_id))
        for scope in scopes:
            if scope not in authority.token_scopes():
                raise Malformed(field="scope", problem="unknown", limit=", ".join(sorted(authority.token_scopes())))
        secret = Token.fresh_secret()
        token = unit.insert(
            Token(
                name=name,
                digest=hashlib.sha256(secret.encode()).digest(),
                scopes=list(scopes),
                site_id=site_id,
                account_id=account_id,
                made_at=at,
            )
        )
        unit.record(
            TokenMade(
                site_id=site_id or 0,
                subject_id=token.pk,
                thread_id=token.pk,
                scopes=tuple(scopes),
                account_id=account_id,
            )
        )
        unit.answer(Secret(token.pk, secret))
    return unit.answered(Secret)


def revoke_api_token(*, token_id: int, actor: Actor, at: datetime) -> Added:
    """A machine's token no longer works. Records TokenRevoked. Refuses: NotAllowed, NotFound. Budget: 2."""
    with Unit(actor=actor, at=at) as unit:
        token = Token.objects.filter(pk=token_id, revoked_at=None).first()
        authority.require(actor, "api_token.manage", where=Where(token.site_id if token else None))
        if token is None:
            raise NotFound(kind="token", name=str(token_id))
        unit.change(token, seen=["revoked_at"], revoked_at=at)
        unit.record(TokenRevoked(site_id=token.site_id or 0, subject_id=token.pk, thread_id=token.pk))
        unit.answer(Added(1))
    return unit.answered(Added)

"""Questions about accounts: who signs in, what somebody holds, actors of tokens, links and printed codes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Now

from yingxu.ground import authority
from yingxu.ground.actor import Actor, Held
from yingxu.ground.authority import Where
from yingxu.ground.hot import ANY_KEY, hot, read_json
from yingxu.ground.models import Account, Holding, Token
from yingxu.ground.queries.places import QrRow
from yingxu.ground.refusals import NotFound


def account_for_sign_in(username: str) -> Account | None:
    """Return the account of that name, for checking a password. Budget: one query."""
    return Account.objects.filter(username=username.strip()).first()


def account_with_holdings(key: int) -> Account | None:
    """Return an open account with what it holds now (``account.held``). Budget: one query."""
    found = _with_holdings(key)
    if not found:
        return None
    account = Account.from_db("default", _ACCOUNT, found[0][:-1])
    account.held = read_json(found[0][-1])  # type: ignore[attr-defined]
    return account


_ACCOUNT = [field.attname for field in Account._meta.concrete_fields]


def _account_and_holdings() -> QuerySet[Account, Any]:
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
    rows = Account.objects.filter(pk=ANY_KEY, is_active=True).annotate(held=Subquery(held))
    return rows.order_by().values_list(*_ACCOUNT, "held")


_with_holdings = hot(_account_and_holdings)


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
    """Return the actor and the scopes of a bearer token; refuses: NotFound. Budget: one query, two for a person's."""
    digest = hashlib.sha256(secret.encode()).digest()
    rows = Token.objects.filter(digest=digest, revoked_at=None)
    row = rows.values_list("id", "name", "scopes", "site_id", "account_id").first()
    if row is None:
        raise NotFound(kind="token", name="")
    key, name, scopes, site_id, account_id = row
    if account_id is not None:
        return _in_person(account_id, tuple(scopes), site_id), tuple(scopes)
    held = tuple(Held(role=scope, site_id=site_id) for scope in scopes)
    return Actor(kind="token", id=key, name=name, holdings=held), tuple(scopes)


@dataclass(frozen=True)
class TokenRow:
    """A bearer token that works; never its secret."""

    id: int
    name: str
    scopes: tuple[str, ...]
    site_code: str
    username: str


def tokens() -> tuple[TokenRow, ...]:
    """Return the bearer tokens that work, for the administrator's command. Budget: one query."""
    rows = Token.objects.filter(revoked_at=None).order_by("id")
    found = rows.values_list("id", "name", "scopes", "site__code", "account__username")
    return tuple(TokenRow(key, name, tuple(scopes), site or "", who or "") for key, name, scopes, site, who in found)


def _in_person(account_id: int, scopes: tuple[str, ...], site_id: int | None) -> Actor:
    """Return a person by a token of his or her own: the same holdings, within the token's scopes and site."""
    account = account_with_holdings(account_id)
    if account is None:
        raise NotFound(kind="token", name="")  # the account is closed: so is its token
    actor = actor_of_account(account)
    held = tuple(
        replace(one, site_id=site_id or one.site_id)
        for one in actor.holdings
        if site_id is None or one.site_id in (None, site_id)
    )
    return replace(actor, holdings=held, acts=authority.acts_of_scopes(scopes))


def actor_of_link(request_key: int) -> Actor:
    """Return the holder of a request's private link: may do what an asker may, with that request alone."""
    return Actor(kind="link", id=request_key, name="", holdings=(Held(role="PF"),))


def actor_of_qr(row: QrRow) -> Actor:
    """Return a printed code as an actor: whoever stands before it may ask for its place, and read nothing."""
    held = Held(role="qr", site_id=row.site.id, place_path=row.place.path)
    return Actor(kind="qr", id=row.token_id, name="", holdings=(held,))

"""Verbs of single people: called otherwise, given a new password, roles ended, closed; first passwords handed out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from yingxu.ground import authority, first_passwords, ids
from yingxu.ground.actions.house import Added
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.events import AccountClosed, FirstPasswordsListed, PasswordReset, PersonChanged, RoleEnded
from yingxu.ground.models import Account, Holding
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import Unit

#: A role that never began ends an instant after it would have.
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class FreshPassword:
    """A password made for somebody: shown once."""

    username: str
    password: str


def reset_password(*, account_id: int, site_id: int, actor: Actor, at: datetime) -> FreshPassword:
    """The person signs in with a new password, shown once to who made it; the old one is worth nothing.

    Records PasswordReset. Refuses: NotAllowed, NotFound. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.manage", where=Where(site_id))
        account = _account(account_id, site_id)
        password = ids.new_code(10)
        unit.change(account, password=make_password(password))
        unit.record(PasswordReset(site_id=site_id, subject_id=account.pk, thread_id=account.pk))
        unit.answer(FreshPassword(account.username, password))
    return unit.answered(FreshPassword)


def change_person(
    *,
    account_id: int,
    site_id: int,
    name: str,
    name_en: str,
    phone: str,
    badge: str,
    actor: Actor,
    at: datetime,
) -> Added:
    """The person is called so and can be called there. Records PersonChanged (which fields, not what they say).

    Refuses: NotAllowed, NotFound, Malformed (no name). Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.manage", where=Where(site_id))
        if not name.strip():
            raise Malformed(field="name", problem="missing")
        account = _account(account_id, site_id)
        given = {"name": name.strip(), "name_en": name_en.strip(), "phone": phone.strip(), "badge": badge.strip()}
        changed = {field: value for field, value in given.items() if getattr(account, field) != value}
        if changed:
            unit.change(account, **changed)
            unit.record(
                PersonChanged(site_id=site_id, subject_id=account.pk, thread_id=account.pk, fields=tuple(changed))
            )
        unit.answer(Added(len(changed)))
    return unit.answered(Added)


def close_account(*, account_id: int, site_id: int, actor: Actor, at: datetime) -> Added:
    """The person can no longer sign in and holds nothing; what he or she did stays. Records AccountClosed.

    Refuses: NotAllowed, NotFound, Malformed (oneself). Budget: 3.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.manage", where=Where(site_id))
        account = _account(account_id, site_id)
        if account.pk == actor.account_id:
            raise Malformed(field="account", problem="oneself")
        unit.change(account, seen=["is_active"], is_active=False)
        live = Holding.objects.filter(account=account).filter(Q(ends_at=None) | Q(ends_at__gt=at))
        for held in live:
            unit.change(held, ends_at=max(at, held.starts_at + _INSTANT))
        unit.record(AccountClosed(site_id=site_id, subject_id=account.pk, thread_id=account.pk))
        unit.answer(Added(1))
    return unit.answered(Added)


def end_role(*, holding_id: UUID, site_id: int, ends_at: datetime, actor: Actor, at: datetime) -> Added:
    """The account holds the role only until then. Records RoleEnded.

    Refuses: NotAllowed, NotFound (also what has ended), Malformed (an end before its beginning). Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.manage", where=Where(site_id))
        held = Holding.objects.filter(uid=holding_id).filter(Q(site_id=site_id) | Q(site_id=None)).first()
        if held is None or (held.ends_at is not None and held.ends_at <= at):
            raise NotFound(kind="role", name=str(holding_id))
        if ends_at <= held.starts_at:
            raise Malformed(field="ends_at", problem="out_of_order")
        unit.change(held, seen=["ends_at"], ends_at=ends_at)
        unit.record(
            RoleEnded(
                site_id=site_id,
                subject_id=held.account_id,
                thread_id=held.account_id,
                role=held.role,
                ends_at=ends_at,
            )
        )
        unit.answer(Added(1))
    return unit.answered(Added)


@dataclass(frozen=True)
class FirstPassword:
    """What somebody who never signed in signs in with."""

    name: str
    username: str
    password: str


@dataclass(frozen=True)
class FirstPasswords:
    """The list to hand out."""

    people: tuple[FirstPassword, ...]


def list_first_passwords(*, site_id: int, actor: Actor, at: datetime) -> FirstPasswords:
    """The first passwords of the site's people who never signed in are in somebody's hands. Records that.

    Records FirstPasswordsListed. Refuses: NotAllowed. Budget: 2.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.manage", where=Where(site_id))
        accounts = (
            Account.objects.filter(is_active=True, password__startswith=first_passwords.MARK)
            .filter(pk__in=Holding.objects.filter(site_id=site_id).values("account"))
            .order_by("username")
        )
        people = tuple(
            FirstPassword(one.name, one.username, first_passwords.first_password(one.uid)) for one in accounts
        )
        unit.record(FirstPasswordsListed(site_id=site_id, subject_id=site_id, thread_id=site_id, n_people=len(people)))
        unit.answer(FirstPasswords(people))
    return unit.answered(FirstPasswords)


def _account(account_id: int, site_id: int) -> Account:
    """Return an open account that holds something at the site."""
    held = Holding.objects.filter(Q(site_id=site_id) | Q(site_id=None)).values("account")
    account = Account.objects.filter(pk=account_id, is_active=True, pk__in=held).first()
    if account is None:
        raise NotFound(kind="account", name=str(account_id))
    return account

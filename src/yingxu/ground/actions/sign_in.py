"""Signing in: a password is checked, guesses are counted and slowed down, names are never told apart."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from yingxu.ground import authority, queries
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.events import SignedIn, SignedOut, SignInLocked
from yingxu.ground.models import Account, SignInTry
from yingxu.ground.unit import Unit

#: So many wrong passwords for one name, or from one address (a ward shares one), within the window lock it.
NAME_LIMIT, ADDRESS_LIMIT = 6, 60
WINDOW = timedelta(minutes=15)

_TRIES_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Knocked:
    """What became of a try: the account's key, or None; ``wait_s`` > 0: locked for so long, whatever the password."""

    account_id: int | None
    wait_s: int = 0


def sign_in(*, username: str, password: str, address: str, actor: Actor, at: datetime) -> Knocked:
    """The try is counted; with the right password of an open account, and not locked, the person is let in.

    A locked name is answered before its password is looked at, and an unknown name takes as long and reads the same
    as a wrong password. Records: SignedIn, or SignInLocked when this try reached the limit.
    Refuses: NotAllowed. Budget: two reads, one write.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.sign_in", where=Where(None))
        name_key, address_key = _key("name", username.strip().casefold()), _key("address", address)
        wait_s, n_wrong = _wait(name_key, address_key, at)
        if wait_s:
            unit.answer(Knocked(None, wait_s))
        else:
            account = queries.account_for_sign_in(username)
            is_good = _is_password(account, password)
            unit.insert(SignInTry(name_key=name_key, address_key=address_key, is_good=is_good, tried_at=at))
            if account is not None and is_good:
                unit.record(SignedIn(site_id=0, subject_id=account.pk, thread_id=account.pk))
            elif account is not None and n_wrong + 1 == NAME_LIMIT:
                unit.record(SignInLocked(site_id=0, subject_id=account.pk, thread_id=account.pk, n_wrong=NAME_LIMIT))
            unit.answer(Knocked(account.pk if account is not None and is_good else None))
    return unit.answered(Knocked)


def sign_out(*, person: Actor, actor: Actor, at: datetime) -> None:
    """The person has left. Records SignedOut. Refuses: NotAllowed. Budget: one write."""
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "account.sign_out", where=Where(None))
        key = person.account_id or 0
        unit.record(SignedOut(site_id=0, subject_id=key, thread_id=key), actor=person)


def forget_tries(*, actor: Actor, at: datetime) -> int:
    """Tries older than a day are gone; returns how many. Refuses: NotAllowed. Budget: one statement."""
    authority.require(actor, "account.forget_tries", where=Where(None))
    n_gone, _ = SignInTry.objects.filter(tried_at__lt=at - _TRIES_KEPT).delete()
    return n_gone


def _key(kind: str, value: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"sign-in {kind} {value}".encode(), hashlib.sha256)
    return digest.hexdigest()[:32]


def _is_password(account: Account | None, password: str) -> bool:
    if account is None or not account.is_active:
        make_password(password)  # the same work for an unknown name: the clock tells nobody who exists
        return False
    return account.check_password(password)


def _wait(name_key: str, address_key: str, at: datetime) -> tuple[int, int]:
    """Return how many seconds the door stays shut, and how many wrong tries the name had since its last good one."""
    tries = list(
        SignInTry.objects.filter(Q(name_key=name_key) | Q(address_key=address_key), tried_at__gt=at - WINDOW)
        .order_by("-tried_at")
        .values_list("name_key", "address_key", "is_good", "tried_at")[:500]
    )
    of_name = _wrong_since_good([(good, tried) for name, _, good, tried in tries if name == name_key])
    of_address = [tried for _, address, good, tried in tries if address == address_key and not good]
    waits = [0]
    for wrong, limit in ((of_name, NAME_LIMIT), (of_address, ADDRESS_LIMIT)):
        if len(wrong) >= limit:
            waits.append(int((wrong[limit - 1] + WINDOW - at).total_seconds()) + 1)
    return max(waits), len(of_name)


def _wrong_since_good(tries: list[tuple[bool, datetime]]) -> list[datetime]:
    """Return when the name's wrong tries were, newest first, up to its last good one."""
    wrong = []
    for good, tried in tries:
        if good:
            break
        wrong.append(tried)
    return wrong

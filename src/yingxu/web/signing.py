"""Signing in: who the session's account is, and what it holds, in one look-up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from yingxu.ground import queries
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account


class Accounts:
    """Django's authentication backend over accounts: Argon2 passwords, closed accounts refused."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Account | None:
        account = queries.account_for_sign_in(username or "")
        if account is None:
            make_password(password or "")  # the same work for an unknown name: the clock tells nobody who exists
            return None
        return account if account.is_active and account.check_password(password or "") else None

    def get_user(self, user_id: int) -> Account | None:
        return queries.account_with_holdings(user_id)


def actor_of(request: HttpRequest) -> Actor | None:
    """Return the signed-in person as an actor, or None. Budget: the one authentication look-up."""
    user = request.user
    if not isinstance(user, Account):
        return None
    known: Actor | None = getattr(user, "actor", None)  # the view and the page's shell ask for the same person
    if known is None:
        known = queries.actor_of_account(user)
        user.actor = known  # type: ignore[attr-defined]
    return known

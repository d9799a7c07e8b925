"""Somebody of the house by account or, where only one has it, by full name: who types a form knows the name."""

from __future__ import annotations

from django.db.models import Q

from yingxu.ground.models import Account
from yingxu.ground.refusals import NotFound


def account_named(said: str) -> Account:
    """Return the one active account that is called so. Refuses: NotFound (nobody, or several of that name)."""
    name = said.strip()
    found = Account.objects.filter(Q(username=name) | Q(name=name), is_active=True)[:3]
    exact = [one for one in found if one.username == name] or list(found)
    if len(exact) != 1:
        raise NotFound(kind="account", name=said)
    return exact[0]

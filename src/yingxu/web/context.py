"""What the page shell needs on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from yingxu.ground import authority, queries
from yingxu.ground.queries import PersonRow
from yingxu.web import navigation
from yingxu.web.signing import actor_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's values. Budget: the one authentication look-up, for somebody who is signed in."""
    actor = actor_of(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return {
        "is_demo": settings.DEMO,
        "languages": settings.LANGUAGES,
        "actor": actor,
        "role_codes": sorted(actor.roles) if actor else [],
        "roles": [authority.roles()[code] for code in sorted(actor.roles) if code in authority.roles()]
        if actor
        else [],
        "demo_people": _demo_people() if settings.DEMO else (),
        "menu_html": navigation.menu_html(actor, request.path_info),
        "now": timezone.now(),
    }


_people: list[PersonRow] = []


def _demo_people() -> list[PersonRow]:
    """Return one person of each role that has a screen; asked once a process, when the demo stands."""
    if not _people:
        _people.extend(row for row in queries.one_person_a_role() if row.role in _DEMO_ROLES)
    return _people


_DEMO_ROLES = frozenset({"RQ", "DK", "WK", "TL", "PM", "HO", "HD", "VS", "AD"})

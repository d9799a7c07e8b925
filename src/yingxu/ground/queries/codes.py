"""A question for phones without signal: which codes prove that somebody is at a place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Q

from yingxu.ground.models import Place, PlaceToken

#: A ward has some dozen rooms and beds; more than this in one branch and the phone asks the server instead.
BRANCH_LIMIT = 400


def mark_of(code: str) -> str:
    """Return the short digest by which a phone knows a code that it was not told."""
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def marks_of_places(site_id: int, place_codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each place, the marks of the printed and typed codes around it that prove an arrival there.

    A branch with more codes than a phone should carry has none: there the server alone decides. Budget: 3 queries.
    """
    wanted = {code for code in place_codes if code}
    paths = dict(Place.objects.filter(site_id=site_id, code__in=wanted).values_list("code", "path"))
    if not paths:
        return {}
    around = Q()
    for path in paths.values():
        around |= Q(path__startswith=path) | Q(pk__in=[int(key) for key in path.split("/") if key])
    limit = BRANCH_LIMIT * len(paths)
    places = list(Place.objects.filter(around, site_id=site_id).values_list("pk", "code", "path")[:limit])
    tokens: dict[int, list[str]] = {}
    hanging = PlaceToken.objects.filter(place_id__in=[key for key, _, _ in places], revoked_at=None)
    for key, token in hanging.values_list("place_id", "token")[:limit]:  # a place's own and those of its assets
        tokens.setdefault(key, []).append(token)
    found: dict[str, tuple[str, ...]] = {}
    for wanted_code, path in paths.items():
        marks = []
        for key, code, other in places:
            if other.startswith(path) or path.startswith(other):
                marks.append(mark_of(code))
                marks += [mark_of(token) for token in tokens.get(key, ())]
        found[wanted_code] = tuple(marks) if len(marks) <= 2 * BRANCH_LIMIT else ()
    return found

"""In whose hands a voice lies until it is answered."""

from __future__ import annotations

from collections.abc import Iterable

from yingxu.ground.models import Holding


def who_keeps(site_id: int, team_keys: Iterable[int], *, but_not: Iterable[int | None]) -> int | None:
    """Return who answers at first: a leader of the team that did the work, else an officer of the hospital.

    Never who did the work. None where nobody holds such a role. Budget: one query.
    """
    held = Holding.objects.filter(
        site_id=site_id, role__in=("TL", "HO"), ends_at=None, account__is_active=True
    ).exclude(account_id__in=[key for key in but_not if key is not None])
    teams = set(team_keys)
    leaders, officers = [], []
    for role, team, account in held.order_by("account_id").values_list("role", "team_key", "account_id"):
        if role == "HO":
            officers.append(account)
        elif team in teams:
            leaders.append(account)
    return next(iter([*leaders, *officers]), None)

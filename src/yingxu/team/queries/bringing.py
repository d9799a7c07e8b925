"""What an uploaded table about people is read against, and how people stood before and after it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from yingxu.team.models import Certificate, Duty, Member


def names_of_members(site_id: int) -> tuple[dict[str, UUID], frozenset[str]]:
    """Return what names exactly one member (lower case: account, badge, name) -> the person, and names of several.

    An account's name goes before a badge, and that before a name. Budget: one query.
    """
    rows = list(
        Member.objects.filter(site_id=site_id, account__is_active=True)
        .order_by("id")
        .values_list("account__uid", "account__username", "account__badge", "account__name")
    )
    found: dict[str, UUID] = {}
    shared: set[str] = set()
    for column in (1, 2, 3):
        said: dict[str, list[UUID]] = {}
        for row in rows:
            if row[column]:
                said.setdefault(str(row[column]).lower(), []).append(row[0])
        for name, people in said.items():
            if len(people) == 1:
                found.setdefault(name, people[0])
            elif name not in found:
                shared.add(name)
    return found, frozenset(shared - set(found))


def skills_of(people: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Return the skills of these people. Budget: one query."""
    return dict(Member.objects.filter(account__uid__in=people).values_list("account__uid", "skills"))


def as_they_stand(people: Collection[UUID]) -> dict[int, dict[str, Any]]:
    """Return the skills of these people by member, as an upload keeps them. Budget: one query."""
    rows = Member.objects.filter(account__uid__in=people).order_by("id").values("id", "skills")
    return {row["id"]: {"skills": row["skills"]} for row in rows}


def duty_keys(ids: Collection[UUID]) -> list[int]:
    """Return the keys of these duties. Budget: one query."""
    return list(Duty.objects.filter(uid__in=ids).order_by("id").values_list("id", flat=True))


def certificate_keys(ids: Collection[UUID]) -> list[int]:
    """Return the keys of these certificates. Budget: one query."""
    return list(Certificate.objects.filter(uid__in=ids).order_by("id").values_list("id", flat=True))

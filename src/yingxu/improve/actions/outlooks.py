"""Verbs of the room ``improve``: the analyst hands over what it worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.unit import Unit
from yingxu.improve.events import OutlookMade
from yingxu.improve.models import Outlook, TextGroup


@dataclass(frozen=True)
class LineOutlook:
    """What is to be expected of one line (all of them together: an empty code)."""

    line_code: str
    n: int
    forecast: dict[str, Any] = field(default_factory=dict)
    supply: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundGroup:
    """Askings with shared words that nothing fits."""

    words: tuple[str, ...]
    n_unfit: int
    first_at: datetime
    last_at: datetime
    request_keys: tuple[int, ...]


@dataclass(frozen=True)
class Kept:
    """Whether this round was the one that is kept; another one of the same day was first otherwise."""

    is_kept: bool


def keep_outlook(
    *,
    site_id: int,
    made_on: date,
    lines: Sequence[LineOutlook],
    groups: Sequence[FoundGroup],
    actor: Actor,
    at: datetime,
) -> Kept:
    """A site's day is worked out: forecasts, demand against hands, groups of unfamiliar askings; once a day.

    Records OutlookMade. Refuses: NotAllowed; an IntegrityError when another analyst was quicker. Budget: 1 + 1.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "outlook.make", where=Where(site_id))
        is_there = Outlook.objects.filter(site_id=site_id, made_on=made_on).exists()
        if not is_there:
            _keep(unit, site_id, made_on, lines, groups)
        unit.answer(Kept(not is_there))
    return unit.answered(Kept)


def _keep(unit: Unit, site_id: int, made_on: date, lines: Sequence[LineOutlook], groups: Sequence[FoundGroup]) -> None:
    for line in lines:
        unit.insert(
            Outlook(
                site_id=site_id,
                line_code=line.line_code,
                made_on=made_on,
                made_at=unit.at,
                n=line.n,
                forecast=line.forecast,
                supply=line.supply,
            )
        )
    for rank, group in enumerate(groups, 1):
        unit.insert(
            TextGroup(
                site_id=site_id,
                made_on=made_on,
                made_at=unit.at,
                rank=rank,
                n=len(group.request_keys),
                n_unfit=group.n_unfit,
                words=list(group.words),
                first_at=group.first_at,
                last_at=group.last_at,
                request_keys=list(group.request_keys),
            )
        )
    unit.record(
        OutlookMade(site_id=site_id, subject_id=site_id, thread_id=site_id, n_lines=len(lines), n_groups=len(groups))
    )

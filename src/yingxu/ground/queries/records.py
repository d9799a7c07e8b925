"""Questions about what was kept: files, the ledger, the seals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import F, Func, IntegerField, OuterRef, Subquery, Sum

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.hot import ANY_KEY, hot, read_json
from yingxu.ground.models import Account, Entry, File, Seal, Site
from yingxu.ground.refusals import NotFound


@dataclass(frozen=True)
class FileRow:
    """A kept file, and the object that it belongs to."""

    id: int
    uid: UUID
    sha256: str
    media_type: str
    subject_kind: str
    subject_id: int
    label: str
    received_at: datetime


_FILE = tuple(FileRow.__dataclass_fields__)


def file_by_uid(uid: UUID) -> FileRow:
    """Return a kept file; the caller asks who may see its object. Refuses: NotFound. Budget: one query."""
    row = File.objects.filter(uid=uid).values_list(*_FILE).first()
    if row is None:
        raise NotFound(kind="file", name=str(uid))
    return FileRow(*row)


def files_of(*subject_ids: int) -> tuple[FileRow, ...]:
    """Return the files of some objects, oldest first. Budget: one query."""
    rows = File.objects.filter(subject_id__in=subject_ids).order_by("id").values_list(*_FILE)
    return tuple(FileRow(*row) for row in rows)


# the ledger


@dataclass(frozen=True)
class TimelineRow:
    """One recorded fact, for a timeline; the sentence is made from ``kind`` and ``facts`` where it is shown."""

    id: int
    kind: str
    subject_kind: str
    subject_id: int
    actor_kind: str
    actor_name: str
    behalf_name: str
    happened_at: datetime
    recorded_at: datetime
    facts: dict[str, Any]


_FACTS = tuple(TimelineRow.__dataclass_fields__).index("facts")
_BEHALF = tuple(TimelineRow.__dataclass_fields__).index("behalf_name")


def _timeline_row(row: tuple[Any, ...]) -> TimelineRow:
    values = list(row)
    values[_BEHALF] = values[_BEHALF] or ""
    values[_FACTS] = read_json(values[_FACTS])
    return TimelineRow(*values)


def timeline(thread_id: int, *, limit: int = 200) -> tuple[TimelineRow, ...]:
    """Return what was recorded under one object, oldest first; the caller asked who may see it. Budget: one query."""
    return tuple(_timeline_row(row) for row in _timeline(limit)(thread_id))


@cache
def _timeline(limit: int) -> Callable[[Any], list[tuple[Any, ...]]]:
    behalf = Account.objects.filter(pk=OuterRef("behalf_id")).values("name")[:1]
    return hot(
        lambda: (
            Entry.objects.filter(thread_id=ANY_KEY)
            .annotate(behalf_name=Subquery(behalf))
            .order_by("happened_at", "id")
            .values_list(*TimelineRow.__dataclass_fields__)[:limit]
        )
    )


def may_open(actor: Actor, action: str, site_id: int) -> bool:
    """Tell whether the actor may do an act somewhere at the site (for menus). Budget: none."""
    return any(held.site_id in (None, site_id) for held in actor.holdings) and authority.may_anywhere(actor, action)


@dataclass(frozen=True)
class SealState:
    """How much of the ledger is sealed."""

    n_entries: int
    n_unsealed: int


def seal_state() -> SealState:
    """Return how many entries there are and how many wait for a seal. Budget: two queries."""
    n_entries = Entry.objects.count()
    n_sealed = (
        Seal.objects.aggregate(n=Sum(Func(F("entry_ids"), 1, function="array_length", output_field=IntegerField())))[
            "n"
        ]
        or 0
    )
    return SealState(n_entries, n_entries - n_sealed)


def database_answers() -> bool:
    """Ask the database for a word; raises DatabaseError when it gives none. Budget: one query."""
    Site.objects.order_by().values_list("id", flat=True).first()
    return True

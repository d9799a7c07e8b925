"""The seals: a chain of digests over each site's entries, made in the background, proven on demand.

Identity order is not commit order: an entry with a lower id may be committed after one with a higher. The sealer
therefore samples the highest id, and seals up to it only when every transaction that was open then has ended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from yingxu.ground.models import Entry, Seal

#: A seal holds at most so many entries.
BATCH = 5000
#: A turn of the sealer takes at most so many entries of a site; the next turn goes on.
MOST_A_TURN = 100_000
_SHORT = 8  # bytes of each entry's digest that a seal keeps, to name the first bad one
_COLUMNS = (
    "id", "uid", "site_id", "kind", "subject_kind", "subject_id", "thread_id", "actor_kind", "actor_id", "actor_name",
    "behalf_id", "happened_at", "recorded_at", "cause", "command_id", "facts",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """The highest id at a moment of the database's clock."""

    highest_id: int
    at: datetime


def sample() -> Sample:
    """Return the highest id now. Budget: one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0), clock_timestamp() FROM ground_entry")
        highest, at = cursor.fetchone()
    return Sample(highest, at)


def is_settled(earlier: Sample) -> bool:
    """Tell whether every transaction that was open at the sample has ended. Budget: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start <= %s",
            [earlier.at],
        )
        return int(cursor.fetchone()[0]) == 0


def seal_up_to(earlier: Sample, *, at: datetime) -> int:
    """Seal what was recorded up to a settled sample; returns how many entries. One sealer at a time."""
    sealed = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(7236712)")
            if not cursor.fetchone()[0]:
                return 0
        heads = {seal.site_id: seal for seal in Seal.objects.order_by("site_id", "-number").distinct("site_id")}
        sites = set(
            Entry.objects.filter(id__lte=earlier.highest_id).order_by().values_list("site_id", flat=True).distinct()
        )
        for site_id in sorted(sites, key=lambda key: key or 0):
            head = heads.get(site_id)
            previous, number, after = (head.digest, head.number, max(head.entry_ids)) if head else ("", 0, 0)
            rows = Entry.objects.filter(site_id=site_id, id__gt=after, id__lte=earlier.highest_id).order_by("id")
            fresh = list(rows.values_list(*_COLUMNS)[:MOST_A_TURN])
            for start in range(0, len(fresh), BATCH):
                batch = fresh[start : start + BATCH]
                digests = [digest_of(row) for row in batch]
                number += 1
                seal = Seal.objects.create(
                    site_id=site_id,
                    number=number,
                    entry_ids=[row[0] for row in batch],
                    entry_digests=b"".join(digest[:_SHORT] for digest in digests),
                    previous=previous,
                    digest=chain(previous, digests),
                    sealed_at=at,
                )
                previous = seal.digest
                sealed += len(batch)
    return sealed


def digest_of(row: Iterable[Any]) -> bytes:
    """Return the SHA-256 of one entry in its canonical form."""
    return hashlib.sha256(
        json.dumps([_canonical(value) for value in row], sort_keys=True, ensure_ascii=False).encode()
    ).digest()


def _canonical(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, dict | list | int | str | bool) or value is None:
        return value
    return str(value)


def chain(previous: str, digests: Iterable[bytes]) -> str:
    """Return the digest over the previous seal and a batch of entry digests."""
    whole = hashlib.sha256(previous.encode())
    for digest in digests:
        whole.update(digest)
    return whole.hexdigest()


@dataclass(frozen=True)
class SealVerdict:
    """What a verification found; ``trouble`` names the first bad entry or seal, or is None."""

    n_entries: int
    n_seals: int
    n_unsealed: int
    trouble: str | None


def verify() -> SealVerdict:
    """Recompute every chain. Budget: 3 queries and one for every seal."""
    n_entries = n_seals = 0
    previous, number, site = "", 0, object()
    sealed: dict[Any, int] = {}
    for seal in Seal.objects.order_by("site_id", "number").iterator():
        if seal.site_id != site:
            site, previous, number = seal.site_id, "", 0
        number += 1
        where = f"site {seal.site_id}, seal {seal.number}"
        if seal.number != number or seal.previous != previous:
            return SealVerdict(n_entries, n_seals, 0, f"{where}: a seal before it is missing or was changed")
        rows = {
            row[0]: digest_of(row)
            for row in Entry.objects.filter(id__in=seal.entry_ids, site_id=seal.site_id).values_list(*_COLUMNS)
        }
        kept = bytes(seal.entry_digests)
        for place, key in enumerate(seal.entry_ids):
            if key not in rows:
                return SealVerdict(n_entries, n_seals, 0, f"{where}: entry {key} is missing")
            if rows[key][:_SHORT] != kept[place * _SHORT : (place + 1) * _SHORT]:
                return SealVerdict(n_entries, n_seals, 0, f"{where}: entry {key} was changed")
        if chain(previous, [rows[key] for key in seal.entry_ids]) != seal.digest:
            return SealVerdict(n_entries, n_seals, 0, f"{where}: its digest does not fit its entries")
        slipped = _slipped_in(seal.site_id, sealed.get(seal.site_id, 0), seal.entry_ids)
        if slipped is not None:
            return SealVerdict(n_entries, n_seals, 0, f"{where}: entry {slipped} was slipped in afterwards")
        sealed[seal.site_id] = max(seal.entry_ids)
        previous = seal.digest
        n_entries += len(seal.entry_ids)
        n_seals += 1
    unsealed = Entry.objects.count() - n_entries
    return SealVerdict(n_entries, n_seals, unsealed, None)


def _slipped_in(site_id: int | None, after: int, sealed_ids: list[int]) -> int | None:
    """Return an entry that lies among a seal's ids and is not one of them."""
    return (
        Entry.objects.filter(site_id=site_id, id__gt=after, id__lte=max(sealed_ids))
        .exclude(id__in=sealed_ids)
        .values_list("id", flat=True)
        .first()
    )


def open_partitions(at: datetime, *, months: int = 3) -> None:
    """Open the ledger's partitions of this month and the following ones, unless they stand. Budget: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ground_open_partition((%s::date + make_interval(months => n))::date)"
            " FROM generate_series(0, %s - 1) AS n",
            [at.date(), months],
        )

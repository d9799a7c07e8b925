"""A site's past as arrays: what ``core`` makes models of, read through the rooms' questions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from yingxu.core.queueing.history import Worked
from yingxu.ground.actor import engine
from yingxu.work.worked import WorkedRow, worked

ANALYST = engine("analyst")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def rows_of(site_id: int, *, weeks: int, at: datetime) -> list[WorkedRow]:
    """Return the site's jobs of so many weeks before ``at``. Budget: one query."""
    return list(worked(ANALYST, site_id, from_at=at - timedelta(weeks=weeks), to_at=at))


def as_worked(rows: Iterable[WorkedRow], *, line_code: str, zone: ZoneInfo) -> Worked:
    """Return the rows as arrays on the site's own clock; the line's jobs are the ones that are meant."""
    found = list(rows)
    return Worked(
        opened_s=_local(zone, [row.opened_at for row in found]),
        accepted_s=_local(zone, [row.accepted_at for row in found]),
        arrived_s=_local(zone, [row.arrived_at for row in found]),
        finished_s=_local(zone, [row.finished_at for row in found]),
        paused_s=np.array([row.paused_s for row in found], dtype=np.int64),
        priority=np.array([row.priority for row in found], dtype=np.int64),
        worker=np.array([row.worker_key or -1 for row in found], dtype=np.int64),
        is_meant=np.array([row.line_code == line_code for row in found], dtype=np.bool_),
    )


def local_s(zone: ZoneInfo, moment: datetime) -> int:
    """Return what the site's clock shows, in seconds since 1970-01-01 00:00 on it."""
    offset = moment.astimezone(zone).utcoffset() or timedelta(0)
    return int((moment - _EPOCH + offset).total_seconds())


def _local(zone: ZoneInfo, moments: list[datetime | None]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([-1 if one is None else local_s(zone, one) for one in moments], dtype=np.int64)

"""Local times to instants: the clock changes of one zone as arrays."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.refusal import BadInput

Ints = NDArray[np.int64]

DAY_S = 86_400
#: "No time": never a real instant, and easy to see in a debugger.
MISSING = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Zone:
    """A time zone between two years: the instants (s since 1970, UTC) where its offset changes, and the offsets."""

    name: str
    changes_s: Ints
    offsets_s: Ints

    @classmethod
    def named(cls, name: str, first_year: int = 1970, last_year: int = 2100) -> Zone:
        """Return the zone by its IANA name. Raises BadInput for an unknown one."""
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput(f"unknown time zone {name!r}; use a name like Asia/Shanghai or America/New_York") from None
        epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

        def offset(at_s: int) -> int:
            passed = (epoch + dt.timedelta(seconds=at_s)).astimezone(zone).utcoffset()
            return int(passed.total_seconds()) if passed else 0

        start = int(dt.datetime(first_year, 1, 1, tzinfo=dt.UTC).timestamp())
        end = int(dt.datetime(last_year, 12, 31, tzinfo=dt.UTC).timestamp())
        changes, offsets = [], [offset(start)]
        step = 14 * DAY_S  # no zone changes twice within a fortnight, except for wartime oddities
        at = start
        while at < end:
            ahead = min(at + step, end)
            if offset(ahead) != offsets[-1]:
                low, high = at, ahead
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
                changes.append(high)
                offsets.append(offset(high))
            at = ahead
        return cls(name, np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64))

    def to_utc(self, local_s: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """Return the instants of local times, and which of them the clock skipped.

        A skipped time is moved forward by the length of the gap; of a time that comes twice the first is meant.
        """
        if not self.changes_s.size:
            return local_s - self.offsets_s[0], np.zeros(local_s.shape, dtype=bool)
        before, after = self.offsets_s[:-1], self.offsets_s[1:]
        at = np.searchsorted(self.changes_s + np.maximum(before, after), local_s, side="right")
        nearest = np.minimum(at, before.size - 1)
        in_gap = (at < before.size) & (local_s >= self.changes_s[nearest] + before[nearest])
        in_gap &= after[nearest] > before[nearest]
        return local_s - self.offsets_s[at], in_gap

    def to_local(self, utc_s: Ints) -> Ints:
        """Return local clock readings, as seconds since 1970 on that clock."""
        return utc_s + self.offsets_s[np.searchsorted(self.changes_s, utc_s, side="right")]

    def offset_at(self, utc_s: int) -> int:
        """Return the offset from UTC in seconds at an instant."""
        return int(self.offsets_s[np.searchsorted(self.changes_s, utc_s, side="right")])

    def iso(self, utc_s: int) -> str:
        """Return an instant as ISO 8601 on this zone's clock, with its offset."""
        own = dt.timezone(dt.timedelta(seconds=self.offset_at(utc_s)))
        return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=int(utc_s))).astimezone(own).isoformat()


def machine_zone() -> str:
    """Return the name of the machine's own time zone, or UTC where it has none."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named:
        try:
            return ZoneInfo(named).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    place = str(Path("/etc/localtime").resolve())
    if "zoneinfo/" in place:
        name = place.split("zoneinfo/", 1)[1].removeprefix("posix/")
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    return "UTC"

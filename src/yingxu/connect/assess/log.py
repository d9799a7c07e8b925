"""A service log as it was read: one entry a case, columns as arrays, and everything that was odd, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.assess.zone import MISSING, Ints, Zone

#: Codes of what was odd. Rejecting ones drop the row; of the others the row is used and the finding counted.
REJECTING = ("opened_missing", "opened_unreadable", "opened_implausible", "too_many_cells", "id_missing")
NOTING = (
    *("target_unreadable", "target_implausible", "closed_unreadable", "closed_implausible"),
    *("first_action_unreadable", "first_action_implausible"),
    *("skipped_by_clock_change", "target_before_opened", "closed_before_opened", "first_action_before_opened"),
    *("flag_contradicts_times", "flag_unreadable", "closed_state_without_time", "open_state_with_time"),
    "id_repeated",
)


@dataclass(frozen=True)
class Problem:
    """``n`` rows with the same oddity. ``first_row`` is a row of the file, the first row of it being 1."""

    code: str
    n: int
    first_row: int

    @property
    def is_rejecting(self) -> bool:
        """Say whether these rows were left out."""
        return self.code in REJECTING


@dataclass(frozen=True)
class Labels:
    """A column of words: ``codes[i]`` points into ``values``; -1 is "not stated"."""

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    def of(self, at: int) -> str | None:
        """Return the word of one case."""
        code = int(self.codes[at])
        return None if code < 0 else self.values[code]

    @property
    def n_stated(self) -> int:
        """Return how many cases state it."""
        return int((self.codes >= 0).sum())


@dataclass(frozen=True)
class Case:
    """One case of a log. Times are instants in seconds since 1970 UTC; None is "not stated" or "not yet"."""

    id: str
    row: int
    opened_s: int
    target_s: int | None
    closed_s: int | None
    first_action_s: int | None
    flagged_kept: bool | None
    line: str | None
    item: str | None
    place: str | None
    department: str | None
    channel: str | None
    priority: str | None
    text: str | None


@dataclass(frozen=True)
class ServiceLog:
    """What `read_log` returns. Arrays have one entry per case, in file order of each case's first row.

    ``*_s`` are instants in seconds since 1970 UTC, ``zone.MISSING`` where absent; ``opened_local_s`` is the same moment
    on the local clock. ``flag`` is 1 kept, 0 broken, -1 not stated, as the log itself says. ``rows`` holds each case's
    first row in the file; ``n_rows_of`` how many rows it has. ``columns`` maps a role to the name of its column,
    ``found_by`` to map, name or content. ``by_day`` lists the times stated as bare dates beside timed openings: such a
    target lasts until the end of its day, and such a closing is taken at the day's start, but not before its opening.
    """

    name: str
    rows_read: int
    rows_used: int
    is_event_log: bool
    problems: tuple[Problem, ...]
    columns: dict[str, str]
    found_by: dict[str, str]
    header: tuple[str, ...]
    unused_times: tuple[str, ...]
    zone: Zone
    date_order: str
    date_order_is_assumed: bool
    is_days_only: bool
    by_day: tuple[str, ...]
    ids: list[str]
    rows: Ints
    n_rows_of: Ints
    opened_s: Ints
    opened_local_s: Ints
    target_s: Ints
    closed_s: Ints
    first_action_s: Ints
    flag: NDArray[np.int8]
    line: Labels
    item: Labels
    place: Labels
    department: Labels
    channel: Labels
    priority: Labels
    text: list[str]
    counts: dict[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.ids)

    @property
    def has_targets(self) -> bool:
        """Say whether any case states its target; if none does, the log's own flag is counted instead."""
        return bool((self.target_s != MISSING).any())

    @property
    def now_s(self) -> int:
        """Return the latest opening or closing: the moment as of which open cases are judged by default."""
        return int(max(self.opened_s.max(), self.closed_s.max()))

    def problem(self, code: str) -> int:
        """Return how many rows have an oddity."""
        return sum(problem.n for problem in self.problems if problem.code == code)

    def cases(self) -> Iterator[Case]:
        """Yield the cases one by one, in order."""

        def instant(value: int) -> int | None:
            return None if value == MISSING else value

        columns = (self.opened_s, self.target_s, self.closed_s, self.first_action_s, self.flag, self.rows)
        times = zip(*(column.tolist() for column in columns), strict=True)
        for at, (opened, target, closed, first_action, flag, row) in enumerate(times):
            yield Case(
                id=self.ids[at],
                row=row,
                opened_s=opened,
                target_s=instant(target),
                closed_s=instant(closed),
                first_action_s=instant(first_action),
                flagged_kept=None if flag < 0 else bool(flag),
                line=self.line.of(at),
                item=self.item.of(at),
                place=self.place.of(at),
                department=self.department.of(at),
                channel=self.channel.of(at),
                priority=self.priority.of(at),
                text=self.text[at] or None,
            )

"""Read any service log. The public door is `read_log`; `yingxu replay` reads through it too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.assess import columns as finding
from yingxu.connect.assess import names
from yingxu.connect.assess.cases import Cases, Events, fold_cases
from yingxu.connect.assess.log import Labels, Problem, ServiceLog
from yingxu.connect.assess.mapping import Mapping
from yingxu.connect.assess.moments import MISSING_WORDS, is_missing
from yingxu.connect.assess.source import Sheet, read_sheet
from yingxu.connect.assess.zone import DAY_S, MISSING, Ints, Zone, machine_zone
from yingxu.connect.refusal import BadInput

Mask = NDArray[np.bool_]

LABEL_ROLES = ("line", "item", "place", "department", "channel", "priority", "status")
CLOSED_STATES = frozenset(
    [
        "closed",
        "complete",
        "completed",
        "resolved",
        "done",
        "finished",
        "已关闭",
        "关闭",
        "已完成",
        "完成",
        "已办结",
        "办结",
        "已结单",
        "结单",
        "已完工",
        "完工",
        "已解决",
        "已修复",
        "已归档",
    ]
)
OPEN_STATES = frozenset(
    [
        "open",
        "new",
        "in progress",
        "active",
        "pending",
        "assigned",
        "待处理",
        "处理中",
        "未完成",
        "待派单",
        "已派单",
        "待接单",
        "维修中",
        "进行中",
        "挂起",
        "未关闭",
        "未处理",
    ]
)


def read_log(path: Path, mapping: Mapping | None = None) -> ServiceLog:
    """Read a service log: CSV, CSV.gz or XLSX, its columns found by the map, by name or by content.

    Parameters
    ----------
    path : the file. mapping : what the map says; None to find everything.

    Raises
    ------
    BadInput : the file cannot be read as a table, no opening times are found, the map names an absent column, or
        no row is usable.
    """
    told = mapping or Mapping()
    missing = MISSING_WORDS if told.missing is None else told.missing | {""}
    sheet = read_sheet(path, encoding=told.encoding, delimiter=told.delimiter)
    try:
        found = finding.find_columns(sheet, told, missing)
        zone = Zone.named(told.timezone or machine_zone())
    except BadInput as refusal:
        raise BadInput(f"{path}: {refusal}") from None
    return _Reader(path, sheet, found, zone, missing, told).log()


class _Reader:
    """Turns the rows of one sheet into arrays, then into cases, and remembers what was odd."""

    def __init__(
        self, path: Path, sheet: Sheet, found: finding.Columns, zone: Zone, missing: frozenset[str], told: Mapping
    ) -> None:
        self.path, self.sheet, self.found, self.zone, self.missing, self.told = path, sheet, found, zone, missing, told
        self.numbers = np.array(sheet.numbers, dtype=np.int64)
        self.problems: dict[str, tuple[int, int]] = {}
        self.days_only = False
        self.by_day: list[str] = []
        self.opened_clock: Ints = np.full(len(sheet.rows), MISSING, dtype=np.int64)
        self.skipped = np.zeros(len(sheet.rows), dtype=bool)

    def log(self) -> ServiceLog:
        n = len(self.sheet.rows)
        times = {role: self.instants(role) for role in ("opened", "target", "closed", "first_action", "updated")}
        usable = times["opened"] != MISSING
        if self.sheet.overlong:
            overlong = np.isin(self.numbers, np.fromiter(self.sheet.overlong, dtype=np.int64))
            for code in ("opened_missing", "opened_unreadable", "opened_implausible"):
                self.problems.pop(code, None)
            self.note("too_many_cells", overlong)
            self.note_opened(~overlong)
            usable &= ~overlong
        ids = self.cells("id") if "id" in self.found.at else []
        ids = ["" if is_missing(one, self.missing) else one.strip() for one in ids]
        events = Events(
            ids=ids,
            numbers=self.numbers,
            usable=usable,
            times=times,
            has_own_closing="closed" in self.found.at,
            sequence=self.whole_numbers("sequence"),
            labels={role: self.labels(role) for role in LABEL_ROLES},
            flag=self.flags(),
            texts=self.texts(),
            counts={role: self.whole_numbers(role) for role in ("reopens", "reassignments") if role in self.found.at},
            closed_states=CLOSED_STATES,
        )
        self.note("skipped_by_clock_change", self.skipped & usable)
        cases = fold_cases(events)
        for code, mask in cases.row_findings.items():
            self.note(code, mask)
        if not cases.rows.size:
            raise BadInput(f"{self.path}: none of its {n} rows has a readable opening time; set 'opened' in a map")
        self.contradictions(cases)
        # Event rows repeat their case: the findings of times are counted in rows of the file, of cases by first row.
        return ServiceLog(
            name=self.path.name,
            rows_read=n,
            rows_used=int(cases.n_rows_of.sum()),
            is_event_log=cases.is_event_log,
            problems=tuple(
                sorted(
                    (Problem(code, *seen) for code, seen in self.problems.items()), key=lambda one: (-one.n, one.code)
                )
            ),
            columns={role: self.sheet.header[at] for role, at in self.found.at.items()},
            found_by=dict(self.found.by),
            header=self.sheet.header,
            unused_times=self.found.unused_times,
            zone=self.zone,
            date_order=self.found.order,
            date_order_is_assumed=self.found.order_is_assumed,
            is_days_only=self.days_only,
            by_day=tuple(self.by_day),
            ids=cases.ids,
            rows=cases.rows,
            n_rows_of=cases.n_rows_of,
            opened_s=cases.times["opened"],
            opened_local_s=self.zone.to_local(cases.times["opened"]),
            target_s=cases.times["target"],
            closed_s=cases.times["closed"],
            first_action_s=cases.times["first_action"],
            flag=cases.flag,
            line=cases.labels["line"],
            item=cases.labels["item"],
            place=cases.labels["place"],
            department=cases.labels["department"],
            channel=cases.labels["channel"],
            priority=cases.labels["priority"],
            text=cases.texts,
            counts=cases.counts,
        )

    def note(self, code: str, mask: Mask, numbers: Ints | None = None) -> None:
        """Count an oddity, with the first row of the file that has it."""
        at = np.flatnonzero(mask)
        if at.size:
            self.problems[code] = (int(at.size), int((self.numbers if numbers is None else numbers)[at].min()))

    def cells(self, role: str) -> list[str]:
        at = self.found.at[role]
        return [row[at] for row in self.sheet.rows]

    def instants(self, role: str) -> Ints:
        """Return the instants of a time column and note what could not be read."""
        column = self.found.dates.get(role)
        if column is None:
            return np.full(len(self.sheet.rows), MISSING, dtype=np.int64)
        moments = column.moments(self.found.order)
        utc, clock = moments.utc_s.copy(), moments.local_s.copy()
        local = clock != MISSING
        if moments.days_only and role != "opened" and not self.days_only:
            self.by_day.append(role)
            if role == "target":
                clock[local] += DAY_S - 1  # "by Friday" includes Friday
            else:
                same_day = local & (clock == self.opened_clock - self.opened_clock % DAY_S)
                clock[same_day] = self.opened_clock[same_day]  # closed on its day is not closed before it
        utc[local], skipped = self.zone.to_utc(clock[local])
        self.skipped[np.flatnonzero(local)[skipped]] = True
        if role == "opened":
            self.days_only, self.opened_clock = moments.days_only, moments.local_s
            self.opened_masks = (moments.unreadable, moments.implausible, utc == MISSING)
            self.note_opened(np.ones(utc.size, dtype=bool))
        elif role != "updated":
            self.note(f"{role}_unreadable", moments.unreadable)
            self.note(f"{role}_implausible", moments.implausible)
        return utc

    def note_opened(self, among: Mask) -> None:
        """Count why rows have no usable opening; each such row has exactly one reason."""
        unreadable, implausible, absent = self.opened_masks
        self.note("opened_unreadable", unreadable & among)
        self.note("opened_implausible", implausible & among)
        self.note("opened_missing", absent & ~unreadable & ~implausible & among)

    def labels(self, role: str) -> Labels:
        n = len(self.sheet.rows)
        if role not in self.found.at:
            return Labels(np.full(n, -1, dtype=np.int32), ())
        seen: dict[str, int] = {}
        values: dict[str, int] = {}
        codes = np.empty(n, dtype=np.int32)
        for at, cell in enumerate(self.cells(role)):
            code = seen.get(cell)
            if code is None:
                code = -1 if is_missing(cell, self.missing) else values.setdefault(" ".join(cell.split()), len(values))
                seen[cell] = code
            codes[at] = code
        return Labels(codes, tuple(values))

    def flags(self) -> NDArray[np.int8]:
        """Return 1 kept, 0 broken, -1 not stated, as the words of the flag and the name of its column mean it."""
        n = len(self.sheet.rows)
        if "kept" not in self.found.at:
            return np.full(n, -1, dtype=np.int8)
        says_late = names.says_late(self.sheet.header[self.found.at["kept"]])
        meaning: dict[str, int] = {}
        cells = self.cells("kept")
        for cell in set(cells):
            meaning[cell] = self.meaning(cell, says_late)
        flags = np.fromiter((meaning[cell] for cell in cells), dtype=np.int8, count=n)
        self.note("flag_unreadable", flags == -2)
        return np.maximum(flags, -1)

    def meaning(self, cell: str, says_late: bool) -> int:
        if is_missing(cell, self.missing - finding.YES_WORDS - finding.NO_WORDS):
            return -1
        word = cell.strip().casefold()
        if self.told.kept_values is not None:
            return int(word in self.told.kept_values)
        if word in finding.KEPT_WORDS or word in finding.BROKEN_WORDS:
            return int(word in finding.KEPT_WORDS)
        if word in finding.YES_WORDS or word in finding.NO_WORDS:
            return int((word in finding.YES_WORDS) != says_late)
        return -2

    def texts(self) -> list[str]:
        if "text" not in self.found.at:
            return [""] * len(self.sheet.rows)
        return ["" if is_missing(cell, self.missing) else cell.strip() for cell in self.cells("text")]

    def whole_numbers(self, role: str) -> Ints:
        n = len(self.sheet.rows)
        if role not in self.found.at:
            return np.zeros(n, dtype=np.int64)
        return np.fromiter((_whole(cell) for cell in self.cells(role)), dtype=np.int64, count=n)

    def contradictions(self, cases: Cases) -> None:
        """Count what cannot all be true. These cases are kept; the promise is judged by its times alone."""
        opened, target, closed = (cases.times[role] for role in ("opened", "target", "closed"))
        first_action, rows = cases.times["first_action"], cases.rows
        has_target, is_closed = target != MISSING, closed != MISSING
        self.note("target_before_opened", has_target & (target < opened), rows)
        self.note("closed_before_opened", is_closed & (closed < opened), rows)
        self.note("first_action_before_opened", (first_action != MISSING) & (first_action < opened), rows)
        judged = has_target & is_closed & (cases.flag >= 0)
        self.note("flag_contradicts_times", judged & ((closed <= target) != (cases.flag == 1)), rows)
        state = cases.labels["status"]
        says_closed = _in_words(state, CLOSED_STATES)
        self.note("closed_state_without_time", says_closed & ~is_closed & ("closed" in self.found.at), rows)
        self.note("open_state_with_time", _in_words(state, OPEN_STATES) & is_closed & ~says_closed, rows)


def _in_words(labels: Labels, words: frozenset[str]) -> Mask:
    meant = np.array([*(value.casefold() in words for value in labels.values), False], dtype=bool)
    return np.asarray(meant[labels.codes], dtype=bool)


def _whole(cell: str) -> int:
    try:
        return int(float(cell))
    except (ValueError, OverflowError):
        return 0


__all__: Sequence[str] = ("read_log",)

"""Find out which column is which: by the map, then by name and content together, then by content alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yingxu.connect.assess import names
from yingxu.connect.assess.mapping import Mapping, column_index
from yingxu.connect.assess.moments import BareDateColumn, DateColumn, is_missing, times_of_day
from yingxu.connect.assess.source import Sheet
from yingxu.connect.refusal import BadInput

SAMPLE = 3000
LINE_VALUES = range(3, 61)
#: Words that state by themselves whether a promise was kept.
KEPT_WORDS = frozenset(
    [
        "ontime",
        "on time",
        "on-time",
        "in time",
        "within sla",
        "met",
        "kept",
        "achieved",
        "pass",
        "in sla",
        "early",
        "及时",
        "按时",
        "准时",
        "达标",
        "按期",
        "未超时",
        "未逾期",
        "未超期",
        "时限内",
        "正常",
    ]
)
BROKEN_WORDS = frozenset(
    [
        "overdue",
        "late",
        "delayed",
        "breached",
        "missed",
        "not met",
        "out of sla",
        "violated",
        "fail",
        "failed",
        "不及时",
        "未及时",
        "不按时",
        "未按时",
        "不准时",
        "未达标",
        "不达标",
        "超时",
        "已超时",
        "逾期",
        "已逾期",
        "超期",
        "延误",
        "时限外",
        "未按期",
    ]
)
YES_WORDS = frozenset(["true", "yes", "y", "1", "t", "是", "√", "对", "有", "1.0"])
NO_WORDS = frozenset(["false", "no", "n", "0", "f", "否", "×", "x", "不是", "无", "0.0"])
_COORDINATE = re.compile(r"^\(?\s*-?\d{1,3}\.\d{2,}\s*(?:,\s*-?\d{1,3}\.\d+\s*\)?)?$")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")


@dataclass
class Columns:
    """The roles found: position of each, how it was found (map, name or content), and the parsed time columns."""

    at: dict[str, int] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    dates: dict[str, DateColumn] = field(default_factory=dict)
    unused_times: tuple[str, ...] = ()
    order: str = "dmy"
    order_is_assumed: bool = False

    def take(self, role: str, at: int, by: str) -> None:
        """Give a column to a role."""
        self.at[role] = at
        self.by[role] = by


def find_columns(sheet: Sheet, mapping: Mapping, missing: frozenset[str]) -> Columns:
    """Return which column is which. Raises BadInput when no opening time is found or the map names a column wrongly."""
    found = Columns()
    for role, name in mapping.columns.items():
        found.take(role, column_index(sheet.header, role, name), "map")
    step = max(1, len(sheet.rows) // SAMPLE)
    sample = sheet.rows[::step]
    cells = [[row[at] for row in sample] for at in range(len(sheet.header))]
    present = [[value.strip() for value in column if not is_missing(value, missing)] for column in cells]
    dated = _find_times(sheet, found, cells, missing, mapping)
    _find_kept(sheet, found, present, dated, mapping.kept_values)
    _find_others(sheet, found, present, dated)
    return found


def _find_times(
    sheet: Sheet, found: Columns, cells: list[list[str]], missing: frozenset[str], mapping: Mapping
) -> set[int]:
    """Settle the time columns and parse them in full; return every column that holds dates."""
    named = [names.time_roles(name) for name in sheet.header]
    taken = set(found.at.values())
    dated: set[int] = set()
    for at, roles in enumerate(named):
        kind = BareDateColumn if roles else DateColumn
        column = kind(cells[at], missing, datetime_format=mapping.datetime)
        if column.has_values() and column.share_read() >= (0.5 if roles else 0.8):
            dated.add(at)
        elif roles and not column.has_values():
            dated.add(at)  # "Due date", never filled in: worth saying so
    for role in names.TIME_ROLES:
        if role in found.at:
            continue
        ranked = sorted((named[at][role], at) for at in dated - taken if role in named[at])
        if ranked:
            found.take(role, ranked[0][1], "name")
            taken.add(ranked[0][1])
    _times_by_content(sheet, found, sorted(dated - taken), missing, mapping)
    if "opened" not in found.at:
        raise BadInput(
            'no column with opening times found; name it in a map: [columns] opened = "…" '
            f"(the file has: {', '.join(sheet.header[:12])})"
        )
    for role in names.TIME_ROLES:
        if role in found.at:
            values = [row[found.at[role]] for row in sheet.rows]
            half = _other_half(sheet, found.at[role], cells, missing)
            if half is not None:
                values = [f"{one} {row[half]}".strip() for one, row in zip(values, sheet.rows, strict=True)]
            found.dates[role] = BareDateColumn(values, missing, datetime_format=mapping.datetime)
    opened = found.dates["opened"]
    if opened.share_read() == 0.0 or not opened.has_values():
        name = sheet.header[found.at["opened"]]
        raise BadInput(
            f"column {name!r} for 'opened' holds no readable times; name another in the map, or set 'datetime'"
        )
    found.unused_times = tuple(
        sheet.header[at] for at in sorted(dated - set(found.at.values())) if "closed" in named[at]
    )
    _settle_order(found)
    return dated


def _other_half(sheet: Sheet, at: int, cells: list[list[str]], missing: frozenset[str]) -> int | None:
    """Find the column with the time of day that belongs to a column of bare dates."""
    present = [value for value in cells[at][:200] if not is_missing(value, missing)]
    if not present or any(":" in value or "时" in value for value in present):
        return None
    stem = names.stem(sheet.header[at])
    for other, name in enumerate(sheet.header):
        if other != at and names.stem(name) == stem and times_of_day(cells[other], missing):
            return other
    return None


def _times_by_content(sheet: Sheet, found: Columns, free: list[int], missing: frozenset[str], mapping: Mapping) -> None:
    """Give roles to date columns whose names do not say: the earliest and fullest opened the request, and so on."""
    free = [at for at in free if not names.time_roles(sheet.header[at])]
    if not free or {"opened", "closed", "target"} <= set(found.at):
        return
    step = max(1, len(sheet.rows) // SAMPLE)
    columns = {
        at: DateColumn([row[at] for row in sheet.rows[::step]], missing, datetime_format=mapping.datetime)
        for at in free
    }
    times = {at: column.moments(column.order() or "dmy").local_s for at, column in columns.items()}
    if "opened" not in found.at:
        filled = {at: (seconds > 0).sum() for at, seconds in times.items()}
        fullest = max(filled.values())
        rivals = [at for at in free if filled[at] >= 0.98 * fullest]
        opened = min(rivals, key=lambda at: (float(times[at][times[at] > 0].mean()), at))
        found.take("opened", opened, "content")
        free.remove(opened)
        base = times[opened]
    else:
        own = [row[found.at["opened"]] for row in sheet.rows[::step]]
        column = BareDateColumn(own, missing, datetime_format=mapping.datetime)
        base = column.moments(column.order() or "dmy").local_s
    spread = {}
    for at in free:
        both = (times[at] > 0) & (base > 0)
        after = times[at][both] - base[both]
        if both.sum() >= 2 and (after >= 0).mean() > 0.9:
            spread[at] = len(set((after // 60).tolist())) / int(both.sum())
    # A promise is a few round lengths of time; what people need for the work is not.
    ranked = sorted(spread, key=lambda at: spread[at])
    if (
        "target" not in found.at
        and ranked
        and ((len(ranked) > 1 and spread[ranked[0]] < 0.6 * spread[ranked[1]]) or spread[ranked[0]] < 0.05)
    ):
        found.take("target", ranked.pop(0), "content")
    if "closed" not in found.at and ranked:
        found.take("closed", ranked[-1], "content")


def _settle_order(found: Columns) -> None:
    """Decide once for the whole file whether day or month comes first, from the values that prove it."""
    proven = [order for column in found.dates.values() if (order := column.order())]
    if proven:
        found.order = max(set(proven), key=proven.count)
        return
    if not any(column.ambiguous() for column in found.dates.values()):
        return
    found.order_is_assumed = True
    opened = found.dates["opened"]
    backward = {}
    for order in ("dmy", "mdy"):
        seconds = opened.moments(order).local_s
        seconds = seconds[seconds > 0]
        backward[order] = abs(float((seconds[1:] < seconds[:-1]).mean()) - 0.5) if seconds.size > 2 else 0.0
    if abs(backward["dmy"] - backward["mdy"]) > 0.05:  # logs are sorted, one way or the other
        found.order = max(backward, key=lambda order: backward[order])
    else:
        found.order = "mdy" if opened.has_half_days() else "dmy"


def _find_kept(
    sheet: Sheet, found: Columns, present: list[list[str]], dated: set[int], kept_values: frozenset[str] | None
) -> None:
    if "kept" in found.at:
        return
    taken = set(found.at.values()) | dated
    absolute, yes_no = KEPT_WORDS | BROKEN_WORDS, YES_WORDS | NO_WORDS
    ranked = []
    for at, name in enumerate(sheet.header):
        values = {value.casefold() for value in present[at]}
        if at in taken or not values or len(values) > 4:
            continue
        is_known = values <= absolute | yes_no or bool(kept_values and values & kept_values)
        if "kept" in (roles := names.other_roles(name)) and is_known:
            ranked.append((roles["kept"], at, "name"))
        elif values <= absolute and values & {
            "ontime",
            "on time",
            "overdue",
            "breached",
            "及时",
            "按时",
            "超时",
            "逾期",
            "超期",
        }:
            ranked.append((9, at, "content"))
    if ranked:
        _, at, by = min(ranked)
        found.take("kept", at, by)


def _find_others(sheet: Sheet, found: Columns, present: list[list[str]], dated: set[int]) -> None:
    header, n_sampled = sheet.header, max(1, len(sheet.rows[:: max(1, len(sheet.rows) // SAMPLE)]))
    taken = set(found.at.values()) | dated
    roles = [names.other_roles(name) for name in header]

    def best(role: str, suits: Sequence[int]) -> None:
        ranked = sorted((roles[at][role], at) for at in suits if role in roles[at] and at not in taken and present[at])
        if role not in found.at and ranked:
            found.take(role, ranked[0][1], "name")
            taken.add(ranked[0][1])

    everything = range(len(header))
    kinds = [len(set(values)) for values in present]
    best("id", [at for at in everything if len(present[at]) >= 0.5 * n_sampled and (kinds[at] > 1 or n_sampled == 1)])
    _id_by_content(sheet, found, present, taken)
    best("status", [at for at in everything if kinds[at] <= 40])
    best("sequence", [at for at in everything if all(_NUMBER.match(value) for value in present[at][:50])])
    for role in ("reopens", "reassignments"):
        best(role, [at for at in everything if all(_NUMBER.match(value) for value in present[at][:50])])
    best("priority", [at for at in everything if 1 <= kinds[at] <= 20])
    best("channel", [at for at in everything if kinds[at] <= 40])
    _find_line(sheet, found, taken, present)
    best("item", [at for at in everything if kinds[at] > 1])
    if "item" not in found.at:
        finer = [at for at in everything if at not in taken and names.is_category(header[at]) and kinds[at] > 1]
        if finer:
            found.take("item", max(finer, key=lambda at: kinds[at]), "name")
            taken.add(found.at["item"])
    places = [at for at in everything if not _mostly(present[at], _COORDINATE) and len(present[at]) >= 0.3 * n_sampled]
    best("place", [at for at in places if kinds[at] > 1])
    best("department", [at for at in everything if kinds[at] <= 400])
    best("text", list(everything))
    if "text" not in found.at:
        told = [at for at in everything if at not in taken and len(present[at]) >= 0.3 * n_sampled]
        long = {at: sum(map(len, present[at])) / len(present[at]) for at in told if not names.is_afterwards(header[at])}
        long = {at: mean for at, mean in long.items() if mean > 20 and kinds[at] > 0.3 * len(present[at])}
        if long:
            found.take("text", max(long, key=lambda at: long[at]), "content")


def _id_by_content(sheet: Sheet, found: Columns, present: list[list[str]], taken: set[int]) -> None:
    if "id" in found.at:
        return
    for at in range(min(3, len(sheet.header))):
        values = [row[at].strip() for row in sheet.rows]
        is_code = all(value and len(value) <= 40 and " " not in value for value in values)
        if at not in taken and is_code and len(set(values)) == len(values) and not _mostly(present[at], _COORDINATE):
            found.take("id", at, "content")
            taken.add(at)
            return


def _find_line(sheet: Sheet, found: Columns, taken: set[int], present: list[list[str]]) -> None:
    """The broadest category: of the columns that name a kind of request, the one with fewest values in 3–60."""
    if "line" in found.at:
        return
    counted = []
    for at, name in enumerate(sheet.header):
        if at in taken or len(present[at]) < 2 or len(set(present[at])) > 2 * LINE_VALUES.stop:
            continue
        is_named = names.is_category(name)
        is_wordy = not names.other_roles(name) and not names.time_roles(name) and _is_wordy(present[at])
        if is_named or is_wordy:
            column = [" ".join(row[at].split()) for row in sheet.rows]
            values = {value for value in column if value}
            coverage = sum(map(bool, column)) / len(column)
            if len(values) in LINE_VALUES and coverage >= 0.5:
                counted.append((not is_named, len(values), -coverage, at))
    if counted:
        _, _, _, at = min(counted)
        found.take("line", at, "name" if names.is_category(sheet.header[at]) else "content")
        taken.add(at)
        return
    for role in ("item", "department"):  # better one coarse grouping than none
        for at, name in enumerate(sheet.header):
            if at not in taken and role in names.other_roles(name) and len(set(present[at])) in LINE_VALUES:
                found.take("line", at, "content")
                taken.add(at)
                return


def _is_wordy(values: Sequence[str]) -> bool:
    """Categories by content are words that come back, not codes, names of people or flags."""
    kinds = set(values)
    if len(kinds) < LINE_VALUES.start or len(values) < 5 * len(kinds):
        return False
    return sum(len(kind) >= 2 and not any(letter.isdigit() for letter in kind) for kind in kinds) >= 0.9 * len(kinds)


def _mostly(values: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return bool(values) and sum(bool(pattern.match(value)) for value in values) > 0.5 * len(values)

"""Dates as people write them, one column at a time: a column is read in one order of day and month throughout."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yingxu.connect.assess.zone import DAY_S, MISSING, Ints

#: Written for "nothing" in logs. Compared without case and outer space.
MISSING_WORDS = frozenset(
    [
        "",
        "?",
        "??",
        "-",
        "--",
        "---",
        "—",
        "——",
        "/",
        "\\",
        "\\n",
        ".",
        "n/a",
        "na",
        "#n/a",
        "#value!",
        "null",
        "(null)",
        "none",
        "nil",
        "nan",
        "nat",
        "<na>",
        "无",
        "空",
        "暂无",
        "未填",
        "未填写",
        "（空）",
        "(空)",
        "(blank)",
    ]
)
FIRST_YEAR, LAST_YEAR = 1971, 2199
EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
EXCEL_ORDINAL = dt.date(1899, 12, 30).toordinal()

_TIME = (
    r"(?:[T\s,]*(?:星期.|周[一二三四五六日天])?\s*(?P<zh>上午|下午|晚上|凌晨|中午|早上|傍晚|夜间)?\s*"
    r"(?P<h>\d{1,2})(?:\s*[:：时点.]\s*(?P<m>\d{1,2})?(?:\s*[:：分.]\s*(?P<s>\d{1,2})?(?:[.,]\d+)?)?\s*秒?)?"
    r"\s*(?P<ap>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\s*$"
)
NUMERIC = re.compile(r"^(?P<a>\d{1,4})\s*[-/.年]\s*(?P<b>\d{1,2})\s*[-/.月]\s*(?P<c>\d{1,4})\s*[日号]?" + _TIME)
DAY_NAME = r"^(?:[A-Za-z]{3,9},?\s+)?"
NAMED = (
    re.compile(DAY_NAME + r"(?P<d>\d{1,2})[-\s./]*(?P<mon>[A-Za-z]{3,9})\.?[-\s,./]*(?P<y>\d{4}|\d{2})" + _TIME),
    re.compile(DAY_NAME + r"(?P<mon>[A-Za-z]{3,9})\.?\s*(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})" + _TIME),
)
MONTHS = {
    name: 1 + at
    for at, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
}
ZERO_DATE = re.compile(r"^[0\s:./T-]+$")
TIME_ONLY = re.compile(r"^\s*(?:上午|下午)?\s*\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{0,2}秒?)?\s*(?:[AaPp][Mm])?\s*$")
BARE = re.compile(r"^\d{4,14}(?:\.\d+)?$")

#: (first, second, third number of the date, second of the day, UTC offset in s or None, had it a time of day)
Fields = tuple[int, int, int, int, int | None, bool]


@dataclass(frozen=True)
class Moments:
    """Times of one column. ``local_s`` are clock readings (seconds since 1970 on that clock), ``utc_s`` instants.

    Each row has at most one of the two; both ``MISSING`` means none. Masks: ``unreadable`` text that is no date,
    ``implausible`` a date outside 1971–2199 such as 1900-01-01, which systems write for "none".
    """

    local_s: Ints
    utc_s: Ints
    unreadable: NDArray[np.bool_]
    implausible: NDArray[np.bool_]
    days_only: bool


class DateColumn:
    """The dates of one column, parsed but not yet ordered."""

    def __init__(self, values: Sequence[str], missing: frozenset[str], *, datetime_format: str | None = None) -> None:
        self.values = values
        self.missing = missing
        self.format = datetime_format
        self.parsed: dict[str, Fields | dt.datetime | None] = {}
        for value in values:
            if value not in self.parsed:
                self.parsed[value] = None if is_missing(value, missing) else self._parse(value.strip())

    def _parse(self, text: str) -> Fields | dt.datetime | None:
        if self.format is not None:
            try:
                return dt.datetime.strptime(text, self.format)  # noqa: DTZ007  a clock reading, placed in its zone later
            except ValueError:
                return None
        if len(text) >= 10 and text[4] == "-" and text[7] == "-":
            try:
                return dt.datetime.fromisoformat(text)
            except ValueError:
                pass
        return fields_of(text)

    def share_read(self) -> float:
        """Return the share of the present values that are dates; 1.0 where there are none."""
        absent = {value for value in self.parsed if is_missing(value, self.missing)}
        present = [value for value in self.values if value not in absent]
        return sum(self.parsed[value] is not None for value in present) / len(present) if present else 1.0

    def has_values(self) -> bool:
        """Say whether any value is present."""
        return any(not is_missing(value, self.missing) for value in self.parsed)

    def ambiguous(self) -> list[Fields]:
        """Return the dates that do not begin with a year."""
        return [read for read in self.parsed.values() if isinstance(read, tuple) and read[0] <= 31 and read[2] != -1]

    def order(self) -> str | None:
        """Return ``dmy`` or ``mdy`` as the data prove it, by their majority if they contradict; None if they cannot."""
        dates = self.ambiguous()
        day_first = sum(read[0] > 12 for read in dates)
        month_first = sum(read[1] > 12 for read in dates)
        if day_first == month_first:
            return None
        return "dmy" if day_first > month_first else "mdy"

    def has_half_days(self) -> bool:
        """Say whether times carry AM or PM, which goes with month-first dates."""
        return any(value[-1:] in "Mm." and value[-2:-1] in "AaPp" for value in self.parsed)

    def moments(self, order: str) -> Moments:
        """Return the times with the numbers of undecided dates taken in ``order``."""
        n = len(self.values)
        local, utc = np.full(n, MISSING, dtype=np.int64), np.full(n, MISSING, dtype=np.int64)
        unreadable, implausible = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        known = {value: self._resolve(value, read, order) for value, read in self.parsed.items()}
        for at, value in enumerate(self.values):
            kind, seconds = known[value]
            if kind == "local":
                local[at] = seconds
            elif kind == "utc":
                utc[at] = seconds
            elif kind == "unreadable":
                unreadable[at] = True
            elif kind == "implausible":
                implausible[at] = True
        clock = [seconds % DAY_S for kind, seconds in known.values() if kind == "local"]
        return Moments(local, utc, unreadable, implausible, bool(clock) and not any(clock))

    def _resolve(self, value: str, read: Fields | dt.datetime | None, order: str) -> tuple[str, int]:
        if read is None:
            return ("none" if is_missing(value, self.missing) else "unreadable"), MISSING
        offset: int | None
        if isinstance(read, dt.datetime):
            passed = read.utcoffset()
            offset = None if passed is None else int(passed.total_seconds())
            day, second, year = read.toordinal(), read.hour * 3600 + read.minute * 60 + read.second, read.year
        else:
            first, second_number, third, second, offset, _ = read
            if third == -1:
                day, year = first, dt.date.fromordinal(max(1, first)).year
            else:
                if first > 31:
                    year, month, day_number = first, second_number, third
                elif order == "dmy":
                    year, month, day_number = third, second_number, first
                else:
                    year, month, day_number = third, first, second_number
                year = year + 2000 if year < 70 else year + 1900 if year < 100 else year
                try:
                    day = dt.date(year, month, day_number).toordinal()
                except ValueError:
                    return "unreadable", MISSING
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return "implausible", MISSING
        seconds = (day - EPOCH_ORDINAL) * DAY_S + second
        return ("local", seconds) if offset is None else ("utc", seconds - offset)


def is_missing(value: str, missing: frozenset[str]) -> bool:
    """Say whether a cell states nothing; a date of zeros counts as that too."""
    text = value.strip().casefold()
    return text in missing or not text or (text[0] == "0" and len(text) > 5 and bool(ZERO_DATE.match(text)))


def fields_of(text: str) -> Fields | None:
    """Read one date in any notation but a bare number; None if it is none."""
    found = NUMERIC.match(text)
    if found is None and not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        found = NUMERIC.match(text)
    if found is not None:
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        if "年" in text[:6] and a < 100:
            a += 2000
        if len(found["a"]) == 3 or len(found["c"]) == 3 or (a <= 31 and c < 100 and len(found["c"]) < 2):
            return None
    else:
        named = next((match for pattern in NAMED if (match := pattern.match(text))), None)
        month = MONTHS.get(named["mon"][:3].lower()) if named else None
        if named is None or month is None:
            return None
        found = named
        year = int(found["y"])
        a, b, c = (year if year > 99 else 2000 + year), month, int(found["d"])
    time = _time_of(found)
    return None if time is None else (a, b, c, *time)


def _time_of(found: re.Match[str]) -> tuple[int, int | None, bool] | None:
    if found["h"] is None:
        return 0, None, False
    hour, minute, second = int(found["h"]), int(found["m"] or 0), int(found["s"] or 0)
    half, spoken = (found["ap"] or "")[:1].lower(), found["zh"]
    if found["m"] is None and not half and not re.search("[时点]", found.string):
        return None
    if half or spoken in {"上午", "早上", "凌晨", "下午", "傍晚"}:
        if hour <= 12:
            hour = hour % 12 + (12 if half == "p" or spoken in {"下午", "傍晚"} else 0)
    elif (spoken in {"晚上", "夜间"} and 5 <= hour <= 12) or (spoken == "中午" and hour < 11):
        hour += 12
    if hour > 24 or minute > 59 or second > 60:
        return None
    offset = None
    if found["z"]:
        digits = found["z"].replace(":", "")
        sign = -1 if digits[0] == "-" else 1
        offset = 0 if digits[0] not in "+-" else sign * (int(digits[1:3]) * 3600 + int(digits[3:5]) * 60)
    return hour * 3600 + minute * 60 + second, offset, True


def bare_fields(text: str) -> Fields | None:
    """Read a bare number as a date: 20240305, 202403050830, seconds or milliseconds since 1970, an Excel serial."""
    if not BARE.match(text):
        return None
    digits = text.split(".")[0]
    if len(digits) in (8, 12, 14) and FIRST_YEAR <= int(digits[:4]) <= LAST_YEAR:
        clock = digits[8:].ljust(6, "0")
        hour, minute, second = int(clock[:2]), int(clock[2:4]), int(clock[4:])
        if int(digits[4:6]) <= 12 and int(digits[6:8]) <= 31 and hour <= 24 and minute <= 59 and second <= 60:
            at = hour * 3600 + minute * 60 + second
            return int(digits[:4]), int(digits[4:6]), int(digits[6:8]), at, None, len(digits) > 8
    if len(digits) in (10, 13):
        since = int(digits) // (1000 if len(digits) == 13 else 1)
        return EPOCH_ORDINAL + since // DAY_S, 0, -1, since % DAY_S, 0, True
    if len(digits) == 5 and 20_000 <= int(digits) < 80_000:
        seconds = round(float(text) * DAY_S)
        return EXCEL_ORDINAL + seconds // DAY_S, 0, -1, seconds % DAY_S, None, True
    return None


class BareDateColumn(DateColumn):
    """A column whose name says that it holds dates, so that bare numbers may be dates too."""

    def _parse(self, text: str) -> Fields | dt.datetime | None:
        return super()._parse(text) or (None if self.format is not None else bare_fields(text))


def times_of_day(values: Iterable[str], missing: frozenset[str]) -> bool:
    """Say whether a column holds times of day without dates."""
    present = [value for value in values if not is_missing(value, missing)]
    return bool(present) and all(TIME_ONLY.match(value) for value in present)

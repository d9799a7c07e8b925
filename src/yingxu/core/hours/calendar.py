"""The calendar as people write it: weeks of periods in local time, and the dates that differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from yingxu.core.hours.refusals import (
    BadMinute,
    DateSaidTwice,
    EditionsOutOfOrder,
    EmptyPeriod,
    NeverOpen,
    OverlappingPeriods,
    UnknownZone,
    WrongWeek,
)
from yingxu.core.hours.timeline import Always, LazyTimeline, Timeline

DAY = 24 * 60  # minutes
Minute = int | time | str


def _minute_of(given: Minute) -> int:
    if isinstance(given, time):
        if given.second or given.microsecond:  # 23:59:59 is how a lost second begins; say 24:00
            raise BadMinute(given.isoformat())
        return given.hour * 60 + given.minute
    if isinstance(given, str):
        hours, colon, minutes = given.partition(":")
        if not (colon and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
            raise BadMinute(given)
        return int(hours) * 60 + int(minutes)
    return given


@dataclass(frozen=True, order=True)
class Period:
    """Open from `opens` to `closes`, minutes of local wall time; it belongs to the day on which it opens.

    Minutes are integers (480), `time(8)` or "08:00"; 24:00 closes at midnight. A closing at or before the opening is on
    the next day, so 22:00 to 06:00 is a night shift of eight hours.

    Raises
    ------
    BadMinute
        Not a whole minute of a day.
    EmptyPeriod
        Opens and closes at the same minute.
    """

    opens: int
    closes: int

    def __init__(self, opens: Minute, closes: Minute) -> None:
        opens_minute, closes_minute = _minute_of(opens), _minute_of(closes)
        if not 0 <= opens_minute < DAY:
            raise BadMinute(str(opens))
        if not 0 <= closes_minute <= DAY:
            raise BadMinute(str(closes))
        if opens_minute == closes_minute:
            raise EmptyPeriod(opens_minute)
        object.__setattr__(self, "opens", opens_minute)
        object.__setattr__(self, "closes", closes_minute)

    @property
    def ends(self) -> int:
        """Closing, in minutes from the midnight that begins the day of opening: above 1440 for a night shift."""
        return self.closes if self.closes > self.opens else self.closes + DAY

    def __str__(self) -> str:
        return f"{self.opens // 60:02d}:{self.opens % 60:02d}-{self.closes // 60:02d}:{self.closes % 60:02d}"


Periods = Iterable[Period | tuple[Minute, Minute]]
Week = Mapping[int, Periods]
WHOLE_DAY = (Period(0, DAY),)


def _periods(given: Periods, *, on: date | None = None, weekday: int | None = None) -> tuple[Period, ...]:
    periods = tuple(sorted(p if isinstance(p, Period) else Period(*p) for p in given))
    for first, second in pairwise(periods):
        if second.opens < first.ends:
            raise OverlappingPeriods(str(first), str(second), weekday=weekday, on=on)
    return periods


@dataclass(frozen=True)
class Edition:
    """The weekly pattern in force from a local date on (None: since ever), days Monday first."""

    effective_on: date | None
    days: tuple[tuple[Period, ...], ...]

    @classmethod
    def of(cls, week: Week, *, effective_on: date | None = None) -> "Edition":
        """Build an edition from weekday number (0 = Monday) to periods; days left out are closed.

        Raises
        ------
        WrongWeek
            A weekday outside 0..6.
        OverlappingPeriods
            Two periods share a minute, also across midnight and across Sunday night.
        NeverOpen
            No period at all.
        """
        for weekday in week:
            if not 0 <= weekday <= 6:
                raise WrongWeek(weekday)
        days = tuple(_periods(week.get(weekday, ()), weekday=weekday) for weekday in range(7))
        opened = [(weekday, period) for weekday in range(7) for period in days[weekday]]
        if not opened:
            raise NeverOpen(effective_on)
        first_weekday, first_period = opened[0]
        around = [*opened, (first_weekday + 7, first_period)]
        for (weekday, period), (next_weekday, following) in pairwise(around):
            if next_weekday * DAY + following.opens < weekday * DAY + period.ends:
                raise OverlappingPeriods(str(period), str(following), weekday=weekday)
        return cls(effective_on, days)


@dataclass(frozen=True)
class Calendar:
    """When a service is open, in the wall time of one zone. Immutable; an edit is a new calendar.

    What a local date has, first hit wins: its special periods; nothing, if closed; the pattern of the weekday whose
    place it takes, if a make-up day (调休); the pattern of its own weekday in the edition in force on it. A shift
    belongs to the day on which it opens: a holiday closes the shifts that open on it, not the tail of the night
    before. Where days touch or overlap (a special day after a night shift) time counts once.

    A wall time stands for the first instant at which the wall clock shows it *or later*: a time that a spring gap skips
    is the moment of the jump, a time that autumn shows twice is the first of the two. So 22:00-06:00 lasts seven
    hours in the spring night and nine in the autumn night, and adjoining shifts stay adjoining.
    """

    zone: str
    editions: tuple[Edition, ...]
    closed_on: frozenset[date] = frozenset()
    make_up: tuple[tuple[date, int], ...] = ()
    special: tuple[tuple[date, tuple[Period, ...]], ...] = ()
    _by_date: dict[date, tuple[Period, ...] | int] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise UnknownZone(self.zone) from error
        if not self.editions or self.editions[0].effective_on is not None:
            raise EditionsOutOfOrder(self.editions[0].effective_on if self.editions else None)
        latest = date.min
        for edition in self.editions[1:]:
            if edition.effective_on is None or edition.effective_on <= latest:
                raise EditionsOutOfOrder(edition.effective_on)
            latest = edition.effective_on
        by_date: dict[date, tuple[Period, ...] | int] = {}
        said: list[tuple[date, tuple[Period, ...] | int]] = [(on, ()) for on in sorted(self.closed_on)]
        for on, what in [*said, *self.make_up, *self.special]:
            if on in by_date:
                raise DateSaidTwice(on)
            by_date[on] = what
        object.__setattr__(self, "_by_date", by_date)

    @classmethod
    def weekly(
        cls,
        zone: str,
        week: Week,
        *,
        closed_on: Iterable[date] = (),
        make_up: Mapping[date, int] | None = None,
        special: Mapping[date, Periods] | None = None,
    ) -> "Calendar":
        """Build a calendar of one edition.

        Parameters
        ----------
        zone
            IANA name, "Asia/Shanghai".
        week
            Weekday (0 = Monday) to periods; days left out are closed.
        closed_on
            Local dates without opening.
        make_up
            Local date to the weekday (0..6) whose pattern it takes.
        special
            Local date to its own periods.

        Raises
        ------
        HoursRefusal
            Any refusal of `Edition.of`; `UnknownZone`, `DateSaidTwice`, `WrongWeek`, `OverlappingPeriods`.
        """
        make_up_days = tuple(sorted((make_up or {}).items()))
        for _, weekday in make_up_days:
            if not 0 <= weekday <= 6:
                raise WrongWeek(weekday)
        special_days = tuple(sorted((on, _periods(periods, on=on)) for on, periods in (special or {}).items()))
        return cls(zone, (Edition.of(week),), frozenset(closed_on), make_up_days, special_days)

    @classmethod
    def always(cls, zone: str = "UTC") -> "Calendar":
        """Return the calendar that never closes (24×7)."""
        return cls.weekly(zone, dict.fromkeys(range(7), WHOLE_DAY))

    def edited(self, week: Week, *, effective_on: date) -> "Calendar":
        """Return this calendar with a new weekly pattern from a local date on; its past stays as it was.

        Raises
        ------
        HoursRefusal
            Any refusal of `Edition.of`; `EditionsOutOfOrder` when the date is not after the last edition's.
        """
        return replace(self, editions=(*self.editions, Edition.of(week, effective_on=effective_on)))

    def periods_on(self, on: date) -> tuple[Period, ...]:
        """Return the periods that open on a local date."""
        said = self._by_date.get(on, on.weekday())
        if isinstance(said, tuple):
            return said
        edition = self.editions[0]
        for later in self.editions[1:]:
            if later.effective_on is not None and later.effective_on <= on:
                edition = later
        return edition.days[said]

    @cached_property
    def is_always_open(self) -> bool:
        """Whether time simply runs: every day of every edition is whole, and no date differs by being shorter."""
        days = [day for edition in self.editions for day in edition.days]
        days += [said for said in self._by_date.values() if isinstance(said, tuple)]
        return all(day == WHOLE_DAY for day in days)

    @cached_property
    def timeline(self) -> Timeline:
        """The open time of this calendar on the axis of epoch seconds."""
        return Always() if self.is_always_open else LazyTimeline(ZoneInfo(self.zone), self._day)

    def _day(self, on: date) -> Iterable[tuple[int, int]]:
        return ((period.opens, period.ends) for period in self.periods_on(on))

"""What is asked of a simulation, and the refusal of what makes no sense.

:func:`read_spec` turns the mapping of ``simulation-spec/1`` into a frozen :class:`SimulationSpec`, or raises
:class:`BadSpec` with the key and one sentence. Keys that it does not know are ignored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from yingxu.core.queueing.durations import Constant, Duration, Empirical, Exponential, Lognormal

FORMAT = "simulation-spec/1"
HOURS_OF_DAY = 24
HOURS_OF_WEEK = 168
HOUR_S = 3_600.0
DAY_S = 86_400.0

_N = TypeVar("_N", int, float)

_MOST_JOBS = 50_000_000
_MOST_DAYS = 100_000
_MOST_REPLICATIONS = 10_000
_MOST_SERVERS = 10_000
_MOST_SECONDS = 366 * 86_400.0
_MOST_PER_HOUR = 1_000_000.0


class BadSpec(ValueError):
    """A field of the specification that cannot be meant: its key, what is wrong, how to mend it."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}")
        self.key = key


@dataclass(frozen=True, slots=True)
class Team:
    """Servers of one kind.

    Attributes
    ----------
    by_hour : tuple of int
        Servers on duty in each hour of the day (24) or of the week (168, Monday first).
    skills : frozenset of str
        Skills that each of them has; irrelevant to classes that ask for none.
    """

    by_hour: tuple[int, ...]
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class JobClass:
    """A share of the jobs, its place in the order of urgency being its place in the list.

    Attributes
    ----------
    share : float
        Share of all arrivals.
    respond_s : float
        Longest wait that keeps the promise, seconds.
    skill : str or None
        Skill that a server must have.
    is_counted : bool
        Whether the promise is this class's; the others only take up the servers' time.
    """

    share: float
    respond_s: float
    skill: str | None = None
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class SimulationSpec:
    """A promise, the demand, and the team that is to keep it.

    Attributes
    ----------
    per_hour : tuple of float
        Mean arrivals in each hour of the day (24) or week (168, Monday first). As long as each team's ``by_hour``.
    teams : tuple of Team
        Whom a job can be given to. Where several teams are free, the one with the fewest skills goes.
    classes : tuple of JobClass
        Most urgent first.
    service, travel, patience : Duration or None
        Time on site; time on the way, before it; time until a waiting asker gives up. Seconds.
    percentile : float
        Share of jobs that the promise wants kept, in (0, 1].
    days, warm_up_days, replications : int
        Measured days of each replication, days before them, and independent repetitions.
    is_until_end : bool
        The promise holds until the work is done, not until the server is there: service counts towards the limit.
    open_min : tuple of (int, int)
        Minutes of the week (Monday 00:00 first, half-open, rising) in which the promise's clock runs; empty: always.
    """

    per_hour: tuple[float, ...]
    teams: tuple[Team, ...]
    classes: tuple[JobClass, ...]
    service: Duration
    percentile: float
    travel: Duration | None = None
    patience: Duration | None = None
    days: int = 200
    warm_up_days: int = 10
    replications: int = 20
    is_until_end: bool = False
    open_min: tuple[tuple[int, int], ...] = ()

    @property
    def period_h(self) -> int:
        """Hours after which rates and staff repeat: 24 or 168."""
        return len(self.per_hour)

    @property
    def per_day(self) -> float:
        """Mean arrivals a day."""
        return math.fsum(self.per_hour) * HOURS_OF_DAY / self.period_h


def read_spec(spec: Mapping[str, Any]) -> SimulationSpec:
    """Return the specification that a ``simulation-spec/1`` mapping means.

    ``arrivals`` must hold ``per_hour``: reading a log is the caller's work.

    Raises
    ------
    BadSpec
        For the first field that is missing, of the wrong kind, or out of range.
    """
    if not isinstance(spec, Mapping):
        raise BadSpec("spec", "must be a JSON object")
    if spec.get("format") != FORMAT:
        raise BadSpec("format", f"must be {FORMAT!r}, found {spec.get('format')!r}")
    per_hour = _hours(_object(spec, "arrivals"), "per_hour", "arrivals.per_hour", _MOST_PER_HOUR, whole=False)
    promise = _object(spec, "promise")
    respond_s = _number(promise, "respond_s", "promise.respond_s", low=0.0, high=_MOST_SECONDS)
    percentile = _number(promise, "percentile", "promise.percentile", low=0.0, high=math.inf)
    if not 0 < percentile <= 1:
        raise BadSpec("promise.percentile", f"must be above 0 and at most 1 (write 0.9 for 90 %), found {percentile:g}")
    classes = _classes(spec.get("priorities"), respond_s)
    teams = _teams(_object(spec, "servers"))
    service = _duration(_object(spec, "service_s"), "service_s", above_zero=True)
    travel = _duration(spec["travel_s"], "travel_s") if spec.get("travel_s") is not None else None
    patience = _duration(spec["patience_s"], "patience_s") if spec.get("patience_s") is not None else None
    open_min = _open_week(promise)
    if open_min and patience is not None:
        raise BadSpec("patience_s", "cannot be given together with promise.open_min; leave one of them out")
    whole_week = HOURS_OF_WEEK if open_min else 0
    period = max(whole_week, len(per_hour), *(len(team.by_hour) for team in teams))
    read = SimulationSpec(
        per_hour=_stretch(per_hour, period),
        teams=tuple(Team(tuple(_stretch(team.by_hour, period)), team.skills) for team in teams),
        classes=classes,
        service=service,
        travel=travel,
        patience=patience,
        percentile=percentile,
        days=_whole(spec, "days", 200, 1, _MOST_DAYS),
        warm_up_days=_whole(spec, "warm_up_days", 10, 0, _MOST_DAYS),
        replications=_whole(spec, "replications", 20, 1, _MOST_REPLICATIONS),
        is_until_end=_flag(promise, "until_end", "promise.until_end", default=False),
        open_min=open_min,
    )
    _check_servable(read)
    load = max(read.per_hour) * (service.mean_s + (travel.mean_s if travel else 0.0)) / 3600
    if load > _MOST_SERVERS:
        raise BadSpec(
            "arrivals.per_hour", f"work for {load:.3g} servers at once, more than {_MOST_SERVERS}: ask for less"
        )
    jobs = read.per_day * (read.days + read.warm_up_days) * read.replications
    if jobs > _MOST_JOBS:
        raise BadSpec(
            "days", f"days x replications x arrivals make {jobs:.3g} jobs, more than {_MOST_JOBS:.0e}: ask for fewer"
        )
    return read


def team_table(spec: SimulationSpec) -> npt.NDArray[np.bool_]:
    """Return which team (row) may serve which class (column)."""
    return np.array(
        [[one.skill is None or one.skill in team.skills for one in spec.classes] for team in spec.teams], dtype=np.bool_
    )


def _check_servable(spec: SimulationSpec) -> None:
    if not any(spec.per_hour):
        return
    if not any(any(team.by_hour) for team in spec.teams):
        raise BadSpec("servers", "are zero in every hour although jobs arrive; give at least one hour a server")
    for at, one in enumerate(spec.classes):
        able = (team for team in spec.teams if one.skill is None or one.skill in team.skills)
        if one.share > 0 and not any(any(team.by_hour) for team in able):
            raise BadSpec(f"priorities[{at}].skill", f"no team on duty has the skill {one.skill!r}")


def _object(owner: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    if key not in owner:
        raise BadSpec(key, "is missing")
    found = owner[key]
    if not isinstance(found, Mapping):
        raise BadSpec(key, "must be an object in braces")
    return found


def _is_number(found: object) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool) and _is_finite(found)


def _is_finite(found: float) -> bool:
    try:
        return math.isfinite(found)
    except OverflowError:  # an integer of hundreds of digits
        return False


def _number(owner: Mapping[str, Any], key: str, name: str, *, low: float, high: float) -> float:
    if key not in owner:
        raise BadSpec(name, "is missing")
    return _in_range(owner[key], name, low, high)


def _in_range(found: Any, name: str, low: float, high: float) -> float:
    if not _is_number(found):
        raise BadSpec(name, f"must be a number, found {_shown(found)}")
    if found < low:
        raise BadSpec(name, f"must be {low:g} or more, found {found:g}")
    if found > high:
        raise BadSpec(name, f"must be {high:g} or less, found {found:g}")
    return float(found)


def _shown(found: object) -> str:
    text = repr(found)
    return text if len(text) <= 40 else text[:37] + "..."


def _whole(owner: Mapping[str, Any], key: str, default: int, low: int, high: int) -> int:
    found = _in_range(owner.get(key, default), key, low, high)
    if found != int(found):
        raise BadSpec(key, f"must be a whole number, found {found:g}")
    return int(found)


def _hours(owner: Mapping[str, Any], key: str, name: str, high: float, *, whole: bool) -> tuple[float, ...]:
    if key not in owner:
        raise BadSpec(name, "is missing")
    found = owner[key]
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise BadSpec(name, f"must be a list of {HOURS_OF_DAY} or {HOURS_OF_WEEK} numbers, found {_shown(found)}")
    if len(found) not in {HOURS_OF_DAY, HOURS_OF_WEEK}:
        raise BadSpec(name, f"must have {HOURS_OF_DAY} or {HOURS_OF_WEEK} numbers, found {len(found)}")
    numbers = tuple(_in_range(one, f"{name}[{at}]", 0.0, high) for at, one in enumerate(found))
    for at, one in enumerate(numbers):
        if whole and one != int(one):
            raise BadSpec(f"{name}[{at}]", f"must be a whole number, found {one:g}")
    return numbers


def _stretch(numbers: tuple[_N, ...], period: int) -> tuple[_N, ...]:
    return numbers * (period // len(numbers))


def _team(found: Mapping[str, Any], name: str) -> tuple[int, ...]:
    return tuple(int(one) for one in _hours(found, "by_hour", f"{name}.by_hour", _MOST_SERVERS, whole=True))


def _teams(servers: Mapping[str, Any]) -> tuple[Team, ...]:
    if "teams" not in servers:
        return (Team(_team(servers, "servers")),)
    found = servers["teams"]
    if not isinstance(found, Sequence) or isinstance(found, str) or not found:
        raise BadSpec("servers.teams", "must be a list of at least one team")
    teams = []
    for at, one in enumerate(found):
        name = f"servers.teams[{at}]"
        if not isinstance(one, Mapping):
            raise BadSpec(name, "must be an object in braces")
        skills = one.get("skills", [])
        if not isinstance(skills, Sequence) or isinstance(skills, str) or not all(isinstance(s, str) for s in skills):
            raise BadSpec(f"{name}.skills", "must be a list of words")
        teams.append(Team(_team(one, name), frozenset(skills)))
    return tuple(teams)


def _classes(found: Any, respond_s: float) -> tuple[JobClass, ...]:
    if found is None:
        return (JobClass(1.0, respond_s),)
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise BadSpec("priorities", "must be a list of objects, most urgent first")
    if not found:
        return (JobClass(1.0, respond_s),)
    classes = []
    for at, one in enumerate(found):
        name = f"priorities[{at}]"
        if not isinstance(one, Mapping):
            raise BadSpec(name, "must be an object in braces")
        share = _number(one, "share", f"{name}.share", low=0.0, high=1.0)
        limit = respond_s
        if one.get("respond_s") is not None:
            limit = _number(one, "respond_s", f"{name}.respond_s", low=0.0, high=_MOST_SECONDS)
        skill = one.get("skill")
        if skill is not None and not isinstance(skill, str):
            raise BadSpec(f"{name}.skill", f"must be a word, found {_shown(skill)}")
        classes.append(JobClass(share, limit, skill, is_counted=_flag(one, "counted", f"{name}.counted", default=True)))
    total = math.fsum(one.share for one in classes)
    if abs(total - 1.0) > 1e-6:
        raise BadSpec("priorities", f"shares must sum to 1, they sum to {total:g}")
    if not any(one.is_counted for one in classes):
        raise BadSpec("priorities", 'none is counted; leave out "counted": false where the promise is meant')
    return tuple(classes)


def _flag(found: Mapping[str, Any], key: str, name: str, *, default: bool) -> bool:
    value = found.get(key, default)
    if not isinstance(value, bool):
        raise BadSpec(name, f"must be true or false, found {_shown(value)}")
    return value


def _duration(found: Any, name: str, *, above_zero: bool = False) -> Duration:
    if not isinstance(found, Mapping):
        raise BadSpec(name, "must be an object in braces")
    kind = found.get("kind")
    if kind == "empirical":
        return _empirical(found, name, above_zero=above_zero)
    if kind not in ("constant", "exponential", "lognormal"):
        raise BadSpec(f"{name}.kind", f"must be exponential, lognormal, constant or empirical, found {_shown(kind)}")
    mean_s = _number(found, "mean", f"{name}.mean", low=0.0, high=_MOST_SECONDS)
    if mean_s == 0 and (above_zero or kind == "lognormal"):
        raise BadSpec(f"{name}.mean", "must be above 0")
    if kind == "constant":
        return Constant(mean_s)
    if kind == "exponential":
        return Exponential(mean_s)
    return Lognormal(mean_s, _number(found, "cv", f"{name}.cv", low=0.0, high=100.0))


def _open_week(promise: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """Return the spans of ``promise.open_min``; those of a week without a closed minute are none."""
    found, name = promise.get("open_min"), "promise.open_min"
    if found is None:
        return ()
    if not isinstance(found, Sequence) or isinstance(found, str) or not found:
        raise BadSpec(name, "must be a list of [from, to] minutes of the week with at least one open minute")
    spans: list[tuple[int, int]] = []
    for at, one in enumerate(found):
        if not isinstance(one, Sequence) or isinstance(one, str) or len(one) != 2:
            raise BadSpec(f"{name}[{at}]", "must be a pair [from, to] of minutes from Monday 00:00")
        first, after = (_in_range(end, f"{name}[{at}]", 0, 7 * 24 * 60) for end in one)
        if first != int(first) or after != int(after):
            raise BadSpec(f"{name}[{at}]", "must be whole minutes")
        if first >= after:
            raise BadSpec(f"{name}[{at}]", "must end after it begins; cut what runs over Sunday midnight in two")
        if spans and first < spans[-1][1]:
            raise BadSpec(f"{name}[{at}]", "must begin where the one before it ends, or later")
        spans.append((int(first), int(after)))
    return () if sum(after - first for first, after in spans) == 7 * 24 * 60 else tuple(spans)


def _empirical(found: Mapping[str, Any], name: str, *, above_zero: bool) -> Empirical:
    values = found.get("values")
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise BadSpec(f"{name}.values", "must be a list of at least one number")
    read = tuple(_in_range(one, f"{name}.values[{at}]", 0.0, _MOST_SECONDS) for at, one in enumerate(values))
    if above_zero and not any(read):
        raise BadSpec(f"{name}.values", "must hold at least one value above 0")
    return Empirical(read)

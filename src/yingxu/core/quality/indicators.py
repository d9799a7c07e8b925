"""The time indicators of domain §6.1 and the ratings of §6.3, over rows of finished and open orders.

Who belongs in the rows is the caller's question: orders cancelled before dispatch, merged into another, declined or
transferred are left out, and the period of each indicator is chosen, before they come here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import ceil
from statistics import fmean, median

from yingxu.core.quality.share import Share, attainment

WEIGHTS = {1: 4, 2: 3, 3: 2, 4: 1}  # SLA_w: w(P1)..w(P4)
REPEAT_WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as the indicators see it.

    Attributes
    ----------
    priority
        1 (P1) to 4 (P4).
    responded_at
        First human response; automatic receipts do not count.
    finished_at
        The last finish.
    response_limit_s, arrival_limit_s, resolve_limit_s
        Seconds; None: no such limit was promised.
    stopped_s
        Seconds of approved stopping pauses; deducted from the resolve time only.
    fault_key
        Asset, or place and item, with the kind of fault: what a repeat repeats.
    """

    order_code: str
    priority: int
    created_at: datetime
    responded_at: datetime | None
    arrived_at: datetime | None
    finished_at: datetime | None
    response_limit_s: int | None
    arrival_limit_s: int | None
    resolve_limit_s: int | None
    stopped_s: int = 0
    n_visits: int = 1
    is_reworked: bool = False
    is_reopened: bool = False
    is_proactive: bool = False
    stars: int | None = None
    recommend: int | None = None
    fault_key: str = ""


class Verdict(Enum):
    """What became of one limit of one order."""

    KEPT = "kept"
    MISSED = "missed"
    PENDING = "pending"  # not reached, limit not over
    NONE = "none"  # no such limit


@dataclass(frozen=True, slots=True)
class Durations:
    """Median, mean and nearest-rank 90th percentile in seconds; None when n is 0."""

    n: int
    median_s: float | None
    mean_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class Weighted:
    """Weight kept of weight due; `share` is None when nothing was due."""

    kept: int
    due: int

    @property
    def share(self) -> float | None:
        """kept / due in 0..1, or None."""
        return self.kept / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings of 1..5: answered of asked, top-2 share (满意率), mean, and the net promoter score in percent."""

    answered: Share
    top_two: Share
    mean: float | None
    nps_percent: float | None


def nearest_rank(values: Iterable[float], percentile: float) -> float | None:
    """Return sorted[ceil(percentile · n)], counted from 1; None without values. `percentile` is a share in (0, 1]."""
    ordered = sorted(values)
    # 0.9 · 10 may come out a hair above 9: round before the ceiling.
    return ordered[max(1, ceil(round(percentile * len(ordered), 9))) - 1] if ordered else None


def durations(seconds: Iterable[float]) -> Durations:
    """Summarise durations in seconds."""
    values = list(seconds)
    if not values:
        return Durations(0, None, None, None)
    return Durations(len(values), median(values), fmean(values), nearest_rank(values, 0.9))


def frt(rows: Iterable[OrderRow]) -> Durations:
    """FRT 首次响应时间: first human response − created. Pauses are never deducted."""
    return durations((r.responded_at - r.created_at).total_seconds() for r in rows if r.responded_at is not None)


def art(rows: Iterable[OrderRow]) -> Durations:
    """ART 到场时间: arrived − created."""
    return durations((r.arrived_at - r.created_at).total_seconds() for r in rows if r.arrived_at is not None)


def rt_net_s(row: OrderRow) -> float | None:
    """RT_net 净处理时长 in seconds: finished − created − approved stopping pauses; None while open."""
    if row.finished_at is None:
        return None
    return (row.finished_at - row.created_at).total_seconds() - row.stopped_s


def rt_net(rows: Iterable[OrderRow]) -> Durations:
    """RT_net over finished orders; its mean is MTTR 平均修复时间 when the rows are reactive repairs."""
    return durations(net_s for row in rows if (net_s := rt_net_s(row)) is not None)


def mttr_s(rows: Iterable[OrderRow]) -> float | None:
    """MTTR in seconds: Σ RT_net ÷ reactive orders finished; None when there are none."""
    return rt_net(row for row in rows if not row.is_proactive).mean_s


def verdict(
    row: OrderRow, limit_s: int | None, reached_at: datetime | None, *, at: datetime, stopped_s: int = 0
) -> Verdict:
    """Judge one limit as of the end of the period: within means ≤, open past the limit is missed."""
    if limit_s is None:
        return Verdict.NONE
    is_reached = reached_at is not None and reached_at <= at
    until = reached_at if reached_at is not None and is_reached else at
    if (until - row.created_at).total_seconds() - stopped_s > limit_s:
        return Verdict.MISSED
    return Verdict.KEPT if is_reached else Verdict.PENDING


def response_verdict(row: OrderRow, *, at: datetime) -> Verdict:
    """Judge the response limit of one order."""
    return verdict(row, row.response_limit_s, row.responded_at, at=at)


def arrival_verdict(row: OrderRow, *, at: datetime) -> Verdict:
    """Judge the arrival limit of one order."""
    return verdict(row, row.arrival_limit_s, row.arrived_at, at=at)


def resolve_verdict(row: OrderRow, *, at: datetime) -> Verdict:
    """Judge the resolve limit of one order, approved stopping pauses deducted."""
    return verdict(row, row.resolve_limit_s, row.finished_at, at=at, stopped_s=row.stopped_s)


def order_verdict(row: OrderRow, *, at: datetime) -> Verdict:
    """Judge an order on all of its limits: one missed is missed, else one pending is pending."""
    verdicts = {response_verdict(row, at=at), arrival_verdict(row, at=at), resolve_verdict(row, at=at)}
    for decisive in (Verdict.MISSED, Verdict.PENDING, Verdict.KEPT):
        if decisive in verdicts:
            return decisive
    return Verdict.NONE


def sla_resp(rows: Sequence[OrderRow], *, at: datetime) -> Share:
    """SLA_resp 响应及时率: orders within the response limit ÷ orders having it and due by `at`."""
    return _kept_of_due(response_verdict(row, at=at) for row in rows)


def sla_arr(rows: Sequence[OrderRow], *, at: datetime) -> Share:
    """SLA_arr 到场及时率."""
    return _kept_of_due(arrival_verdict(row, at=at) for row in rows)


def sla_res(rows: Sequence[OrderRow], *, at: datetime) -> Share:
    """SLA_res 解决及时率."""
    return _kept_of_due(resolve_verdict(row, at=at) for row in rows)


def sla_all(rows: Sequence[OrderRow], *, at: datetime) -> Share:
    """SLA_all 综合及时率: orders meeting all of their limits ÷ orders due."""
    return _kept_of_due(order_verdict(row, at=at) for row in rows)


def sla_w(rows: Sequence[OrderRow], *, at: datetime) -> Weighted:
    """SLA_w 加权及时率: Σ w(P)·kept ÷ Σ w(P), kept as in SLA_all, w = 4, 3, 2, 1 for P1…P4."""
    judged = [(WEIGHTS[row.priority], order_verdict(row, at=at)) for row in rows]
    kept = sum(weight for weight, each in judged if each is Verdict.KEPT)
    return Weighted(kept, kept + sum(weight for weight, each in judged if each is Verdict.MISSED))


def ftf(rows: Iterable[OrderRow]) -> Share:
    """FTF 一次修复率: reactive repairs finished with one visit, no rework, no reopening ÷ reactive repairs finished."""
    finished = [row for row in rows if not row.is_proactive and row.finished_at is not None]
    first = [row for row in finished if row.n_visits == 1 and not (row.is_reworked or row.is_reopened)]
    return attainment(len(first), len(finished))


def repeats(rows: Iterable[OrderRow]) -> tuple[str, ...]:
    """Return the codes of reactive orders whose fault was finished by another one in the 30 days before they came."""
    reactive = [row for row in rows if not row.is_proactive]
    finishes: dict[str, list[tuple[datetime, str]]] = {}
    for row in reactive:
        if row.finished_at is not None:
            finishes.setdefault(row.fault_key, []).append((row.finished_at, row.order_code))
    return tuple(
        row.order_code
        for row in reactive
        if row.fault_key
        and any(
            code != row.order_code and row.created_at - REPEAT_WINDOW <= finished_at <= row.created_at
            for finished_at, code in finishes.get(row.fault_key, ())
        )
    )


def repeat(rows: Sequence[OrderRow]) -> Share:
    """REPEAT 重复故障率: repeats ÷ reactive repairs."""
    return attainment(len(repeats(rows)), sum(not row.is_proactive for row in rows))


def proact(rows: Iterable[OrderRow]) -> Share:
    """PROACT 主动率: proactive orders ÷ all executed orders."""
    executed = [row for row in rows if row.finished_at is not None]
    return attainment(sum(row.is_proactive for row in executed), len(executed))


def ratings(rows: Sequence[OrderRow]) -> Ratings:
    """CSAT and NPS: 4 and 5 are satisfied; 9–10 promote, 0–6 detract; no answer is not satisfaction."""
    stars = [row.stars for row in rows if row.stars is not None]
    recommend = [row.recommend for row in rows if row.recommend is not None]
    net = sum(answer >= 9 for answer in recommend) - sum(answer <= 6 for answer in recommend)
    return Ratings(
        attainment(len(stars), len(rows)),
        attainment(sum(star >= 4 for star in stars), len(stars)),
        fmean(stars) if stars else None,
        100 * net / len(recommend) if recommend else None,
    )


def _kept_of_due(verdicts: Iterable[Verdict]) -> Share:
    judged = list(verdicts)
    kept = judged.count(Verdict.KEPT)
    return attainment(kept, kept + judged.count(Verdict.MISSED))

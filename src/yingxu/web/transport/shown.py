"""Transports in words: legs with their usual minutes, how it is carried, the chain of custody."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from yingxu.core.forecast.legs import Expected, Point, Standards, round_order
from yingxu.demand.asked import asked_fields
from yingxu.web import words
from yingxu.web.templatetags.yingxu import in_language
from yingxu.work.transport import Storeys, Transport

#: How it is carried: what somebody must know before setting out.
HOW = (
    "mode",
    "isolation",
    "oxygen",
    "infusion",
    "monitor",
    "nurse",
    "kind",
    "count",
    "cold",
    "what",
    "people",
    "bed",
    "cart",
)
#: Items that are collected on rounds.
ROUND_ITEMS = frozenset({"dlv.specimen", "dlv.document", "dlv.supply", "dlv.drug"})
#: What is wanted by then goes along with a round that is sent now.
SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class Shown:
    """A transport as screens show it."""

    row: Transport
    what: str
    begin: str
    end: str
    how: tuple[str, ...]
    is_isolated: bool
    minutes: int
    basis: str
    #: The middle half of the trips behind the minutes; empty where none were learnt.
    spread: str
    stage: str
    delay: str
    delay_whose: str


def stage_name(code: str) -> str:
    """Return where the load is, in words."""
    return {"waiting": _("not taken yet"), "carried": _("on the way"), "given": _("handed over")}.get(code, code)


def whose(code: str) -> str:
    """Return whose matter a delay is."""
    names = {
        "asker": _("the asker's side"),
        "receiver": _("the receiver's side"),
        "house": _("the house's"),
        "company": _("the company's"),
    }
    return names.get(code, code)


def basis_said(code: str, n: int) -> str:
    """Return what a standard time rests on."""
    names = {
        "said": _("as the hospital says the way, and taking and giving"),
        "places": _("median of %(n)s trips on this way"),
        "floors": _("median of %(n)s trips between these floors"),
        "buildings": _("median of %(n)s trips between these buildings"),
        "distance": _("by distance"),
    }
    return names[code] % {"n": n} if "%(n)s" in names[code] else names[code]


def spread_said(known: Expected | None) -> str:
    """Return between which minutes the middle half of the trips took; empty where none were learnt."""
    if known is None or known.low_s is None or known.high_s is None:
        return ""
    low, high = (max(1, round(seconds / 60)) for seconds in (known.low_s, known.high_s))
    return _("half of them %(low)s–%(high)s min") % {"low": low, "high": high} if low != high else ""


def shown(row: Transport, standards: Standards, storeys: Storeys) -> Shown:
    """Return a transport in words."""
    begin, end = ends(row, storeys)
    known = standards.expected(begin, end) if end is not None else None
    delay = row.open_delay
    how = tuple(
        in_language(field, "value") if field.kind != "flag" else in_language(field)
        for field in asked_fields(row.item_code, None, row.form)
        if field.code in HOW and not field.is_covered and not (field.code == "isolation" and field.value == "无")
    )
    return Shown(
        row=row,
        what=in_language(row, "item_name"),
        begin=in_language(row.begin),
        end=in_language(row.end),
        how=how,
        is_isolated=row.form.get("isolation", "none") not in ("none", ""),
        minutes=max(1, round(known.seconds / 60)) if known else 0,
        basis=basis_said(known.basis, known.n) if known else "",
        spread=spread_said(known),
        stage=stage_name(row.stage),
        delay=words.coded("transport_delays", delay.reason_code) if delay else "",
        delay_whose=whose(delay.accountable) if delay else "",
    )


def ends(row: Transport, storeys: Storeys) -> tuple[Point, Point | None]:
    """Return both ends as the standards compare them; the end is None while nobody knows where it is."""
    begin = storeys.point(row.begin.place_id, row.begin.path)
    return begin, storeys.point(row.end.place_id, row.end.path) if row.end.path else None


@dataclass(frozen=True)
class Round:
    """Jobs that wait and can be collected on one way, in the order of the way."""

    item: str
    rows: tuple[Shown, ...]
    minutes: int


def rounds(
    rows: Sequence[Shown], standards: Standards, storeys: Storeys, *, most: int, at: datetime
) -> tuple[Round, ...]:
    """Return what waits as rounds by kind and building, each in the order of its way; single jobs are none.

    What is wanted later than soon waits for its own round.
    """
    soon = at + SOON
    groups: dict[tuple[str, object], list[Shown]] = {}
    for one in rows:
        is_due = one.row.wanted_from is None or one.row.wanted_from <= soon
        if is_due and one.row.state == "queued" and one.row.item_code in ROUND_ITEMS and one.row.begin.path:
            begin, _end = ends(one.row, storeys)
            groups.setdefault((one.row.item_code, begin.building), []).append(one)
    found = []
    for group in groups.values():
        for cut in range(0, len(group), most):
            part = group[cut : cut + most]
            if len(part) < 2:
                continue
            points = [ends(one.row, storeys)[0] for one in part]
            top = max(points, key=lambda point: point.floor)
            order = round_order(points, start=top, standards=standards)
            way = [points[at] for at in order]
            seconds = sum(standards.expected(a, b).seconds for a, b in itertools.pairwise(way))
            found.append(Round(part[0].what, tuple(part[at] for at in order), max(1, round(seconds / 60))))
    return tuple(found)

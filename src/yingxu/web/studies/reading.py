"""A study as people read it: the verdict in one sentence, the charts, the hands that would do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.standards.actions import SIMULATED
from yingxu.standards.queries import StudyRow
from yingxu.web import saying, words
from yingxu.web.figures import drawing
from yingxu.web.standards.adopted import percent
from yingxu.web.studies import recorded
from yingxu.web.templatetags.yingxu import in_language, priority_word

HOURS, WEEK = 24, 168


@dataclass(frozen=True)
class Shortage:
    """Hours of the week that need more hands."""

    when: str
    n: int


@dataclass(frozen=True)
class Shown:
    """A study for its page."""

    row: StudyRow
    subject: str
    promise: str
    state: str
    tone: str
    icon: str
    verdict: str
    figure: str
    doubt: str
    estimate: str
    shortages: tuple[Shortage, ...]
    is_enough: bool
    n_more: int
    hint: str
    #: What the record itself says, beside a simulation or where there was too little of it.
    record: str
    weak_hours: tuple[recorded.WeakHour, ...]
    is_of_record: bool
    basis: tuple[tuple[str, str], ...]
    attained: SafeString | None
    hands: SafeString | None
    is_waiting: bool


def weekdays() -> list[str]:
    """Return the days of the week, Monday first."""
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def promise_said(row: StudyRow) -> str:
    """Return the promise in words: 一般：30 分钟内到场，90%."""
    values = {
        "urgency": priority_word(row.priority),
        "milestone": words.milestone_name(row.milestone),
        "time": saying.duration(row.limit_s),
        "share": f"{100 * row.percentile:g}%",
    }
    return _("%(urgency)s: %(milestone)s within %(time)s, %(share)s") % values


def subject_said(row: StudyRow) -> str:
    """Return what the promise is about."""
    line = words.line_name(row.line_code)
    return f"{line} · {in_language(row, 'item_name')}" if row.item_code else _("%(line)s, all items") % {"line": line}


def shown(row: StudyRow) -> Shown:
    """Return the study for its page."""
    attained = row.result.get("attainment", {})
    state, tone, icon, verdict = _verdict(row, attained)
    needed = row.result.get("staff_needed", {}).get("by_hour")
    present = row.spec.get("servers", {}).get("by_hour", [])
    shortages, n_more = _shortages(needed, present) if needed else ((), 0)
    share = attained.get("share")
    return Shown(
        row=row,
        subject=subject_said(row),
        promise=promise_said(row),
        state=state,
        tone=tone,
        icon=icon,
        verdict=verdict,
        figure=percent(share) if row.result else percent(row.instant.get("share")) if row.instant else "—",
        doubt=recorded.doubt(attained) if recorded.is_of_record(row) else _doubt(attained),
        estimate=_estimate(row),
        shortages=shortages,
        is_enough=bool(needed) and n_more == 0,
        n_more=n_more,
        hint=_hint(row),
        record=_record(row),
        weak_hours=recorded.weak_hours(row) if recorded.is_of_record(row) else (),
        is_of_record=recorded.is_of_record(row),
        basis=tuple(_basis(row)),
        attained=recorded.chart(row) if recorded.is_of_record(row) else _attained_chart(row),
        hands=_hands_chart(needed, present) if present else None,
        is_waiting=row.state in ("asked", "estimated"),
    )


def _doubt(attained: dict[str, Any]) -> str:
    if attained.get("share") is None:
        return ""
    return _("95%% interval %(low)s–%(high)s, n = %(n)s simulated jobs") % {
        "low": percent(attained["low"]),
        "high": percent(attained["high"]),
        "n": f"{attained['n']:,}",
    }


def _verdict(row: StudyRow, attained: dict[str, Any]) -> tuple[str, str, str, str]:
    if row.state == "asked":
        said = _("The history is being read; the first answer is seconds away.")
        return _("being worked out"), "muted", "loader-2", said
    if row.state == "estimated":
        keeps = row.instant.get("keeps")
        said = _("By formula it can be kept.") if keeps else _("By formula it cannot be kept.")
        return _("by formula"), "muted", "loader-2", said + " " + _("The simulation is running and decides.")
    if row.state != "done":
        return _("no verdict"), "warn", "alert-triangle", _why(row)
    if attained.get("share") is None:
        return _("no verdict"), "muted", "info-circle", _("Nothing arrives in this model, so nothing can be missed.")
    if recorded.is_of_record(row):
        return _judged(row, attained)
    if attained["low"] >= row.percentile:
        return (
            _("it can be kept"),
            "ok",
            "check",
            _("With these hands the promise is kept; the whole interval lies above it."),
        )
    if attained["high"] < row.percentile:
        return (
            _("it cannot be kept"),
            "late",
            "alert-circle",
            _("With these hands the promise is broken; the whole interval lies below it."),
        )
    return (
        _("on the line"),
        "warn",
        "clock-exclamation",
        _("The promise lies inside the interval: chance would decide. Take a little more time or hands."),
    )


def _judged(row: StudyRow, attained: dict[str, Any]) -> tuple[str, str, str, str]:
    """Return the verdict of the record."""
    if attained["low"] >= row.percentile:
        said = _("Worked as in this record it is kept; the whole interval lies above what is promised.")
        return _("it can be kept"), "ok", "check", said
    if attained["high"] < row.percentile:
        said = _("Worked as in this record it is broken; the whole interval lies below what is promised.")
        return _("it cannot be kept"), "late", "alert-circle", said
    said = _("What is promised lies inside the interval of the record: chance would decide.")
    return _("on the line"), "warn", "clock-exclamation", said


def _record(row: StudyRow) -> str:
    """Return what the record says beside a simulation, or as far as it goes."""
    found = row.evidence.get("record") or row.why.get("record") or (row.result if recorded.is_of_record(row) else None)
    said = recorded.said(found, row.limit_s, row.percentile) if found else ""
    if row.evidence.get("no_model"):
        said += " " + _("There is too little of the line for a simulation, so the record alone answers.")
    return said


def clock_said(row: StudyRow) -> str:
    """Return the hours in which the promise's clock runs."""
    return in_language(row, "calendar_name") if row.calendar_code else _("around the clock")


def _why(row: StudyRow) -> str:
    why = row.why
    if row.state == "too_little":
        what = {
            "arrivals": _("Too little history: %(n)s requests of this line in the window, %(needed)s are needed."),
            "days": _("Too little history: %(n)s days of records, %(needed)s are needed."),
            "cases": _("Too little history: %(n)s cases of this milestone in the window, %(needed)s are needed."),
            "handled": _("Too little history: %(n)s jobs with arrival and end, %(needed)s are needed."),
            "hands": _("Too little history to see who is on duty: %(n)s jobs of %(needed)s."),
        }.get(why.get("code", ""), _("Too little history."))
        trial = _("Without more of it the promise can be adopted on trial only, with a reason.")
        if row.milestone in SIMULATED:
            return what % why + " " + _("Type your own assumptions instead.") + " " + trial
        return what % why + " " + trial
    if row.state == "impossible":
        return _("This cannot be simulated (%(text)s). Change what was typed.") % {"text": why.get("text", "")}
    return _("The work was interrupted %(n)s times and given up. Ask again.") % {"n": why.get("n", 0)}


def _estimate(row: StudyRow) -> str:
    if not row.instant or row.instant.get("share") is None:
        return ""
    return _("By formula (offered load and Erlang C): %(share)s") % {"share": percent(row.instant["share"])}


def _hint(row: StudyRow) -> str:
    waits = row.result.get("wait_s", {})
    if row.milestone != "arrived" or waits.get("p90") is None:
        return ""
    return _(
        "With these hands, 90%% of arrivals are within %(p90)s and 95%% within %(p95)s: that could be promised."
    ) % {
        "p90": saying.duration(waits["p90"] + 59),
        "p95": saying.duration(waits["p95"] + 59),
    }


def _basis(row: StudyRow) -> list[tuple[str, str]]:
    seen, typed = row.evidence, set(row.evidence.get("typed", ()))
    if not seen:
        return []
    clock = (_("Service hours of the clock"), clock_said(row))
    if recorded.is_of_record(row):
        return [clock, *recorded.basis(row)]
    mark = _("typed")
    found = [clock, (_("Window"), f"{seen['from_at'][:10]} – {seen['to_at'][:10]}")]
    found.append((_("Requests of the line"), f"n = {seen['n_arrivals']}"))
    found.append((_("Requests a day"), f"{seen['per_day']:g}" + (f"（{mark}）" if "per_day" in typed else "")))
    if "service_min" in typed:
        found.append((_("Minutes on site"), f"{row.assumptions['service_min']:g}（{mark}）"))
    else:
        found.append((_("Minutes on site"), f"{seen['service_mean_s'] / 60:.1f}，n = {seen['n_handled']}"))
    if "travel_min" in typed:
        found.append((_("Minutes on the way"), f"{row.assumptions['travel_min']:g}（{mark}）"))
    elif seen.get("n_travelled"):
        found.append((_("Minutes on the way"), f"{seen['travel_mean_s'] / 60:.1f}，n = {seen['n_travelled']}"))
    hands = row.spec["servers"]["by_hour"]
    mean = sum(hands) / len(hands)
    found.append((_("Hands on duty, mean"), f"{mean:.1f}" + (f"（{mark}）" if "by_hour" in typed else "")))
    share = seen["shares"].get(str(row.priority), 0.0)
    found.append((_("Share of this urgency"), percent(share)))
    if row.result:
        days, runs = row.spec["days"], row.spec["replications"]
        found.append(
            (
                _("Simulated"),
                _("%(runs)s times %(days)s days, seed %(seed)s") % {"runs": runs, "days": days, "seed": row.seed},
            )
        )
        found.append((_("Version"), row.version))
    return found


def _by_day_hour(values: Sequence[float | None], weights: Sequence[float]) -> list[float | None]:
    """Return the weighted means by hour of the day of values by hour of the day or week."""
    found: list[float | None] = []
    for hour in range(HOURS):
        places = [place for place in range(hour, len(values), HOURS) if values[place] is not None]
        total = sum(weights[place] for place in places)
        found.append(sum((values[p] or 0.0) * weights[p] for p in places) / total if total > 0 else None)
    return found


def _attained_chart(row: StudyRow) -> SafeString | None:
    by_hour = row.result.get("by_hour") or row.instant.get("by_hour")
    if not by_hour:
        return None
    shares = [hour["share"] for hour in by_hour]
    rates = row.spec["arrivals"]["per_hour"]
    weights = [rates[at % len(rates)] for at in range(len(shares))]
    formula = [hour["share"] for hour in row.instant.get("by_hour", [])]
    return drawing.columns(
        _by_day_hour(shares, weights),
        [str(hour) for hour in range(HOURS)],
        title=_("Share kept by hour of arrival"),
        target=row.percentile,
        line=_by_day_hour(formula, weights) if row.result and formula else (),
        is_share=True,
    )


def _hands_chart(needed: Sequence[int] | None, present: Sequence[int]) -> SafeString:
    ones = [1.0] * max(len(present), len(needed or ()))
    now = _by_day_hour([float(n) for n in present], ones)
    if needed is None:
        return drawing.columns(now, [str(hour) for hour in range(HOURS)], title=_("Hands on duty by hour"), height=180)
    least = _by_day_hour([float(n) for n in needed], ones)
    return drawing.columns(
        [None if n is None else round(n, 2) for n in now],
        [str(hour) for hour in range(HOURS)],
        title=_("Hands on duty by hour, and the least that would do it"),
        line=least,
        height=180,
    )


def _shortages(needed: Sequence[int], present: Sequence[int]) -> tuple[tuple[Shortage, ...], int]:
    """Return the spans of hours that need more, largest first, and the hours of hands that are missing."""
    spans: list[tuple[int, int, int]] = []
    n_more = 0
    for at, least in enumerate(needed):
        more = least - present[at % len(present)]
        if more <= 0:
            continue
        n_more += more
        if spans and spans[-1][1] == at and spans[-1][2] == more and at % HOURS != 0:
            spans[-1] = (spans[-1][0], at + 1, more)
        else:
            spans.append((at, at + 1, more))
    spans.sort(key=lambda span: (-(span[1] - span[0]) * span[2], span[0]))
    return tuple(Shortage(_when(first, after, len(needed)), more) for first, after, more in spans[:12]), n_more


def _when(first: int, after: int, period: int) -> str:
    hours = f"{first % HOURS:02d}:00–{(after - 1) % HOURS + 1:02d}:00"
    return f"{weekdays()[first // HOURS]} {hours}" if period == WEEK else hours


def more_said(n_more: int, period: int) -> str:
    """Return how many hours of hands are missing, a week or a day."""
    if period == WEEK:
        return ngettext("%(n)d hour of hands more a week", "%(n)d hours of hands more a week", n_more) % {"n": n_more}
    return ngettext("%(n)d hour of hands more a day", "%(n)d hours of hands more a day", n_more) % {"n": n_more}

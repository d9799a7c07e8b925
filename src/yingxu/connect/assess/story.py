"""From figures to a report that an officer would forward: what to say, in which order, with which chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from yingxu.connect.assess import chart
from yingxu.connect.assess.chart import Picture
from yingxu.connect.assess.demand import HORIZON_DAYS, date_of
from yingxu.connect.assess.document import Block, Bullets, Document, Figures, Heading, Paragraph, Pictures, Table
from yingxu.connect.assess.drift import WeeklySeries
from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.assess.mapping import ROLES
from yingxu.connect.assess.measure import REPEAT_WITHIN_DAYS, REPEATS_SHOWN
from yingxu.connect.assess.phrases import Voice
from yingxu.core.quality.spc import FIRM_POINTS, nelson

Report = dict[str, Any]

LINES_IN_TABLE = 20
LINES_IN_CHART = 8
PLACES_IN_TABLE = 12
SIGNALS_SAID = 10
#: A longer time is a backlog, not a promise.
LONGEST_PROMISE_MINUTES = 60 * 1440


def tell(report: Report, log: ServiceLog, series: list[WeeklySeries], voice: Voice) -> Document:
    """Return the report as blocks."""
    voice = replace(voice, knows_days_only=log.is_days_only or "closed" in log.by_day)
    period, source = report["period"], report["source"]
    blocks: list[Block] = []
    for part in (_glance, _promises, _gap, _demand):
        blocks += part(report, log, voice)
    blocks += _drift(report, series, voice)
    for part in (_repeat, _suggested, _limits, _method):
        blocks += part(report, log, voice)
    return Document(
        locale=voice.locale,
        title=voice("title"),
        subtitle=voice(
            "subtitle", name=log.name, start=period["from"][:10], end=period["to"][:10], n=voice.number(len(log))
        ),
        colophon=voice("made_by", timezone=source["timezone"], now=source["now"][:16].replace("T", " ")),
        page_words=tuple(voice("page", page="\0", pages="\0").split("\0")),  # type: ignore[arg-type]
        blocks=tuple(blocks),
    )


def _glance(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    promises, response = report["promises"], report["response"]
    kept = promises["attainment"]
    cards = [
        (voice("f_requests"), voice.number(len(log)), voice("f_requests_note", per_day=_daily(report, voice))),
        (
            voice("f_attainment"),
            voice.percent(kept["share"]) if kept["n"] else "—",
            voice.interval(kept) if kept["n"] else voice("f_no_promise"),
        ),
        (
            voice(f"f_response_{report['source']['response_basis']}"),
            voice.duration(response["median_s"]),
            voice("f_response_note", p90=voice.duration(response["p90_s"])) if response["n"] else "",
        ),
    ]
    if promises["with_target"]:
        note = voice("f_late_note", now=report["source"]["now"][:10])
        cards.append((voice("f_late"), voice.number(promises["running_late"]), note))
    yield Figures(tuple(cards))


def _daily(report: Report, voice: Voice) -> str:
    return voice.number(round(report["demand"]["per_day"], 1))


def _promises(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    promises, response = report["promises"], report["response"]
    n = {name: voice.number(promises[name]) for name in ("with_target", "kept", "broken", "running_late", "running")}
    yield Heading(voice("h_promises"))
    counted_by = report["source"]["counted_by"]
    if counted_by is None:
        yield Paragraph(voice("p_none"))
    else:
        column = log.columns.get("kept", "")
        share = voice.percent(promises["with_target"] / len(log))
        yield Paragraph(voice(f"p_{counted_by}", n=voice.number(len(log)), share=share, column=column, **n))
        kept = promises["attainment"]
        if kept["n"]:
            said = {
                "share": voice.percent(kept["share"]),
                "interval": voice.interval(kept),
                "due": voice.number(kept["n"]),
            }
            yield Paragraph(voice("p_attainment", **said))
        colours = {"kept": chart.GREEN, "broken": chart.RED, "running_late": chart.AMBER, "running": chart.SOFT}
        parts = [(voice(name), float(promises[name]), colour) for name, colour in colours.items()]
        yield Pictures((chart.stacked(voice("c_promises"), voice("c_promises_desc", **n), parts),))
    if response["n"]:
        said = {name: voice.duration(response[f"{name}_s"]) for name in ("median", "p90", "mean")}
        basis = report["source"]["response_basis"]
        yield Paragraph(voice(f"p_response_{basis}", n=voice.number(response["n"]), **said))
    for role in ("reopens", "reassignments"):
        if role in log.counts:
            some = int((log.counts[role] > 0).sum())
            yield Paragraph(voice(f"p_{role}", n=voice.number(some), share=voice.percent(some / len(log))))


def _gap(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    lines = report["lines"]
    yield Heading(voice("h_gap"))
    gaps = [line for line in lines if line["gap"]]
    if not log.line.n_stated:
        yield Paragraph(voice("g_one"))
    elif gaps:
        top, whole = gaps[:3], sum(line["gap"] for line in gaps)
        share = voice.percent(sum(line["gap"] for line in top) / whole)
        yield Paragraph(voice("g_lead", names=voice("comma").join(line["name"] for line in top), share=share))
    elif report["source"]["counted_by"] is None:
        yield Paragraph(voice("g_none"))
    if gaps and log.line.n_stated:
        rows = [
            (line["name"], line["gap"], line["gap_low"], line["gap_high"], voice.number(round(line["gap"])))
            for line in gaps[:LINES_IN_CHART]
        ]
        items = voice("comma").join(f"{name} {note}" for name, _, _, _, note in rows)
        yield Pictures((chart.ranked(voice("c_gap"), voice("c_gap_desc", items=items), rows),))
    yield Table(
        tuple(voice(f"t_{name}") for name in ("line", "n", "kept", "gap", "interval", "median", "p90")),
        tuple(_line_row(line, voice) for line in lines[:LINES_IN_TABLE]),
    )
    if len(lines) > LINES_IN_TABLE:
        yield Paragraph(voice("t_more", n=len(lines) - LINES_IN_TABLE))


def _line_row(line: Report, voice: Voice) -> tuple[str, ...]:
    kept = line["attainment"]
    return (
        line["name"],
        voice.number(line["n"]),
        voice.percent(kept["share"]) if kept["n"] else "—",
        "—" if line["gap"] is None else voice.number(round(line["gap"])),
        f"{voice.percent(kept['low'])}–{voice.percent(kept['high'])}" if kept["n"] else "—",
        voice.duration(line["median_s"]),
        voice.duration(line["p90_s"]),
    )


def _demand(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    demand = report["demand"]
    hours, weekdays = demand["by_hour"], demand["by_weekday"]
    days, short = voice("weekdays").split(), voice("weekdays_short").split()
    yield Heading(voice("h_demand"))
    hour, busy, quiet = hours.index(max(hours)), weekdays.index(max(weekdays)), weekdays.index(min(weekdays))
    is_short = int(log.opened_local_s.max() - log.opened_local_s.min()) < 7 * 86_400
    yield Paragraph(
        voice(
            "d_one_week" if is_short else "d_when_days" if log.is_days_only else "d_when",
            per_day=_daily(report, voice),
            hour=f"{hour:02d}:00–{hour + 1:02d}:00",
            hour_share=voice.percent(hours[hour]),
            weekday=days[busy],
            weekday_share=voice.percent(weekdays[busy]),
            quiet=days[quiet],
            quiet_share=voice.percent(weekdays[quiet]),
        )
    )
    pictures: list[Picture] = []
    if not log.is_days_only:
        said = voice("comma").join(voice.percent(share) for share in hours)
        labels = [str(at) for at in range(24)]
        title = voice("c_hour")
        pictures.append(chart.columns(title, voice("c_hour_desc", items=said), hours, labels, every=3, as_percent=True))
    if not is_short:
        said = voice("comma").join(voice.percent(share) for share in weekdays)
        description = voice("c_weekday_desc", items=said)
        pictures.append(chart.columns(voice("c_weekday"), description, weekdays, short, every=1, as_percent=True))
    if pictures:
        yield Pictures(tuple(pictures))
    ahead = demand["forecast"]
    if not ahead:
        yield Paragraph(voice("d_no_forecast"))
        return
    peak = max(ahead, key=lambda day: day["mean"])
    said_days = voice("comma").join(f"{day['on'][5:]} {voice.number(round(day['mean']))}" for day in ahead)
    yield Paragraph(
        voice(
            "d_forecast",
            start=ahead[0]["on"],
            end=ahead[-1]["on"],
            total=voice.number(round(sum(day["mean"] for day in ahead))),
            peak_on=peak["on"],
            **{
                name: voice.number(round(peak[key]))
                for name, key in (("peak", "mean"), ("low", "low"), ("high", "high"))
            },
        )
    )
    mean, low, high = ([day[key] for day in ahead] for key in ("mean", "low", "high"))
    labels = [day["on"][5:] for day in ahead]
    description = voice("c_forecast_desc", items=said_days)
    yield Pictures((chart.band(voice("c_forecast"), description, mean, low, high, labels, every=HORIZON_DAYS // 4),))


def _drift(report: Report, series: list[WeeklySeries], voice: Voice) -> Iterator[Block]:
    yield Heading(voice("h_drift"))
    if not series:
        yield Paragraph(voice("w_few"))
        return
    yield Paragraph(voice("w_lead"))
    signals = report["drift"]
    signalled = {signal["series"] for signal in signals}
    overall = [one for one in series if one.key in {"attainment:", "volume:"}]
    others = [one for one in series if one.key in signalled and one not in overall]
    # The shares say more than the volumes; two charts beyond the overall ones are enough to look at.
    others.sort(key=lambda one: not one.is_share)
    yield Pictures(tuple(_control_chart(one, voice) for one in overall + others[:2]))
    if signals:
        ordered = sorted(
            signals, key=lambda one: (one["rule"] != "nelson-1", not one["series"].startswith("attainment"))
        )
        chosen = sorted(ordered[:SIGNALS_SAID], key=lambda one: (one["at"], one["series"]))
        yield Bullets(tuple(signal["sentence"] for signal in chosen))
        if len(signals) > SIGNALS_SAID:
            yield Paragraph(voice("w_more", n=len(signals) - SIGNALS_SAID))
    else:
        yield Paragraph(voice("w_calm"))
    if any(one.chart.values.size < FIRM_POINTS for one in series):
        yield Paragraph(voice("w_trial"))


def _control_chart(one: WeeklySeries, voice: Voice) -> Picture:
    marked = frozenset(signal.at for signal in nelson(one.chart))
    mean = float(one.chart.centre[0])
    return chart.control(
        voice("c_drift_share" if one.is_share else "c_drift_volume", line=one.title),
        voice(
            "c_drift_desc",
            n=one.weeks.size,
            mean=voice.percent(mean) if one.is_share else voice.number(round(mean, 1)),
            signals=len(marked),
        ),
        one.chart.values.tolist(),
        one.chart.centre.tolist(),
        one.chart.low.tolist(),
        one.chart.high.tolist(),
        marked,
        [date_of(int(week))[5:] for week in one.weeks],
        as_percent=one.is_share,
    )


def _repeat(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    yield Heading(voice("h_repeat"))
    repeats = report["repeat"]
    if not log.place.n_stated:
        yield Paragraph(voice("r_no_place"))
    elif not repeats:
        yield Paragraph(voice("r_none", days=REPEAT_WITHIN_DAYS))
    else:
        key = "r_capped" if len(repeats) == REPEATS_SHOWN else "r_lead"
        yield Paragraph(voice(key, n=len(repeats), days=REPEAT_WITHIN_DAYS))
        yield Table(
            tuple(voice(f"t_{name}") for name in ("place", "line", "times", "since")),
            tuple((one["place"], one["line"] or "—", str(one["n"]), one["from"]) for one in repeats[:PLACES_IN_TABLE]),
            n_words=2,
        )


def _suggested(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    yield Heading(voice("h_promise"))
    suggested = report["suggested_promises"]
    if not suggested:
        yield Paragraph(voice("s_none"))
        return
    yield Paragraph(voice("s_lead"))
    size = {line["code"]: line["n"] for line in report["lines"]}
    ordered = sorted(suggested, key=lambda one: -size[one["code"]])
    yield Bullets(
        tuple(
            voice(
                f"s_{one['basis']}",
                line=one["name"],
                time=voice.minutes(one["minutes"]),
                share=voice.percent(one["would_have_kept"]),
                n=voice.number(one["n"]),
            )
            for one in ordered[:LINES_IN_TABLE]
        )
    )
    if len(ordered) > LINES_IN_TABLE:
        yield Paragraph(voice("t_more", n=len(ordered) - LINES_IN_TABLE))
    long = [one["name"] for one in ordered if one["minutes"] > LONGEST_PROMISE_MINUTES]
    if long:
        names = voice("comma").join(long[:8]) + ("…" if len(long) > 8 else "")
        yield Paragraph(voice("s_too_long", limit=voice.minutes(LONGEST_PROMISE_MINUTES), names=names))
    told = {one["code"] for one in suggested}
    left_out = [line["name"] for line in report["lines"] if line["code"] not in told]
    if left_out:
        names = voice("comma").join(left_out[:8]) + ("…" if len(left_out) > 8 else "")
        yield Paragraph(voice("s_left_out", names=names))


def _limits(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    yield Heading(voice("h_limits"))
    yield Bullets(tuple(one["sentence"] for one in report["limits"]))


def _method(report: Report, log: ServiceLog, voice: Voice) -> Iterator[Block]:
    rows = report["rows"]
    yield Heading(voice("h_method"))
    counted = {name: voice.number(rows[name]) for name in ("read", "used", "rejected")}
    yield Paragraph(voice("m_rows", **counted))
    if "cases" in rows:
        yield Paragraph(voice("m_cases", cases=voice.number(rows["cases"])))
    yield Paragraph(voice("m_shares"))
    if rows["reasons"]:
        yield Heading(voice("m_reasons"), level=3)
        yield Table(
            tuple(voice(f"t_{name}") for name in ("reason", "used", "rows", "first_row")),
            tuple(
                (
                    voice(f"x_{one['reason']}"),
                    voice("no" if one["rejected"] else "yes"),
                    voice.number(one["n"]),
                    str(one["first_row"]),
                )
                for one in rows["reasons"]
            ),
            n_words=2,
        )
    yield Heading(voice("m_columns"), level=3)
    yield Table(
        tuple(voice(f"t_{name}") for name in ("role", "column", "by")),
        tuple(
            (voice(f"role_{role}"), log.columns[role], voice(f"by_{log.found_by[role]}"))
            for role in ROLES
            if role in log.columns
        ),
        n_words=3,
    )

"""Attainment as rows of a board: the promise in words, a ring with its interval, the counts behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yingxu.core.quality.share import Share, attainment
from yingxu.promise.queries import MILESTONES, AttainmentRow, MissRow, TargetRow, by_milestone
from yingxu.standards import queries as standards
from yingxu.standards.queries import LineRow, TermRow
from yingxu.web import saying, words
from yingxu.web.templatetags.yingxu import in_language, priority_word

#: Fewer than this: chance decides, so no ring is drawn.
FEW = 5
#: The milestone that a line's ring shows, the first that was counted.
HEADLINES = ("arrived", "done", "acknowledged", "safe", "verified")
ORDINARY = 3


@dataclass(frozen=True)
class Month:
    """A month of the site, as an address and as a span."""

    code: str
    name: str
    from_at: datetime
    to_at: datetime
    previous: str
    following: str


@dataclass(frozen=True)
class Figure:
    """One ring: lengths are of a circle of 100."""

    milestone: str
    name: str
    said: str
    interval: str
    n: int
    n_kept: int
    n_broken: int
    n_reported_late: int
    n_lapsed: int
    is_few: bool
    #: Nothing was due yet: neither kept nor broken.
    is_none: bool
    #: The promised share, in words; empty when none is known.
    target: str
    tone: str
    arc: str
    span_offset: str
    span: str


@dataclass(frozen=True)
class Beside:
    """A line's quality as it stands beside its speed (S49: never one without the other)."""

    name: str
    said: str
    verdict: str
    tone: str
    icon: str


@dataclass(frozen=True)
class LineFigures:
    """A service line on the board: how quick, and how good."""

    code: str
    name: str
    icon: str
    promise: str
    head: Figure
    others: tuple[Figure, ...]
    #: Empty: no quality is promised for the line, and the board says so.
    quality: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Miss:
    """A broken promise and what was done."""

    number: str
    line: str
    milestone: str
    place: str
    late: str
    done: str


def month_of(text: str, *, zone: ZoneInfo, at: datetime) -> Month:
    """Return the month named (2026-11), else the present one."""
    today = at.astimezone(zone).date()
    first = today.replace(day=1)
    try:
        named = date.fromisoformat(f"{text}-01") if len(text) == 7 else first
        first = named if date(2000, 1, 1) <= named <= first else first
    except ValueError:
        pass  # not a month: the present one
    after = (first + timedelta(days=32)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return Month(
        code=f"{first:%Y-%m}",
        name=_("%(year)d/%(month)d") % {"year": first.year, "month": first.month},
        from_at=datetime(first.year, first.month, 1, tzinfo=zone),
        to_at=datetime(after.year, after.month, 1, tzinfo=zone),
        previous=f"{before:%Y-%m}",
        following=f"{after:%Y-%m}" if after <= today else "",
    )


def figure(row: AttainmentRow, *, promised: float | None = None) -> Figure:
    """Return a row of counts as a ring; ``promised`` is the share that was promised, the row's own unless given."""
    promised = row.promised if promised is None else promised
    share: Share = row.share
    value = share.share
    low, high = share.low or 0.0, share.high or 0.0
    is_few = share.n < FEW
    return Figure(
        milestone=row.milestone,
        name=words.milestone_name(row.milestone),
        said="—" if value is None else f"{whole_percent(value)}%",
        interval="" if share.low is None else f"{_bound(low)}–{_bound(high)}%",
        n=share.n,
        n_kept=row.n_kept,
        n_broken=row.n_broken + row.n_late,
        n_reported_late=row.n_reported_late,
        n_lapsed=row.n_lapsed,
        is_few=is_few,
        is_none=share.n == 0,
        target="" if promised is None else f"{round(100 * promised, 1):g}%",
        tone=_tone(value, high, promised, is_few=is_few),
        arc=f"{100 * (value or 0.0):.1f} 100",
        span_offset=f"-{100 * low:.1f}",
        span=f"{max(0.5, 100 * (high - low)):.1f} 100",
    )


def whole_percent(share: float) -> int:
    """Return whole percent; 100 and 0 only when it is all or nothing: 921 of 923 is not everything."""
    if share in (0.0, 1.0):
        return round(100 * share)
    return min(99, max(1, round(100 * share)))


def _bound(share: float) -> str:
    """Return an end of an interval in percent, with a tenth where whole percent would hide the width."""
    return f"{min(99.9, 100 * share):.1f}" if 0.99 < share < 1.0 else str(whole_percent(share))


def _tone(value: float | None, high: float, promised: float | None, *, is_few: bool) -> str:
    """Return kept, at risk, broken: broken only when the whole interval lies under what was promised."""
    if value is None or is_few or promised is None:
        return "muted"
    if value >= promised:
        return "ok"
    return "late" if high < promised else "warn"


def lines(
    rows: Sequence[AttainmentRow], known: Sequence[LineRow], terms: Mapping[str, TermRow]
) -> tuple[LineFigures, ...]:
    """Return the lines that were counted, in their order; what has no line comes last."""
    by_line: dict[str, dict[str, AttainmentRow]] = {}
    for row in rows:
        by_line.setdefault(row.line_code, {})[row.milestone] = row
    named = [*((line.code, in_language(line), line.icon) for line in known), ("", _("not sorted yet"), "inbox")]
    return tuple(_line(code, name, icon, by_line[code], terms) for code, name, icon in named if code in by_line)


def _line(
    code: str,
    name: str,
    icon: str,
    found: Mapping[str, AttainmentRow],
    terms: Mapping[str, TermRow],
) -> LineFigures:
    order = [milestone for milestone in HEADLINES if milestone in found]
    figures = [figure(found[milestone]) for milestone in order]
    return LineFigures(code, name, icon or "tool", promise_said(terms, order[0]), figures[0], tuple(figures[1:]))


def promise_said(terms: Mapping[str, TermRow], milestone: str) -> str:
    """Return the promise in words: 一般 60 分钟内到场，95%."""
    term = terms.get(milestone)
    if term is None:
        return ""
    values = {
        "urgency": priority_word(ORDINARY),
        "time": saying.duration(term.limit_s),
        "milestone": words.milestone_name(milestone),
        "share": f"{100 * term.percentile:.0f}%",
    }
    return _("%(urgency)s: %(milestone)s within %(time)s, %(share)s") % values


def overall(rows: tuple[AttainmentRow, ...]) -> tuple[Figure, ...]:
    """Return the figures of all lines together, one for each milestone; one without a case yet says so."""
    if not rows:
        return ()
    known = {row.milestone: row for row in by_milestone(rows)}
    nothing = {milestone: AttainmentRow("", milestone, 0, 0, 0, 0, 0, attainment(0, 0)) for milestone in MILESTONES}
    return tuple(figure(known.get(milestone, nothing[milestone])) for milestone in MILESTONES)


def ordinary_terms(site_id: int) -> Mapping[str, TermRow]:
    """Return what is promised for an ordinary request. Budget: two queries, once a process."""
    return standards.terms_at(standards.default_edition(site_id), priority=ORDINARY, place_class="")


def misses(rows: Sequence[MissRow]) -> tuple[Miss, ...]:
    """Return the last misses with what was done; an asker's own words never show."""
    return tuple(
        Miss(
            number=row.number,
            line=words.line_name(row.line_code) or _("not sorted yet"),
            milestone=words.milestone_name(row.milestone),
            place=in_language(row, "place_name"),
            late=_late(row),
            done=_done(row),
        )
        for row in rows
    )


def _late(row: MissRow) -> str:
    if row.reached_at is None:
        return _("not reached yet")
    return _("%(time)s late") % {"time": saying.duration((row.reached_at - row.due_at).total_seconds())}


def _done(row: MissRow) -> str:
    if row.final_answer == "cancelled":
        return _("called off")
    if row.answer_text:
        return row.answer_text
    return _("done in the end") if row.reached_at is not None else _("still open")


@dataclass(frozen=True)
class Target:
    """One promise of a line, as it was said, with what became of it."""

    said: str
    hours: str
    figure: Figure
    verdict: str
    tone: str
    icon: str


def targets(rows: Sequence[TargetRow]) -> tuple[Target, ...]:
    """Return each percentile target in words with its verdict."""
    verdicts = {
        "kept": (_("target met"), "ok", "check"),
        "missed": (_("target missed"), "late", "alert-circle"),
        "open": (_("below the target, but too few to tell"), "warn", "clock"),
        "none": (_("no case yet"), "muted", "minus"),
    }
    found = []
    for row in rows:
        values = {
            "urgency": priority_word(row.priority),
            "time": saying.duration(row.limit_s) if row.limit_s else _("by appointment"),
            "milestone": words.milestone_name(row.milestone),
            "share": f"{100 * row.percentile:.4g}%",
        }
        shown = figure(row.attained)
        verdict = verdicts[row.verdict]
        if shown.is_few and row.verdict == "kept":
            verdict = (_("kept so far, but few cases"), "muted", "check")
        said = _("%(urgency)s: %(milestone)s within %(time)s, %(share)s") % values
        found.append(Target(said, in_language(row, "calendar_name"), shown, *verdict))
    return tuple(found)

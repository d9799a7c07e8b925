"""Quality promises as the board tells them: the promise, the sample, what nobody measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yingxu.ground.actor import Actor, Held
from yingxu.ground.queries import SiteRow
from yingxu.promise.queries.quality import HAND_OVER, QualityTerms
from yingxu.voice.quality import QualityRow, StratumRow, quality_attainment
from yingxu.web import words
from yingxu.web.board.figures import FEW, Beside, LineFigures, Month, whole_percent
from yingxu.web.inside import kept
from yingxu.web.templatetags.yingxu import in_language, priority_word


@dataclass(frozen=True)
class ToldStratum:
    """One stratum in words."""

    name: str
    share: str
    row: StratumRow


@dataclass(frozen=True)
class ToldQuality:
    """A quality promise in words with its figure; ring lengths are of a circle of 100."""

    terms: QualityTerms
    name: str
    line: str
    said: str
    rule: str
    sample: str
    #: The sample as a wall says it: measured, and what is still to measure.
    sample_short: str
    unmeasured: str
    figure: str
    interval: str
    verdict: str
    tone: str
    icon: str
    is_few: bool
    arc: str
    span: str
    span_offset: str
    strata: tuple[ToldStratum, ...]


def public(site: SiteRow) -> Actor:
    """Return who reads what is published about a site: anybody."""
    return Actor(kind="link", id=None, name="", holdings=(Held(role="PF", site_id=site.id),))


def counted(site: SiteRow, month: Month, *, line_code: str | None = None) -> tuple[QualityRow, ...]:
    """Return the month's quality promises with their samples. Budget: two, kept for half a minute."""
    return kept(
        "quality",
        (site.id, month.code, line_code),
        lambda: quality_attainment(
            public(site),
            site.id,
            zone=ZoneInfo(site.timezone),
            from_at=month.from_at,
            to_at=month.to_at,
            line_code=line_code,
        ),
    )


def measures() -> tuple[tuple[str, str], ...]:
    """Return (code, what makes a job good) for the form."""
    return (
        ("checked", _("an independent check found it good")),
        ("score", _("its steps score at least so much (0-100)")),
        ("right_first", _("never sent back, never reopened")),
        ("rated", _("its asker gave at least so many stars (1-5)")),
        ("reading", _("a reading taken at it lies within limits (temperature …)")),
        ("delivered", _("brought to the right place and hands at once")),
    )


def stratum_keys() -> tuple[tuple[str, str], ...]:
    """Return (code, name) of what jobs are parted by."""
    return (("none", _("not parted")), ("priority", _("by urgency")), ("place_class", _("by class of place")))


def told(rows: Sequence[QualityRow]) -> tuple[ToldQuality, ...]:
    """Return quality promises in words."""
    return tuple(_told(row) for row in rows)


def beside(lines: Sequence[LineFigures], found: Sequence[ToldQuality]) -> list[LineFigures]:
    """Return the lines with what is known of the quality of each beside its speed."""
    by_line: dict[str, list[Beside]] = {}
    for one in found:
        said = one.sample_short if one.is_few else f"{one.figure} · {one.sample_short}"
        by_line.setdefault(one.terms.line_code, []).append(Beside(one.name, said, one.verdict, one.tone, one.icon))
    return [replace(line, quality=tuple(by_line.get(line.code, ()))) for line in lines]


def _told(row: QualityRow) -> ToldQuality:
    terms, found = row.terms, row.estimate
    verdict, tone, icon = {
        "kept": (_("target met"), "ok", "check"),
        "missed": (_("target missed"), "late", "alert-circle"),
        "open": (_("below the target, but too few to tell"), "warn", "clock"),
        "none": (_("not measured yet"), "muted", "minus"),
    }[row.verdict]
    is_few = found.n_measured < FEW
    share, low, high = found.share or 0.0, found.low or 0.0, found.high or 0.0
    return ToldQuality(
        terms=terms,
        name=in_language(terms),
        line=words.line_name(terms.line_code),
        said=_promise(terms),
        rule=_rule(terms),
        sample=_("%(jobs)d finished, %(drawn)d drawn, %(measured)d measured")
        % {"jobs": row.n_jobs, "drawn": row.n_drawn, "measured": found.n_measured},
        sample_short=_short(row),
        unmeasured=_unmeasured(row),
        figure="—" if found.share is None else f"{whole_percent(share)}%",
        interval="" if found.low is None else f"{100 * low:.0f}\u2013{100 * high:.0f}%",
        verdict=verdict,
        tone="muted" if is_few and row.verdict == "kept" else tone,
        icon=icon,
        is_few=is_few,
        arc=f"{100 * share:.1f} 100",
        span=f"{max(0.5, 100 * (high - low)):.1f} 100",
        span_offset=f"-{100 * low:.1f}",
        strata=tuple(
            ToldStratum(_stratum(terms.stratum_key, one.key), f"{100 * one.share:.4g}%", one) for one in row.strata
        ),
    )


def _promise(terms: QualityTerms) -> str:
    values = {"share": f"{100 * terms.target:.4g}%", "at_least": terms.at_least}
    return {
        "checked": _("%(share)s of the sampled jobs are found good by an independent check"),
        "score": _("%(share)s of the sampled jobs score at least %(at_least)s"),
        "right_first": _("%(share)s of the jobs are never sent back and never reopened"),
        "rated": _("%(share)s of the sampled jobs get at least %(at_least)s stars"),
        "reading": _("%(share)s of the sampled jobs: %(reading)s %(limits)s"),
        "delivered": _("%(share)s of the jobs are brought to the right place and hands at once"),
    }[terms.measure] % (values | {"reading": _reading(terms), "limits": _limits(terms)})


def _reading(terms: QualityTerms) -> str:
    if terms.step_code == HAND_OVER:
        return _("temperature at the hand-over")
    return _("reading of the step “%(step)s”") % {"step": terms.step_code}


def _limits(terms: QualityTerms) -> str:
    if terms.low is None and terms.high is None:
        return ""
    unit = " °C" if terms.step_code == HAND_OVER else ""
    if terms.low is None:
        return f"≤ {terms.high:g}{unit}"
    return f"≥ {terms.low:g}{unit}" if terms.high is None else f"{terms.low:g}\u2013{terms.high:g}{unit}"


def _rule(terms: QualityTerms) -> str:
    """Return the sampling rule in words."""
    if terms.sample_share >= 1 and not terms.shares:
        said = _("every finished job is counted")
    else:
        said = _("each finished job is drawn with a chance of %(share)s, fixed to its number") % {
            "share": f"{100 * terms.sample_share:.4g}%"
        }
    own = [f"{_stratum(terms.stratum_key, key)} {100 * share:.4g}%" for key, share in sorted(terms.shares.items())]
    if own:
        said = _("%(rule)s (%(own)s)") % {"rule": said, "own": _(", ").join(own)}
    if terms.n_least:
        said = _("%(rule)s; at least %(n)d measured a month") % {"rule": said, "n": terms.n_least}
    return said


def _short(row: QualityRow) -> str:
    said = f"n={row.estimate.n_measured}"
    if row.n_unmeasured:
        said += " · " + _("%(n)d drawn and not measured yet") % {"n": row.n_unmeasured}
    return said


def _unmeasured(row: QualityRow) -> str:
    said = []
    if row.n_unmeasured:
        said.append(_("%(n)d drawn and not measured yet") % {"n": row.n_unmeasured})
    if 0 < row.estimate.covered < 1:
        said.append(_("the figure speaks for %(share)s of the jobs") % {"share": f"{100 * row.estimate.covered:.0f}%"})
    if row.is_below_plan:
        said.append(_("fewer measured than planned (%(n)d)") % {"n": row.terms.n_least})
    return _("; ").join(said)


def _stratum(key: str, code: str) -> str:
    if key == "priority" and code.isdigit():
        return priority_word(int(code))
    if key == "place_class":
        return words.coded("place_classes", code) if code else _("no class")
    return code or _("all")

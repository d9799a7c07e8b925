"""What a survey found, as its page shows it: numbers rounded, moves and biases in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingxu.core.quality.asking import Mean, Move
from yingxu.voice.queries.gaps import Gapped, Gaps
from yingxu.voice.queries.surveyed import Bias, Results
from yingxu.voice.queries.surveys import SheetRow
from yingxu.voice.questions import WEIGHTS
from yingxu.web.surveys.dumbbells import drawn as drawn_gaps
from yingxu.web.surveys.quadrant import drawn
from yingxu.web.surveys.words import apart_name, dimension_name, doubt_name, kano_name, quadrant_name
from yingxu.web.templatetags.yingxu import in_language


@dataclass(frozen=True)
class Line:
    """A row of a table: its name, its mean with interval and n, its move in words with a tone; more by kind."""

    name: str
    mean: str
    interval: str
    n: int
    move: str
    tone: str
    #: The mean as a share of the scale, for a bar.
    share: str = ""
    more: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Told:
    """All tables of a survey's page."""

    dimensions: list[Line]
    weighted: str
    weakest: str
    gaps: list[Line]
    gap_items: list[Line]
    gap_drawing: SafeString | str
    gap_said: str
    scores: list[Line]
    placed: list[Line]
    drawing: SafeString | str
    felt: list[Line]
    recommended: list[Line]
    departments: list[Line]
    notes: list[str]
    moves: str


def told(found: Results) -> Told:
    """Return a survey's figures in words."""
    dimensions = [_line(dimension_name(one.question.code), one.score, one.move, 1, 7) for one in found.dimensions]
    means = [(one.score.mean, dimension_name(one.question.code)) for one in found.dimensions if one.score.mean]
    placed = [
        _line(
            in_language(one.question, "text"),
            one.performance,
            one.move,
            1,
            5,
            more=(_number(one.importance.mean), quadrant_name(one.quadrant), one.quadrant),
        )
        for one in found.placed
    ]
    return Told(
        dimensions,
        _number(found.weighted),
        min(means)[1] if len(means) > 1 else "",
        [_gap(dimension_name(one.question.code), one, WEIGHTS[one.question.code]) for one in found.gaps.dimensions],
        [_gap(in_language(one.question, "text"), one) for one in found.gaps.items],
        drawn_gaps(found.gaps.dimensions),
        _gap_said(found.gaps),
        [_line(in_language(one.question, "text"), one.score, one.move, 1, 7) for one in found.scores],
        placed,
        drawn(found.placed),
        [
            Line(
                in_language(one.question, "text"),
                kano_name(one.code),
                "",
                one.n,
                "",
                "",
                more=(
                    [(kano_name(code), n) for code, n in one.counts.items()],
                    _number(one.better),
                    _number(one.worse),
                    one.is_close,
                ),
            )
            for one in found.felt
        ],
        [
            Line(
                in_language(one.question, "text"),
                "—" if one.nps.score is None else f"{one.nps.score:+.0f}",
                "" if one.nps.low is None or one.nps.high is None else f"{one.nps.low:+.0f} … {one.nps.high:+.0f}",
                one.nps.n,
                *_moved(one.move, digits=0),
                more=(one.nps.promoters, one.nps.passives, one.nps.detractors),
            )
            for one in found.recommended
        ],
        [
            Line(
                in_language(one),
                _number(one.score.mean if one.score else None, 0),
                _interval(one.score, 0) if one.score else "",
                one.n or 0,
                "",
                "",
                more=(
                    one.population,
                    "" if one.responded is None or one.responded.share is None else round(100 * one.responded.share),
                    one.is_hidden,
                ),
            )
            for one in found.departments
        ],
        _notes(found.bias),
        found.previous_en if (get_language() or "").startswith("en") and found.previous_en else found.previous,
    )


def wards(known: Sequence[tuple[str, str, str]], typed: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return each ward's code, name in the reader's language, and the people typed for it."""
    is_english = (get_language() or "").startswith("en")
    return [
        (code, (english if is_english else "") or name, typed.get(f"pop-{code}", "")) for code, name, english in known
    ]


def doubtful(rows: Sequence[SheetRow]) -> list[tuple[SheetRow, str, str]]:
    """Return doubtful sheets with what speaks against them."""
    return [(row, _(", ").join(doubt_name(code) for code in row.flags), apart_name(row.quarantine)) for row in rows]


def _line(name: str, score: Mean, move: Move | None, low: int, high: int, more: tuple[Any, ...] = ()) -> Line:
    share = "" if score.mean is None else f"{(score.mean - low) / (high - low):.3f}"
    return Line(name, _number(score.mean), _interval(score), score.n, *_moved(move), share=share, more=more)


def _gap(name: str, one: Gapped, weight: int | None = None) -> Line:
    move, tone = _moved(one.move)
    is_short = one.gap.high is not None and one.gap.high < 0
    return Line(
        name,
        _signed(one.gap.mean),
        "" if one.gap.low is None or one.gap.high is None else f"{one.gap.low:+.2f} … {one.gap.high:+.2f}",
        one.gap.n,
        move,
        tone,
        more=(_number(one.expected.mean), _number(one.perceived.mean), weight, is_short),
    )


def _gap_said(gaps: Gaps) -> str:
    """Return the weighted gap and what comes first, as a sentence."""
    if gaps.weighted is None or gaps.mean is None:
        return ""
    names = {
        "weighted": f"{gaps.weighted:+.3f}",
        "mean": f"{gaps.mean:+.3f}",
        "weights": "/".join(str(weight) for weight in WEIGHTS.values()),
        "first": dimension_name(gaps.first),
    }
    said = _("Weighted %(weights)s: %(weighted)s (unweighted %(mean)s).") % names
    more = _("First to improve: %(first)s.") % names if gaps.first else _("Nothing falls short of what was expected.")
    return f"{said} {more}"


def _signed(value: float | None) -> str:
    return "—" if value is None else f"{value:+.2f}"


def _number(value: float | None, digits: int = 2) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


def _interval(score: Mean, digits: int = 2) -> str:
    if score.low is None or score.high is None:
        return ""
    return f"{score.low:.{digits}f}–{score.high:.{digits}f}"


def _moved(move: Move | None, digits: int = 2) -> tuple[str, str]:
    if move is None:
        return "", ""
    said = f"{move.difference:+.{digits}f}"
    if move.is_moved is None:
        return _("%(n)s, too few to say") % {"n": said}, "muted"
    if not move.is_moved:
        return _("%(n)s, may be chance") % {"n": said}, "muted"
    if move.difference > 0:
        return _("%(n)s, better") % {"n": said}, "ok"
    return _("%(n)s, worse") % {"n": said}, "late"


def _notes(bias: Bias) -> list[str]:
    """Return what to hold against the figures."""
    notes = []
    if bias.is_small:
        notes.append(_("The sample is too small to rely on: fewer than 30 sheets, or fewer than 20 % of those asked."))
    if bias.silent:
        names = _(", ").join(
            english if (get_language() or "").startswith("en") and english else name for name, english in bias.silent
        )
        notes.append(
            _("Hardly heard: %(names)s answered less than half as often as the others. Go there before you conclude.")
            % {"names": names}
        )
    if bias.late is not None and bias.late.is_moved:
        words = (
            _("Who answered late is less content by %(n)s points of 100: who did not answer is likely no happier.")
            if bias.late.difference < 0
            else _("Who answered late is more content by %(n)s points of 100: the figures may paint it too dark.")
        )
        notes.append(words % {"n": f"{abs(bias.late.difference):.0f}"})
    notes.append(_("Who answers by a code chose to: the figures speak of those who answered, not of everybody."))
    return notes

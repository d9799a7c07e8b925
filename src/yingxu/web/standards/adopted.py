"""What a new or tighter promise rests on, in words: for the pages of standards and of studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yingxu.standards.queries import AdoptedRow
from yingxu.web import saying, words
from yingxu.web.standards.shown import place_class_name
from yingxu.web.templatetags.yingxu import priority_word


def percent(share: float | None) -> str:
    """Return a share with a tenth."""
    return "—" if share is None else f"{100 * share:.1f}%"


def promise_said(priority: int, milestone: str, place_class: str, limit_s: int, percentile: float) -> str:
    """Return a promise in words; for a class of places, with its name."""
    said = _("%(urgency)s: %(milestone)s within %(time)s, %(share)s") % {
        "urgency": priority_word(priority),
        "milestone": words.milestone_name(milestone),
        "time": saying.duration(limit_s),
        "share": f"{100 * percentile:g}%",
    }
    return f"{said} · {place_class_name(place_class)}" if place_class else said


def change_said(change: str) -> str:
    """Return what is done to a promise."""
    return {"new": _("new"), "tighter": _("tighter"), "clock": _("its clock would run otherwise")}.get(change, change)


def standing_said(standing: str, result: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return what a promise rests on, in words, with tone and icon."""
    attained = result.get("attainment") or {}
    values = {"share": percent(attained.get("share")), "n": f"{attained.get('n', 0):,}"}
    if standing == "history":
        return _("studied on the site's own history: %(share)s, n = %(n)s") % values, "ok", "check"
    if standing == "assumed":
        return _("studied on typed assumptions: on trial only, with a reason"), "warn", "alert-triangle"
    if standing == "thin":
        return _("too little history: on trial only, with a reason"), "warn", "alert-triangle"
    if standing == "setup":
        return _("adopted while the site was being set up, without a history"), "muted", "info-circle"
    return _("no study yet"), "late", "alert-circle"


@dataclass(frozen=True)
class Adopted:
    """On what a promise in force was adopted."""

    said: str
    standing: str
    tone: str
    icon: str
    reason: str
    row: AdoptedRow


def adopted(rows: Sequence[AdoptedRow], terms: Sequence[Mapping[str, Any]]) -> list[Adopted]:
    """Return on what the promises of an edition were adopted, for its page."""
    known = {(term["priority"], term["milestone"], term["place_class"]): term for term in terms}
    found = []
    for row in rows:
        term = known.get((row.priority, row.milestone, row.place_class))
        if term is None:
            continue
        standing, tone, icon = standing_said(row.standing, row.result)
        said = promise_said(row.priority, row.milestone, row.place_class, int(term["limit_s"]), term["percentile"])
        found.append(Adopted(said, standing, tone, icon, row.reason, row))
    return found

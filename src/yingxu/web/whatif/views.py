"""What if? The questions, a new one, one with its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.dispatch.actions.whatif import FURTHER, ask_what_if, cancel_what_if
from yingxu.dispatch.queries import whatif as queries
from yingxu.dispatch.queries.whatif import WhatIfRow
from yingxu.ground import authority
from yingxu.ground.refusals import Malformed
from yingxu.web import saying
from yingxu.web.inside import Inside, command_of, inside, lines_of, new_command
from yingxu.web.templatetags.yingxu import priority_word
from yingxu.web.words import line_name

PAGE = 25
#: Spans that can be chosen, in whole days before today.
SPANS = {"yesterday": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Cell:
    """A share with its interval, and the difference to the first scenario; ``tone`` only where it is certain."""

    said: str
    interval: str
    difference: str
    tone: str


@dataclass(frozen=True)
class Line:
    """A scenario in words."""

    name: str
    hands: str
    cells: tuple[Cell, ...]
    wait: str
    walked: str
    n_unreached: int


@never_cache
@require_safe
@inside
def what_ifs(request: HttpRequest, here: Inside) -> HttpResponse:
    after = request.GET.get("after", "")
    key = int(after) if after.isascii() and after.isdigit() else None
    rows = queries.what_ifs(here.actor, here.site.id, after=key, limit=PAGE + 1)
    values = {
        "rows": [(row, subject(row), state_said(row.state)) for row in rows[:PAGE]],
        "next": str(rows[PAGE - 1].key) if len(rows) > PAGE else "",
        "is_first": not after,
        "may_ask": authority.may_anywhere(here.actor, "promise.study"),
        "spans": spans(),
        "lines": lines_of(here.site.id),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/whatif/list.html", values)


def spans() -> list[tuple[str, str]]:
    """Return the spans that can be chosen."""
    return [("yesterday", _("Yesterday")), ("week", _("The last 7 days")), ("month", _("The last 30 days"))]


@require_POST
@inside
def ask(request: HttpRequest, here: Inside) -> HttpResponse:
    days = SPANS.get(request.POST.get("span", ""))
    if days is None:
        raise Malformed(field="span", problem="unknown")
    more = request.POST.get("more_hands", "0").strip() or "0"
    if not more.lstrip("+-").isdigit() or len(more) > 4:
        raise Malformed(field="more_hands", problem="wrong_type")
    today = here.at.astimezone(ZoneInfo(here.site.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = ask_what_if(
        site_id=here.site.id,
        from_at=today - timedelta(days=days),
        to_at=today,
        line_code=request.POST.get("line", "")[:8],
        more_hands=int(more),
        further=tuple(code for code in FURTHER if code in request.POST.getlist("further")),
        actor=here.actor,
        at=here.at,
        command=command_of(request),
    )
    return redirect("web:what_if", asked.id)


@never_cache
@require_safe
@inside
def one(request: HttpRequest, here: Inside, what_if_id: UUID) -> HttpResponse:
    return render(request, "web/whatif/one.html", _shown(here, queries.what_if(here.actor, what_if_id)))


@require_POST
@inside
def cancel(request: HttpRequest, here: Inside, what_if_id: UUID) -> HttpResponse:
    cancel_what_if(what_if_id=what_if_id, actor=here.actor, at=here.at, command=command_of(request))
    return redirect("web:what_if", what_if_id)


@never_cache
@require_safe
@inside
def answer(request: HttpRequest, here: Inside, what_if_id: UUID) -> HttpResponse:
    row = queries.what_if(here.actor, what_if_id)
    if _seen(row) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "web/whatif/answer.html", _shown(here, row))


def _seen(row: WhatIfRow) -> str:
    """Return what an open page compares: its state, and how far it is."""
    return f"{row.state}-{row.result.get('done', 0)}" if row.state == "asked" else row.state


def subject(row: WhatIfRow) -> str:
    """Return what a question is about, in words."""
    zone = ZoneInfo(row.timezone)
    first, last = row.from_at.astimezone(zone), (row.to_at - timedelta(seconds=1)).astimezone(zone)
    days = f"{first:%m-%d}" if first.date() == last.date() else f"{first:%m-%d} – {last:%m-%d}"
    return f"{line_name(row.line_code) if row.line_code else _('All lines')} · {days}"


def state_said(code: str) -> str:
    """Return a question's state in words."""
    names = {
        "asked": _("being worked out"),
        "done": _("answered"),
        "too_little": _("too little was done in these days"),
        "failed": _("could not be worked out"),
        "cancelled": _("called off"),
    }
    return names.get(code, code)


def policy_name(code: str) -> str:
    """Return a policy in words."""
    names = {
        "priority": _("Most urgent first, then the oldest"),
        "fifo": _("In the order of asking"),
        "nearest": _("Most urgent first, then the nearest"),
        "match": _("Best match of hands and jobs each time"),
        "reserve": _("As the nearest, but the last one of a trade is kept back"),
        "preempt": _("As the nearest, and called away for critical ones"),
        "planner": _("The planner"),
    }
    return names.get(code, code)


def _shown(here: Inside, row: WhatIfRow) -> dict[str, Any]:
    result, at = row.result, here.at
    is_open = row.state == "asked"
    levels = [0, *sorted(int(level) for level in result.get("limits_s", {}))] if row.state == "done" else []
    levels = [level for level in levels if all(str(level) in one["by_class"] for one in result["scenarios"])]
    return {
        "row": row,
        "subject": subject(row),
        "state": state_said(row.state),
        "levels": [_level(level, result) for level in levels],
        "scenarios": [_line(one, levels, is_first=not at_) for at_, one in enumerate(result.get("scenarios", ()))],
        "seen": _seen(row),
        "done": result.get("done", 0) if is_open else 0,
        "total": result.get("total", 0) if is_open else 0,
        "left": saying.duration(result["left_s"]) if is_open and "left_s" in result else "",
        "may_cancel": is_open
        and authority.may(here.actor, "promise.study", where=authority.Where(row.site_id, line_code=row.line_code)),
        "has_planner": "planner" in row.further,
        "of_planner": next((o["replications"] for o in result.get("scenarios", ()) if o["name"] == "planner:0"), 0),
        "command": new_command(),
        "was": [
            (priority_word(int(level)), kept, n) for level, (n, kept) in sorted(result.get("as_it_was", {}).items())
        ],
        "n": result.get("n_jobs", 0),
        "needed": result.get("needed", 0),
        "now": at,
    }


def _level(level: int, result: dict[str, Any]) -> str:
    if level == 0:
        return _("All promises of arrival")
    return f"{priority_word(level)} · {saying.duration(result['limits_s'][str(level)])}"


def _line(one: dict[str, Any], levels: list[int], *, is_first: bool) -> Line:
    policy, _sep, more = one["name"].partition(":")
    hands = int(more or 0)
    said = _("as it was")
    if hands:
        said = ngettext("%(n)+d pair of hands a day", "%(n)+d pairs of hands a day", abs(hands)) % {"n": hands}
    return Line(
        name=policy_name(policy),
        hands=said,
        cells=tuple(_cell(one["by_class"][str(level)], is_first=is_first) for level in levels),
        wait=saying.duration(one["mean_wait_s"]),
        walked=f"{one['walked_h']:.1f}",
        n_unreached=round(one["n_unreached"]),
    )


def _cell(share: dict[str, Any], *, is_first: bool) -> Cell:
    low, high = share["difference_low"], share["difference_high"]
    tone = "" if is_first or low <= 0 <= high else "ok" if low > 0 else "late"
    difference = "" if is_first else f"{_points(share['difference'])} [{_points(low)}, {_points(high)}]"
    return Cell(
        f"{100 * share['share']:.1f}%",
        f"{100 * share['low']:.1f}–{100 * share['high']:.1f}% · n={share['n']}",
        difference,
        tone,
    )


def _points(share: float) -> str:
    return f"{round(100 * share, 1) + 0.0:+.1f}"  # what rounds to nothing has no sign below zero

"""What nobody answers, and how much of it there is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.demand import queries as demand
from yingxu.demand.queries import UnansweredRow
from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed
from yingxu.web.inside import Inside, inside

#: These may never be: the house promises an answer and a time for everything.
NEVER = frozenset({"no_final_answer", "no_time"})
SHOWN = 200


@dataclass(frozen=True)
class Line:
    """One request on the list."""

    row: UnansweredRow
    why: str
    who: str
    is_alarm: bool


@never_cache
@require_safe
@inside
def unanswered(request: HttpRequest, here: Inside) -> HttpResponse:
    found = _found(here)
    lines = [Line(row, _why(row.why), _who(row.accountable), row.why in NEVER) for row in found]
    values = {"lines": lines, "n_alarms": sum(line.is_alarm for line in lines), "n": len(lines), "now": here.at}
    return render(request, "web/unanswered/unanswered.html", values)


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    """The number beside the menu's entry, for pages that are open."""
    found = _found(here)
    values = {"n": len(found), "is_alarm": any(row.why in NEVER for row in found)}
    return render(request, "web/unanswered/count.html", values)


def _found(here: Inside) -> tuple[UnansweredRow, ...]:
    if not authority.may_anywhere(here.actor, "unanswered.read"):
        raise NotAllowed(action="unanswered.read")
    return demand.unanswered(here.actor, here.site.id, at=here.at, limit=SHOWN)


def _why(code: str) -> str:
    names = {
        "no_final_answer": _("closed without a final answer"),
        "no_time": _("no time by which anything happens"),
        "limit_passed": _("a promise has passed"),
        "word_overdue": _("the asker waits for a word"),
        "nobody_looked": _("nobody looked again in time"),
    }
    return names.get(code, code)


def _who(code: str) -> str:
    names = {
        "desk": _("the desk"),
        "worker": _("the worker"),
        "asker": _("the asker"),
        "first_contact": _("the first contact"),
        "hospital": _("the hospital"),
        "master": _("whoever has the other request"),
    }
    return names.get(code, "—")

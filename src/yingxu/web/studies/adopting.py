"""What an edition promises anew or more tightly, and what each promise rests on: a part of the pages of standards."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import authority
from yingxu.standards import actions, queries
from yingxu.standards.queries import TightenedRow
from yingxu.web import saying
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.standards.adopted import change_said, promise_said, standing_said
from yingxu.web.standards.shown import calendar_name
from yingxu.web.standards.views import calendars_of


@dataclass(frozen=True)
class Card:
    """A promise that is new or tighter: before, after, and its study or the way to ask for one."""

    said: str
    clock: str
    change: str
    before: str
    study_id: UUID | None
    standing: str
    tone: str
    icon: str
    ask_url: str


@never_cache
@require_safe
@inside
def card(request: HttpRequest, here: Inside, item_code: str, number: int) -> HttpResponse:
    """What an edition on its way promises anew or more tightly, and the studies behind it."""
    found = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    row, running = found.edition(number), found.in_force
    cards: list[Card] = []
    if row.state in ("draft", "review", "approved"):
        terms = queries.edition_text(row.key)["terms"]
        before = running.key if running is not None else None
        names = calendars_of(here.site.id)
        cards = [_card(item_code, term, names) for term in queries.tightened(found.key, before, terms, at=here.at)]
    values = {
        "cards": cards,
        "n_unstudied": sum(one.study_id is None for one in cards),
        "may_ask": authority.may_anywhere(here.actor, "promise.study"),
        "item_code": item_code,
        "number": number,
        "command": new_command(),
    }
    return render(request, "web/studies/card.html", values)


@require_POST
@inside
def ask_all(request: HttpRequest, here: Inside, item_code: str, number: int) -> HttpResponse:
    """Ask for the study of each promise of an edition that has none."""
    found = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    actions.ask_edition_studies(
        edition_id=found.edition(number).id, actor=here.actor, at=here.at, command=command_of(request)
    )
    return redirect(f"{reverse('web:studies')}?item={item_code}")


def _card(item_code: str, term: TightenedRow, calendars: dict[str, tuple[str, str]]) -> Card:
    before = f"{saying.duration(term.before_limit_s)}, {100 * term.before_percentile:g}%" if term.before_limit_s else ""
    asked = {
        "item": item_code,
        "priority": term.priority,
        "milestone": term.milestone,
        "limit_min": f"{term.limit_s / 60:g}",
        "percent": f"{100 * term.percentile:g}",
        "calendar": term.calendar,
        "pauses": "yes" if term.is_pausable else "no",
        "weeks": 13,
    }
    standing, tone, icon = standing_said(term.standing, term.study.result if term.study is not None else {})
    return Card(
        said=promise_said(term.priority, term.milestone, term.place_class, term.limit_s, term.percentile),
        clock=calendar_name(term.calendar, calendars),
        change=change_said(term.change),
        before=before,
        study_id=term.study.id if term.study is not None else None,
        standing=standing,
        tone=tone,
        icon=icon,
        ask_url=f"{reverse('web:new_study')}?{urlencode(asked)}",
    )

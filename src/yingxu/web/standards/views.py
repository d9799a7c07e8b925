"""The list of standards, one item's standard in any of its editions, and how two editions differ."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.ground import queries as ground
from yingxu.ground.refusals import NotFound
from yingxu.standards import queries
from yingxu.standards.queries import ItemStandard
from yingxu.team import queries as team
from yingxu.web.inside import Inside, inside, kept, lines_of, new_command
from yingxu.web.standards import shown
from yingxu.web.standards.adopted import adopted
from yingxu.web.timeline.lines import lines as timeline_lines
from yingxu.work.usefulness import ItemFigures, item_figures

PAGE = 40
#: Figures of use are of the jobs done in so many days.
USED_DAYS = 365


class Wanted:
    """What the address of the list asks for."""

    def __init__(self, request: HttpRequest) -> None:
        get = request.GET.get
        self.line = get("line", "")[:8]
        self.state = get("state", "")[:12]
        self.q = get("q", "").strip()[:40]
        self.cursor = get("after") or None


@never_cache
@require_safe
@inside
def standards(request: HttpRequest, here: Inside) -> HttpResponse:
    wanted = Wanted(request)
    page = queries.standard_page(
        here.actor,
        here.site.id,
        at=here.at,
        line=wanted.line,
        state=wanted.state,
        q=wanted.q,
        cursor=wanted.cursor,
        limit=PAGE,
    )
    values = {
        "wanted": wanted,
        "rows": [(row, shown.stage_of(row.next_state) if row.next_state else None) for row in page.rows],
        "next": page.next or "",
        "is_first": wanted.cursor is None,
        "lines": lines_of(here.site.id),
        "now": here.at,
    }
    return render(request, "web/standards/list.html", values)


@never_cache
@require_safe
@inside
def standard(request: HttpRequest, here: Inside, item_code: str, number: int | None = None) -> HttpResponse:
    """One item's standard: the edition in force, or the one of that number."""
    found = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    row = found.edition(number) if number is not None else (found.in_force or next(iter(found.editions), None))
    values: dict[str, Any] = {
        "item": found,
        "edition": row,
        "editions": shown.editions_of(found.editions, row.number if row else None),
        "history": timeline_lines(ground.timeline(found.key)),
        "command": new_command(),
        "now": here.at,
    }
    if row is not None:
        text, figures = queries.edition_text(row.key), used(found, here)
        values |= {
            "text": text,
            "stage": shown.stage_of(row.state),
            "steps": shown.steps_of(text["steps"], figures),
            "promises": shown.promises_of(text["terms"], calendars_of(here.site.id)),
            "adopted": adopted(queries.adoptions(row.key), text["terms"]),
            "basis": shown.basis_of(text["basis"]),
            "length": shown.length_of(text, found.kind),
            "figures": figures,
            "readers": shown.readers_of(team.members(here.site.id, line_code=found.line_code)),
        }
    return render(request, "web/standards/standard.html", values)


def used(found: ItemStandard, here: Inside) -> ItemFigures:
    """Return what the item's jobs say about its steps. Budget: two, seldom."""
    since = here.at - timedelta(days=USED_DAYS)
    return kept("standard_figures", found.key, lambda: item_figures(found.key, since=since))


def calendars_of(site_id: int) -> dict[str, tuple[str, str]]:
    """Return the names of the service hours. Budget: one, seldom."""
    return kept("calendar_names", site_id, lambda: queries.calendar_names(site_id))


@never_cache
@require_safe
@inside
def differences(request: HttpRequest, here: Inside, item_code: str, number: int) -> HttpResponse:
    """Two editions side by side: this one against ``with``, or against the one it was made from."""
    found = queries.item_standard(here.actor, here.site.id, item_code, at=here.at)
    after, other = found.edition(number), request.GET.get("with", "")
    before_number = int(other) if other.isdigit() else compared_with(found, number)
    before = found.edition(before_number) if before_number is not None else None
    if before is not None and before.number == after.number:
        raise NotFound(kind="edition", name=other)
    difference = queries.edition_difference(before.key if before else None, after.key)
    values = {
        "item": found,
        "before": before,
        "after": after,
        "others": [row for row in found.editions if row.number != number],
        "difference": shown.difference_of(difference, calendars_of(here.site.id)),
        "now": here.at,
    }
    return render(request, "web/standards/differences.html", values)


def compared_with(found: ItemStandard, number: int) -> int | None:
    """Return the edition that one is laid beside: what it was made from, else the one before; None for the first."""
    row = found.edition(number)
    if row.based_on is not None:
        return row.based_on
    earlier = [one.number for one in found.editions if one.number < number and one.from_at is not None]
    return max(earlier, default=None)

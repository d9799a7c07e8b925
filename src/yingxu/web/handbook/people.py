"""Who has not read what: for those who lead people. Filters stay in the address; the same list as CSV; reminders."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import authority
from yingxu.team import actions, queries
from yingxu.team.handbook.values import GENERAL
from yingxu.team.queries import ReadingState
from yingxu.web import words
from yingxu.web.inside import Inside, command_of, inside, lines_of, new_command
from yingxu.web.requests.export import safe
from yingxu.web.templatetags.yingxu import in_language

PAGE = 25
_ALL = 10**6
#: Editions that are listed above the people.
_EDITIONS = 12


@dataclass(frozen=True)
class Wanted:
    """What the address asks for."""

    team_id: int | None
    line: str
    item: str
    show: str
    after: int

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        """Read the address; what it cannot mean is left out."""
        get = request.GET.get
        team, after = get("team", ""), get("after", "")
        show = get("show", "unread")
        return cls(
            team_id=int(team) if team.isascii() and team.isdigit() and len(team) < 19 else None,
            line=get("line", "")[:8],
            item=get("item", "")[:32],
            show=show if show in {"unread", "overdue", "all"} else "unread",
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0,
        )


def _state(here: Inside, wanted: Wanted, *, limit: int) -> ReadingState:
    return queries.reading_state(
        here.actor,
        here.site.id,
        at=here.at,
        team_id=wanted.team_id,
        line_code=wanted.line,
        item_code=wanted.item,
        show=wanted.show,
        after=wanted.after if limit != _ALL else 0,
        limit=limit,
    )


@never_cache
@require_safe
@inside
def people(request: HttpRequest, here: Inside) -> HttpResponse:
    wanted = Wanted.of(request)
    state = _state(here, wanted, limit=PAGE)
    values: dict[str, Any] = {
        "wanted": wanted,
        "state": state,
        "editions": state.editions[:_EDITIONS],
        "n_more_editions": max(0, len(state.editions) - _EDITIONS),
        "lines": lines_of(here.site.id),
        "rows": [(one, [_unread(page, here) for page in one.unread]) for one in state.people],
        "next": state.next_after,
        "is_first": wanted.after == 0,
        "may_remind": authority.may_anywhere(here.actor, "handbook.remind"),
        "may_post": authority.may_anywhere(here.actor, "post.manage"),
        "said": _told(request),
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/handbook/people.html", values)


def _told(request: HttpRequest) -> str:
    told = request.GET.get("reminded", "")
    if not (told.isascii() and told.isdigit() and len(told) < 6):
        return ""
    if told == "0":
        return _("Nobody was reminded: they have read it meanwhile, or were told within the last twelve hours.")
    return ngettext("%(n)s person was reminded.", "%(n)s people were reminded.", int(told)) % {"n": told}


def _unread(page: queries.Unread, here: Inside) -> dict[str, Any]:
    name = _("General rules") if page.kind == GENERAL else in_language(page)
    return {
        "name": name,
        "number": page.number,
        "kind": page.kind,
        "due_at": page.due_at,
        "late": page.due_at < here.at,
    }


@never_cache
@require_safe
@inside
def people_csv(request: HttpRequest, here: Inside) -> HttpResponse:
    state = _state(here, Wanted.of(request), limit=_ALL)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("Name"), _("Team"), _("Service line"), _("Procedure"), _("Edition"), _("What"), _("Read by"), _("Overdue")]
    )
    kinds = {"first": _("first reading"), "change": _("changed"), GENERAL: _("general rules")}
    for one in state.people:
        for page in one.unread:
            said = [
                in_language(one),
                in_language(one, "team"),
                words.line_name(page.line_code),
                _("General rules") if page.kind == GENERAL else in_language(page),
                str(page.number),
                kinds[page.kind],
                timezone.localtime(page.due_at).strftime("%Y-%m-%d %H:%M"),
                _("yes") if page.due_at < here.at else "",
            ]
            writer.writerow([safe(cell) for cell in said])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="handbook-unread-{here.at:%Y%m%d-%H%M}.csv"'
    return response


@require_POST
@inside
def remind(request: HttpRequest, here: Inside) -> HttpResponse:
    keys = [
        int(said) for said in request.POST.getlist("person") if said.isascii() and said.isdigit() and len(said) < 19
    ]
    done = actions.remind_to_read(
        site_id=here.site.id, account_ids=keys, actor=here.actor, at=here.at, command=command_of(request)
    )
    return redirect(f"{reverse('web:handbook_people')}?reminded={done.n}")

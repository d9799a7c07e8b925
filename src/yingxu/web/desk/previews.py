"""Before it is done: who is told what when two requests become one, or one text becomes several jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from yingxu.demand import queries as demand
from yingxu.demand.queries.merging import MergePreview, merge_preview
from yingxu.dispatch import queries as desk
from yingxu.ground import authority
from yingxu.ground.refusals import Malformed
from yingxu.web.desk.proposals import read_here, shown
from yingxu.web.inside import Inside, inside, is_fragment, new_command
from yingxu.web.templatetags.yingxu import priority_word

_UNMERGE = timedelta(hours=24)


@dataclass(frozen=True)
class Told:
    """Somebody, and what he or she is told."""

    who: str
    what: str


@require_safe
@inside
def merge(request: HttpRequest, here: Inside, request_id: UUID, number: str) -> HttpResponse:
    """Who is told what when it is merged, before anybody is."""
    found = merge_preview(here.actor, here.site.id, request_id, number)
    values = {
        "title": _("Merge %(number)s into %(master)s?") % {"number": found.number, "master": found.master_number},
        "intro": _("Both tell of one incident: one piece of work, and everybody who asked is told everything."),
        "told": _told_of_merge(found),
        "works": _works_of_merge(found),
        "undo": _("Can be taken back until %(until)s.")
        % {"until": timezone.localtime(here.at + _UNMERGE).strftime("%m-%d %H:%M")},
        "button": _("Merge"),
        "post_url": reverse("web:desk_act", args=[request_id, "merge"]),
        "hidden": [("number", found.master_number)],
    }
    return _render(request, request_id, values)


def _told_of_merge(found: MergePreview) -> list[Told]:
    told = []
    for one in found.askers:
        names = {"number": one.number, "master": found.master_number}
        what = _(
            "Keeps the number %(number)s; sees that it is done with %(master)s; gets its news and its final answer."
        )
        if not one.has_way:
            what += " " + _("No number to call is known: the page of the request tells it.")
        told.append(Told(one.name or _("the asker of %(number)s") % names, what % names))
    master = found.master_asker or _("the asker of %(number)s") % {"number": found.master_number}
    told.append(Told(master, _("Is told nothing new.")))
    return told


def _works_of_merge(found: MergePreview) -> list[str]:
    works = [_("%(master)s goes on as it is.") % {"master": found.master_number}]
    if found.n_jobs:
        works.append(
            ngettext(
                "%(n)d job of %(number)s that nobody was sent for is taken out of the queue.",
                "%(n)d jobs of %(number)s that nobody was sent for are taken out of the queue.",
                found.n_jobs,
            )
            % {"n": found.n_jobs, "number": found.number}
        )
    n_urges = sum(one.n_urges for one in found.askers)
    if n_urges:
        works.append(ngettext("%(n)d urge counts there.", "%(n)d urges count there.", n_urges) % {"n": n_urges})
    highest = min(one.priority for one in found.askers)
    if highest < found.master_priority:
        works.append(
            _("%(number)s becomes %(urgency)s: one incident is as urgent as its most urgent report.")
            % {"number": found.master_number, "urgency": priority_word(highest)}
        )
    return works


@require_safe
@inside
def split(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    """Which jobs one text would become, before it does."""
    detail = demand.request_detail(here.actor, request_id)
    authority.require(here.actor, "request.split", where=detail.where)
    row = detail.row
    problems = shown(read_here(here, row.text)).problems
    jobs = desk.request_jobs(row.key)
    has = {job.item_code for job in jobs}
    further = [one for one in problems if one.code not in has]
    if not further:
        raise Malformed(field="item", problem="missing")
    is_new = row.state in {"new", "clarifying"}
    first = 1 if is_new else len(jobs) + 1
    works = [_("%(number)s: as it is") % {"number": job.number} for job in jobs]
    works += [f"{row.number}-{place}: {one.name}" for place, one in enumerate(further, first)]
    asker = detail.requester_name or detail.owner_name or _("the asker of %(number)s") % {"number": row.number}
    values = {
        "title": _("Split %(number)s?") % {"number": row.number},
        "intro": row.text,
        "told": [Told(asker, _("Keeps one number, sees each job and its worker; is asked once, when all are done."))],
        "works": works,
        "undo": "",
        "button": _("Split"),
        "post_url": reverse("web:desk_act", args=[request_id, "accept" if is_new else "split"]),
        "hidden": [("items", one.code) for one in further],
    }
    return _render(request, request_id, values)


def _render(request: HttpRequest, request_id: UUID, values: Mapping[str, object]) -> HttpResponse:
    more = {"back_url": reverse("web:desk_request", args=[request_id]), "command": new_command()}
    template = "web/desk/preview.html" if is_fragment(request) else "web/desk/preview_page.html"
    return render(request, template, {**values, **more})

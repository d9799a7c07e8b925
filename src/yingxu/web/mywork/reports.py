"""What phones reported and could not be carried out: the desk looks, says what follows, and the worker is told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed, Refusal
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, new_command
from yingxu.web.templatetags.yingxu import is_english
from yingxu.web.words import phone_act
from yingxu.work import actions as work
from yingxu.work import reports as rows
from yingxu.work.reports import ReportRow


@dataclass(frozen=True)
class Line:
    """One report on the page."""

    row: ReportRow
    act: str
    told: str
    more: str
    why: str


@never_cache
@require_safe
@inside
def reports(request: HttpRequest, here: Inside) -> HttpResponse:
    _require_reader(here)
    return _page(request, here)


@never_cache
@require_safe
@inside
def count(request: HttpRequest, here: Inside) -> HttpResponse:
    _require_reader(here)
    n = rows.n_open_reports(here.actor, here.site.id)
    return render(request, "web/unanswered/count.html", {"n": n, "is_alarm": False})


@require_POST
@inside
def settle(request: HttpRequest, here: Inside, report_id: UUID) -> HttpResponse:
    try:
        work.settle_report(
            report_id=report_id,
            words=request.POST.get("words", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except Refusal as refused:
        if refused.status in {403, 404}:
            raise
        return _page(request, here, trouble=errors.sentence(refused), status=refused.status)
    return redirect("web:phone_reports")


def _require_reader(here: Inside) -> None:
    if not authority.may_anywhere(here.actor, "report.read"):
        raise NotAllowed(action="report.read")


def _page(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    values = {
        "lines": [_line(row) for row in rows.open_reports(here.actor, here.site.id)],
        "settled": [_line(row) for row in rows.settled_reports(here.actor, here.site.id)],
        "may_settle": authority.may_anywhere(here.actor, "report.settle"),
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/mywork/reports.html", values, status=status)


def _line(row: ReportRow) -> Line:
    whys = {
        "conflict": _("Things had moved on"),
        "refused": _("Something was missing or wrong"),
        "bent": _("Taken in another way"),
    }
    said = row.said
    parts = [str(said[name]) for name in ("result", "note", "text", "told", "code", "place_words") if said.get(name)]
    if said.get("photos"):
        parts.append(_("%(n)s photos") % {"n": len(said["photos"])})
    if said.get("lost"):
        parts.append(_("%(n)s photos lost on the phone") % {"n": len(said["lost"])})
    told = row.told_en if is_english() else row.told_zh
    return Line(row, phone_act(row.act), told, " · ".join(parts), whys.get(row.kind, row.kind))

"""Pages of cost: the charge-back of a month with its CSV, its jobs, one request's cost, rates and terms."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yingxu.demand.queries import request_detail
from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotAllowed, Refusal
from yingxu.team import queries as team
from yingxu.web import errors
from yingxu.web.inside import Inside, command_of, inside, is_fragment, lines_of, new_command
from yingxu.web.requests.export import safe
from yingxu.web.stores.reading import day_of, fen_of, needed_uid, uid_of
from yingxu.web.stores.words import bill_kinds
from yingxu.web.templatetags.yingxu import in_language
from yingxu.web.words import line_name
from yingxu.work import queries as work
from yingxu.work.actions import costs
from yingxu.work.queries import costs as queries
from yingxu.work.queries.costs import ChargeBack, CostRow, Wanted


def _month_of(request: HttpRequest, here: Inside) -> date:
    """Return the month that the address names, else the one it is."""
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')[:7]}-01")
    except ValueError:
        return here.at.astimezone(ZoneInfo(here.site.timezone)).date().replace(day=1)


def _wanted(request: HttpRequest) -> Wanted:
    line, department = request.GET.get("line", "")[:8], request.GET.get("department", "")
    is_key = department.isdigit() and len(department) < 19
    return Wanted(line or None, int(department) if is_key else None)


def _require(here: Inside) -> None:
    if not authority.may_anywhere(here.actor, "cost.read"):
        raise NotAllowed(action="cost.read")


def _charge_back(request: HttpRequest, here: Inside) -> tuple[date, Wanted, ChargeBack]:
    _require(here)
    month, wanted = _month_of(request, here), _wanted(request)
    found = queries.charge_back(here.actor, here.site.id, month=month, timezone=here.site.timezone, wanted=wanted)
    return month, wanted, found


@never_cache
@require_safe
@inside
def month(request: HttpRequest, here: Inside) -> HttpResponse:
    first, wanted, found = _charge_back(request, here)
    values = {
        "rows": [{"row": row, "line": line_name(row.line_code), "department": _department(row)} for row in found.rows],
        "total": found.total,
        **_months(first),
        "wanted": wanted,
        "lines": lines_of(here.site.id),
        "departments": queries.departments(found.rows),
        "may_rate": authority.may(here.actor, "rate.manage", where=Where(here.site.id)),
    }
    return render(request, "web/costs/month.html", values)


def _months(first: date) -> dict[str, str]:
    before, after = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
    return {"month": f"{first:%Y-%m}", "before": f"{before:%Y-%m}", "after": f"{after:%Y-%m}"}


def _department(row: CostRow) -> str:
    return in_language(row, "department_name") if row.department_id is not None else _("no department")


@never_cache
@require_safe
@inside
def month_csv(request: HttpRequest, here: Inside) -> HttpResponse:
    first, _wanted_rows, found = _charge_back(request, here)
    out = io.StringIO()
    writer = csv.writer(out)
    head = (_("Department"), _("Service line"), _("Jobs"), _("Labour"), _("Parts"), _("Bills"), _("Cost"), _("Charged"))
    writer.writerow([_("Month"), *head])
    for row in (*found.rows, found.total):
        is_total = row is found.total
        names = [_("Total"), ""] if is_total else [_department(row), line_name(row.line_code)]
        money = (row.labour_fen, row.parts_fen, row.bills_fen, row.real_fen, row.charged_fen)
        # plain figures, so that a spreadsheet can add them up
        cells = [f"{first:%Y-%m}", *map(safe, names), str(row.n_jobs), *(f"{fen / 100:.2f}" for fen in money)]
        writer.writerow(cells)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="costs-{first:%Y-%m}.csv"'
    return response


@never_cache
@require_safe
@inside
def month_jobs(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    first, wanted = _month_of(request, here), _wanted(request)
    page = queries.charged_jobs(
        here.actor,
        here.site.id,
        month=first,
        timezone=here.site.timezone,
        wanted=wanted,
        cursor=request.GET.get("after") or None,
    )
    values = {
        "rows": page.rows,
        "next": page.next or "",
        "is_first": not request.GET.get("after"),
        "line": line_name(wanted.line_code) if wanted.line_code else "",
        **_months(first),
    }
    return render(request, "web/costs/jobs.html", values)


@never_cache
@require_safe
@inside
def request_cost(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    return _request_cost(request, here, request_id)


def _request_cost(
    request: HttpRequest, here: Inside, request_id: UUID, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    detail = request_detail(here.actor, request_id)
    if not authority.may(here.actor, "cost.read", where=detail.where):
        raise NotAllowed(action="cost.read")
    values = {
        "cost": queries.cost_of_request(here.actor, here.site.id, detail.row.key, timezone=here.site.timezone),
        "number": detail.row.number,
        "request_id": request_id,
        "may_bill": authority.may(here.actor, "bill.enter", where=detail.where),
        "jobs": () if is_fragment(request) else work.jobs_of_request(here.actor, detail.row.key),
        "kinds": bill_kinds(),
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    template = "web/costs/panel.html" if is_fragment(request) else "web/costs/request.html"
    return render(request, template, values, status=status)


@require_POST
@inside
def enter_bill(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    post = request.POST
    try:
        costs.enter_bill(
            job_id=needed_uid(post, "job", "jobs"),
            kind=post.get("kind", ""),
            amount_fen=fen_of(post, "amount"),
            billed_on=_needed_day(post.get("on", ""), day_of(post, "on")),
            supplier=post.get("supplier", ""),
            document=post.get("document", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except NotAllowed:
        raise
    except Refusal as why:
        return _request_cost(request, here, request_id, trouble=errors.sentence(why), status=why.status)
    return redirect("web:request_cost", request_id=request_id)


def _needed_day(text: str, day: date | None) -> date:
    if day is None:
        raise Malformed(field="billed_on", problem="wrong_type" if text else "missing")
    return day


@require_POST
@inside
def strike_bill(request: HttpRequest, here: Inside, request_id: UUID, bill_id: UUID) -> HttpResponse:
    try:
        costs.strike_bill(
            bill_id=bill_id,
            why=request.POST.get("why", ""),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except NotAllowed:
        raise
    except Refusal as why:
        return _request_cost(request, here, request_id, trouble=errors.sentence(why), status=why.status)
    return redirect("web:request_cost", request_id=request_id)


@never_cache
@require_safe
@inside
def rates(request: HttpRequest, here: Inside) -> HttpResponse:
    return _rates(request, here)


def _rates(request: HttpRequest, here: Inside, *, trouble: str = "", status: int = 200) -> HttpResponse:
    _require(here)
    may_manage = authority.may(here.actor, "rate.manage", where=Where(here.site.id))
    teams = team.teams(here.site.id) if may_manage else ()
    values: dict[str, Any] = {
        "rates": queries.rates(here.actor, here.site.id),
        "terms": [
            {"row": row, "line": line_name(row.line_code) if row.line_code else _("every other line")}
            for row in queries.terms(here.actor, here.site.id)
        ],
        "may_manage": may_manage,
        "teams": teams,
        "posts": team.posts(here.site.id, team_ids=[row.id for row in teams]) if may_manage else (),
        "lines": lines_of(here.site.id) if may_manage else (),
        "today": here.at.astimezone(ZoneInfo(here.site.timezone)).date(),
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
    }
    return render(request, "web/costs/rates.html", values, status=status)


@require_POST
@inside
def set_rate(request: HttpRequest, here: Inside) -> HttpResponse:
    post = request.POST
    kind, _colon, key = post.get("of", "").partition(":")
    try:
        costs.set_labour_rate(
            site_id=here.site.id,
            fen_per_hour=fen_of(post, "rate"),
            from_on=_needed_day(post.get("from_on", ""), day_of(post, "from_on")),
            post_id=uid_of(key) if kind == "post" else None,
            team_id=int(key) if kind == "team" and key.isdigit() else None,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except NotAllowed:
        raise
    except Refusal as why:
        return _rates(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:cost_rates")


@require_POST
@inside
def set_term(request: HttpRequest, here: Inside) -> HttpResponse:
    post = request.POST
    try:
        costs.set_cost_term(
            site_id=here.site.id,
            line_code=post.get("line", ""),
            from_on=_needed_day(post.get("from_on", ""), day_of(post, "from_on")),
            includes_labour=post.get("labour") == "1",
            includes_parts=post.get("parts") == "1",
            includes_bills=post.get("bills") == "1",
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except NotAllowed:
        raise
    except Refusal as why:
        return _rates(request, here, trouble=errors.sentence(why), status=why.status)
    return redirect("web:cost_rates")

"""What is asked for ahead: rules that ask again and again, lists for tomorrow; a patient's identifiers, looked at."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.demand import actions as demand
from yingxu.demand import queries as demand_queries
from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.standards.refusals.forms import FormWrong
from yingxu.web import errors
from yingxu.web.desk.finding import find_place
from yingxu.web.formfields import drawn, given_of
from yingxu.web.inside import Inside, catalogue_of, inside


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def patient(request: HttpRequest, here: Inside, request_id: UUID) -> HttpResponse:
    shown = None
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:200]
        shown = demand.see_patient(request_id=request_id, actor=here.actor, at=here.at, reason=reason)
    else:
        demand_queries.request_detail(here.actor, request_id)  # a stranger learns not even that it is there
    values = {"shown": shown, "request_id": request_id, "now": here.at}
    response = render(request, "web/planned/patient.html", values)
    response["Cache-Control"] = "no-store"
    return response


def weekday_names() -> tuple[str, ...]:
    """Return the days of the week, Monday first."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def _may(here: Inside) -> None:
    own = any(held.place_path for held in here.actor.holdings)
    where = Where(here.site.id, is_own=own)
    authority.require(here.actor, "request.create_recurring", where=where)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def recurring(request: HttpRequest, here: Inside) -> HttpResponse:
    _may(here)
    if request.method != "POST" or request.POST.get("look"):
        return _recurring_page(request, here)
    post = request.POST
    try:
        demand.set_recurrence(
            site_id=here.site.id,
            item_code=post.get("item", ""),
            place_code=_place(here, post.get("place", "")),
            text=post.get("text", ""),
            form=given_of(post),
            starts_min=_minutes(post.get("clock", "")),
            window_min=int(post.get("window", "30") or 30),
            weekdays=[int(day) for day in post.getlist("weekday") if day.isdigit()],
            skips_holidays=post.get("skips_holidays", ""),
            from_on=date.fromisoformat(post["from"]) if post.get("from") else here.at.date(),
            to_on=date.fromisoformat(post["to"]) if post.get("to") else None,
            ahead_h=int(post.get("ahead", "24") or 24),
            actor=here.actor,
            at=here.at,
        )
    except FormWrong as why:
        return _recurring_page(request, here, trouble=errors.sentence(why), refused=why)
    except (Malformed, NotFound) as why:
        return _recurring_page(request, here, trouble=errors.sentence(why))
    except ValueError:
        return _recurring_page(request, here, trouble=_("A time or a date has the wrong form."))
    return redirect("web:recurring")


def _place(here: Inside, said: str) -> str:
    """Return the place that somebody means by a code or a name; none and several are refused in words."""
    code, words = find_place(here, "", said)
    if words:
        raise NotFound(kind="place", name=words)
    return code


def _minutes(said: str) -> int:
    hours, _colon, minutes = said.partition(":")
    return int(hours) * 60 + int(minutes)


def _recurring_page(
    request: HttpRequest, here: Inside, *, trouble: str = "", refused: FormWrong | None = None
) -> HttpResponse:
    names, post = weekday_names(), request.POST
    catalogue = catalogue_of(here.site.id)
    chosen = next((row for row in catalogue if row.code == post.get("item", request.GET.get("item", ""))), None)
    rows = demand_queries.recurrences(here.actor, here.site.id, at=here.at.astimezone(ZoneInfo(here.site.timezone)))
    values = {
        "rows": [(row, _(", ").join(names[day] for day in row.weekdays)) for row in rows],
        "catalogue": catalogue,
        "chosen": chosen,
        "fields": drawn(chosen.fields(), given_of(post), refused) if chosen else (),
        "given": post,
        "weekdays": [(str(n), name, str(n) in post.getlist("weekday")) for n, name in enumerate(names)],
        "trouble": trouble,
        "today": _today(here),
        "now": here.at,
    }
    return render(request, "web/planned/recurring.html", values, status=422 if trouble else 200)


def _today(here: Inside) -> date:
    return here.at.astimezone(ZoneInfo(here.site.timezone)).date()


@require_POST
@inside
def leave_out(request: HttpRequest, here: Inside, recurrence_id: UUID) -> HttpResponse:
    """Leave out a day, or the days until another: ``until`` is the first on which it is asked for again."""
    try:
        begins = date.fromisoformat(request.POST.get("from", ""))
        until = request.POST.get("until", "")
        ends = date.fromisoformat(until) if until else begins + timedelta(days=1)
        demand.leave_out_days(recurrence_id=recurrence_id, from_on=begins, to_on=ends, actor=here.actor, at=here.at)
    except Malformed as why:
        return _recurring_page(request, here, trouble=errors.sentence(why))
    except ValueError:
        return _recurring_page(request, here, trouble=_("A time or a date has the wrong form."))
    return redirect("web:recurring")


@require_POST
@inside
def go_on(request: HttpRequest, here: Inside, recurrence_id: UUID) -> HttpResponse:
    demand.resume_recurrence(recurrence_id=recurrence_id, actor=here.actor, at=here.at)
    return redirect("web:recurring")


@require_POST
@inside
def stop_recurring(request: HttpRequest, here: Inside, recurrence_id: UUID) -> HttpResponse:
    demand.stop_recurrence(recurrence_id=recurrence_id, actor=here.actor, at=here.at)
    return redirect("web:recurring")

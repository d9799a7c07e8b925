"""What is asked for ahead: rules that ask again and again, lists for tomorrow; a patient's identifiers, looked at."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.demand import queries as demand_queries
from yingxu.demand.lists import ListedItem, ListedRequest, column_names, read_list
from yingxu.ground import authority, files, ids, queries
from yingxu.ground.authority import Where
from yingxu.ground.importing import Read, Unreadable, read_table
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey
from yingxu.standards.refusals.forms import FormWrong
from yingxu.web import errors
from yingxu.web.formfields import drawn, given_of
from yingxu.web.inside import Inside, catalogue_of, inside
from yingxu.web.setup import faults
from yingxu.web.templatetags.yingxu import in_language, is_english

_SALT = "yingxu.list"
LIMIT_BYTES = 4 * 1024 * 1024


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
            place_code=post.get("place", "").strip(),
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


def _minutes(said: str) -> int:
    hours, _colon, minutes = said.partition(":")
    return int(hours) * 60 + int(minutes)


def _recurring_page(
    request: HttpRequest, here: Inside, *, trouble: str = "", refused: FormWrong | None = None
) -> HttpResponse:
    names, post = weekday_names(), request.POST
    catalogue = catalogue_of(here.site.id)
    chosen = next((row for row in catalogue if row.code == post.get("item", request.GET.get("item", ""))), None)
    rows = demand_queries.recurrences(here.actor, here.site.id)
    values = {
        "rows": [(row, _(", ").join(names[day] for day in row.weekdays)) for row in rows],
        "catalogue": catalogue,
        "chosen": chosen,
        "fields": drawn(chosen.fields(), given_of(post), refused) if chosen else (),
        "given": post,
        "weekdays": [(str(n), name, str(n) in post.getlist("weekday")) for n, name in enumerate(names)],
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/planned/recurring.html", values, status=422 if trouble else 200)


@require_POST
@inside
def stop_recurring(request: HttpRequest, here: Inside, recurrence_id: UUID) -> HttpResponse:
    demand.stop_recurrence(recurrence_id=recurrence_id, actor=here.actor, at=here.at)
    return redirect("web:recurring")


def _items(here: Inside) -> dict[str, ListedItem]:
    found: dict[str, ListedItem] = {}
    for row in catalogue_of(here.site.id):
        item = ListedItem(row.code, row.name, row.fields())
        for name in (row.code, row.name, row.name_en):
            found.setdefault(name, item)
    return found


@require_safe
@inside
def list_template(request: HttpRequest, here: Inside) -> HttpResponse:
    _may(here)
    escort = _items(here).get("esc.exam")
    head = ["Item", "Place", "Time", "Text"] if is_english() else ["项目", "地点", "时间", "说明"]
    if escort is not None:
        head += [in_language(field).partition("（")[0] for field in escort.fields if field.code != "appointment"]
    out = io.StringIO(newline="")
    csv.writer(out).writerow(head)
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="list.csv"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def listed(request: HttpRequest, here: Inside) -> HttpResponse:
    _may(here)
    if request.method != "POST":
        return _list_page(request, here)
    try:
        if request.POST.get("kept"):
            digest, site_id = signing.loads(request.POST["kept"], salt=_SALT, max_age=86400)
            content = files.open_content(digest).read_bytes() if site_id == here.site.id else b""
        else:
            given = request.FILES.get("file")
            content = given.read() if given is not None and (given.size or 0) <= LIMIT_BYTES else b""
        items = _items(here)
        table = read_table(content, column_names(items))
    except (Unreadable, signing.BadSignature) as why:
        return _list_page(request, here, trouble=faults.unreadable(getattr(why, "code", "missing")))
    read = read_list(table, items=items, places=queries.place_names(here.site.id), zone=here.site.timezone, at=here.at)
    if read.faults or not request.POST.get("kept"):
        kept = "" if read.faults else signing.dumps([files.keep_upload(content), here.site.id], salt=_SALT)
        return _list_page(request, here, read=read, kept=kept)
    n = _raise_all(here, read, request.POST["kept"])
    return redirect(f"/tomorrow?done={n}")


def _raise_all(here: Inside, read: Read[ListedRequest], said: str) -> int:
    """Raise every row under one key of the group, all or none; the same list confirmed twice is raised once."""
    group = ids.next_key()
    is_desk = authority.may(here.actor, "request.create_for_another", where=Where(here.site.id))
    digest = said[-24:]
    with transaction.atomic():
        for line in read.lines:
            demand.raise_request(
                site_id=here.site.id,
                channel="desk" if is_desk else "web",
                text=line.text,
                item_code=line.item_code,
                place_id=line.place_id,
                requester_phone=line.phone,
                requester_name=here.actor.name,
                wanted=demand.Wanted(form=line.form, wanted_from=line.wanted_from, group_key=group),
                actor=here.actor,
                at=here.at,
                command=CommandKey(f"list.{digest}.{line.row}", digest),
            )
    return len(read.lines)


def _list_page(
    request: HttpRequest,
    here: Inside,
    *,
    read: Read[ListedRequest] | None = None,
    kept: str = "",
    trouble: str = "",
) -> HttpResponse:
    names = {"item": _("Kind of service"), "place": _("Place"), "wanted": _("Time"), "text": _("Words")}
    by_field = {
        f"f.{field.code}": in_language(field) for item in _items(here).values() for field in item.fields
    } | names
    values: dict[str, Any] = {
        "read": read,
        "kept": kept,
        "trouble": trouble,
        "faults": [
            faults.told("", fault, name=by_field.get(fault.column, fault.column))
            for fault in (read.faults[:100] if read else ())
        ],
        "done": request.GET.get("done", ""),
        "now": here.at,
    }
    is_wrong = bool(trouble) or (read is not None and bool(read.faults))
    return render(request, "web/planned/list.html", values, status=422 if is_wrong else 200)

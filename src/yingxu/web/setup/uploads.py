"""Uploading a table: the template, the preview with its faults, the carrying out, the taking back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import actions as ground
from yingxu.ground import authority, files, queries
from yingxu.ground.importing import ABOUT_PEOPLE, COLUMNS, Unreadable, template_csv, template_xlsx
from yingxu.ground.refusals import InUse, NotAllowed
from yingxu.ground.setting_up import where_of_site
from yingxu.web import errors
from yingxu.web.inside import Inside, inside
from yingxu.web.inside import forget as forget_kept
from yingxu.web.setup import faults
from yingxu.web.setup.carrying import Plan, carry_out, planned
from yingxu.web.templatetags.yingxu import is_english

LIMIT_BYTES = 12 * 1024 * 1024
_SALT = "yingxu.upload"
_SHOWN_ROWS, _SHOWN_FAULTS = 12, 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Table -> the act that its rows need.
_ACTS = {
    "places": "place.manage",
    "people": "account.manage",
    "catalogue": "catalogue.manage",
    "assets": "asset.manage",
    "parts": "part.manage",
    "certificates": "certificate.enter",
    "skills": "person.manage",
    "duties": "duty.set",
}
#: Tables whose own page lists what was brought in and takes it back.
_LISTED_HERE = (*ABOUT_PEOPLE, "assets", "parts")
#: Whoever enters certificates for others; a worker enters the own ones by hand.
_FOR_OTHERS = "person.manage"


def _known(table: str, here: Inside) -> None:
    if table not in COLUMNS:
        raise Http404
    if table not in ABOUT_PEOPLE:
        authority.require(here.actor, _ACTS[table], where=where_of_site(here.actor, here.site.id))
    elif not all(authority.may_anywhere(here.actor, act) for act in (_ACTS[table], _FOR_OTHERS)):
        raise NotAllowed(action=_ACTS[table])  # each row's verb asks about its person


@require_safe
@inside
def template(request: HttpRequest, here: Inside, table: str, ending: str) -> HttpResponse:
    _known(table, here)
    make = {"xlsx": template_xlsx, "csv": template_csv}[ending]
    kind = _XLSX if ending == "xlsx" else "text/csv; charset=utf-8"
    response = HttpResponse(make(table, is_english=is_english()), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{table}.{ending}"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def upload(request: HttpRequest, here: Inside, table: str) -> HttpResponse:
    _known(table, here)
    if request.method != "POST":
        return _page(request, here, table)
    if request.POST.get("kept"):
        return _carry_out(request, here, table)
    given = request.FILES.get("file")
    if given is None or (given.size or 0) > LIMIT_BYTES:
        return _page(request, here, table, trouble="missing" if given is None else "too_large")
    return _preview(request, here, table, given)


def _preview(request: HttpRequest, here: Inside, table: str, given: UploadedFile[Any]) -> HttpResponse:
    content = given.read()
    try:
        plan = planned(content, table=table, site=here.site, actor=here.actor, at=here.at)
    except Unreadable as why:
        return _page(request, here, table, trouble=why.code)
    digest = files.keep_upload(content)
    kept = signing.dumps([table, here.site.id, digest, given.name or ""], salt=_SALT)
    return _page(request, here, table, plan=plan, kept="" if plan.faults else kept, file_name=given.name or "")


def _carry_out(request: HttpRequest, here: Inside, table: str) -> HttpResponse:
    try:
        said, site_id, digest, name = signing.loads(request.POST["kept"], salt=_SALT, max_age=86400)
    except signing.BadSignature:
        return _page(request, here, table, trouble="missing")
    if (said, site_id) != (table, here.site.id):
        raise Http404
    content = files.open_content(digest).read_bytes()
    plan = planned(content, table=table, site=here.site, actor=here.actor, at=here.at)
    if plan.faults:  # what stood was changed between preview and confirmation, or the same table was sent twice
        return _page(request, here, table, plan=plan, file_name=name)
    carry_out(plan, site=here.site, file_name=name, sha256=digest, actor=here.actor, at=here.at)
    forget_kept()
    if table in _LISTED_HERE:
        return redirect(f"{reverse('web:upload', args=[table])}?done={len(plan.lines)}")
    return redirect(f"/setup?done={table}&n={len(plan.lines)}")


def _page(
    request: HttpRequest,
    here: Inside,
    table: str,
    *,
    plan: Plan | None = None,
    kept: str = "",
    file_name: str = "",
    trouble: str = "",
    trouble_said: str = "",
) -> HttpResponse:
    values: dict[str, Any] = {
        "table": table,
        "columns": COLUMNS[table],
        "plan": plan,
        "kept": kept,
        "file_name": file_name,
        "trouble": faults.unreadable(trouble) if trouble else trouble_said,
        "now": here.at,
        "runs": queries.own_imports(here.actor, here.site.id, table) if table in _LISTED_HERE else (),
        "tables": [one for one in ABOUT_PEOPLE if authority.may_anywhere(here.actor, _ACTS[one])],
        "is_about_people": table in ABOUT_PEOPLE,
        "n_done": request.GET.get("done", "") if request.GET.get("done", "").isdigit() else "",
        "is_taken_back": request.GET.get("taken_back") == "1",
    }
    if plan is not None:
        wrong = {fault.row for fault in plan.faults}
        values |= {
            "n_rows": len(plan.rows),
            "n_wrong": len(wrong),
            "faults": [faults.told(table, fault) for fault in plan.faults[:_SHOWN_FAULTS]],
            "n_more_faults": max(0, len(plan.faults) - _SHOWN_FAULTS),
            "shown": [
                (number, number in wrong, [cells.get(column.code, "") for column in plan.columns])
                for number, cells in _looked_at(plan, wrong)
            ],
        }
    is_wrong = bool(trouble or trouble_said) or (plan is not None and bool(plan.faults))
    return render(request, "web/setup/upload.html", values, status=422 if is_wrong else 200)


def _looked_at(plan: Plan, wrong: set[int]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of the preview: the wrong ones if there are any, else the first."""
    rows = [row for row in plan.rows if row[0] in wrong] if wrong else list(plan.rows)
    return rows[: _SHOWN_FAULTS if wrong else _SHOWN_ROWS]


@require_POST
@inside
def take_back(request: HttpRequest, here: Inside, import_id: UUID) -> HttpResponse:
    table = request.POST.get("table", "")
    if table in _LISTED_HERE:
        try:
            ground.take_back_import(import_id=import_id, actor=here.actor, at=here.at)
        except InUse as why:
            _known(table, here)
            return _page(request, here, table, trouble_said=errors.sentence(why))
        return redirect(f"{reverse('web:upload', args=[table])}?taken_back=1")
    ground.take_back_import(import_id=import_id, actor=here.actor, at=here.at)
    forget_kept()
    return redirect("/setup?taken_back=1")

"""Lists: uploaded, looked at row by row with what is wrong, then asked; the same row is one request, ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.demand.lists import ROWS_AT_MOST, ListedItem, ListedRow, column_names, read_list
from yingxu.demand.queries import found
from yingxu.ground import authority, ids
from yingxu.ground import queries as ground
from yingxu.ground.importing import Table, Unreadable, read_table
from yingxu.ground.refusals import NotAllowed, NotFound, Refusal
from yingxu.ground.unit import CommandKey
from yingxu.web import errors
from yingxu.web.inside import Inside, catalogue_of, inside
from yingxu.web.lists.template import make_csv_template, make_template
from yingxu.web.setup import faults
from yingxu.web.templatetags.yingxu import in_language, is_english

_SALT, _ASKED_SALT = "yingxu.lists", "yingxu.lists.asked"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A looked-at list is asked within this time; then it is uploaded anew.
_KEPT_S = 3600
_LIMIT_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Line:
    """A row of the list with what is wrong or known about it."""

    row: ListedRow
    trouble: str
    number: str = ""
    #: The request that was asked for just now.
    request_id: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it can be asked: nothing is wrong and it is not here yet."""
        return not self.trouble and not self.number


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def lists(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    if request.method != "POST":
        return _page(request, here)
    given = request.FILES.get("file")
    if given is not None and (given.size or 0) > _LIMIT_BYTES:
        return _page(request, here, trouble=_("The file is larger than 2 MB; split it."), status=422)
    items = _items(here)
    try:
        table = read_table(given.read() if given else b"", column_names(items))
    except Unreadable as why:
        code = why.code if given else "missing"
        return _page(request, here, trouble=faults.unreadable(code), status=422)
    if len(table.rows) > ROWS_AT_MOST:
        trouble = _("The list has more than %(n)d rows; split it.") % {"n": ROWS_AT_MOST}
        return _page(request, here, trouble=trouble, status=422)
    return _page(request, here, table, looked_at(here, table, items), name=given.name or "" if given else "")


@never_cache
@require_safe
@inside
def template(request: HttpRequest, here: Inside, ending: str) -> HttpResponse:
    _require(here)
    escort = _items(here).get("esc.exam")
    place_code = next(iter(sorted(ground.place_keys(here.site.id))), "")
    fields = escort.fields if escort else ()
    kinds = {"xlsx": (make_template, _SHEET), "csv": (make_csv_template, "text/csv; charset=utf-8")}
    if ending not in kinds:
        raise NotFound(kind="list", name=ending)
    make, kind = kinds[ending]
    content = make(fields, place_code=place_code, is_english=is_english())
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="requests.{ending}"'
    return response


@never_cache
@require_POST
@inside
def ask_all(request: HttpRequest, here: Inside) -> HttpResponse:
    """Ask for every good row of a list that was looked at; the others are shown again with what is wrong."""
    _require(here)
    try:
        kept = signing.loads(request.POST.get("rows", ""), salt=_SALT, max_age=_KEPT_S)
    except signing.BadSignature:
        trouble = _("The list was looked at too long ago. Upload it again; nothing of it was asked twice.")
        return _page(request, here, trouble=trouble, status=409)
    if kept["site"] != here.site.id:
        raise NotFound(kind="list", name="")
    table = Table(tuple((number, cells) for number, cells in kept["rows"]), tuple(kept["columns"]), ())
    before = looked_at(here, table, _items(here))
    if not before:
        return redirect("web:lists")
    digest, group = _digest(table), ids.next_key()
    after = [_ask(here, line, digest, group) if line.is_good else line for line in before]
    n = sum(bool(now.number and not was.number) for was, now in zip(before, after, strict=True))
    return _page(request, here, table, after, n_asked=n)


@never_cache
@require_POST
@inside
def take_back(request: HttpRequest, here: Inside) -> HttpResponse:
    """Withdraw what a list asked for, each as far as nobody has come for it; what cannot be is told by its number."""
    _require(here)
    try:
        said = signing.loads(request.POST.get("asked", ""), salt=_ASKED_SALT, max_age=_KEPT_S)
    except signing.BadSignature:
        trouble = _("The list was asked for too long ago: withdraw its requests one by one.")
        return _page(request, here, trouble=trouble, status=409)
    why = request.POST.get("why", "").strip()[:200]
    if not why:
        return _page(request, here, trouble=_("Say why the list is withdrawn."), status=422)
    still = [one for one in (_withdraw(here, number, uid, why) for number, uid in said) if one is not None]
    return _page(request, here, n_withdrawn=len(said) - len(still), still=still)


@dataclass(frozen=True)
class Still:
    """A request of a list that could not be withdrawn, and why."""

    number: str
    trouble: str


def _withdraw(here: Inside, number: str, request_id: str, why: str) -> Still | None:
    try:
        demand.cancel_request(
            request_id=UUID(request_id),
            reason_code="reported_by_mistake",
            askers_word=why,
            actor=here.actor,
            at=here.at,
        )
    except (Refusal, NotFound) as refused:
        return Still(number, errors.sentence(refused))
    return None


def _require(here: Inside) -> None:
    if not authority.may_anywhere(here.actor, "request.create"):
        raise NotAllowed(action="request.create")


def _items(here: Inside) -> dict[str, ListedItem]:
    known: dict[str, ListedItem] = {}
    for row in catalogue_of(here.site.id):
        item = ListedItem(row.code, row.name, row.fields())
        for name in (row.code, row.name, row.name_en):
            known.setdefault(name, item)
    return known


def looked_at(here: Inside, table: Table, items: dict[str, ListedItem]) -> list[Line]:
    """Return the rows with what is wrong with each, and the numbers of those that are here already.

    Budget: two queries, one more for each place that is said in words which are no name.
    """
    places = ground.place_names(here.site.id)
    for said in {cells.get("place", "") for _number, cells in table.rows} - set(places) - {""}:
        near = ground.find_places(here.site.id, said, limit=2)
        if len(near) == 1:
            places[said] = near[0].id
    rows = read_list(table, items=items, places=places, zone=here.site.timezone, at=here.at)
    digest = _digest(table)
    known = found.listed(here.site.id, [_ref(row, digest) for row in rows])
    names = _column_words(items)
    lines = []
    for row in rows:
        number, text = known.get(_ref(row, digest), ("", ""))
        trouble = " ".join(faults.told("", one, name=names.get(one.column, one.column)).words for one in row.faults)
        if number and text != row.text:
            trouble = _("This id was asked before with other words, as %(number)s.") % {"number": number}
        elif number:
            trouble = ""  # it is here: that its hour is over by now is no fault
        lines.append(Line(row, trouble, "" if trouble else number))
    return lines


def _column_words(items: dict[str, ListedItem]) -> dict[str, str]:
    own = {f"f.{field.code}": in_language(field) for item in items.values() for field in item.fields}
    return own | {
        "ref": _("Id"),
        "item": _("Kind of service"),
        "place": _("Place"),
        "text": _("What"),
        "wanted": _("Time"),
        "name": _("Contact"),
        "phone": _("Telephone"),
    }


def _digest(table: Table) -> str:
    said = [[number, sorted(cells.items())] for number, cells in table.rows]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _ref(row: ListedRow, digest: str) -> str:
    """Return by what a row is known: its own id; without one the list and its line."""
    return (f"list:{row.ref}" if row.ref else f"list:{digest[:40]}:{row.number}")[:64]


def _ask(here: Inside, line: Line, digest: str, group: int) -> Line:
    row = line.row
    said = repr((row.ref, row.text, row.place_id, row.item_code, row.form))
    name = hashlib.sha256(f"{here.site.id}:{_ref(row, digest)}".encode()).hexdigest()[:40]
    try:
        raised = demand.raise_request(
            site_id=here.site.id,
            channel="list",
            text=row.text,
            item_code=row.item_code or None,
            place_id=row.place_id,
            requester_name=row.name or here.actor.name[:64],
            requester_phone=row.phone,
            source_ref=_ref(row, digest),
            wanted=demand.Wanted(
                form=row.form if row.item_code else None, wanted_from=row.wanted_from, group_key=group
            ),
            actor=here.actor,
            at=here.at,
            command=CommandKey(f"list.{name}", hashlib.sha256(said.encode()).hexdigest()),
        )
    except (Refusal, NotFound) as why:
        return Line(row, errors.sentence(why))
    return Line(row, "", raised.number, str(raised.id))


def _page(
    request: HttpRequest,
    here: Inside,
    table: Table | None = None,
    lines: list[Line] | None = None,
    *,
    name: str = "",
    n_asked: int | None = None,
    n_withdrawn: int | None = None,
    still: Sequence[Still] = (),
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    lines = lines or []
    n_good = sum(line.is_good for line in lines)
    kept = ""
    if table is not None and n_good:
        said = {"site": here.site.id, "columns": table.columns, "rows": table.rows}
        kept = signing.dumps(said, salt=_SALT, compress=True)
    asked = [(line.number, line.request_id) for line in lines if line.request_id]
    values: dict[str, Any] = {
        "lines": lines,
        "n_good": n_good,
        "n_bad": sum(bool(line.trouble) for line in lines),
        "n_known": sum(bool(line.number) for line in lines),
        "n_asked": n_asked,
        "asked": signing.dumps(asked, salt=_ASKED_SALT, compress=True) if asked else "",
        "n_withdrawn": n_withdrawn,
        "still": still,
        "name": name,
        "unknown": table.unknown if table else (),
        "kept": kept,
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/lists/lists.html", values, status=status)

"""Lists: uploaded, looked at row by row with what is wrong, then asked; the same row is one request, ever."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.demand.queries import found
from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.refusals import NotAllowed, NotFound, Refusal
from yingxu.ground.unit import CommandKey
from yingxu.web import errors
from yingxu.web.inside import Inside, catalogue_of, inside
from yingxu.web.lists.reading import NotAList, Read, read
from yingxu.web.lists.reading import template as make_template

_SALT = "yingxu.lists"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A looked-at list is asked within this time; then it is uploaded anew.
_KEPT_S = 3600


@dataclass(frozen=True)
class Line:
    """A row of the list with its place and what is wrong or known about it."""

    row: Read
    place_code: str
    place_name: str
    trouble: str
    number: str = ""

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
        return _page(request, here, [])
    given = request.FILES.get("file")
    if given is None:
        return _page(request, here, [], trouble=_("Choose a file first."), status=422)
    try:
        rows = read(given.read(), given.name or "")
    except NotAList as why:
        return _page(request, here, [], trouble=str(why), status=422)
    return _page(request, here, looked_at(here, rows), name=given.name or "")


@never_cache
@require_safe
@inside
def template(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    response = HttpResponse(make_template(), content_type=_SHEET)
    response["Content-Disposition"] = 'attachment; filename="requests.xlsx"'
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
        return _page(request, here, [], trouble=trouble, status=409)
    lines = looked_at(here, [Read(**row) for row in kept])
    asked = [_ask(here, line) if line.is_good else line for line in lines]
    if not asked:
        return redirect("web:lists")
    n = sum(1 for before, after in zip(lines, asked, strict=True) if after.number and not before.number)
    return _page(request, here, asked, n_asked=n)


def _require(here: Inside) -> None:
    if not authority.may_anywhere(here.actor, "request.create"):
        raise NotAllowed(action="request.create")


def looked_at(here: Inside, rows: list[Read]) -> list[Line]:
    """Return the rows with their places, what is wrong with each, and the numbers of those that are here already.

    Budget: two queries, one more for each place that is said in words.
    """
    places = ground.place_keys(here.site.id)
    items = {row.code for row in catalogue_of(here.site.id)}
    known = found.listed(here.site.id, [_ref(row) for row in rows])
    seen: set[str] = set()
    said: dict[str, tuple[str, str]] = {}
    lines = []
    for row in rows:
        if row.place and row.place not in said:
            said[row.place] = (row.place, row.place) if row.place in places else _by_name(here, row.place)
        code, name = said.get(row.place, ("", ""))
        number, text = known.get(_ref(row), ("", ""))
        trouble = _trouble(row, code, items, seen)
        if number and text != row.text.strip() and not trouble:
            trouble = _("This id was asked before with other words, as %(number)s.") % {"number": number}
        seen.add(row.ref)
        lines.append(Line(row, code, name, trouble, number))
    return lines


def _by_name(here: Inside, words: str) -> tuple[str, str]:
    places = ground.find_places(here.site.id, words, limit=2)
    exact = [place for place in places if words in {place.full_name, place.full_name_en, place.name}]
    chosen = exact if len(exact) == 1 else list(places)
    return (chosen[0].code, chosen[0].full_name) if len(chosen) == 1 else ("", "")


def _trouble(row: Read, place_code: str, items: set[str], seen: set[str]) -> str:
    if not row.ref.strip():
        return _("The id is missing.")
    if len(row.ref) > 48:
        return _("The id is longer than 48 characters.")
    if row.ref in seen:
        return _("This id stands in the list twice.")
    if not row.text.strip():
        return _("It does not say what is needed.")
    if len(row.text) > demand.TEXT_LIMIT:
        return _("The text is longer than 2000 characters.")
    if row.place and not place_code:
        return _("The place is not known, or several are called so.")
    if row.item and row.item not in items:
        return _("The kind of service is not known.")
    return ""


def _ref(row: Read) -> str:
    return f"list:{row.ref.strip()}"[:64]


def _ask(here: Inside, line: Line) -> Line:
    row = line.row
    digest = hashlib.sha256(repr((row.ref, row.text, line.place_code, row.item)).encode()).hexdigest()
    name = hashlib.sha256(f"{here.site.id}:{row.ref}".encode()).hexdigest()[:40]
    try:
        raised = demand.raise_request(
            site_id=here.site.id,
            channel="list",
            text=row.text,
            item_code=row.item or None,
            place_code=line.place_code or None,
            requester_name=(row.name or here.actor.name)[:64],
            requester_phone=row.phone[:32],
            source_ref=_ref(row),
            actor=here.actor,
            at=here.at,
            command=CommandKey(f"list.{name}", digest),
        )
    except (Refusal, NotFound) as why:
        return Line(row, line.place_code, line.place_name, errors.sentence(why))
    return Line(row, line.place_code, line.place_name, "", raised.number)


def _page(
    request: HttpRequest,
    here: Inside,
    lines: list[Line],
    *,
    name: str = "",
    n_asked: int | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    good = [line for line in lines if line.is_good]
    values: dict[str, Any] = {
        "lines": lines,
        "n_good": len(good),
        "n_bad": sum(bool(line.trouble) for line in lines),
        "n_known": sum(bool(line.number) for line in lines),
        "n_asked": n_asked,
        "name": name,
        "kept": signing.dumps([asdict(line.row) for line in good], salt=_SALT, compress=True) if good else "",
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/lists/lists.html", values, status=status)

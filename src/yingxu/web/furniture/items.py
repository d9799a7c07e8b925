"""The catalogue: items by line and state; one item with what it asks; offered, suspended, retired."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground.refusals import Malformed, NotFound
from yingxu.standards import actions as standards
from yingxu.standards import forms, queries
from yingxu.standards.actions import MOVES
from yingxu.standards.queries import FurnitureItem
from yingxu.web import errors
from yingxu.web.furniture.places import classes
from yingxu.web.inside import Inside, forget, inside, lines_of


def state_names() -> dict[str, str]:
    """Return the states of an item's life with their names."""
    return {"draft": _("draft"), "active": _("offered"), "held": _("suspended"), "retired": _("retired")}


def kind_names() -> dict[str, str]:
    """Return the kinds of fields with their names."""
    return {
        "text": _("words"),
        "choice": _("one of several"),
        "flag": _("yes or no"),
        "number": _("number"),
        "moment": _("date and time"),
        "place": _("place"),
        "person": _("patient identifier (protected)"),
    }


@never_cache
@require_safe
@inside
def listed(request: HttpRequest, here: Inside) -> HttpResponse:
    line, state = request.GET.get("line", "")[:8], request.GET.get("state", "")
    rows = queries.furniture_items(
        here.actor,
        here.site.id,
        words=request.GET.get("q", "").strip()[:60],
        line=line,
        state=state if state in MOVES else "",
    )
    names = state_names()
    values = {
        "rows": [(row, names[row.state], len(forms.fields_of(row.code, row.form))) for row in rows],
        "lines": lines_of(here.site.id),
        "line": line,
        "state": state,
        "q": request.GET.get("q", ""),
        "state_names": names.items(),
        "now": here.at,
    }
    return render(request, "web/furniture/catalogue.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def one(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    item = _item(here, code)
    if request.method != "POST":
        return _page(request, here, item)
    try:
        standards.change_item(
            site_id=here.site.id,
            code=code,
            name=request.POST.get("name", "")[:64],
            name_en=request.POST.get("name_en", "")[:96],
            default_priority=int(request.POST.get("priority", "0") or 0),
            minutes=int(request.POST.get("minutes", "0") or 0),
            hours_code=request.POST.get("hours", ""),
            place_classes=request.POST.getlist("place_class"),
            form=None if request.POST.get("form_from") == "library" else _definition(request),
            actor=here.actor,
            at=here.at,
        )
    except (Malformed, NotFound) as why:
        return _page(request, here, item, trouble=errors.sentence(why))
    except ValueError:
        return _page(request, here, item, trouble=_("Minutes are a whole number."))
    forget()
    return redirect("web:catalogue_item", code)


def _definition(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the fields as the form's rows say them; a row without a name is no field."""
    get = request.POST.getlist
    found = []
    rows = zip(get("f_code"), get("f_name"), get("f_name_en"), get("f_kind"), get("f_options"), strict=False)
    for n, (code, name, name_en, kind, options) in enumerate(rows):
        if not name.strip():
            continue
        row: dict[str, Any] = {
            "code": code.strip() or f"own{n + 1}",
            "name": name.strip(),
            "name_en": name_en.strip(),
            "kind": kind,
            "needed": str(n) in get("f_needed"),
        }
        if kind == "choice":
            row["options"] = [_option(m, said) for m, said in enumerate(options.splitlines(), 1) if said.strip()]
        found.append(row)
    return found


def _option(number: int, said: str) -> tuple[str, str, str]:
    """Return an option written as ``code = 中文 | English``; the code and the English may be left out."""
    code, _sign, names = said.rpartition("=")
    name, _bar, english = names.partition("|")
    return code.strip() or f"o{number}", name.strip(), english.strip() or name.strip()


def _item(here: Inside, code: str) -> FurnitureItem:
    found = queries.furniture_items(here.actor, here.site.id, code=code)
    if not found:
        raise NotFound(kind="item", name=code)
    return found[0]


def _page(request: HttpRequest, here: Inside, item: FurnitureItem, *, trouble: str = "") -> HttpResponse:
    fields = forms.fields_of(item.code, item.form)
    rows = [
        {
            "code": field.code,
            "name": field.name,
            "name_en": field.name_en,
            "kind": field.kind,
            "is_needed": field.is_needed,
            "options": "\n".join(f"{code} = {name} | {english}" for code, name, english in field.options),
        }
        for field in fields
    ]
    names = state_names()
    values = {
        "item": item,
        "state_name": names[item.state],
        "moves": [(to, _move_words(item.state, to)) for to in MOVES[item.state]],
        "fields": [*rows, *({"kind": "text"} for _n in range(2))],
        "is_library_form": item.form is None,
        "kind_names": kind_names().items(),
        "calendars": queries.calendars(here.site.id),
        "classes": classes(),
        "priorities": (1, 2, 3, 4),
        "trouble": trouble,
        "now": here.at,
    }
    return render(request, "web/furniture/item.html", values, status=422 if trouble else 200)


def _move_words(state: str, to: str) -> str:
    words = {
        "active": _("Offer it again") if state != "draft" else _("Offer it"),
        "held": _("Suspend it"),
        "retired": _("Retire it"),
    }
    return words[to]


@require_POST
@inside
def move(request: HttpRequest, here: Inside, code: str) -> HttpResponse:
    standards.move_item(
        site_id=here.site.id,
        code=code,
        to=request.POST.get("to", ""),
        notice=request.POST.get("notice", ""),
        notice_en=request.POST.get("notice_en", ""),
        actor=here.actor,
        at=here.at,
    )
    forget()
    return redirect("web:catalogue_item", code)

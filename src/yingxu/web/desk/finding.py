"""Typed words to codes: the kind of service and the place that somebody means."""

from __future__ import annotations

from yingxu.demand.likely import likely
from yingxu.ground import queries
from yingxu.ground.refusals import NotFound
from yingxu.standards.queries import CatalogueRow
from yingxu.web.inside import Inside, catalogue_of


def find_item(here: Inside, code: str, typed: str) -> str:
    """Return the item's code: the chosen one, unless other words were typed since; else the only one they name."""
    typed = typed.strip()
    known = {row.code: row for row in catalogue_of(here.site.id)}
    if not typed or (code in known and typed in (known[code].name, known[code].name_en)):
        return code
    found = items_named(here, typed)
    exact = [row for row in found if typed in (row.code, row.name, row.name_en)] or found
    if len(exact) != 1:
        raise NotFound(kind="item", name=typed)
    return exact[0].code


def find_place(here: Inside, code: str, typed: str) -> tuple[str, str]:
    """Return the place's code (the chosen one, unless other words were typed since), else the caller's words."""
    typed = typed.strip()
    if not typed:
        return code, ""
    if code:
        chosen = queries.place_by_code(here.site.id, code)
        if typed in (chosen.full_name, chosen.full_name_en, chosen.code):
            return code, ""
    found = queries.find_places(here.site.id, typed, limit=2)
    exact = [row for row in found if typed in (row.full_name, row.full_name_en, row.code)] or list(found)
    return (exact[0].code, "") if len(exact) == 1 else ("", typed)


def items_named(here: Inside, typed: str) -> list[CatalogueRow]:
    """Return the items whose names or line hold every typed word, else what the words probably mean."""
    known = catalogue_of(here.site.id)
    parts = typed.lower().split()
    found = [row for row in known if all(part in _names(row) for part in parts)]
    return found or list(likely(typed, known).items)


def _names(row: CatalogueRow) -> str:
    return f"{row.code} {row.name} {row.name_en} {row.line_name} {row.line_name_en}".lower()

"""Pages of requests: rows as lists show them, keyset cursors, no exact counts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from yingxu.demand.models import Request
from yingxu.demand.queries.compiled import Compiled, compiled, run
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed

PAGE_LIMIT = 100


@dataclass(frozen=True)
class RequestRow:
    """A request in a list: what it is, how far it is, and the nearest time that is owed."""

    key: int
    id: UUID
    number: str
    state: str
    is_open: bool
    text: str
    channel: str
    priority: int
    line_code: str
    item_code: str
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    place_words: str
    next_due_at: datetime | None
    word_due_at: datetime | None
    follow_up_at: datetime | None
    n_urges: int
    has_contract_gap: bool
    created_at: datetime
    changed_at: datetime


_ROW = {
    "key": "pk",
    "id": "uid",
    "state": "shown_state",
    "item_code": "item__code",
    "item_name": "item__name",
    "item_name_en": "item__name_en",
}
ROW_FIELDS = tuple(_ROW.get(name, name) for name in RequestRow.__dataclass_fields__)


_ITEM = slice(9, 12)


@dataclass(frozen=True)
class Page:
    """Rows and the cursor of the next page; None when there is none."""

    rows: tuple[RequestRow, ...]
    next: str | None


def request_page(
    actor: Actor,
    site_id: int,
    *,
    state: str | None = None,
    is_open: bool | None = None,
    line: str | None = None,
    q: str = "",
    order: str = "newest",
    cursor: str | None = None,
    limit: int = 25,
) -> Page:
    """Return a page of what the actor may see, newest or most urgent first. No exact counts.

    ``order="urgent"`` shows open requests alone; those without a running limit come last. ``q`` is looked for in number
    and text. Refuses: Malformed (cursor, order). Budget: one query; two where urgent ones run out on a further page.
    """
    limit = max(1, min(limit, PAGE_LIMIT))
    if order not in {"newest", "urgent"}:
        raise Malformed(field="order", problem="unknown")
    if not q and not cursor:
        first = _first_page(actor, site_id, state, is_open, line, order, limit + 1)
        return _page(tuple(row_of(row) for row in run(first)), order, limit)
    rows = _matching(actor, site_id, state, is_open, line, order)
    for word in q.split():
        rows = rows.filter(Q(number__startswith=word) | Q(text__icontains=word))
    if order == "urgent":
        return _page(_most_urgent(rows, cursor, limit), order, limit)
    if cursor:
        created_at, key = _read_cursor(cursor)
        if created_at is None:
            raise Malformed(field="cursor", problem="wrong_type")
        rows = _after(rows, "created_at", created_at, key, "<")
    return _page(rows_of(rows.order_by(*_ORDERS[order])[: limit + 1]), order, limit)


_ORDERS = {"newest": ("-created_at", "-id"), "urgent": ("next_due_at", "id")}


def _matching(
    actor: Actor, site_id: int, state: str | None, is_open: bool | None, line: str | None, order: str
) -> QuerySet[Request]:
    rows = Request.objects.filter(authority.visible(actor), site_id=site_id)
    if order == "urgent":
        is_open = True
    if is_open is not None:
        rows = rows.filter(is_open=is_open)
    if state:
        rows = rows.filter(shown_state=state)
    return rows.filter(line_code=line) if line else rows


@lru_cache(maxsize=1024)
def _first_page(
    actor: Actor, site_id: int, state: str | None, is_open: bool | None, line: str | None, order: str, n_rows: int
) -> Compiled:
    rows = _matching(actor, site_id, state, is_open, line, order)
    return compiled(rows.order_by(*_ORDERS[order]).values_list(*ROW_FIELDS)[:n_rows])


def _page(found: tuple[RequestRow, ...], order: str, limit: int) -> Page:
    """Return the page; one row more than it shows says that there is a next one."""
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], _cursor(last.next_due_at if order == "urgent" else last.created_at, last.key))


def _most_urgent(rows: QuerySet[Request], cursor: str | None, limit: int) -> tuple[RequestRow, ...]:
    if not cursor:
        return rows_of(rows.order_by("next_due_at", "id")[: limit + 1])
    due_at, key = _read_cursor(cursor)
    timeless = rows.filter(next_due_at=None)
    if due_at is None:
        return rows_of(timeless.filter(pk__gt=key).order_by("id")[: limit + 1])
    found = rows_of(_after(rows, "next_due_at", due_at, key, ">").order_by("next_due_at", "id")[: limit + 1])
    if len(found) <= limit:
        found += rows_of(timeless.order_by("id")[: limit + 1 - len(found)])
    return found


def _after(rows: QuerySet[Request], column: str, moment: datetime, key: int, sign: str) -> QuerySet[Request]:
    """Continue after a row by comparing both columns at once, as the index is ordered."""
    table = Request._meta.db_table
    compared = RawSQL(f'("{table}"."{column}", "{table}"."id") {sign} (%s, %s)', [moment, key], BooleanField())
    return rows.filter(cast(Any, compared))


def row_of(values: Sequence[Any]) -> RequestRow:
    """Return a row of ``ROW_FIELDS``; an item that is not known yet has empty names. Budget: none."""
    item = tuple(value or "" for value in values[_ITEM])
    return RequestRow(*values[: _ITEM.start], *item, *values[_ITEM.stop :])


def rows_of(rows: QuerySet[Request]) -> tuple[RequestRow, ...]:
    """Return the rows of a query. Budget: one query."""
    return tuple(row_of(row) for row in rows.values_list(*ROW_FIELDS))


def _cursor(moment: datetime | None, key: int) -> str:
    micros = "" if moment is None else str(int(moment.timestamp() * 1_000_000 + 0.5))
    return base64.urlsafe_b64encode(f"{micros}.{key}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime | None, int]:
    try:
        micros, _, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(".")
        whole, part = divmod(int(micros), 1_000_000) if micros else (0, 0)
        moment = datetime.fromtimestamp(whole, UTC).replace(microsecond=part) if micros else None
        return moment, int(key)
    except (ValueError, binascii.Error, OverflowError, OSError) as error:
        raise Malformed(field="cursor", problem="wrong_type") from error

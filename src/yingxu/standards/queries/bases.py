"""What the standards in force rest on, whether it still holds, who looks after it and when it is due (S48)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotAllowed

#: A basis is compared with what holds at least once in so many days.
CHECK_DAYS = 365


@dataclass(frozen=True)
class BasisUse:
    """A standard in force that cites a basis."""

    item_code: str
    name: str
    name_en: str
    line_code: str
    clause: str


@dataclass(frozen=True)
class BasisRow:
    """One basis as cited. ``state``: superseded, never, overdue, holds. ``owners`` look after the lines citing it."""

    kind: str
    name: str
    edition: str
    marks: tuple[str, ...]
    uses: tuple[BasisUse, ...]
    state: str
    #: The edition that holds instead, where it is known.
    newer: str
    checked_on: date | None
    next_on: date | None
    checked_by: str
    owners: tuple[str, ...]
    may_check: bool


_CITED = """
SELECT b->>'kind', b->>'name', coalesce(b->>'edition', ''), coalesce(b->>'clause', ''),
       coalesce(b->>'verified_on', ''), coalesce(b->>'mark', ''), i.code, i.name, i.name_en, l.code
FROM standards_edition e
JOIN standards_item i ON i.id = e.item_id
JOIN standards_line l ON l.id = i.line_id
CROSS JOIN LATERAL jsonb_array_elements(e.basis) b
WHERE e.site_id = %(site_id)s AND e.from_at <= %(at)s AND (e.to_at IS NULL OR e.to_at > %(at)s)
  AND coalesce(b->>'name', '') <> ''
ORDER BY l.sort, i.sort
"""
_CHECKED = """
SELECT DISTINCT ON (c.name, c.edition) c.name, c.edition, c.outcome, c.newer, c.checked_at, coalesce(a.name, '')
FROM standards_basischeck c
LEFT JOIN ground_account a ON a.id = c.checked_by_id
WHERE c.site_id = %(site_id)s
ORDER BY c.name, c.edition, c.checked_at DESC
"""
# a line's manager looks after its bases; where a line has none, the hospital's officers do
_OWNERS = """
SELECT h.role, h.line_code, a.name
FROM ground_holding h JOIN ground_account a ON a.id = h.account_id
WHERE h.site_id = %(site_id)s AND h.role IN ('LM', 'HO') AND a.is_active
  AND h.starts_at <= %(at)s AND (h.ends_at IS NULL OR h.ends_at > %(at)s)
ORDER BY a.id
"""


def bases(actor: Actor, site_id: int, *, at: datetime, zone: ZoneInfo) -> tuple[BasisRow, ...]:
    """Return what the standards in force rest on: first what no longer holds or was never or long not checked.

    Refuses: NotAllowed. Budget: three queries.
    """
    if not authority.may(actor, "standard.read", where=Where(site_id)):
        raise NotAllowed(action="standard.read")
    values: dict[str, Any] = {"site_id": site_id, "at": at}
    with connection.cursor() as run:
        run.execute(_CITED, values)
        cited = run.fetchall()
        run.execute(_CHECKED, values)
        checks = {(row[0], row[1]): row[2:] for row in run.fetchall()}
        run.execute(_OWNERS, values)
        holdings = run.fetchall()
    rows: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {}
    for row in cited:
        rows.setdefault((row[0] or "house", row[1], row[2]), []).append(row)
    newest = _newest(rows)
    found = [
        _row(key, cases, checks.get(key[1:]), newest.get(key[1], ""), holdings, actor, site_id, at.astimezone(zone))
        for key, cases in rows.items()
    ]
    order = {"superseded": 0, "overdue": 1, "never": 2, "holds": 3}
    weight = {"law": 0, "standard": 1, "contract": 2, "house": 3}
    return tuple(sorted(found, key=lambda row: (order[row.state], weight.get(row.kind, 4), -len(row.uses), row.name)))


def _newest(rows: dict[tuple[str, str, str], list[tuple[Any, ...]]]) -> dict[str, str]:
    """Return the latest edition that anybody in the house cites of a name, by the year that it names."""
    newest: dict[str, str] = {}
    for _kind, name, edition in rows:
        if _year(edition) > _year(newest.get(name, "")):
            newest[name] = edition
    return newest


def _year(edition: str) -> int:
    digits = "".join(sign if sign.isdigit() else " " for sign in edition).split()
    years = [int(part) for part in digits if len(part) == 4]
    return max(years, default=0)


def _row(
    key: tuple[str, str, str],
    cases: list[tuple[Any, ...]],
    check: tuple[Any, ...] | None,
    newest: str,
    holdings: list[tuple[str, str, str]],
    actor: Actor,
    site_id: int,
    now: datetime,
) -> BasisRow:
    kind, name, edition = key
    outcome, newer, checked_at, checked_by = check or ("", "", None, "")
    written = [date.fromisoformat(row[4]) for row in cases if _is_date(row[4])]
    days = [*written, *([checked_at.astimezone(now.tzinfo).date()] if checked_at and outcome == "holds" else [])]
    checked_on = max(days, default=None)
    if outcome != "superseded" and _year(edition) < _year(newest):
        outcome, newer = "superseded", newest
    next_on = checked_on + timedelta(days=CHECK_DAYS) if checked_on else None
    if outcome == "superseded":
        state = "superseded"
    elif next_on is None:
        state = "never"
    else:
        state = "overdue" if next_on <= now.date() else "holds"
    lines = {row[9] for row in cases}
    owners = [who for role, line, who in holdings if role == "LM" and line in lines]
    return BasisRow(
        kind,
        name,
        edition,
        tuple(sorted({row[5] for row in cases if row[5]})),
        tuple(BasisUse(row[6], row[7], row[8], row[9], row[3]) for row in cases),
        state,
        newer,
        checked_on,
        next_on,
        checked_by,
        tuple(dict.fromkeys(owners or [who for role, _line, who in holdings if role == "HO"])),
        any(authority.may(actor, "standard.draft", where=Where(site_id, line_code=line)) for line in lines),
    )


def _is_date(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True


def procedures_in_force(site_id: int, *, at: datetime) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return the steps of every standard in force by item, to be compared. Budget: one query."""
    with connection.cursor() as run:
        run.execute(
            "SELECT i.code, e.procedure FROM standards_edition e JOIN standards_item i ON i.id = e.item_id"
            " WHERE e.site_id = %s AND e.from_at <= %s AND (e.to_at IS NULL OR e.to_at > %s) AND i.state = 'active'",
            (site_id, at, at),
        )
        found = run.fetchall()
    return {code: tuple(json.loads(steps) if isinstance(steps, str) else steps) for code, steps in found}

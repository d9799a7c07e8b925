"""Watching over requests: the desk's board, what nobody answers, and whether anything changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import F, Q

from yingxu.demand.models import Request
from yingxu.demand.public_state import CODES
from yingxu.demand.queries.compiled import Compiled, compiled, run
from yingxu.demand.queries.pages import ROW_FIELDS, RequestRow, row_of, rows_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.unit import run_prepared

#: Public codes that the desk's board shows, in its order.
BOARD = tuple(code for code in CODES if code not in {"closed", "declined", "merged", "cancelled"})


@dataclass(frozen=True)
class Column:
    """One column of the desk's board."""

    state: str
    rows: tuple[RequestRow, ...]
    is_cut: bool


def desk_board(actor: Actor, site_id: int, *, limit: int = 20, states: tuple[str, ...] = BOARD) -> tuple[Column, ...]:
    """Return the open requests by public state, most urgent first, each column limited. Budget: one query."""
    columns: dict[str, list[RequestRow]] = {state: [] for state in states}
    for values in run(_board(actor, site_id, limit + 1, states)):
        row = row_of(values)
        columns[row.state].append(row)
    return tuple(Column(state, tuple(rows[:limit]), len(rows) > limit) for state, rows in columns.items())


@lru_cache(maxsize=256)
def _board(actor: Actor, site_id: int, n_rows: int, states: tuple[str, ...]) -> Compiled:
    base = Request.objects.filter(authority.visible(actor), site_id=site_id, is_open=True)
    urgent = (F("next_due_at").asc(nulls_last=True), "id")
    parts = [base.filter(shown_state=state).order_by(*urgent).values_list(*ROW_FIELDS)[:n_rows] for state in states]
    return compiled(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])


@dataclass(frozen=True)
class UnansweredRow:
    """A request that nobody answers, and why it is shown.

    ``why``: no_final_answer, no_time (neither may ever be), limit_passed, word_overdue, nobody_looked.
    """

    row: RequestRow
    why: str
    since_at: datetime
    accountable: str


def unanswered(actor: Actor, site_id: int, *, at: datetime, limit: int = 200) -> tuple[UnansweredRow, ...]:
    """Return what violates "every request answered", or is about to: most overdue first. Budget: one query."""
    broken = Q(is_open=False, final_answer="")
    timeless = Q(is_open=True, next_due_at=None, word_due_at=None, follow_up_at=None)
    overdue = Q(is_open=True) & (Q(next_due_at__lt=at) | Q(word_due_at__lt=at) | Q(follow_up_at__lt=at))
    rows = Request.objects.filter(authority.visible(actor), broken | timeless | overdue, site_id=site_id)
    found = rows_of(rows.order_by(F("next_due_at").asc(nulls_last=True), "id")[:limit])
    return tuple(_unanswered(row, at) for row in found)


def _unanswered(row: RequestRow, at: datetime) -> UnansweredRow:
    whys = (("word_overdue", row.word_due_at), ("limit_passed", row.next_due_at), ("nobody_looked", row.follow_up_at))
    passed = [(since, why) for why, since in whys if since is not None and since < at]
    if not row.is_open:
        return UnansweredRow(row, "no_final_answer", row.changed_at, accountable(row.state))
    if not passed:
        return UnansweredRow(row, "no_time", row.changed_at, accountable(row.state))
    since, why = min(passed)
    return UnansweredRow(row, why, since, accountable(row.state))


#: Who owes the next step in each public state (domain 5.2); a named person stands in the row of the job or the contact.
_ACCOUNTABLE = {
    "new": "desk",
    "clarifying": "desk",
    "queued": "desk",
    "dispatched": "desk",
    "accepted": "worker",
    "en_route": "worker",
    "arrived": "worker",
    "in_progress": "worker",
    "paused": "worker",
    "finished": "asker",
    "verified": "desk",
    "transferred": "first_contact",
    "declined": "hospital",
    "merged": "master",
}


def accountable(state: str) -> str:
    """Return who owes the next step in a public state; empty when nothing is owed. Budget: none."""
    return _ACCOUNTABLE.get(state, "")


def change_mark(site_id: int) -> str:
    """Return a mark that changes whenever something was recorded at the site, for polling. Budget: one query.

    The newest entry alone would hide one that was numbered earlier and committed later; the sum of the last numbers
    tells them apart. The oldest running transaction would too, but it moves with every commit of anybody: the planner
    says each second that it lives, and every screen of a quiet house fetched its board again and again.
    """
    ((newest, check),) = run_prepared(_LAST, [site_id])
    return f"{newest}.{check}"


_LAST = (
    "SELECT coalesce(max(id), 0), coalesce(sum(id), 0)::bigint % 1000000007 FROM"
    " (SELECT id FROM ground_entry WHERE site_id = %s ORDER BY id DESC LIMIT 100) AS last"
)

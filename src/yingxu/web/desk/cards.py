"""Rows of the desk as cards: every word made here, so that templates only place them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yingxu.dispatch.queries import DeskRow, WorkerRow
from yingxu.web import words
from yingxu.web.templatetags.yingxu import in_language

#: Columns of the board: name, the public states that it shows.
COLUMNS = (
    ("intake", gettext_lazy("To take in"), ("new", "clarifying")),
    ("queue", gettext_lazy("To assign"), ("queued",)),
    ("offered", gettext_lazy("Not accepted yet"), ("dispatched",)),
    ("going", gettext_lazy("Going there"), ("accepted", "en_route")),
    ("there", gettext_lazy("At work"), ("arrived", "in_progress")),
    ("paused", gettext_lazy("Paused"), ("paused",)),
    ("judge", gettext_lazy("To confirm"), ("finished", "verified")),
    ("elsewhere", gettext_lazy("Elsewhere"), ("transferred",)),
)
#: In these states one of its jobs waits for somebody, or somebody else can be asked to take it over.
GIVEN = frozenset({"queued", "dispatched", "accepted", "en_route", "arrived", "in_progress", "paused"})
#: A column shows so many cards; the list shows all.
CARDS = 40


@dataclass(frozen=True)
class Card:
    """One open request on the desk, in words."""

    uid: UUID
    number: str
    state: str
    priority: int
    what: str
    text: str
    where: str
    line: str
    who: str
    act_by: datetime | None
    why: str
    marks: tuple[str, ...]
    n_urges: int
    created_at: datetime
    #: Somebody may be sent, or sent instead: it can be dragged onto a worker.
    can_be_given: bool = False
    line_code: str = ""


@dataclass(frozen=True)
class Column:
    """One column of the board."""

    code: str
    name: str
    cards: tuple[Card, ...]
    n: int
    n_late: int


@dataclass(frozen=True)
class Load:
    """A present worker and what he or she has in hand."""

    uid: UUID
    name: str
    phone: str
    n: int
    said: str
    where: str


@dataclass(frozen=True)
class TeamLoad:
    """A team's present workers."""

    name: str
    n_present: int
    workers: tuple[Load, ...]
    #: What its people do.
    line_codes: tuple[str, ...] = ()


def card(row: DeskRow) -> Card:
    """Return a row as a card."""
    names = [job.worker_name for job in row.jobs if job.worker_name and job.state not in {"closed", "cancelled"}]
    return Card(
        uid=row.uid,
        number=row.number,
        state=row.state,
        priority=row.priority,
        what=in_language(row, "item_name") or row.text[:40],
        text=row.text,
        where=in_language(row, "place_name") or row.place_words or _("place not known"),
        line=words.line_name(row.line_code),
        who=_(", ").join(dict.fromkeys(names)),
        act_by=row.act_by,
        why=_why(row),
        marks=_marks(row),
        n_urges=row.n_urges,
        created_at=row.created_at,
        can_be_given=row.state in GIVEN,
        line_code=row.line_code,
    )


def is_back(row: DeskRow) -> bool:
    """Tell whether nobody accepted it in time: it goes to the top of what is to be assigned."""
    return any(job.is_pulled_back for job in row.jobs)


def _why(row: DeskRow) -> str:
    """Return what must have happened by the card's clock."""
    if row.act_by is None:
        return ""
    if row.act_by == row.word_due_at:
        return _("a word is owed")
    if row.act_by == row.next_due_at:
        return ""
    return _("look again")


def _marks(row: DeskRow) -> tuple[str, ...]:
    marks = []
    if row.n_urges:
        marks.append(ngettext("urged %(n)d time", "urged %(n)d times", row.n_urges) % {"n": row.n_urges})
    if is_back(row):
        marks.append(_("not accepted in time: send again"))
    if any(job.pause_asked for job in row.jobs):
        marks.append(_("pause to decide"))
    if row.proposal_kind == "decline":
        marks.append(_("a no is proposed"))
    elif row.proposal_kind == "lower":
        marks.append(_("lowering is proposed"))
    if len(row.jobs) > 1:
        marks.append(ngettext("%(n)d job", "%(n)d jobs", len(row.jobs)) % {"n": len(row.jobs)})
    return tuple(marks)


def board(rows: Sequence[DeskRow], *, at: datetime) -> tuple[Column, ...]:
    """Return the columns of the board: in each what is critical first, then what came back, then the most urgent."""
    found = []
    for code, name, states in COLUMNS:
        own = [row for row in rows if row.state in states]
        own.sort(key=lambda row: (row.priority != 1, not is_back(row)))
        late = sum((by := row.act_by) is not None and by < at for row in own)
        found.append(Column(code, str(name), tuple(card(row) for row in own[:CARDS]), len(own), late))
    return tuple(found)


def loads(workers: Sequence[WorkerRow]) -> tuple[TeamLoad, ...]:
    """Return the teams with their present workers, the least loaded first."""
    teams: dict[int, list[WorkerRow]] = {}
    for worker in workers:
        teams.setdefault(worker.team_id, []).append(worker)
    found = [
        TeamLoad(
            name=in_language(members[0], "team_name"),
            n_present=sum(member.is_present for member in members),
            workers=tuple(_load(member) for member in members if member.is_present),
            line_codes=members[0].line_codes,
        )
        for members in teams.values()
    ]
    return tuple(sorted(found, key=lambda team: (-team.n_present, team.name)))


def _load(worker: WorkerRow) -> Load:
    said = ngettext("%(n)d in hand", "%(n)d in hand", worker.n_in_hand) % {"n": worker.n_in_hand}
    if worker.n_offered:
        said += _(", ") + ngettext("%(n)d offered", "%(n)d offered", worker.n_offered) % {"n": worker.n_offered}
    where = in_language(worker, "at_place")
    return Load(worker.uid, in_language(worker), worker.phone, worker.n_in_hand + worker.n_offered, said, where)

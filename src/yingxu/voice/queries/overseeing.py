"""Questions about supervisors, remarks and forums; a hidden name is in no row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Place
from yingxu.ground.refusals import NotFound
from yingxu.voice.models.boxes import Letter
from yingxu.voice.models.overseeing import Forum, Remark, Supervisor, Visit

#: More than this share of the supervisors from one department warns (domain S61).
MOST_OF_ONE = 0.4


@dataclass(frozen=True)
class SupervisorRow:
    """A supervisor with the grounds of the nomination."""

    uid: UUID
    name: str
    department: str
    department_en: str
    conscience: str
    insight: str
    in_touch: str
    state: str
    from_on: date
    to_on: date
    nominated_by: str


@dataclass(frozen=True)
class Spread:
    """How many of those in office come from a department; ``is_much``: above 40 %."""

    department: str
    n: int
    n_all: int
    is_much: bool


@dataclass(frozen=True)
class VisitRow:
    """A planned or made round."""

    uid: UUID
    by: str
    place_name: str
    place_name_en: str
    planned_on: date
    made_on: date | None
    note: str
    is_own: bool


@dataclass(frozen=True)
class RemarkRow:
    """A finding or a word at the forum; ``speaker`` is empty when the name is hidden, and is never known then."""

    uid: UUID
    source: str
    request_id: UUID | None
    number: str
    text: str
    speaker: str
    is_hidden: bool
    is_own: bool
    has_account: bool
    raised_at: datetime
    state: str
    verdict: str
    fate: str
    answer: str
    answered_by: str
    owner_name: str
    due_on: date | None
    done_on: date | None
    done_note: str
    word: str
    word_text: str
    n_disagreed: int
    retold: str
    purpose: str
    #: Public state of the request that a finding is worked on under; empty of what was said at a forum.
    request_state: str


@dataclass(frozen=True)
class ForumRow:
    """A month's forum."""

    uid: UUID
    id: int
    site_id: int
    month: date
    planned_at: datetime | None
    room: str
    state: str
    held_on: date | None
    attendance: tuple[str, ...]
    minutes: str
    agenda: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class LetterLine:
    """A letter as an agenda names it."""

    text: str
    received_on: date


@dataclass(frozen=True)
class Agenda:
    """What the forum has before it: earlier promises to read back, what waits for an answer, what was said since."""

    promised: tuple[RemarkRow, ...]
    open: tuple[RemarkRow, ...]
    letters: tuple[LetterLine, ...]
    raised: tuple[RemarkRow, ...]


def supervisors(actor: Actor, site_id: int) -> tuple[tuple[SupervisorRow, ...], tuple[Spread, ...]]:
    """Return nominees and supervisors, and how they spread over departments. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "supervisor.read", where=Where(site_id=site_id))
    rows = Supervisor.objects.filter(site_id=site_id).select_related("account", "department", "nominated_by")
    found = tuple(
        SupervisorRow(
            row.uid,
            row.account.name,
            row.department.full_name,
            row.department.full_name_en,
            row.conscience,
            row.insight,
            row.in_touch,
            row.state,
            row.from_on,
            row.to_on,
            row.nominated_by.name,
        )
        for row in rows.order_by("state", "-nominated_at")
    )
    counted = Counter(row.department for row in found if row.state != "ended")
    n_all = sum(counted.values())
    return found, tuple(Spread(name, n, n_all, n / n_all > MOST_OF_ONE) for name, n in counted.most_common())


def wards(actor: Actor, site_id: int) -> tuple[tuple[str, str, str], ...]:
    """Return wards and departments to choose from: code, name, English name. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "supervisor.read", where=Where(site_id=site_id))
    rows = Place.objects.filter(site_id=site_id, kind__in=("ward", "department"), is_active=True).order_by("path")
    return tuple((row.code, row.full_name, row.full_name_en) for row in rows[:300])


def visits(actor: Actor, site_id: int, *, limit: int = 60) -> tuple[VisitRow, ...]:
    """Return rounds, those to come first; a supervisor's own are marked. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "supervisor.read", where=Where(site_id=site_id))
    rows = Visit.objects.filter(site_id=site_id).select_related("account", "place")
    return tuple(
        VisitRow(
            row.uid,
            row.account.name,
            row.place.full_name,
            row.place.full_name_en,
            row.planned_on,
            row.made_on,
            row.note,
            row.account_id == actor.account_id,
        )
        for row in rows.order_by("-planned_on", "-id")[:limit]
    )


def remarks(
    actor: Actor, site_id: int, *, shown: str = "waiting", after: str = "", limit: int = 20
) -> tuple[tuple[RemarkRow, ...], str]:
    """Return findings and words at forums: all for hospital and company, the own ones for a supervisor.

    ``shown``: waiting, answered or all. Refuses: NotAllowed. Budget: one query.
    """
    rows = Remark.objects.filter(site_id=site_id)
    is_own_only = not authority.may(actor, "finding.read", where=Where(site_id=site_id))
    if is_own_only:
        authority.require(actor, "finding.read", where=Where(site_id=site_id, is_own=True))
        rows = rows.filter(raised_by_id=actor.account_id)
    if shown != "all":
        waiting = Q(state__in=["open", "proposed"])
        rows = rows.filter(waiting) if shown == "waiting" else rows.exclude(waiting)
    if after.isdigit():
        rows = rows.filter(pk__lt=int(after))
    found = list(_related(rows).order_by("-id")[: limit + 1])
    more = str(found[limit - 1].pk) if len(found) > limit else ""
    return tuple(_row(row, actor) for row in found[:limit]), more


def forums(actor: Actor, site_id: int) -> tuple[ForumRow, ...]:
    """Return the forums, newest month first. Refuses: NotAllowed. Budget: one query."""
    authority.require(actor, "forum.look", where=Where(site_id=site_id))
    return tuple(_forum(row) for row in Forum.objects.filter(site_id=site_id).order_by("-month")[:36])


def forum_for(actor: Actor, forum_id: UUID) -> ForumRow:
    """Return one forum. Refuses: NotAllowed, NotFound. Budget: one query."""
    row = Forum.objects.filter(uid=forum_id).first()
    if row is None:
        raise NotFound(kind="forum", name=str(forum_id))
    authority.require(actor, "forum.look", where=Where(site_id=row.site_id))
    return _forum(row)


def agenda(actor: Actor, forum: ForumRow) -> Agenda:
    """Return what is before a forum; of a held one, what it had before it, read back and heard, as it stands now.

    Refuses: NotAllowed. Budget: 4.
    """
    authority.require(actor, "forum.look", where=Where(site_id=forum.site_id))
    rows = _related(Remark.objects.filter(site_id=forum.site_id))
    earlier = rows.filter(forum__month__lt=forum.month).exclude(answer="")
    promised = earlier.filter(read_back_id=forum.id) if forum.state == "held" else earlier.filter(read_back=None)
    waiting = rows.filter(state__in=["open", "proposed"]).exclude(forum_id=forum.id)
    letters = Letter.objects.filter(site_id=forum.site_id, quarantine="").order_by("received_on", "id")
    if forum.state == "held":
        waited = {one["section"]: one["ids"] for one in forum.agenda if "section" in one}
        waiting = rows.filter(uid__in=waited.get("open", ()))
        letters = letters.filter(uid__in=waited.get("letters", ()))
    else:
        letters = letters.filter(state="open")
    return Agenda(
        tuple(_row(row, actor) for row in promised.order_by("due_on", "id")[:60]),
        tuple(_row(row, actor) for row in waiting.order_by("raised_at", "id")[:60]),
        tuple(LetterLine(row.text, row.received_on) for row in letters[:30]),
        tuple(_row(row, actor) for row in rows.filter(forum_id=forum.id).order_by("raised_at", "id")[:100]),
    )


def _related(rows: QuerySet[Remark]) -> QuerySet[Remark]:
    return rows.select_related("raised_by", "answered_by", "request")


def _forum(row: Forum) -> ForumRow:
    return ForumRow(
        row.uid,
        row.pk,
        row.site_id,
        row.month,
        row.planned_at,
        row.room,
        row.state,
        row.held_on,
        tuple(row.attendance),
        row.minutes,
        tuple(row.agenda),
    )


def _row(row: Remark, actor: Actor) -> RemarkRow:
    named = row.raised_by.name if row.raised_by else row.speaker
    return RemarkRow(
        row.uid,
        row.source,
        row.request.uid if row.request else None,
        row.request.number if row.request else "",
        row.text,
        "" if row.is_hidden else named,
        row.is_hidden,
        actor.account_id is not None and row.raised_by_id == actor.account_id,
        row.raised_by_id is not None,
        row.raised_at,
        row.state,
        row.verdict,
        row.fate,
        row.answer,
        row.answered_by.name if row.answered_by else "",
        row.owner_name,
        row.due_on,
        row.done_on,
        row.done_note,
        row.word,
        row.word_text,
        row.n_disagreed,
        row.retold,
        row.purpose,
        row.request.shown_state if row.request else "",
    )

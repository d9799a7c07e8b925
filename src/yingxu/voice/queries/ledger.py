"""One ledger of all voices: what was said of requests, letters, words of surveys, findings, forum opinions.

Each has one fate, whichever table it lies in; a claim code finds the own one; the public board shows all answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    SmallIntegerField,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.voice.claims import claim_digest
from yingxu.voice.models.boxes import Letter
from yingxu.voice.models.heard import Heard
from yingxu.voice.models.overseeing import Remark

#: Kinds of voices that somebody said of requests, and those of the other tables.
HEARD = ("complaint", "praise", "vent", "conduct", "abuse", "low_rating", "words")
OTHERS = ("letter", "survey", "finding", "forum")
SHOWN = ("waiting", "fated", "all")
#: Voices without a purpose, as a filter names them.
UNTAGGED = "untagged"
#: A letter that lets off steam is answered by the day after (S60).
_VENT = timedelta(days=1)
_DEEPEST = 5000


@dataclass(frozen=True)
class LedgerRow:
    """One voice of whichever table; never who spoke. ``source``: heard, letter, remark."""

    source: str
    id: UUID
    kind: str
    text: str
    stars: int | None
    number: str
    place_name: str
    place_name_en: str
    said_at: datetime
    answer_by: datetime | None
    fate: str
    n_disputes: int
    purpose: str


@dataclass(frozen=True)
class PublicRow:
    """What the public board shows: what was said, retold without names, and the answer."""

    kind: str
    said: str
    answer: str
    fate: str
    answered_at: datetime


@dataclass(frozen=True)
class ClaimedRow:
    """What a claim code opens: one's own words and what came of them."""

    id: UUID
    source: str
    kind: str
    text: str
    said_at: datetime
    state: str
    verdict: str
    fate: str
    answer: str
    answered_by: str
    owner_name: str
    word: str
    n_disagreed: int
    #: Held apart: ``waits`` for a person to look, ``kept`` apart with these words; empty: it counts like any other.
    apart: str = ""
    apart_why: str = ""


def ledger(
    actor: Actor,
    site_id: int,
    *,
    shown: str = "waiting",
    kind: str = "",
    purpose: str = "",
    after: int = 0,
    limit: int = 25,
) -> tuple[LedgerRow, ...]:
    """Return voices of all tables that the actor may read: waiting by what is due first, others newest first.

    ``purpose``: of one purpose alone; ``untagged``: those without one. ``after``: how many to pass over.
    Refuses: NotAllowed. Budget: one query.
    """
    found = _together(actor, site_id, shown, kind, purpose)
    if found is None:
        return ()
    order = (F("due").asc(nulls_last=True), "said", "uid") if shown == "waiting" else ("-said", "uid")
    start = min(max(after, 0), _DEEPEST)
    return tuple(LedgerRow(*row[:-1]) for row in found.order_by(*order)[start : start + limit])


def n_waiting(actor: Actor, site_id: int, *, at: datetime) -> tuple[int, int]:
    """Return how many voices wait (200 at most), and how many beyond their time. Refuses: NotAllowed. Budget: one."""
    found = _together(actor, site_id, "waiting", "")
    waiting = [row[9] for row in found[:200]] if found is not None else []
    return len(waiting), sum(one is not None and one <= at for one in waiting)


def public_board(site_id: int, *, after: int = 0, limit: int = 25) -> tuple[PublicRow, ...]:
    """Return what was answered in public, newest first; for everybody, without any name. Budget: one query."""

    def columns(rows: QuerySet[Any], kind: Any, said: Any, at: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.order_by().annotate(k=kind, s=said, day=at)
        return found.values_list("k", "s", "answer", "fate", "day")

    said = columns(
        Heard.objects.filter(site_id=site_id, is_public=True).exclude(fate=""),
        F("kind"),
        Value("", TextField()),
        F("answered_at"),
    )
    letters = columns(
        Letter.objects.filter(site_id=site_id, state="answered", quarantine="").exclude(retold=""),
        _letter_kind(),
        F("retold"),
        Cast("answered_on", DateTimeField()),
    )
    remarks = columns(
        Remark.objects.filter(site_id=site_id, state__in=("answered", "settled")).exclude(retold=""),
        F("source"),
        F("retold"),
        F("answered_at"),
    )
    start = min(max(after, 0), _DEEPEST)
    together = said.union(letters, remarks, all=True).order_by("-day")
    return tuple(PublicRow(*row) for row in together[start : start + limit])


def claimed(site_id: int, code: str) -> ClaimedRow:
    """Return the voice that a claim code opens: a letter, words of a survey, an opinion of a forum.

    Refuses: NotFound. Budget: three queries.
    """
    digest = claim_digest(code)
    letter = Letter.objects.filter(site_id=site_id, claim_digest=digest).select_related("answered_by", "site").first()
    if letter is not None:
        return ClaimedRow(
            letter.uid,
            "letter",
            "survey" if letter.origin == "survey" else "letter",
            letter.text,
            datetime.combine(letter.received_on, datetime.min.time(), _zone(letter)),
            letter.state,
            letter.verdict,
            letter.fate,
            letter.answer,
            letter.answered_by.name if letter.answered_by else "",
            "",
            letter.word,
            letter.n_disagreed,
            apart=("kept" if letter.held_as else "waits") if letter.quarantine else "",
            apart_why=letter.judged_why if letter.quarantine else "",
        )
    remark = Remark.objects.filter(site_id=site_id, claim_digest=digest).select_related("answered_by").first()
    if remark is None:
        return _said_out(site_id, digest)
    is_answered = remark.state in ("answered", "settled")
    return ClaimedRow(
        remark.uid,
        "remark",
        remark.source,
        remark.text,
        remark.raised_at,
        "answered" if is_answered else "open",
        remark.verdict if is_answered else "",
        remark.fate if is_answered else "",
        remark.answer if is_answered else "",
        remark.answered_by.name if is_answered and remark.answered_by else "",
        remark.owner_name,
        remark.word,
        remark.n_disagreed,
    )


def _said_out(site_id: int, digest: str) -> ClaimedRow:
    row = Heard.objects.filter(site_id=site_id, claim_digest=digest).select_related("answered_by").first()
    if row is None:
        raise NotFound(kind="voice", name="")
    return ClaimedRow(
        row.uid,
        "heard",
        row.kind,
        row.text,
        row.said_at,
        "answered" if row.fate else "open",
        "",
        row.fate,
        row.answer if row.fate else "",
        row.answered_by.name if row.fate and row.answered_by else "",
        "",
        "understood" if row.understood_at else "",
        row.n_disputes,
        apart=("kept" if row.held_as else "waits") if row.quarantine else "",
        apart_why=row.judged_why if row.quarantine else "",
    )


def _zone(letter: Letter) -> ZoneInfo:
    return ZoneInfo(letter.site.timezone)


def _together(actor: Actor, site_id: int, shown: str, kind: str, purpose: str = "") -> QuerySet[Any] | None:
    """Return the parts that the actor may read as one; None when there is none of that kind for the actor."""
    if not authority.may_anywhere(actor, "voice.read"):
        raise NotAllowed(action="voice.read")
    where = Where(site_id=site_id)
    parts: list[QuerySet[Any]] = []
    if kind in ("", *HEARD):
        parts.append(_heard(actor, site_id, shown, kind))
    if kind in ("", "letter", "survey") and authority.may(actor, "letter.read", where=where):
        parts.append(_letters(site_id, shown, kind))
    if kind in ("", "finding", "forum") and authority.may(actor, "finding.read", where=where):
        parts.append(_remarks(site_id, shown, kind))
    if not parts:
        return None
    if purpose:
        parts = [one.filter(purpose="" if purpose == UNTAGGED else purpose) for one in parts]
    first, *others = parts
    together: QuerySet[Any] = first.union(*others, all=True) if others else first
    return together


def _heard(actor: Actor, site_id: int, shown: str, kind: str) -> QuerySet[Any]:
    rows = Heard.objects.filter(authority.visible(actor, "voice.read"), site_id=site_id, quarantine="")
    if not actor.roles & {"HO", "HD", "AU"}:
        rows = rows.filter(request__isnull=False)  # what is about nobody in particular is the hospital's alone
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(fate="") if shown == "waiting" else rows.exclude(fate="") if shown == "fated" else rows
    return _columns(
        rows,
        "heard",
        kind=F("kind"),
        stars=F("stars"),
        number=Coalesce(F("request__number"), Value("")),
        place=(Coalesce(F("request__place_name"), Value("")), Coalesce(F("request__place_name_en"), Value(""))),
        said=F("said_at"),
        due=F("answer_by"),
        fated=F("fate"),
        disputes=F("n_disputes"),
    )


def _letters(site_id: int, shown: str, kind: str) -> QuerySet[Any]:
    rows = Letter.objects.filter(site_id=site_id, quarantine="").exclude(state="in_box")
    if kind:
        rows = rows.filter(survey__isnull=kind == "letter")
    rows = (
        rows.filter(state="open") if shown == "waiting" else rows.filter(state="answered") if shown == "fated" else rows
    )
    day = Cast("received_on", DateTimeField())
    return _columns(
        rows,
        "letter",
        kind=_letter_kind(),
        stars=Value(None, SmallIntegerField()),
        number=Value(""),
        place=(Coalesce(F("box__place__full_name"), Value("")), Coalesce(F("box__place__full_name_en"), Value(""))),
        said=day,
        due=Case(
            When(purpose="vent", state="open", then=ExpressionWrapper(day + _VENT, DateTimeField())),
            default=Value(None, DateTimeField()),
        ),
        fated=Case(When(state="answered", then=F("fate")), default=Value("")),
        disputes=F("n_disagreed"),
    )


def _remarks(site_id: int, shown: str, kind: str) -> QuerySet[Any]:
    rows = Remark.objects.filter(site_id=site_id)
    rows = rows.filter(source=kind) if kind else rows
    waits = Q(state__in=("open", "proposed"))
    rows = rows.filter(waits) if shown == "waiting" else rows.exclude(waits) if shown == "fated" else rows
    return _columns(
        rows,
        "remark",
        kind=F("source"),
        stars=Value(None, SmallIntegerField()),
        number=Coalesce(F("request__number"), Value("")),
        place=(Coalesce(F("request__place_name"), Value("")), Coalesce(F("request__place_name_en"), Value(""))),
        said=F("raised_at"),
        due=Value(None, DateTimeField()),
        fated=Case(When(waits, then=Value("")), default=F("fate")),
        disputes=F("n_disagreed"),
    )


def _letter_kind() -> Any:
    return Case(When(origin="survey", then=Value("survey")), default=Value("letter"), output_field=CharField())


def _columns(
    rows: QuerySet[Any],
    source: str,
    *,
    kind: Any,
    stars: Any,
    number: Any,
    place: tuple[Any, Any],
    said: Any,
    due: Any,
    fated: Any,
    disputes: Any,
) -> QuerySet[Any]:
    found: QuerySet[Any] = (
        rows.order_by()
        .annotate(
            source_=Value(source, CharField()),
            kind_=Cast(kind, CharField()),
            stars_=Cast(stars, IntegerField()),
            number_=Cast(number, CharField()),
            place_=Cast(place[0], TextField()),
            place_en_=Cast(place[1], TextField()),
            said=said,
            due=due,
            fated=Cast(fated, CharField()),
            disputes=Cast(disputes, IntegerField()),
            purpose_=Cast("purpose", CharField()),
            key_=Cast("uid", UUIDField()),
        )
        .values_list(
            "source_", "uid", "kind_", "text", "stars_", "number_", "place_", "place_en_", "said", "due", "fated",
            "disputes", "purpose_", "key_",
        )
    )  # fmt: skip
    return found

"""Questions about call-backs: the list with its scripts' facts, one call, and how it went (domain 6.2 CALLBACK)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from yingxu.core.quality.share import Share, attainment
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.verify.models import Call, PeerCheck, Verdict
from yingxu.work.models import Job
from yingxu.work.queries import seen_by

#: What a list may be narrowed to.
SHOWN = ("due", "later", "done")
_ASKED = ["good", "bad", "doubtful"]


@dataclass(frozen=True)
class CallRow:
    """One call: the job, why it was drawn, what came so far. ``flags``: what is doubtful about the evidence."""

    key: int
    call_id: UUID
    after_days: int
    why: str
    due_at: datetime
    n_tries: int
    last_try: str
    tried_at: datetime | None
    outcome: str
    text: str
    answered_at: datetime | None
    answered_by: str
    job_id: UUID
    number: str
    state: str
    priority: int
    line_code: str
    item_name: str
    item_name_en: str
    asked_text: str
    result_text: str
    place_name: str
    place_name_en: str
    worker_name: str
    worker_name_en: str
    finished_at: datetime | None
    flags: list[str]
    request_id: UUID
    asker_name: str
    has_phone: bool


_COLUMNS = (
    "id",
    "uid",
    "after_days",
    "why",
    "due_at",
    "n_tries",
    "last_try",
    "tried_at",
    "outcome",
    "text",
    "answered_at",
    "answered_by__name",
    "job__uid",
    "job__number",
    "job__state",
    "job__priority",
    "job__line_code",
    "job__item__name",
    "job__item__name_en",
    "job__text",
    "job__result_text",
    "job__place_name",
    "job__place_name_en",
    "job__finished_by__name",
    "job__finished_by__name_en",
    "job__finished_at",
    "job__flags",
    "job__request__uid",
    "job__request__requester_name",
    "job__request__requester_phone",
    "job__owner__name",
    "job__owner__phone",
)


def _seen(actor: Actor, site_id: int) -> QuerySet[Call]:
    if not authority.may_anywhere(actor, "callback.read"):
        raise NotAllowed(action="callback.read")
    jobs = Job.objects.filter(seen_by(actor, "callback.read"), site_id=site_id)
    return Call.objects.filter(site_id=site_id, job__in=jobs)


def _rows(calls: QuerySet[Call]) -> tuple[CallRow, ...]:
    found: list[tuple[Any, ...]] = list(calls.values_list(*_COLUMNS))
    return tuple(_row(row) for row in found)


def _row(row: tuple[Any, ...]) -> CallRow:
    said = [value if value is not None else "" for value in row[:29]]
    for place in (7, 10, 25):  # moments that may be missing
        said[place] = row[place]
    values: list[Any] = [*said[:28], row[28] or row[30] or "", bool(row[29] or row[31])]
    return CallRow(*values)


def call_list(
    actor: Actor, site_id: int, *, at: datetime, shown: str = "due", after: int | None = None, limit: int = 25
) -> tuple[CallRow, ...]:
    """Return the calls that are due, those for later, or those answered (newest first).

    Of those due complaints and doubts come first, re-checks last, each by urgency.

    Work that was taken up again waits until it is finished. Refuses: NotAllowed. Budget: one query.
    """
    rows = _seen(actor, site_id)
    if shown == "done":
        rows = rows.exclude(outcome="")
        if after is not None:
            rows = rows.filter(id__lt=after)
        return _rows(rows.order_by("-id")[:limit])
    rows = rows.filter(outcome="", job__state__in=["finished", "closed"])
    if shown == "later":
        return _rows(rows.filter(due_at__gt=at).order_by("due_at", "id")[after or 0 : (after or 0) + limit])
    # who was wronged first, then who has just been served, by urgency; what is only looked at again can wait its hour
    first = Case(When(why__in=["low_rating", "held"], then=0), When(why="recheck", then=2), default=1)
    rows = rows.filter(due_at__lte=at).order_by(first, "job__priority", "due_at", "id")
    return _rows(rows[after or 0 : (after or 0) + limit])


def call_for(actor: Actor, call_id: UUID) -> CallRow:
    """Return one call. Refuses: NotFound. Budget: two queries."""
    site_id = Call.objects.filter(uid=call_id).values_list("site_id", flat=True).first()
    rows = _rows(_seen(actor, site_id).filter(uid=call_id)) if site_id is not None else ()
    if not rows:
        raise NotFound(kind="call", name=str(call_id))
    return rows[0]


@dataclass(frozen=True)
class CallFigures:
    """CALLBACK 回访率/接通率/回访满意率: called of drawn, reached of called, satisfied of reached; re-checks held."""

    called: Share
    reached: Share
    satisfied: Share
    held: Share
    n_open: int


def call_figures(actor: Actor, site_id: int, *, from_at: datetime, to_at: datetime) -> CallFigures:
    """Return how the calls drawn (re-checks: due) in [from_at, to_at) went. Refuses: NotAllowed. Budget: one query."""
    rows = _seen(actor, site_id).filter(
        Q(after_days=0, drawn_at__gte=from_at, drawn_at__lt=to_at)
        | Q(after_days__gt=0, due_at__gte=from_at, due_at__lt=to_at)
    )
    first, again = Q(after_days=0), Q(after_days__gt=0)
    sums = rows.aggregate(
        drawn=Count("id", filter=first),
        called=Count("id", filter=first & Q(n_tries__gt=0)),
        reached=Count("id", filter=first & Q(outcome__in=_ASKED)),
        satisfied=Count("id", filter=first & Q(outcome="good")),
        asked=Count("id", filter=again & Q(outcome__in=_ASKED)),
        held=Count("id", filter=again & Q(outcome="good")),
        open=Count("id", filter=Q(outcome="")),
    )
    return CallFigures(
        attainment(sums["called"], sums["drawn"]),
        attainment(sums["reached"], sums["called"]),
        attainment(sums["satisfied"], sums["reached"]),
        attainment(sums["held"], sums["asked"]),
        sums["open"],
    )


def doubtful_jobs(actor: Actor, site_id: int, *, from_at: datetime, limit: int = 100) -> tuple[tuple[Any, ...], ...]:
    """Return jobs that somebody independent should look at, with the reason, of what the actor may see.

    Reasons: held (a no, a complaint, a yes that says no), veto (a critical step failed), flagged (doubtful evidence),
    lapsed (P1 or P2 closed without anybody's word), spoken (a call-back's yes that says no), no_peer (no colleague of
    the skill could look where one always does). Columns: uid, request uid, number, state, line, priority, place (two),
    item (two), finished at, flags, held, lapsed, score, doer's key, without a peer.
    Budget: one query.
    """
    verdicts = Verdict.objects.filter(job=OuterRef("pk"), given_at__gte=OuterRef("finished_at"))
    looked = Exists(verdicts.filter(ground="check"))
    held = Exists(verdicts.filter(Q(is_good=False) | Q(is_contradicted=True)))
    lapsed = Exists(verdicts.filter(ground="lapse"))
    asked = PeerCheck.objects.filter(job=OuterRef("pk"), drawn_at__gte=OuterRef("finished_at"))
    alone = Exists(asked.filter(outcome="nobody").exclude(why="random"))
    rows = (
        Job.objects.filter(
            seen_by(actor, "check.read"), site_id=site_id, state__in=["finished", "closed"], finished_at__gte=from_at
        )
        .annotate(is_held=held, is_lapsed=lapsed, is_looked=looked, is_alone=alone)
        .filter(is_looked=False)
        .filter(
            Q(is_held=True) | Q(state="finished", quality_score=0) | Q(is_lapsed=True, priority__lte=2)
            | ~Q(flags=[]) & Q(flags__isnull=False) | Q(is_alone=True)
        )
        .order_by("priority", "-finished_at", "-id")
    )  # fmt: skip
    return tuple(
        rows.values_list(
            "uid",
            "request__uid",
            "number",
            "state",
            "line_code",
            "priority",
            "place_name",
            "place_name_en",
            "item__name",
            "item__name_en",
            "finished_at",
            "flags",
            "is_held",
            "is_lapsed",
            "quality_score",
            "finished_by_id",
            "is_alone",
        )[:limit]
    )

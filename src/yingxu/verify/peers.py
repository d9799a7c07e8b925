"""Questions about peer checks: what colleagues are asked to look at, what they said, and whether it held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from yingxu.core.quality.share import Share, attainment
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.verify.models import Call, PeerCheck, Verdict
from yingxu.work.models import Job
from yingxu.work.queries import seen_by

#: What a list may be narrowed to.
SHOWN = ("mine", "open", "done")
_LOOKED = ("good", "bad")


@dataclass(frozen=True)
class PeerRow:
    """One asking: the job, who is asked and why, what was said. ``is_mine``: the viewer is asked."""

    key: int
    check_id: UUID
    why: str
    drawn_at: datetime
    due_at: datetime
    outcome: str
    way: str
    reason_code: str
    text: str
    answered_at: datetime | None
    peer_name: str
    peer_name_en: str
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
    is_mine: bool


_COLUMNS = (
    "id", "uid", "why", "drawn_at", "due_at", "outcome", "way", "reason_code", "text", "answered_at", "peer__name",
    "peer__name_en", "job__uid", "job__number", "job__state", "job__priority", "job__line_code", "job__item__name",
    "job__item__name_en", "job__text", "job__result_text", "job__place_name", "job__place_name_en",
    "job__finished_by__name", "job__finished_by__name_en", "job__finished_at", "job__flags", "job__request__uid",
    "peer_id",
)  # fmt: skip
#: Moments that may be missing.
_MOMENTS = (9, 25)


def _seen(actor: Actor, site_id: int) -> QuerySet[PeerCheck]:
    """What somebody oversees, and what he or she is asked."""
    may_oversee = authority.may_anywhere(actor, "peer.read")
    if not may_oversee and not authority.may_anywhere(actor, "peer.look"):
        raise NotAllowed(action="peer.look")
    rows = PeerCheck.objects.filter(site_id=site_id)
    own = Q(peer_id=actor.account_id) if actor.account_id is not None else Q(pk__in=())
    if not may_oversee:
        return rows.filter(own)
    return rows.filter(own | Q(job__in=Job.objects.filter(seen_by(actor, "peer.read"), site_id=site_id)))


def _rows(actor: Actor, checks: QuerySet[PeerCheck]) -> tuple[PeerRow, ...]:
    found: list[tuple[Any, ...]] = list(checks.values_list(*_COLUMNS))
    return tuple(_row(actor, row) for row in found)


def _row(actor: Actor, row: tuple[Any, ...]) -> PeerRow:
    values: list[Any] = [
        value if value is not None or place in _MOMENTS else "" for place, value in enumerate(row[:-1])
    ]
    values[26] = list(row[26] or ())
    values.append(actor.account_id is not None and row[-1] == actor.account_id)
    return PeerRow(*values)


def peer_list(
    actor: Actor, site_id: int, *, shown: str = "mine", after: int = 0, limit: int = 25
) -> tuple[PeerRow, ...]:
    """Return what the actor is asked to look at (soonest first), all that is open, or what is over (newest first).

    ``after``: how many to pass over; of what is over, the key of the last one seen. A job that was taken up again waits
    until it is finished. Refuses: NotAllowed. Budget: one query.
    """
    rows = _seen(actor, site_id)
    if shown == "done":
        rows = rows.exclude(outcome="")
        return _rows(actor, (rows.filter(pk__lt=after) if after else rows).order_by("-pk")[:limit])
    rows = rows.filter(outcome="", job__state__in=["finished", "closed"])
    if shown == "mine":
        rows = rows.filter(peer_id=actor.account_id)
    return _rows(actor, rows.order_by("due_at", "pk")[after : after + limit])


def peer_check_for(actor: Actor, check_id: UUID) -> PeerRow:
    """Return one asking. Refuses: NotAllowed, NotFound. Budget: two queries."""
    site_id = PeerCheck.objects.filter(uid=check_id).values_list("site_id", flat=True).first()
    rows = _rows(actor, _seen(actor, site_id).filter(uid=check_id)) if site_id is not None else ()
    if not rows:
        raise NotFound(kind="peer_check", name=str(check_id))
    return rows[0]


@dataclass(frozen=True)
class PeerFigures:
    """How peer checks went. ``held``: of what colleagues found good, how much nobody found bad afterwards."""

    answered: Share
    good: Share
    held: Share
    n_open: int
    n_nobody: int


@dataclass(frozen=True)
class PeerLine:
    """The same of one line."""

    line_code: str
    figures: PeerFigures


def peer_figures(
    actor: Actor, site_id: int, *, from_at: datetime, to_at: datetime
) -> tuple[PeerFigures, tuple[PeerLine, ...]]:
    """Return how the askings drawn in [from_at, to_at) went, in all and by line; a colleague's name is not in it.

    Declined, unanswered and replaced count as asked, not as looked. Refuses: NotAllowed. Budget: one query.
    """
    if not authority.may_anywhere(actor, "peer.read"):
        raise NotAllowed(action="peer.read")
    later = {"job": OuterRef("job")}
    bad = Verdict.objects.filter(**later, is_good=False, given_at__gt=OuterRef("answered_at"))
    called = Call.objects.filter(**later, outcome__in=["bad", "doubtful"], answered_at__gt=OuterRef("answered_at"))
    rows = (
        _seen(actor, site_id)
        .filter(drawn_at__gte=from_at, drawn_at__lt=to_at)
        .annotate(came_bad=Exists(bad.exclude(ground="peer")), called_bad=Exists(called))
    )
    by_line: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for line, outcome, came_bad, called_bad in rows.values_list("stratum", "outcome", "came_bad", "called_bad"):
        by_line[line].append((outcome, came_bad or called_bad))
    whole = _figures([one for own in by_line.values() for one in own])
    return whole, tuple(PeerLine(line, _figures(by_line[line])) for line in sorted(by_line))


def _figures(rows: list[tuple[str, bool]]) -> PeerFigures:
    outcomes = [outcome for outcome, _ in rows]
    n_looked, n_good = sum(one in _LOOKED for one in outcomes), outcomes.count("good")
    n_nobody, n_open = outcomes.count("nobody"), outcomes.count("")
    return PeerFigures(
        attainment(n_looked, len(outcomes) - n_open - n_nobody),
        attainment(n_good, n_looked),
        attainment(sum(outcome == "good" and not came_bad for outcome, came_bad in rows), n_good),
        n_open,
        n_nobody,
    )


def asked(check_id: UUID) -> int | None:
    """Return who is asked, for who acts in that person's name: the demo's robots. Budget: one query."""
    return PeerCheck.objects.filter(uid=check_id).values_list("peer_id", flat=True).first()


def n_to_look(actor: Actor, site_id: int, *, at: datetime) -> tuple[int, bool]:
    """Return how many looks the actor owes, and whether one is due within the hour. Budget: one query."""
    if actor.account_id is None or not authority.may_anywhere(actor, "peer.look"):
        raise NotAllowed(action="peer.look")
    rows = PeerCheck.objects.filter(
        site_id=site_id, peer_id=actor.account_id, outcome="", job__state__in=["finished", "closed"]
    )
    due = list(rows.values_list(F("due_at"), flat=True)[:100])
    return len(due), any((one - at).total_seconds() < 3600 for one in due)

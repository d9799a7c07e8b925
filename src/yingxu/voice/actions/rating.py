"""Verbs of the room ``voice``: the rating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from yingxu.demand.models import Request
from yingxu.demand.reads import memo_of, where_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.voice.events import RequestRated
from yingxu.voice.models import Rating
from yingxu.voice.refusals import AlreadyRated, NothingToRate
from yingxu.work.models import Job

#: Codes of what was good or bad; the words are the page's.
REASONS = frozenset(
    {
        "fast",
        "slow",
        "skilled",
        "not_fixed",
        "polite",
        "rude",
        "clean",
        "dirty",
        "informed",
        "no_word",
        "kept_time",
        "late",
        "no_badge",
        "no_knock",
    }
)
TEXT_LIMIT = 1000
_JUDGED = ("finished", "verified", "closed")


@dataclass(frozen=True)
class Rated:
    """The rating that was kept."""

    request_id: UUID
    stars: int


def rate_request(
    *,
    request_id: UUID,
    stars: int,
    actor: Actor,
    at: datetime,
    reasons: Sequence[str] = (),
    text: str = "",
    command: CommandKey | None = None,
) -> Rated:
    """Somebody who asked says how it was, one to five; once a person, never by who did the work.

    The link's holder and the asker's account are one rater. The fact does not say who it was.
    Records RequestRated. Refuses: NotAllowed, OwnWork, Malformed, NothingToRate, AlreadyRated. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = _request(request_id, actor)
        memo_of(unit).requests.setdefault(request.pk, request)
        authority.require(actor, "rating.create", where=where_of(request))
        work = list(getattr(request, "work", ()) or ())
        doers = tuple(key for row in work for key in (row["finished_by"], row["worker"]))
        authority.refuse_own_work(actor, doers, action="rating.create")
        _refuse_malformed(stars, reasons, text)
        if not any(row["state"] in _JUDGED for row in work) and not request.final_answer:
            raise NothingToRate(number=request.number)
        if getattr(request, "is_rated", False):
            raise AlreadyRated(number=request.number)
        unit.insert(
            Rating(
                site_id=request.site_id,
                request_id=request.pk,
                rater=_rater(actor, request.owner_id),
                account_id=actor.account_id,
                stars=stars,
                reasons=list(dict.fromkeys(reasons)),
                text=text.strip(),
                line_code=request.line_code,
                rated_at=at,
            )
        )
        # who rated is not in the ledger either: the entry's actor is the role of the asker, not the person
        unit.record(
            RequestRated(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                stars=stars,
                text=text.strip(),
                reasons=tuple(dict.fromkeys(reasons)),
            ),
            actor=Actor(kind="asker", id=None, name=""),
        )
        unit.answer(Rated(request.uid, stars))
    return unit.answered(Rated)


def _request(request_id: UUID, actor: Actor) -> Request:
    jobs = Job.objects.filter(request=OuterRef("pk")).order_by("id")
    raters = {actor.key}
    if actor.kind == "link":
        raters.add("asker")
    as_owner = Q(rater="asker", request__owner_id=actor.account_id) if actor.account_id else Q(pk__in=())
    rated = Rating.objects.filter(Q(rater__in=raters) | as_owner, request=OuterRef("pk"))
    row = (
        Request.objects.filter(uid=request_id)
        .annotate(
            work=ArraySubquery(
                jobs.values(row=JSONObject(state="state", finished_by="finished_by_id", worker="worker_id"))
            ),
            is_rated=Exists(rated),
        )
        .first()
    )
    if row is None:
        raise NotFound(kind="request", name=str(request_id))
    return row


def _rater(actor: Actor, owner_id: int | None) -> str:
    if actor.kind == "link" or (actor.account_id is not None and actor.account_id == owner_id):
        return "asker"
    return actor.key


def _refuse_malformed(stars: int, reasons: Sequence[str], text: str) -> None:
    if not 1 <= stars <= 5:
        raise Malformed(field="stars", problem="too_small" if stars < 1 else "too_large", limit="1–5")
    if set(reasons) - REASONS:
        raise Malformed(field="reasons", problem="unknown")
    if len(text) > TEXT_LIMIT:
        raise Malformed(field="text", problem="too_long", limit=str(TEXT_LIMIT))

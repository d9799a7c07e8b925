"""Verbs of the room ``voice``: the rating, given with one tap, and what is said of it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from yingxu.demand.models import Request
from yingxu.demand.reads import memo_of, where_of
from yingxu.dispatch.models import Mate
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Malformed, NotFound, OwnWork
from yingxu.ground.unit import CommandKey, Unit
from yingxu.verify.snapshots import phone_tail
from yingxu.voice.claims import EXPLAIN_WITHIN, RATERS, WARD
from yingxu.voice.events import RatingExplained, RequestRated
from yingxu.voice.models import Rating
from yingxu.voice.refusals import AlreadyRated, AlreadySaid, NothingToRate, NotRatedYet
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
_ASKER = Actor(kind="asker", id=None, name="")


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
    rater: str = "asker",
    command: CommandKey | None = None,
) -> Rated:
    """Somebody who asked, or was there, says how it was, one to five; once a rater, never by who did the work.

    The link's holder and the asker's account are one; who shares the link rates as ``patient`` or as ``ward``, and so
    does the department's own head by the account: the ward's word counts once. Of a request that was merged the work
    of its master is rated. The fact does not say who it was.
    Records RequestRated. Refuses: NotAllowed, OwnWork, Malformed, NothingToRate, AlreadyRated. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = _request(request_id, actor, rater)
        memo_of(unit).requests.setdefault(request.pk, request)
        _require_rater(actor, request)
        _refuse_malformed(stars, reasons, text)
        if rater not in RATERS:
            raise Malformed(field="rater", problem="unknown")
        is_done = any(row["state"] in _JUDGED for row in _work(request))
        if not is_done and (not request.final_answer or request.master_id is not None):
            raise NothingToRate(number=request.number)
        if getattr(request, "given", None):
            raise AlreadyRated(number=request.number)
        unit.insert(
            Rating(
                site_id=request.site_id,
                request_id=request.pk,
                rater=_rater(actor, request, rater),
                account_id=actor.account_id,
                stars=stars,
                reasons=list(dict.fromkeys(reasons)),
                text=text.strip(),
                line_code=request.line_code,
                rated_at=at,
                team_keys=list(dict.fromkeys(one["team"] for one in _work(request) if one["team"] is not None)),
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
                worked_id=request.master_id or request.pk,
            ),
            actor=_ASKER,
        )
        unit.answer(Rated(request.uid, stars))
    return unit.answered(Rated)


def explain_rating(
    *,
    request_id: UUID,
    actor: Actor,
    at: datetime,
    reasons: Sequence[str] = (),
    text: str = "",
    rater: str = "asker",
    command: CommandKey | None = None,
) -> Rated:
    """Who rated with one tap says why, once and within a week; the stars stay as they were given.

    Records RatingExplained. Refuses: NotAllowed, OwnWork, Malformed, NotRatedYet, AlreadySaid, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        request = _request(request_id, actor, rater)
        memo_of(unit).requests.setdefault(request.pk, request)
        _require_rater(actor, request)
        given = Rating.objects.filter(pk__in=getattr(request, "given", None) or ()).first()
        is_colleagues = given is not None and given.rater == WARD and given.account_id not in (None, actor.account_id)
        if given is None or (is_colleagues and actor.kind != "link"):
            raise NotRatedYet(number=request.number)
        _refuse_malformed(given.stars, reasons, text)
        if not reasons and not text.strip():
            raise Malformed(field="text", problem="missing")
        if given.reasons or given.text or at > given.rated_at + EXPLAIN_WITHIN:
            raise AlreadySaid(number=request.number)
        unit.change(given, seen=["stars", "text"], reasons=list(dict.fromkeys(reasons)), text=text.strip())
        unit.record(
            RatingExplained(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                stars=given.stars,
                text=text.strip(),
                reasons=tuple(dict.fromkeys(reasons)),
                worked_id=request.master_id or request.pk,
            ),
            actor=_ASKER,
        )
        unit.answer(Rated(request.uid, given.stars))
    return unit.answered(Rated)


def _require_rater(actor: Actor, request: Request) -> None:
    own = actor.account_id is None or actor.account_id in (request.owner_id, request.first_contact_id)
    # who did not ask may be of the department that did
    is_ward = not own and authority.may(actor, "rating.create_for_ward", where=where_of(request))
    authority.require(actor, "rating.create_for_ward" if is_ward else "rating.create", where=where_of(request))
    doers = _doers(request)
    authority.refuse_own_work(actor, tuple(doers), action="rating.create")
    if actor.kind != "link":
        return
    # a link has no account: the request's own account, and the telephone it was asked from, tell the doer
    phones = {phone_tail(phone) for phone in doers.values()} - {""}
    if request.owner_id in doers or phone_tail(request.requester_phone) in phones:
        raise OwnWork(action="rating.create")


def _work(request: Request) -> list[dict[str, Any]]:
    return list(getattr(request, "work", ()) or ())


def _doers(request: Request) -> dict[int, str]:
    """Return who did the work, or went along, with their telephones."""
    found: dict[int, str] = {}
    for row in _work(request):
        for name in ("finished_by", "worker"):
            if row[name] is not None:
                found[row[name]] = row[f"{name}_phone"] or ""
        found |= {mate["worker"]: mate["phone"] or "" for mate in row["mates"]}
    return found


def _request(request_id: UUID, actor: Actor, rater: str) -> Request:
    jobs = Job.objects.filter(request=Coalesce(OuterRef("master_id"), OuterRef("pk"))).order_by("id")
    mates = Mate.objects.filter(job=OuterRef("pk"), outcome="accepted").order_by("id")
    worked = JSONObject(
        state="state",
        finished_by="finished_by_id",
        finished_by_phone="finished_by__phone",
        team="team_id",
        worker="worker_id",
        worker_phone="worker__phone",
        mates=ArraySubquery(mates.values(row=JSONObject(worker="worker_id", phone="worker__phone"))),
    )
    row = (
        Request.objects.filter(uid=request_id)
        .annotate(
            work=ArraySubquery(jobs.values(row=worked)),
            given=ArraySubquery(given_by(actor, rater).filter(request=OuterRef("pk")).values("pk")),
        )
        .first()
    )
    if row is None:
        raise NotFound(kind="request", name=str(request_id))
    return row


def given_by(actor: Actor, rater: str) -> QuerySet[Rating]:
    """Return the ratings that this rater gave, of any request."""
    if rater != "asker":
        return Rating.objects.filter(rater=rater)
    raters = {actor.key}
    if actor.kind == "link":
        raters.add("asker")
    if not actor.account_id:
        return Rating.objects.filter(rater__in=raters)
    own = Q(request__owner_id=actor.account_id)
    of_ward = Q(rater=WARD) & ~(own | Q(request__first_contact_id=actor.account_id))
    return Rating.objects.filter(Q(rater__in=raters) | (Q(rater="asker") & own) | of_ward)


def _rater(actor: Actor, request: Request, rater: str) -> str:
    if rater != "asker":
        return rater
    if actor.kind == "link" or (actor.account_id is not None and actor.account_id == request.owner_id):
        return "asker"
    return actor.key if actor.account_id == request.first_contact_id else WARD


def _refuse_malformed(stars: int, reasons: Sequence[str], text: str) -> None:
    if not 1 <= stars <= 5:
        raise Malformed(field="stars", problem="too_small" if stars < 1 else "too_large", limit="1–5")
    if set(reasons) - REASONS:
        raise Malformed(field="reasons", problem="unknown")
    if len(text) > TEXT_LIMIT:
        raise Malformed(field="text", problem="too_long", limit=str(TEXT_LIMIT))

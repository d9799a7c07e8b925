"""Questions of who rates: what was given over this way so far, and whether there is anything to rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yingxu.demand.models import Request
from yingxu.ground.actor import Actor
from yingxu.voice.claims import EXPLAIN_WITHIN, RATERS, WARD
from yingxu.voice.models import Rating
from yingxu.work.models import Job


@dataclass(frozen=True)
class GivenRow:
    """One rating that was given over the link, or by the account."""

    rater: str
    stars: int
    reasons: tuple[str, ...]
    text: str
    rated_at: datetime

    def waits_for_words(self, at: datetime) -> bool:
        """Tell whether reasons and words may still follow the tap."""
        return not self.reasons and not self.text and at - self.rated_at <= EXPLAIN_WITHIN


def given_ratings(actor: Actor, request_key: int) -> tuple[GivenRow, ...]:
    """Return what was rated over the request's link or by the actor's account, the asker first. Budget: one query."""
    rows = Rating.objects.filter(request_id=request_key).values_list(
        "rater", "account_id", "request__owner_id", "stars", "reasons", "text", "rated_at"
    )
    found = []
    for rater, account, owner, stars, reasons, text, at in rows:
        is_own = actor.kind == "link" or (actor.account_id is not None and actor.account_id in {account, owner})
        if is_own:
            found.append(GivenRow(rater if rater in RATERS else "asker", stars, tuple(reasons), text, at))
    return tuple(sorted(found, key=lambda row: RATERS.index(row.rater)))


def merged_work_is_done(request_key: int) -> bool:
    """Tell whether the work that a merged request waited for is finished. Budget: one query."""
    master = Request.objects.filter(pk=request_key).values("master_id")
    return Job.objects.filter(request__in=master, state__in=["finished", "verified", "closed"]).exists()


def has_worked(account_id: int, request_key: int) -> bool:
    """Tell whether an account did the work of a request, or of its master. Budget: one query."""
    master = Request.objects.filter(pk=request_key).values("master_id")
    work = Job.objects.filter(request_id=request_key) | Job.objects.filter(request__in=master)
    mine = work.filter(finished_by_id=account_id) | work.filter(worker_id=account_id)
    return mine.exists()


def is_askers(actor: Actor, request_key: int) -> bool:
    """Tell whether an account asked for it, or is its contact; anybody else of the department is the ward's voice.

    Budget: one query.
    """
    own = Q(owner_id=actor.account_id) | Q(first_contact_id=actor.account_id)
    return Request.objects.filter(own, pk=request_key).exists()


def ward_has_rated(request_key: int) -> bool:
    """Tell whether the ward's one rating is given. Budget: one query."""
    return Rating.objects.filter(request_id=request_key, rater=WARD).exists()

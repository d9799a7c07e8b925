"""Boxes that nobody opens: told the hospital's officers, and after as long again its head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min, Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Entry, Holding
from yingxu.ground.unit import Unit
from yingxu.voice.claims import PAPER_WITHIN, UNOPENED, day_at
from yingxu.voice.events.boxes import BoxLeftClosed
from yingxu.voice.models import PaperOpening, SuggestionBox


@dataclass(frozen=True)
class BoxesWatched:
    """How many boxes somebody was told of."""

    n: int


def watch_boxes(*, actor: Actor, at: datetime) -> BoxesWatched:
    """Officers are told once of each box left closed: letters since three days, or the box of wood since a week.

    After twice that time the head is told too. Days are counted, no hours: the hour of a letter is known to nobody.
    A box that takes no letters and holds none is left alone. Records BoxLeftClosed. Refuses: NotAllowed.
    Budget: 2, and three a box that is late.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "box.watch", where=Where(None))
        n = 0
        for box, since, is_paper, n_told in _late(at):
            fact = BoxLeftClosed(
                site_id=box.site_id,
                subject_id=box.pk,
                thread_id=box.pk,
                name=box.name,
                since=since.isoformat(),
                is_paper=is_paper,
            )
            same = {"since": fact.since, "is_paper": is_paper}
            said = Entry.objects.filter(thread_id=box.pk, kind=BoxLeftClosed.kind, facts__contains=same)
            if said.count() >= n_told:
                continue
            entry = unit.record(fact)
            told = Holding.objects.filter(
                site_id=box.site_id, role="HO" if n_told == 1 else "HD", account__is_active=True
            )
            told = told.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)
            for account_id in sorted(set(told.values_list("account_id", flat=True))):
                unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account_id)
            n += 1
        unit.answer(BoxesWatched(n))
    return unit.answered(BoxesWatched)


def _late(at: datetime) -> Iterator[tuple[SuggestionBox, date, bool, int]]:
    """Yield a box, the day since when, whether it is the one of wood, and how far up it is to be told (1, 2)."""
    boxes = list(
        SuggestionBox.objects.filter(site__state="open")
        .select_related("site")
        .annotate(oldest_on=Min("letters__received_on", filter=Q(letters__state="in_box")))
    )
    opened = dict(PaperOpening.objects.values_list("box_id").annotate(at=Max("opened_at")).values_list("box_id", "at"))
    for box in boxes:
        today = day_at(box.site, at)
        if box.oldest_on is not None and today - box.oldest_on >= UNOPENED:
            yield box, box.oldest_on, False, 2 if today - box.oldest_on >= 2 * UNOPENED else 1
        last = opened.get(box.pk)
        if last is not None and box.is_on and at - last > PAPER_WITHIN:
            yield box, day_at(box.site, last), True, 2 if at - last > 2 * PAPER_WITHIN else 1

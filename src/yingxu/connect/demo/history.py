"""The demo's past: cases played by the verbs in the order of their times, in batches."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yingxu.connect.demo.acts import Play, tried
from yingxu.connect.demo.life import Cast, course_of
from yingxu.connect.demo.promises import trial
from yingxu.connect.demo.tables import Saying, Sayings
from yingxu.ground.actor import engine
from yingxu.ground.batch import Batch
from yingxu.promise import actions as promise
from yingxu.standards import queries as standards
from yingxu.verify import actions as verify
from yingxu.work import queries as work

#: The pilot: before its last month the hospital tried the service with this share of its volume.
PILOT_SHARE, FULL_SHARE, FULL_DAYS = 0.006, 0.16, 30
CASES_A_BATCH = 250
#: The hospital's day begins at its own midnight.
HERE = ZoneInfo("Asia/Shanghai")


def sayings(now: datetime, *, days: int, seed: int, book: Sayings) -> Iterator[Saying]:
    """Yield what was asked for in the days before ``now``, in order."""
    midnight = now.astimezone(HERE).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(days, -1, -1):
        day = midnight - timedelta(days=back)
        share = FULL_SHARE if back <= FULL_DAYS else PILOT_SHARE
        draw = random.Random(f"day:{seed}:{day.date()}")
        said = [*book.of_day(day, share=share, draw=draw), *trial(book, day, back=back, full_days=FULL_DAYS, seed=seed)]
        yield from (saying for saying in sorted(said, key=lambda one: one.at) if saying.at < now)


def play(site_id: int, cast: Cast, now: datetime, *, days: int, seed: int, tell: Callable[[int], None]) -> int:
    """Play the past up to ``now``; returns how many cases. ``tell`` hears how many are done."""
    book, number = Sayings(), 0
    told = (saying for saying in sayings(now, days=days, seed=seed, book=book) if cast.plays(saying.item_code))
    for some in batched_cases(told, CASES_A_BATCH):
        plays = []
        for saying in some:
            number += 1
            draw = random.Random(f"case:{seed}:{number}")
            plays.append(
                Play(
                    course_of(saying, number),
                    cast,
                    site_id,
                    nurse=cast.actors[cast.nurse_of(saying.place_code, book.places, draw)],
                    clerk=cast.actors[draw.choice(cast.desk)],
                )
            )
        with Batch():
            _play_batch(plays, now, random.Random(f"batch:{seed}:{number}"))
        for one in plays:
            if one.rating is not None and one.rating.at <= now:
                one.rating.give()
        tell(number)
    clock = engine("clock")
    while promise.mark_due(site_id=site_id, actor=clock, at=now, limit=2000).is_more:
        pass
    while verify.lapse_jobs(actor=clock, at=now, limit=500).numbers:
        pass
    return number


def batched_cases(cases: Iterator[Saying], size: int) -> Iterator[list[Saying]]:
    """Yield the cases in lists of ``size``."""
    some: list[Saying] = []
    for case in cases:
        some.append(case)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _play_batch(plays: list[Play], now: datetime, draw: random.Random) -> None:
    for one in plays:
        one.ask()
    by_key = {one.request.key: one for one in plays if one.request is not None}
    for job in work.jobs_of_requests(engine("demo"), list(by_key)):
        by_key[job.request_key].job_id = job.job_id
    stage: list[tuple[datetime, int, Iterator[datetime]]] = []
    for place, one in enumerate(plays):
        if one.request is None:
            continue
        if one.job_id is None:
            act = one.answer()
        else:
            one.procedure = standards.procedure_in_force(one.site_id, one.course.saying.item_code, at=one.at)
            act = one.rest(draw)
        first = tried(act)
        if first is not None:
            stage.append((first, place, act))
    heapq.heapify(stage)
    while stage:
        at, place, act = heapq.heappop(stage)
        if at > now:
            continue  # from here on the afternoon's robots play it
        following = tried(act)
        if following is not None:
            heapq.heappush(stage, (following, place, act))

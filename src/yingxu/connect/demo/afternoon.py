"""The demo's present: an afternoon that goes on. Robots play the hospital's people on the demo's own requests.

They touch nothing that a visitor asked for, and step back when somebody else was faster.
"""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from yingxu.connect.demo.acts import Play, finish, log
from yingxu.connect.demo.furnish import SITE
from yingxu.connect.demo.life import OURS, Cast, Course, course_of, human_word
from yingxu.connect.demo.people_can import keep_duties
from yingxu.connect.demo.tables import Sayings, rows
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch import queries as dispatch_queries
from yingxu.ground import queries
from yingxu.ground.actor import engine
from yingxu.ground.refusals import Refusal
from yingxu.standards import queries as standards
from yingxu.verify import actions as verify
from yingxu.work import actions as work
from yingxu.work import queries as work_queries
from yingxu.work.queries import SourcedRow

#: The robots hurry: a minute of the course passes in so many seconds, so that a visitor sees the loop go round.
HURRY = 0.2
#: A new request of the demo comes every so many seconds on average.
ASK_EVERY_S = 25.0
#: So many ask as soon as the doors open: no visitor meets an empty desk, whatever the hour.
AT_FIRST = 9


def cast_of_demo() -> Cast:
    """Return the demo's people as actors."""
    found = queries.actors_by_name(row["login"] for row in rows("people"))
    return Cast.of({login: actor for login, (actor, _) in found.items()}, {a.id or 0: uid for a, uid in found.values()})


@dataclass
class Robots:
    """Who carries the demo's cases on."""

    site_id: int
    cast: Cast
    seed: int
    book: Sayings = field(default_factory=Sayings)
    number: int = 0

    def __post_init__(self) -> None:
        self.draw = random.Random(f"afternoon:{self.seed}")
        self.by_key = {actor.id: actor for actor in self.cast.actors.values()}

    def turn(self, at: datetime, seconds: float) -> None:
        """Let pass some seconds: perhaps somebody asks; whoever's turn has come acts."""
        if self.draw.random() < seconds / ASK_EVERY_S:
            self.ask(at)
        for row in work_queries.open_jobs_of_source(engine("demo"), self.site_id, OURS):
            course = course_of(self.book.saying(row.item_code, row.opened_at, self.draw), _number(row.source_ref))
            waited = (at - row.moved_at).total_seconds()
            act = self._act(row, course)
            if act is not None and waited >= act[0] * HURRY:
                _try(lambda act=act: act[1](at))  # type: ignore[misc]

    def ask(self, at: datetime) -> None:
        """Somebody asks for something."""
        saying = self.book.now(at, self.draw)
        if not self.cast.plays(saying.item_code):
            return
        self.number = round(at.timestamp() * 1000)
        login = self.cast.nurse_of(saying.place_code, self.book.places, self.draw)
        clerk = self.cast.actors[self.draw.choice(self.cast.desk)]
        play = Play(course_of(saying, self.number), self.cast, self.site_id, self.cast.actors[login], clerk)
        _try(play.ask)

    def _act(self, row: SourcedRow, course: Course) -> tuple[float, Callable[[datetime], object]] | None:
        """Return after how many seconds of the course the job's next act is due, and the act."""
        job_id, worker = row.job_id, self.by_key.get(row.worker_id)
        nurse = self.by_key.get(row.owner_id)
        if row.state == "queued":
            return course.desk_s * 2, lambda at: self._send(row, at)
        if worker is None:
            return None
        if row.state == "dispatched":
            return course.accept_s, lambda at: work.accept_job(job_id=job_id, actor=worker, at=at)
        if row.state == "accepted":
            return 30, lambda at: work.set_out(job_id=job_id, actor=worker, at=at)
        if row.state == "en_route":
            return course.walk_s, lambda at: work.arrive_at_job(
                job_id=job_id, actor=worker, at=at, place_code=row.place_code
            )
        if row.state == "arrived":
            return course.walk_s + 60, lambda at: work.start_job(job_id=job_id, actor=worker, at=at)
        if row.state == "in_progress":
            procedure = standards.procedure_of(row.edition_id)
            line = row.item_code.split(".")[0].upper()
            minutes = max(1, course.work_s // 60)
            return course.work_s, lambda at: finish(
                job_id, procedure, worker, at, number=_number(row.source_ref), line=line, minutes=minutes
            )
        if row.state == "finished" and nurse is not None and course.verdict != "silence":
            return course.answer_s, lambda at: verify.confirm_job(job_id=job_id, actor=nurse, at=at)
        return None

    def _send(self, row: SourcedRow, at: datetime) -> None:
        """Send whom the planner proposes, as a clerk mostly does; by hand while there is no proposal."""
        chosen = dispatch_queries.proposed_worker(row.job_id)
        found = None if chosen else self.cast.worker_for(row.item_code, at, self.draw)
        if found is not None:
            chosen = self.cast.uids[self.cast.actors[found[0]].id or 0]
        if chosen is not None:
            dispatch.assign_job(
                job_id=row.job_id,
                worker_id=chosen,
                actor=self.cast.actors[self.draw.choice(self.cast.desk)],
                at=at,
                word=human_word(row.priority),
                override_reason="人手按区域分工",
            )


def _number(source_ref: str) -> int:
    return int(source_ref.removeprefix(OURS))


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except Refusal as refusal:
        log.info("a robot was refused: %s", refusal)


def play(seed: int) -> int:
    """Play until told to stop (SIGTERM, Ctrl-C)."""
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    carry_on(stop, seed)
    return 0


def carry_on(stop: threading.Event, seed: int, *, pause_s: float = 3.0) -> None:
    """Play until ``stop`` is set; while the database is away, try again."""
    robots: Robots | None = None
    n_to_ask, duties_at = AT_FIRST, timezone.now()
    while not stop.is_set():
        try:
            if robots is None:
                robots = Robots(queries.site_by_code(SITE).id, cast_of_demo(), seed=seed)
            while n_to_ask and not stop.is_set():
                robots.ask(timezone.now())
                n_to_ask -= 1
            if timezone.now() - duties_at > timedelta(hours=1):
                duties_at = timezone.now()
                keep_duties(duties_at)
            robots.turn(timezone.now(), pause_s)
        except (OperationalError, InterfaceError) as error:
            connection.close()  # a dead connection is let go: the next turn takes a new one
            log.warning("the robots wait for the database: %s", (str(error).splitlines() or [""])[0])
        except Exception:
            log.exception("the robots stumbled")
        stop.wait(pause_s)

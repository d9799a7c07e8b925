"""``yingxu worker``: the background loops. Each turn asks the rooms' verbs; any number of workers may run at once."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from config.watch import watched
from yingxu.connect import house

log = logging.getLogger("yingxu.worker")


@dataclass
class Loop:
    """Something done again and again: every ``every_s`` seconds, at once again while it says that there is more."""

    name: str
    turn: Callable[[], bool]
    every_s: float
    due_at: float = field(default=0.0)
    n_failures: int = 0

    def run(self, now: float) -> None:
        """Take a turn if it is due; a failure is logged and waits longer each time, up to a minute."""
        if now < self.due_at:
            return
        try:
            is_more = self.turn()
            self.n_failures = 0
            self.due_at = now if is_more else now + self.every_s
        except Exception as error:
            self.n_failures += 1
            self.due_at = now + min(60.0, self.every_s * 2**self.n_failures)
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        """Log a failure: one line while the database is away, whose dead connection is let go; else in whole."""
        from django.db import InterfaceError, OperationalError, connection

        if isinstance(error, OperationalError | InterfaceError):
            connection.close()
            log.warning("%s waits for the database: %s", self.name, str(error).splitlines()[0])
        else:
            log.error("%s failed", self.name, exc_info=error)


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Work until told to stop (SIGTERM, Ctrl-C); the turn in hand is finished."""
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stop.set())
    with house.entered(), watched():
        from yingxu.connect import outside

        others = threading.Thread(target=outside.work, args=(stop,), name="outside", daemon=True)
        others.start()
        work(stop)
        others.join(timeout=5)
    return 0


def work(stop: threading.Event) -> None:
    """Run every loop until ``stop`` is set."""
    loops = make_loops()
    while not stop.is_set():
        for loop in loops:
            loop.run(time.monotonic())
        stop.wait(0.2)


def make_loops() -> list[Loop]:
    """Return the loops of this version."""
    from django.db import close_old_connections

    from yingxu.connect import learning, lookahead, recurring, sealing
    from yingxu.connect.analyst import calling
    from yingxu.demand.queries import priorities_of
    from yingxu.dispatch import actions as dispatch
    from yingxu.ground import actions as ground
    from yingxu.ground import queries as site_queries
    from yingxu.ground.actor import engine
    from yingxu.promise import actions as promise
    from yingxu.standards import queries as standards
    from yingxu.verify import actions as verify
    from yingxu.work.answering import hands_of_jobs

    clock = engine("clock")

    def mark_due() -> bool:
        return promise.mark_due(site_id=None, actor=clock, at=timezone.now()).is_more

    def warn() -> bool:
        return promise.raise_warnings(actor=clock, at=timezone.now(), hands=hands_of_jobs).is_more

    def pull_back() -> bool:
        dispatch.pull_back_overdue(actor=clock, at=timezone.now())
        return False

    def start_editions() -> bool:
        from yingxu.standards import actions as standard_actions

        return standard_actions.start_due_editions(actor=clock, at=timezone.now()).is_more

    def lapse() -> bool:
        verify.lapse_jobs(actor=clock, at=timezone.now())
        return False

    def draw_calls() -> bool:
        for site in site_queries.open_sites():
            verify.draw_calls(site_id=site.id, actor=clock, at=timezone.now())
            verify.draw_peers(site_id=site.id, actor=clock, at=timezone.now())
        return False

    def let_go() -> bool:
        from yingxu.work.actions.parts import let_go_of_ended

        return let_go_of_ended(actor=clock, at=timezone.now()).is_more

    def watch_incidents() -> bool:
        from yingxu.work.actions.incident_watch import watch_incidents as watch

        watch(actor=clock, at=timezone.now())
        return False

    def deliver() -> bool:
        return ground.route_notices(actor=clock, at=timezone.now(), priorities=priorities_of).is_more

    def forget() -> bool:
        standards.refresh_calendars()
        ground.forget_tries(actor=clock, at=timezone.now())
        close_old_connections()
        return False

    def watch_forums() -> bool:
        from yingxu.voice.actions.forums import watch_forums as watch
        from yingxu.voice.actions.watching import watch_promised
        from yingxu.voice.actions.watching_boxes import watch_boxes

        watch_boxes(actor=clock, at=timezone.now())
        watch(actor=clock, at=timezone.now())
        watch_promised(actor=clock, at=timezone.now())
        return False

    def mix_letters() -> bool:
        from yingxu.voice.actions.mixing import mix_letters as mix

        mix(actor=clock, at=timezone.now())
        return False

    def watch_voices() -> bool:
        from yingxu.voice.actions.watching import watch_voices as watch

        watch(actor=clock, at=timezone.now())
        return False

    return [
        Loop("mark due promises", mark_due, 1.0),
        Loop("warn before and after limits", warn, 2.0),
        Loop("pull back what nobody accepted", pull_back, 2.0),
        Loop("start editions whose moment came", start_editions, 5.0),
        Loop("lapse what nobody confirmed", lapse, 30.0),
        Loop("draw call-backs and re-checks", draw_calls, 120.0),
        Loop("raise what is needed again", recurring.turn, 30.0),
        Loop("raise what is prepared ahead", lookahead.turn, 30.0),
        Loop("watch what is prepared ahead", lookahead.watch, 1800.0),
        Loop("raise what is due in emergencies", watch_incidents, 1.0),
        Loop("let go of parts of jobs that ended", let_go, 60.0),
        Loop("deliver messages", deliver, 1.0),
        Loop("seal the ledger", sealing.Sealer().turn, 2.0),
        Loop("open the ledger's next month", sealing.open_partitions, 6 * 3600.0),
        Loop("watch the months' forums", watch_forums, 3600.0),
        Loop("tell of voices without an answer", watch_voices, 300.0),
        Loop("mix what has no sender", mix_letters, 600.0),
        Loop("forget what is old", forget, 60.0),
        Loop("learn from the desk's decisions", learning.Learner().turn, 300.0),
        Loop("call the analyst", calling.Caller().turn, 1.0),
    ]

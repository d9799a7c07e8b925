"""Reading learns in the background: in a thread of its own, so that no clock waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict

from django.db import connection
from django.utils import timezone

from yingxu.core.language.learning import applied, judge, learn, worse
from yingxu.core.language.scorer import shipped_table
from yingxu.demand import actions as demand
from yingxu.demand import triage
from yingxu.demand.queries import learned
from yingxu.demand.queries.learned import Lessons
from yingxu.ground.actor import engine

#: A version is learned when so many new decisions are there; fewer teach nothing that can be judged.
AT_LEAST_NEW = 40
#: So many texts set aside must judge it.
AT_LEAST_HELD_OUT = 8


def learn_once(lessons: Lessons) -> demand.VersionKept | None:
    """Learn a site's version, judge it against the one in use, keep it; None when too few texts can judge."""
    if len(lessons.held_out) < AT_LEAST_HELD_OUT:
        return None
    base = shipped_table()
    change = learn(lessons.learn, base)
    table = applied(base, change)
    now_read = triage.table_in_use(lessons.site_id).table
    before, after = judge(lessons.held_out, now_read), judge(lessons.held_out, table)
    return demand.keep_version(
        site_id=lessons.site_id,
        learned=change,
        n_lessons=len(lessons.learn),
        n_held_out=len(lessons.held_out),
        up_to=lessons.up_to,
        figures={"before": asdict(before), "after": asdict(after)},
        worse=worse(before, after),
        actor=engine("learner"),
        at=timezone.now(),
    )


class Learner:
    """Starts a thread when there is something to learn and none runs; a failure is told by the next turn."""

    def __init__(self, at_least_new: int = AT_LEAST_NEW, run: Callable[[Lessons], object] = learn_once) -> None:
        self._at_least_new = at_least_new
        self._run = run
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None
        self._done: dict[int, int] = {}

    def turn(self) -> bool:
        """Look for lessons; never more to do at once."""
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        if self._thread is not None and self._thread.is_alive():
            return False
        found = [
            one for one in learned.lessons(at_least_new=self._at_least_new) if self._done.get(one.site_id) != one.up_to
        ]
        if found:
            self._thread = threading.Thread(target=self._work, args=(found,), name="learner", daemon=True)
            self._thread.start()
        return False

    def _work(self, found: list[Lessons]) -> None:
        try:
            for lessons in found:
                self._run(lessons)
                self._done[lessons.site_id] = lessons.up_to
        except Exception as error:
            self._failure = error
        finally:
            connection.close()

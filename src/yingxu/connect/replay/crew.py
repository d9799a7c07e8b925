"""Two processes for a long log: each plays other parts; none outlives the command that started it."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

from yingxu.connect import house
from yingxu.connect.refusal import BadInput
from yingxu.connect.replay.plan import Told

if TYPE_CHECKING:  # a new process has no Django yet when it reads this page
    from yingxu.connect.replay.furnishing import Ground

#: A log with fewer cases is played before a second process would have started.
WORTH_TWO = 3000
_LOOK_S = 0.5
_AHEAD = 2


def processes_for(n_cases: int) -> int:
    """Return how many processes play a log best: two where there are cores for them and enough to do."""
    return 2 if n_cases >= WORTH_TWO and (os.cpu_count() or 1) >= 2 else 1


def play_all(
    ground: Ground, parts: Sequence[Sequence[Told]], *, n_processes: int, tell: Callable[[dict[str, object]], None]
) -> None:
    """Play the parts, whichever process is free taking the next; ``tell`` hears each part's tally as fields."""
    if n_processes == 1:
        for part in parts:
            tell(_play(ground, part))
        return
    try:
        _play_by_many(ground, parts, n_processes, tell)
    except BrokenProcessPool:
        raise BadInput("a process that played was ended; run the same command again, nothing is played twice") from None


def _play_by_many(
    ground: Ground, parts: Sequence[Sequence[Told]], n_processes: int, tell: Callable[[dict[str, object]], None]
) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_processes, mp_context=context, initializer=_enter, initargs=(os.getpid(),)) as pool:
        # a few parts ahead only: what waits is pickled, and a log may be long
        waiting: set[Future[dict[str, object]]] = set()
        for part in parts:
            if len(waiting) >= n_processes * _AHEAD:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for one in done:
                    tell(one.result())
            waiting.add(pool.submit(_play, ground, part))
        for one in waiting:
            tell(one.result())


def _enter(parent: int) -> None:
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    house.set_up()
    Finalize(None, house.close_pool, exitpriority=10)


def _leave_with(parent: int) -> None:
    """End when the command that started this process is gone, killed or not; an open batch is rolled back."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)


def _play(ground: Ground, part: Sequence[Told]) -> dict[str, object]:
    from yingxu.connect.replay.playing import play_batch

    return dict(vars(play_batch(ground, part)))

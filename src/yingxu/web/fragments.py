"""What many open screens ask for again and again: made once for all who may see the same.

200 desks that each ask every two seconds would have the board rendered a hundred times a second. What was made is kept
by what it shows and for whom; a change shows up after at most :data:`FRESH_S` more, on a machine that is slow to make
it after :data:`PAUSES` times the processor's time that this takes, so that the screens never take more than a part of a
process. Not the time by the clock: at a flood a fragment waits for its turn ten times as long as it works, and rested
that much longer, just when most changed. Kept in the process, a few dozen.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

#: A fragment is made anew at most this often, however much changes, unless somebody acted and asks at once.
FRESH_S = 0.25
#: After making it, it rests for so many times as long as the processor worked on it, at most :data:`SLOW_S`.
PAUSES, SLOW_S = 6.0, 1.0
#: The mark of a site is asked for at most this often.
MARK_S = 0.15
_KEPT = 64


@dataclass
class _One(Generic[Value]):
    """A fragment as last made: at which mark, when, until when it is fresh; ``lock`` is held by who makes it."""

    mark: str = ""
    fresh_until: float = -1e9
    value: Value | None = None
    lock: Lock = field(default_factory=Lock)


class Fragments(Generic[Value]):
    """Fragments of one kind, the least used forgotten first. Safe for threads."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, worked: Callable[[], float] = time.thread_time
    ) -> None:
        self._clock, self._worked = clock, worked
        self._ones: OrderedDict[Hashable, _One[Value]] = OrderedDict()
        self._lock = Lock()
        self.n_made = 0

    def get(self, key: Hashable, mark: str, make: Callable[[], Value], *, at_once: bool = False) -> Value:
        """Return the fragment at ``mark``, or one that is still fresh; ``at_once``: never an older."""
        one = self._one(key)
        value = one.value
        # being made this moment by somebody else: the next question sees it
        if value is not None and (self._is_good(one, mark, at_once) or (not at_once and one.lock.locked())):
            return value
        with one.lock:
            value = one.value
            if value is None or not self._is_good(one, mark, at_once):
                began = self._worked()
                one.value = value = make()
                rest_s = min(SLOW_S, max(FRESH_S, PAUSES * (self._worked() - began)))
                one.mark, one.fresh_until = mark, self._clock() + rest_s
                self.n_made += 1
            return value

    def _is_good(self, one: _One[Value], mark: str, at_once: bool) -> bool:
        return one.mark == mark or (not at_once and self._clock() < one.fresh_until)

    def _one(self, key: Hashable) -> _One[Value]:
        with self._lock:
            one = self._ones.get(key)
            if one is None:
                one = self._ones[key] = _One()
                while len(self._ones) > _KEPT:
                    self._ones.popitem(last=False)
            self._ones.move_to_end(key)
            return one


class Marks:
    """The newest mark of each site, asked for at most every :data:`MARK_S`. Safe for threads."""

    def __init__(self, ask: Callable[[int], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[int, tuple[float, str]] = {}

    def knows(self, site_id: int) -> bool:
        """Tell whether the site was asked about before."""
        return site_id in self._known

    def of(self, site_id: int, *, at_once: bool = False) -> str:
        """Return the site's mark, at most :data:`MARK_S` old; ``at_once``: asked for now."""
        known = self._known.get(site_id)
        moment = self._clock()
        if known is not None and not at_once and moment - known[0] < MARK_S:
            return known[1]
        mark = self._ask(site_id)
        self._known[site_id] = (moment, mark)
        return mark

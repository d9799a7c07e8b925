"""Fragments that many open screens ask for again and again: rendered once for all who may see the same.

200 desks that each ask every two seconds would have the board rendered a hundred times a second. What was rendered is
kept by what it shows and for whom; a change shows up after at most :data:`FRESH_S` more. Kept in the process, a few
dozen, never for longer than somebody asks.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

#: A fragment is rendered anew at most this often, however much changes, unless somebody acted and asks at once.
FRESH_S = 0.5
#: The mark of a site is asked for at most this often.
MARK_S = 0.2
_KEPT = 64


@dataclass
class _One:
    """A fragment as last rendered: at which mark, when, and its text; ``lock`` is held by who renders."""

    mark: str = ""
    rendered_at: float = -1e9
    text: str = ""
    lock: Lock = field(default_factory=Lock)


class Fragments:
    """Rendered fragments of one kind, the least used forgotten first. Safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ones: OrderedDict[Hashable, _One] = OrderedDict()
        self._lock = Lock()
        self.n_rendered = 0

    def get(self, key: Hashable, mark: str, render: Callable[[], str], *, at_once: bool = False) -> str:
        """Return the fragment at ``mark``, or one that is at most :data:`FRESH_S` old; ``at_once``: never an older."""
        one = self._one(key)
        if self._is_good(one, mark, at_once):
            return one.text
        if not at_once and one.text and one.lock.locked():
            return one.text  # somebody renders it this moment; the next question sees it
        with one.lock:
            if not self._is_good(one, mark, at_once):
                one.text, one.mark, one.rendered_at = render(), mark, self._clock()
                self.n_rendered += 1
            return one.text

    def _is_good(self, one: _One, mark: str, at_once: bool) -> bool:
        return bool(one.text) and (one.mark == mark or (not at_once and self._clock() - one.rendered_at < FRESH_S))

    def _one(self, key: Hashable) -> _One:
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

    def of(self, site_id: int, *, at_once: bool = False) -> str:
        """Return the site's mark, at most :data:`MARK_S` old; ``at_once``: asked for now."""
        known = self._known.get(site_id)
        moment = self._clock()
        if known is not None and not at_once and moment - known[0] < MARK_S:
            return known[1]
        mark = self._ask(site_id)
        self._known[site_id] = (moment, mark)
        return mark

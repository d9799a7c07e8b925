"""What open screens ask every second or two: answered first of all where nothing happened, else from what is kept.

A screen's mark says at which entry of the site's ledger it was made, for which site, and when. While the site's mark is
the same and the screen is not old, a look is answered before the session is read: that tells a stranger nothing but
that nothing happened. What changed is read by whoever may, from a fragment made and packed once for all alike.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from yingxu.demand import queries as demand
from yingxu.web.fragments import Fragments, Marks

#: What the clock alone changes (late counts, a call that nobody told the end of) is shown after so long.
OLD_S = 30
#: Shorter texts are not worth packing.
_PACKED_FROM = 500


@dataclass(frozen=True)
class Live:
    """A fragment as last made: its text, packed as browsers ask for it, and the mark of the screens that show it."""

    text: bytes
    packed: bytes | None
    mark: str = ""

    @classmethod
    def of(cls, text: str, mark: str = "") -> Live:
        """Return a text with its packed form."""
        plain = text.encode()
        # no secret of one reader is ever in a fragment that several share: packing it tells nobody anything
        return cls(plain, gzip.compress(plain, 6, mtime=0) if len(plain) >= _PACKED_FROM else None, mark)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the answer for a reader; nothing for a screen that shows this very one: it rests, newer is to come."""
        if self.mark and self.mark == request.GET.get("mark") and "at_once" not in request.GET:
            return HttpResponse(status=204)
        if self.packed is None or "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            return HttpResponse(self.text)
        response = HttpResponse(self.packed, headers={"Content-Encoding": "gzip"})
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


def screen_mark(site_id: int, *, at_once: bool = False) -> str:
    """Return the mark for a screen that is made now: ``entry.check.site.second``. Budget: one query, at times none."""
    return f"{marks.of(site_id, at_once=at_once)}.{site_id}.{int(time.time())}"


def is_same(mark: str, now: str) -> bool:
    """Tell whether a screen of ``mark`` shows what one of ``now`` would."""
    what, _, made_at = mark.rpartition(".")
    what_now, _, moment = now.rpartition(".")
    return what == what_now and made_at.isdecimal() and 0 <= int(moment) - int(made_at) < OLD_S


def kept_as(mark: str) -> str:
    """Return what a kept fragment is compared by: made again in time, before the screens that hold it are old."""
    what, _, made_at = mark.rpartition(".")
    return f"{what}-{int(made_at) // OLD_S}"


def fragment(
    kept: Fragments[Live], key: Hashable, mark: str, make: Callable[[], str], *, at_once: bool = False
) -> Live:
    """Return the fragment for ``mark`` made for all of ``key``; ``at_once``: what was just done is in it."""
    return kept.get(key, kept_as(mark), lambda: Live.of(make(), mark), at_once=at_once)


class NothingNew:
    """Answers 204 to a screen's look while nothing was recorded at its site, before session, person and view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and request.path_info.endswith("/now") and self._is_same(request):
            return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
        return self.get_response(request)

    def _is_same(self, request: HttpRequest) -> bool:
        mark = request.GET.get("mark", "")
        parts = mark.split(".")
        # only what a whole answer of this process was about: nobody makes it ask for sites that he made up
        if len(parts) != 4 or "at_once" in request.GET or not parts[2].isdecimal() or not marks.knows(int(parts[2])):
            return False
        try:
            return is_same(mark, screen_mark(int(parts[2])))
        except DatabaseError:
            return False  # the view says in words that the database is away


#: One for all screens of the process.
marks = Marks(demand.change_mark)

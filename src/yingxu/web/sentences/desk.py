"""Refusals of the desk's own: calls, versions of reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.demand import refusals as demand
from yingxu.ground.refusals import Refusal

Sentence = Callable[[Any], str]

SENTENCES: dict[type[Refusal], Sentence] = {
    demand.CallIsOver: lambda r: _("Nobody waits for this call any more: it was answered or settled."),
    demand.VersionIsWorse: lambda r: (
        _("Version %(number)s reads texts worse that it never saw; it is not used.") % {"number": r.number}
    ),
    demand.VersionOfOtherRelease: lambda r: (
        _("Version %(number)s was learned for another release. A new one is learned by itself.") % {"number": r.number}
    ),
}

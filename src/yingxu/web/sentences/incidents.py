"""Refusals of emergencies, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.web.emergency.words import mark_name, state_name
from yingxu.web.words import coded
from yingxu.work.refusals import incidents as work


def _call_tree(refusal: work.BadCallTree) -> str:
    said = {
        "empty": _("The call tree needs at least one level that helps."),
        "too_many": _("The call tree has too many levels."),
        "no_name": _("Level %(level)s has no name."),
        "wait": _("Level %(level)s: wait between 10 seconds and 30 minutes."),
        "tries": _("Level %(level)s: between one and nine tries."),
    }
    return said.get(refusal.problem, _("Level %(level)s cannot stand like this.")) % {"level": refusal.level}


SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    work.IncidentNotSo: lambda r: (
        _("Somebody was faster: this incident is “%(state)s” now. Look at it again.")
        % {"state": state_name(r.state)[0]}
        if r.state
        else _("Somebody was faster. Look at it again.")
    ),
    work.MarkTaken: lambda r: (
        _("“%(mark)s” was noted already; what was noted is never changed. Put what differs on the log.")
        % {"mark": mark_name(r.kind, r.mark)}
    ),
    work.MarkMissing: lambda r: (
        _("It cannot end as real before “%(mark)s” is noted. Was it a false alarm, end it as one.")
        % {"mark": mark_name(r.kind, r.mark)}
    ),
    work.ReleaserNotCertified: lambda r: (
        _("%(name)s may not release the lift: certificate %(code)s is %(state)s.")
        % {"name": r.name, "code": r.certificate, "state": coded("certificate_states", r.state)}
    ),
    work.BadCallTree: _call_tree,
}

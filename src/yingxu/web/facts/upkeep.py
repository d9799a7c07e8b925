"""Sentences of the look-ahead calendar."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence, joined
from yingxu.web.templatetags.yingxu import is_english


def _own(f: Facts, name: str) -> str:
    """Return a text of the facts in the reader's language."""
    return str((f.get(f"{name}_en") if is_english() else "") or f.get(name) or "")


def _opened(f: Facts) -> str:
    values = {"what": _own(f, "text"), "occasion": _own(f, "occasion"), "on": f["begins_on"], "due": f["due_on"]}
    said = _("Started before anybody asked, for %(occasion)s from %(on)s: %(what)s, ready by %(due)s") % values
    if f["owner"]:
        said += _("; %(name)s answers for it") % {"name": f["owner"]}
    if f["is_short"]:
        said += _("; inside the lead of %(n)s days") % {"n": f["lead_days"]}
    return said


def _late(f: Facts) -> str:
    values = {"what": _own(f, "text"), "occasion": _own(f, "occasion"), "on": f["begins_on"], "due": f["due_on"]}
    said = {
        1: _("Still to be made ready by %(due)s for %(occasion)s: %(what)s"),
        2: _("Late, it was to be ready by %(due)s for %(occasion)s: %(what)s"),
        3: _("%(occasion)s has begun on %(on)s and this is not ready: %(what)s"),
    }[int(f["step"])]
    who = f["owner"] or _("nobody answers for it")
    return said % values + _(" (%(who)s)") % {"who": who}


def _announced(f: Facts) -> str:
    said = _("%(name)s from %(on)s: %(text)s") % {"name": _own(f, "name"), "on": f["begins_on"], "text": f["text"]}
    return said + _(" (told less than a day before)") if f["is_short"] else said


def _ready(f: Facts) -> str:
    said = _("Ready: %(what)s") if not f["is_late"] else _("Ready, after its day: %(what)s")
    return joined(said % {"what": _own(f, "text")}, f["note"])


def _kept(f: Facts) -> str:
    values = {"what": f["text"], "name": _own(f, "name"), "n": f["lead_days"]}
    if f["is_new"]:
        return _("From now on prepared %(n)s days before %(name)s: %(what)s") % values
    return _("Now prepared otherwise, %(n)s days before %(name)s: %(what)s") % values


SENTENCES: dict[str, Sentence] = {
    "upkeep.occasion.added": lambda f: (
        _("Put %(name)s on the calendar with %(n)s preparations") % {"name": _own(f, "name"), "n": f["n_rules"]}
    ),
    "upkeep.occasion.changed": lambda f: (
        _("Changed %(name)s; %(n)s open preparations moved with it") % {"name": _own(f, "name"), "n": f["n_moved"]}
    ),
    "upkeep.occasion.withdrawn": lambda f: (
        _("Took %(name)s off the calendar: %(reason)s") % {"name": _own(f, "name"), "reason": f["reason"]}
    ),
    "upkeep.occasion.announced": _announced,
    "upkeep.rule.kept": _kept,
    "upkeep.rule.withdrawn": lambda f: (
        _("No longer prepared before %(name)s: %(what)s") % {"name": _own(f, "name"), "what": f["text"]}
    ),
    "upkeep.preparation.opened": _opened,
    "upkeep.preparation.unowned": lambda f: (
        _("Nobody answers for a preparation for %(occasion)s, ready by %(due)s: %(what)s")
        % {"occasion": _own(f, "occasion"), "due": f["due_on"], "what": _own(f, "text")}
    ),
    "upkeep.preparation.taken": lambda f: (
        _("%(name)s answers for it, ready by %(due)s: %(what)s")
        % {"name": f["owner"], "due": f["due_on"], "what": _own(f, "text")}
    ),
    "upkeep.preparation.ready": _ready,
    "upkeep.preparation.skipped": lambda f: joined(
        _("Left out this time: %(what)s") % {"what": _own(f, "text")}, f["reason"]
    ),
    "upkeep.preparation.postponed": lambda f: joined(
        _("To be ready by %(due)s instead of %(before)s: %(what)s")
        % {"due": f["due_on"], "before": f["before"], "what": _own(f, "text")},
        f["reason"],
    ),
    "upkeep.preparation.late": _late,
    "upkeep.preparation.lost_work": lambda f: (
        _("Its work was called off and it is not ready, due by %(due)s: %(what)s")
        % {"due": f["due_on"], "what": _own(f, "text")}
    ),
    "upkeep.preparation.reopened": lambda f: (
        _("The work was not good; to be made ready again by %(due)s: %(what)s")
        % {"due": f["due_on"], "what": _own(f, "text")}
    ),
}

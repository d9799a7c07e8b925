"""Facts of peer checks and of what was held apart, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence, at, joined, reason
from yingxu.web.peers.words import outcome_word, refusal_word, way_word, why_word
from yingxu.web.surveys.words import apart_name


def _answered(f: Facts) -> str:
    said = _("A colleague looked at %(number)s %(way)s: %(found)s") % {
        "number": f["number"],
        "way": way_word(f["way"]),
        "found": outcome_word(f["outcome"]),
    }
    return joined(said, reason("rework_reasons", f["reason_code"]) if f.get("reason_code") else "")


def _left(f: Facts) -> str:
    said = _("%(name)s does not look at it: %(why)s") % {"name": f["name"], "why": outcome_word(f["outcome"])}
    return joined(said, refusal_word(f["reason_code"]) if f.get("reason_code") else "")


def _judged(f: Facts) -> str:
    names = {"as": apart_name(f["held_as"]), "why": f["why"]}
    if f["is_kept"]:
        return _("Looked at what was held apart (%(as)s); it stays apart: %(why)s") % names
    return _("Looked at what was held apart (%(as)s); it counts: %(why)s") % names


SENTENCES: dict[str, Sentence] = {
    "verify.peer.asked": lambda f: (
        _("%(name)s is asked to look at %(number)s by %(at)s (%(why)s)")
        % {"name": f["name"], "number": f["number"], "at": at(f, "due_at"), "why": why_word(f["why"])}
    ),
    "verify.peer.answered": _answered,
    "verify.peer.left": _left,
    "verify.peer.nobody": lambda f: _("No colleague of the skill could look at it; the hospital's own check does"),
    "voice.apart.judged": _judged,
}

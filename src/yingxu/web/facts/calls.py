"""Facts of call-backs and of checks on the spot, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.callbacks.words import outcome_word, try_word, when_word, why_word
from yingxu.web.facts.telling import Facts, Sentence


def _tried(f: Facts) -> str:
    names = {"call": when_word(f["after_days"]), "why": try_word(f["why"]), "n": f["n_tries"]}
    if f["is_given_up"]:
        return _("%(call)s: %(why)s, attempt %(n)s; given up, another job takes its place") % names
    return _("%(call)s: %(why)s, attempt %(n)s") % names


def _inspected(f: Facts) -> str:
    who = _("a volunteer supervisor") if f["ground"] == "supervisor" else _("the hospital")
    return _("Looked at on the spot by %(who)s: %(found)s") % {
        "who": who,
        "found": _("good") if f["is_good"] else _("not good"),
    }


SENTENCES: dict[str, Sentence] = {
    "verify.call.drawn": lambda f: (
        _("On the list: %(call)s (%(why)s)") % {"call": when_word(f["after_days"]), "why": why_word(f["why"])}
    ),
    "verify.call.tried": _tried,
    "verify.call.answered": lambda f: (
        _("%(call)s: %(outcome)s") % {"call": when_word(f["after_days"]), "outcome": outcome_word(f["outcome"])}
    ),
    "verify.call.number_seen": lambda f: _("Looked at the asker's number to call back"),
    "verify.job.inspected": _inspected,
}

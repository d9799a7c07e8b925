"""Facts of call-backs and of checks on the spot, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence


def when_word(after_days: int) -> str:
    """Return which call it is: after the work, or days later."""
    return _("re-check after %(n)s days") % {"n": after_days} if after_days else _("call-back")


def why_word(code: str) -> str:
    """Return why a job was drawn."""
    return {
        "priority": _("urgent: always called"),
        "low_rating": _("rated badly"),
        "repeat": _("came back within 30 days"),
        "held": _("a doubt stands"),
        "random": _("drawn by chance"),
        "replacement": _("in place of somebody nobody reached"),
        "recheck": _("does it still hold?"),
    }.get(code, code)


def try_word(code: str) -> str:
    """Return why nobody was reached."""
    return {
        "no_answer": _("no answer"),
        "busy": _("busy"),
        "wrong_number": _("wrong number"),
        "later": _("asked to be called later"),
    }.get(code, code)


def outcome_word(code: str) -> str:
    """Return what came of a call."""
    return {
        "good": _("good"),
        "bad": _("not good"),
        "doubtful": _("a yes whose words say no"),
        "unreachable": _("nobody reached"),
    }.get(code, _("open"))


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
    "verify.job.inspected": _inspected,
}

"""Words of peer checks: why, how, what came of it, why somebody does not look."""

from __future__ import annotations

from django.utils.translation import gettext as _


def why_word(code: str) -> str:
    """Return why a colleague is asked."""
    return {
        "held": _("a doubt stands"),
        "flagged": _("doubtful evidence"),
        "repeat": _("it came back or was redone"),
        "priority": _("urgent: always looked at"),
        "random": _("drawn by chance"),
    }.get(code, code)


def way_word(code: str) -> str:
    """Return what was looked at."""
    return {"spot": _("on the spot"), "record": _("at steps and photos")}.get(code, code)


def outcome_word(code: str) -> str:
    """Return what came of an asking."""
    return {
        "": _("waits for a look"),
        "good": _("good"),
        "bad": _("not good"),
        "declined": _("declined"),
        "unanswered": _("not looked at in time"),
        "replaced": _("somebody else was asked"),
        "nobody": _("nobody left to ask"),
    }.get(code, code)


def refusal_word(code: str) -> str:
    """Return why somebody who was asked does not look."""
    return {
        "helped": _("I had a hand in it"),
        "busy": _("no time for it"),
        "away": _("I am elsewhere"),
        "not_able": _("not my trade"),
        "close": _("too close to who did it"),
    }.get(code, code)

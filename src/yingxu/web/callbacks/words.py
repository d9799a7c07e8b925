"""Words of call-backs: which call, why, what came of it."""

from __future__ import annotations

from django.utils.translation import gettext as _


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

"""Words of opinions: what one wants by them, what they turned out to be, what became of them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.ground.refusals import NotFound, Refusal
from yingxu.web import errors


def purpose_name(code: str) -> str:
    """Return what somebody wants by speaking."""
    names = {
        "need": _("we need something"),
        "appeal": _("something should be put right"),
        "vent": _("just to say it"),
        "improve": _("an idea"),
    }
    return names.get(code, "")


def verdict_name(code: str) -> str:
    """Return what an opinion turned out to be."""
    names = {
        "valid": _("justified"),
        "partly": _("partly justified"),
        "misunderstanding": _("a misunderstanding"),
        "out_of_scope": _("not in our hands"),
    }
    return names.get(code, code)


def fate_name(code: str) -> str:
    """Return what became of an opinion."""
    names = {
        "answered": _("answered"),
        "done": _("done"),
        "studied": _("being studied"),
        "declined": _("declined, with the reason"),
        "clarified": _("clarified"),
    }
    return names.get(code, code)


def unclear(why: Refusal) -> str:
    """Return why a form was refused; of a name that nobody or several bear, which name and what helps."""
    if isinstance(why, NotFound) and why.kind == "account":
        return _("Nobody here is called “%(name)s”, or several are: give the account.") % {"name": why.name}
    if isinstance(why, NotFound) and why.kind == "place":
        return _("No place is called “%(name)s”, or several are: choose one, or give its code.") % {"name": why.name}
    return errors.sentence(why)

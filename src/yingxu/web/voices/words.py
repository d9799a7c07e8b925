"""Words of voices: kinds and fates."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.ground.refusals import NotFound, Refusal


def kind_word(code: str) -> str:
    """Return what kind of voice it is."""
    return {
        "complaint": _("complaint"),
        "praise": _("praise"),
        "vent": _("getting it off the chest"),
        "low_rating": _("low rating"),
        "conduct": _("conduct"),
        "abuse": _("uncivil treatment"),
        "words": _("rating with words"),
        "finding": _("supervisor's finding"),
        "letter": _("letter from a box"),
        "survey": _("words on a survey"),
        "forum": _("said at the forum"),
    }.get(code, code)


def fate_word(code: str) -> str:
    """Return the fate of a voice."""
    return {
        "": _("waits for an answer"),
        "answered": _("answered"),
        "done": _("done"),
        "studied": _("being studied"),
        "declined": _("declined, with the reason"),
        "clarified": _("a misunderstanding, cleared up"),
    }.get(code, code)


def reason_word(code: str) -> str:
    """Return why somebody rated so."""
    return {
        "fast": _("quick"),
        "slow": _("slow"),
        "skilled": _("done well"),
        "not_fixed": _("not solved"),
        "polite": _("friendly"),
        "rude": _("unfriendly"),
        "clean": _("left clean"),
        "dirty": _("left dirty"),
        "informed": _("explained well"),
        "no_word": _("explained nothing"),
        "kept_time": _("came when promised"),
        "late": _("came late"),
        "no_badge": _("no uniform or badge"),
        "no_knock": _("did not knock"),
    }.get(code, code)


def rater_word(code: str) -> str:
    """Return who rates beside the asker."""
    return {
        "asker": _("who asked"),
        "patient": _("patient or family"),
        "ward": _("colleague of the ward"),
    }.get(code, code)


def not_known(why: Refusal) -> str:
    """Return why what somebody said was not taken: which badge or request nobody here knows, else the usual words."""
    if isinstance(why, NotFound) and why.kind == "badge":
        return _("Nobody here wears the badge %(badge)s. Look again, or leave it empty and say who it was.") % {
            "badge": why.name
        }
    if isinstance(why, NotFound) and why.kind == "request":
        return _("There is no request %(number)s here. Look again, or leave it empty.") % {"number": why.name}
    from yingxu.web.errors import sentence  # the sentences of all rooms ask these words

    return sentence(why)

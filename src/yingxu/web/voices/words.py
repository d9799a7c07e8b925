"""Words of voices: kinds and fates."""

from __future__ import annotations

from django.utils.translation import gettext as _


def kind_word(code: str) -> str:
    """Return what kind of voice it is."""
    return {
        "complaint": _("complaint"),
        "praise": _("praise"),
        "vent": _("getting it off the chest"),
        "low_rating": _("low rating"),
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

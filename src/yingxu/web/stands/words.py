"""Words of faces and of what the second tap says."""

from __future__ import annotations

from django.utils.translation import gettext as _

#: Face -> icon of the sprite, reasons offered.
FACES = {
    3: ("mood-happy", ("fast", "skilled", "polite", "clean")),
    2: ("mood-neutral", ("slow", "not_fixed", "rude", "dirty")),
    1: ("mood-sad", ("slow", "not_fixed", "rude", "dirty")),
}


def face_name(face: int) -> str:
    """Return what a face says."""
    return {3: _("Good"), 2: _("So-so"), 1: _("Unhappy")}.get(face, str(face))


def reason_name(code: str) -> str:
    """Return why."""
    names = {
        "fast": _("quick"),
        "skilled": _("done well"),
        "polite": _("friendly"),
        "clean": _("left clean"),
        "slow": _("slow"),
        "not_fixed": _("not solved"),
        "rude": _("unfriendly"),
        "dirty": _("left dirty"),
    }
    return names.get(code, code)

"""The refusals of what phones report, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.ground.incoming import PartOutOfPlace
from yingxu.work.refusals import AlreadySettled


def _out_of_place(refusal: PartOutOfPlace) -> str:
    return _("This part of the photo does not follow the last one; go on at byte %(n)s.") % {"n": refusal.expected}


SENTENCES = {
    AlreadySettled: lambda refusal: _("Somebody has looked at this report already; nothing was changed."),
    PartOutOfPlace: _out_of_place,
}

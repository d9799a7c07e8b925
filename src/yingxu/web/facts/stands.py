"""Sentences of rating stands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence
from yingxu.web.stands.words import face_name, reason_name


def _left(f: Facts) -> str:
    values = {"face": face_name(f["face"]), "reason": reason_name(f["reason"]) or "—"}
    if f["quarantine"]:
        return _("A tap at the stand was held apart: %(face)s (%(reason)s)") % values
    return _("A tap at the stand: %(face)s (%(reason)s)") % values


SENTENCES: dict[str, Sentence] = {
    "voice.stand.set": lambda f: _("Set up the rating stand %(name)s") % {"name": f["name"]},
    "voice.tap.left": _left,
}

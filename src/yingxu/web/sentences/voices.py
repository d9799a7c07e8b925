"""Refusals around voices, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.voice.refusals import heard, rating
from yingxu.web.voices.words import fate_word

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    heard.FateGiven: lambda refusal: (
        _("Somebody has answered it already (%(fate)s).") % {"fate": fate_word(refusal.fate)}
    ),
    heard.HospitalAnswers: lambda refusal: _(
        "Only the hospital says that it was a misunderstanding, answers what was disputed twice, and what is about "
        "nobody in particular."
    ),
    rating.NotRatedYet: lambda refusal: _("There is no rating yet that words could be added to."),
    rating.AlreadySaid: lambda refusal: _("Your rating has its words already, or is older than a week. Thank you."),
    heard.NotAnsweredYet: lambda refusal: _("There is no answer yet."),
}

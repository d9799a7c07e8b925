"""Refusals of suggestion boxes, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.voice import refusals as voice

SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    voice.BoxClosed: lambda r: _("This box takes no letters any more. Your words are still here: use another box."),
    voice.SlipsDiffer: lambda r: (
        _("The two typings differ after %(n)d characters. Compare with the paper.") % {"n": r.place}
    ),
    voice.WitnessesNeeded: lambda r: _(
        "Two witnesses are wanted, two people other than you who open the box; one of them signs by account, which"
        " auditors, administrators and families cannot."
    ),
    voice.NoSlipCounted: lambda r: (
        _("All %(n)d slips that were counted are typed. Is there another one? Record the opening with its count first.")
        % {"n": r.n}
        if r.n
        else _("No slip was counted. Record first that the box of wood was opened: before whom, and how many slips.")
    ),
    voice.NotOpenedYet: lambda r: _("This letter still lies in the box. Open the box first."),
    voice.NothingToSay: lambda r: _("There is no answer to judge yet, or the last word was said."),
}

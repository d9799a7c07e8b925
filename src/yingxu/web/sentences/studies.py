"""Refusals around studies and proposals, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.standards import refusals
from yingxu.web import saying, words
from yingxu.web.templatetags.yingxu import priority_word

Sentence = Callable[[Any], str]


def _values(refusal: refusals.StudyNeeded | refusals.OnTrialOnly) -> dict[str, str]:
    return {
        "urgency": priority_word(refusal.priority),
        "milestone": words.milestone_name(refusal.milestone),
        "time": saying.duration(refusal.limit_s),
        "share": f"{100 * refusal.percentile:g}%",
        "item": words.coded("items", refusal.item_code),
    }


def _study_needed(refusal: refusals.StudyNeeded) -> str:
    return _(
        "This edition makes or tightens a promise (%(urgency)s, %(milestone)s within %(time)s, %(share)s) that no "
        "finished study of %(item)s stands behind. Ask first under “Can we keep it?”; then publish. The edition stays "
        "approved."
    ) % _values(refusal)


def _on_trial_only(refusal: refusals.OnTrialOnly) -> str:
    if refusal.standing == "assumed":
        said = _("The study of %(urgency)s, %(milestone)s within %(time)s, %(share)s rests on what was typed.")
    else:
        said = _("The records hold too little to say whether %(urgency)s, %(milestone)s within %(time)s is kept.")
    return said % _values(refusal) + " " + _("It can be adopted on trial: say why. The edition stays approved.")


def _nothing_promised(refusal: refusals.NothingPromised) -> str:
    return _("%(item)s promises nothing for this urgency and milestone, so there is nothing to change.") % {
        "item": words.coded("items", refusal.item_code)
    }


SENTENCES: dict[type[Refusal], Sentence] = {
    refusals.StudyNeeded: _study_needed,
    refusals.OnTrialOnly: _on_trial_only,
    refusals.NothingPromised: _nothing_promised,
    refusals.AlreadyDecided: lambda refusal: (
        _("A proposal to loosen this promise waits for its decision already.")
        if refusal.state == "open"
        else _("Somebody has decided this proposal already.")
    ),
    refusals.NotLooser: lambda refusal: _(
        "That is not looser than the promise in force. To tighten a promise, draft an edition."
    ),
}

"""The refusals of the warning ladder, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.promise.refusals import BadLadder


def _bad_ladder(refusal: BadLadder) -> str:
    problems = {
        "empty": _("A ladder needs at least one step."),
        "too_many": _("A ladder has at most 8 steps."),
        "share_out_of_range": _("Step %(n)s: the share of the limit is above 0 and at most 100 percent."),
        "minutes_out_of_range": _("Step %(n)s: the time after the limit is at most 30 days."),
        "out_of_order": _("Step %(n)s does not come later than the step before it; put the steps in order of time."),
        "no_receiver": _("Step %(n)s tells nobody; choose at least one receiver."),
        "unknown_receiver": _("Step %(n)s names a receiver that there is not."),
        "not_a_number": _("Step %(n)s: write a number."),
    }
    template = problems.get(refusal.problem, problems["empty"])
    return template.replace("%(n)s", str(refusal.step))


SENTENCES = {BadLadder: _bad_ladder}

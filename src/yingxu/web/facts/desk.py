"""Sentences of the desk: a rule that acted, splits, calls, what reading learned."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.web.desk.exchange import outcome_said
from yingxu.web.facts.telling import Facts, Sentence, at
from yingxu.web.templatetags.yingxu import priority_word


def _noticed(facts: Facts) -> str:
    names = {"words": facts["words"], "rule": facts["rule"], "before": priority_word(facts["before"])}
    return _("Critical at once by rule %(rule)s: “%(words)s”. It would have been %(before)s.") % names


def _split(facts: Facts) -> str:
    n = len(facts["item_codes"])
    return ngettext("Split: %(n)d further job", "Split: %(n)d further jobs", n) % {"n": n}


def _learned(facts: Facts) -> str:
    said = {
        "ready": _("Reading learned version %(number)s from %(n)s decisions; it waits for a person's word"),
        "refused": _("Reading learned version %(number)s from %(n)s decisions; it is not better and not used"),
    }
    return said[facts["state"]] % {"number": facts["number"], "n": facts["n_lessons"]}


SENTENCES: dict[str, Sentence] = {
    "demand.request.danger_noticed": _noticed,
    "demand.request.split": _split,
    "demand.call.rang": lambda f: _("A call came in"),
    "demand.call.answered": lambda f: _("The call was picked up"),
    "demand.call.abandoned": lambda f: (
        _("The caller gave up; to be called back by %(time)s") % {"time": at(f, "call_back_by")}
    ),
    "demand.call.settled": lambda f: _("The call: %(outcome)s") % {"outcome": outcome_said(f["outcome"])},
    "demand.triage.learned": _learned,
    "demand.triage.used": lambda f: _("Texts are read by version %(number)s now, before by %(before)s") % f,
}

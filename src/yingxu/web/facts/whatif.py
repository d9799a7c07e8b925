"""Sentences of what-if questions."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence


def _answered(facts: Facts) -> str:
    names = {
        "done": _("What if: %(n)s jobs played again"),
        "too_little": _("What if: too little was done in these days (%(n)s jobs)"),
        "failed": _("What if: given up after three tries"),
    }
    return names[facts["state"]] % {"n": facts["n_jobs"]} if facts["state"] != "failed" else names["failed"]


SENTENCES: dict[str, Sentence] = {
    "dispatch.what_if.asked": lambda f: _("What if: past days are to be played again"),
    "dispatch.what_if.cancelled": lambda f: _("What if: called off"),
    "dispatch.what_if.answered": _answered,
}

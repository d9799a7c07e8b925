"""Sentences of what phones report: help asked for, acts that could not be carried out as reported."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence, joined
from yingxu.web.words import phone_act


def _set_aside(facts: Facts) -> str:
    said = {
        "conflict": _("The worker's phone reported “%(act)s”, but things had moved on; kept for the desk to see"),
        "refused": _("The worker's phone reported “%(act)s”, but something was missing or wrong; kept"),
        "bent": _("The worker's phone reported “%(act)s”; it was taken in another way, and kept as it came"),
    }
    return said.get(facts["why"], said["conflict"]) % {"act": phone_act(facts["act"])}


def _settled(facts: Facts) -> str:
    if facts["how"] == "again":
        return _("“%(act)s” was done again, with success") % {"act": phone_act(facts["act"])}
    said = _("The report “%(act)s” was looked at") % {"act": phone_act(facts["act"])}
    return joined(said, facts["words"])


SENTENCES: dict[str, Sentence] = {
    "work.job.help_asked": lambda f: joined(_("Help was asked for"), f["note"]),
    "work.report.set_aside": _set_aside,
    "work.report.settled": _settled,
}

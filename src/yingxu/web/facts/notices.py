"""Sentences of warnings, notices and who is told when."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.web import saying, words
from yingxu.web.facts.telling import Facts, Sentence, at, joined
from yingxu.web.templatetags.yingxu import priority_word


def role_word(code: str) -> str:
    """Return whom a step of the ladder names, as people say it."""
    names = {
        "WK": _("whoever answers for it"),
        "DK": _("the desk"),
        "TL": _("team leader"),
        "LM": _("line manager"),
        "PM": _("project manager"),
        "HO": _("logistics office"),
        "HD": _("head of logistics"),
    }
    return names.get(code, code)


def _warned(facts: Facts) -> str:
    values = {
        "milestone": words.milestone_name(facts["milestone"]),
        "share": f"{round(facts['share'] * 100)}%",
        "limit": at(facts, "limit_at"),
        "time": saying.duration(facts["late_s"]),
    }
    if facts["late_s"]:
        said = _("%(milestone)s is %(time)s late (was due %(limit)s): escalated") % values
    elif facts["share"] >= 1:
        said = _("%(milestone)s is late: it was due %(limit)s") % values
    else:
        said = _("%(share)s of the time for %(milestone)s is used up; due %(limit)s") % values
    return said


def _warned_whom(facts: Facts) -> str:
    if facts.get("told_by"):
        return joined(_warned(facts), _("told with the next step"))
    told = _(", ").join(role_word(code) for code in facts.get("receivers", ()))
    return joined(_warned(facts), _("told: %(who)s") % {"who": told} if told else _("nobody could be told"))


def _span(facts: Facts) -> str:
    if facts["quiet_from"]:
        said = _("quiet from %(start)s to %(end)s") % {"start": facts["quiet_from"], "end": facts["quiet_to"]}
    else:
        said = _("no quiet hours")
    if facts["digest_at"]:
        said = joined(said, _("one digest a day at %(at)s") % {"at": facts["digest_at"]})
    return said


def _ladder(facts: Facts) -> str:
    values = {"priority": priority_word(facts["priority"]), "at": at(facts, "effective_at")}
    said = _("The warning ladder for %(priority)s was set anew, from %(at)s") % values
    return joined(said, words.line_name(facts["line_code"])) if facts["line_code"] else said


SENTENCES: dict[str, Sentence] = {
    "promise.warning.raised": _warned_whom,
    "promise.ladder.set": _ladder,
    "ground.notices.collected": lambda f: (
        ngettext("%(n)d notice that waited", "%(n)d notices that waited", f["n"]) % {"n": f["n"]}
    ),
    "ground.notices.set": lambda f: joined(_("Said how to be told"), _span(f)),
    "ground.notices.house_set": lambda f: joined(_("The house's quiet hours were set"), _span(f)),
}

"""Sentences of studies, proposals and outlooks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.web import saying, words
from yingxu.web.facts.telling import Facts, Sentence, joined
from yingxu.web.templatetags.yingxu import priority_word


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}%"


def _promise(f: Facts, limit: str = "limit_s", share: str = "percentile") -> str:
    values = {
        "urgency": priority_word(f["priority"]),
        "milestone": words.milestone_name(f["milestone"]),
        "time": saying.duration(f[limit]),
        "share": f"{100 * f[share]:g}%",
    }
    return _("%(urgency)s: %(milestone)s within %(time)s, %(share)s") % values


def _subject(f: Facts) -> str:
    return words.coded("items", f["item_code"]) if f["item_code"] else words.line_name(f["line_code"])


def _asked(f: Facts) -> str:
    return _("Asked whether it can be kept: %(item)s, %(promise)s") % {"item": _subject(f), "promise": _promise(f)}


def _finished(f: Facts) -> str:
    values = {"share": _percent(f["share"]), "low": _percent(f["low"]), "high": _percent(f["high"]), "n": f["n"]}
    return _("Studied: %(share)s kept (%(low)s–%(high)s, n = %(n)s)") % values


def _proposed(f: Facts) -> str:
    values = {
        "item": _subject(f),
        "before": _promise(f),
        "after": f"{saying.duration(f['to_limit_s'])}, {100 * f['to_percentile']:g}%",
    }
    if f["change"] == "tighten":
        return _("A tighter promise is proposed for %(item)s: %(before)s → %(after)s") % values
    return joined(_("A looser promise is proposed for %(item)s: %(before)s → %(after)s") % values, f["reason"])


def _tightened(f: Facts) -> str:
    values = {"number": f["number"], "promise": _promise(f)}
    standing = f.get("standing", "history")
    if standing in ("assumed", "thin"):
        said = _("Edition %(number)s adopts a promise on trial: %(promise)s") % values
        return joined(said, f["reason"])
    if standing == "setup":
        return _("Edition %(number)s promises, before there was a history: %(promise)s") % values
    if f.get("change") == "new":
        return _("Edition %(number)s makes a new promise, with its study: %(promise)s") % values
    return _("Edition %(number)s tightens the promise, with its study: %(promise)s") % values


def _ended(f: Facts) -> str:
    said = {
        "too_little": _("The study has too little history for an answer"),
        "impossible": _("The study cannot be simulated"),
    }
    return said.get(f["state"], _("The study was given up"))


def _adopted(f: Facts) -> str:
    said = _("The proposal was taken over: edition %(number)s is its draft") % {"number": f["number"]}
    return joined(said, f["reason"])


def _outlook(f: Facts) -> str:
    n = f["n_lines"]
    return ngettext("The outlook of %(n)d line was made", "The outlook of %(n)d lines was made", n) % {"n": n}


SENTENCES: dict[str, Sentence] = {
    "standards.study.asked": _asked,
    "standards.study.estimated": lambda f: _("By formula: %(share)s kept") % {"share": _percent(f["share"])},
    "standards.study.finished": _finished,
    "standards.study.ended": _ended,
    "standards.proposal.made": _proposed,
    "standards.proposal.adopted": _adopted,
    "standards.proposal.declined": lambda f: joined(_("The proposal was declined"), f["reason"]),
    "standards.promise.tightened": _tightened,
    "improve.outlook.made": _outlook,
}

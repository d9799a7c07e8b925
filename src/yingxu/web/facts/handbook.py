"""Sentences of posts and of the handbook."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.web import words
from yingxu.web.facts.telling import Facts, Sentence


def _signed(facts: Facts) -> str:
    part = facts["part"]
    if part == "general":
        return _("signed for the general rules of the handbook")
    if "." in part:
        number = facts["editions"][0].rpartition(":")[2]
        return _("signed for edition %(number)s of %(item)s") % {"item": words.coded("items", part), "number": number}
    n = len(facts["edition_ids"])
    return ngettext(
        "signed for the chapter %(line)s of the handbook: %(n)d procedure",
        "signed for the chapter %(line)s of the handbook: %(n)d procedures",
        n,
    ) % {"line": words.line_name(part), "n": n}


def _failed(facts: Facts) -> str:
    names = {"n": facts["n_right"], "attempt": facts["attempt"]}
    return _("answered %(n)d of 3 questions right at attempt %(attempt)d; reads again") % names


def _changed(facts: Facts) -> str:
    names = {"item": words.coded("items", facts["item_code"]), "number": facts["number"], "n": facts["n_people"]}
    return (
        ngettext(
            "%(n)d person has to read edition %(number)d of %(item)s",
            "%(n)d people have to read edition %(number)d of %(item)s",
            facts["n_people"],
        )
        % names
    )


def _reminded(facts: Facts) -> str:
    return ngettext(
        "reminded of %(n)d unread page of the handbook",
        "reminded of %(n)d unread pages of the handbook",
        facts["n_unread"],
    ) % {"n": facts["n_unread"]}


SENTENCES: dict[str, Sentence] = {
    "team.post.made": lambda f: _("made the post %(name)s") % {"name": f["name"]},
    "team.post.changed": lambda f: _("changed what the post %(name)s covers") % {"name": f["name"]},
    "team.post.given": lambda f: _("holds the post %(name)s") % {"name": f["name"]},
    "team.post.taken": lambda f: _("no longer holds the post %(name)s") % {"name": f["name"]},
    "team.handbook.signed": _signed,
    "team.handbook.quiz_failed": _failed,
    "team.handbook.changed": _changed,
    "team.handbook.reminded": _reminded,
}

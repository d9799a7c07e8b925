"""Sentences of surveys."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Sentence

SENTENCES: dict[str, Sentence] = {
    "voice.survey.made": lambda f: (
        _("Made the survey %(title)s, %(from)s to %(to)s: %(n)s sheets of %(all)s people")
        % {
            "title": f["title"],
            "from": f["opens_on"],
            "to": f["closes_on"],
            "n": f["n_target"],
            "all": f["population"],
        }
    ),
    "voice.survey.changed": lambda f: (
        _("The survey takes answers from %(from)s to %(to)s: %(n)s sheets of %(all)s people")
        % {"from": f["opens_on"], "to": f["closes_on"], "n": f["n_target"], "all": f["population"]}
        if f["is_on"]
        else _("The survey was stopped")
    ),
    "voice.survey.questions_set": lambda f: (
        _("Set the survey's questions: edition %(edition)s with %(n)s")
        % {"edition": f["edition"], "n": f["n_questions"]}
    ),
    "voice.sheet.held_apart": lambda f: (
        _("A sheet of a survey was held apart") if f["reason"] else _("A sheet of a survey counts again")
    ),
}

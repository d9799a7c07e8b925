"""Sentences of work that an outside company does by its link, and of visits."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence, at, joined
from yingxu.web.outside.words import ended_name
from yingxu.web.stores.reading import yuan


def _sent(f: Facts) -> str:
    values = {"company": f["company"], "name": f["contact_name"], "at": at(f, "expires_at")}
    return _("Sent to the outside company %(company)s (%(name)s) by a link until %(at)s") % values


def _accepted(f: Facts) -> str:
    values = {"company": f["company"], "name": f["coming_name"], "at": at(f, "expected_at")}
    return _("%(company)s takes it: %(name)s comes at about %(at)s") % values


def _expected(f: Facts) -> str:
    values = {"company": f["company"], "name": f["note"], "at": at(f, "expected_at")}
    return _("%(company)s: %(name)s comes at about %(at)s now") % values


def _ended(f: Facts) -> str:
    said = _("The link of %(company)s has ended: %(why)s") % {"company": f["company"], "why": ended_name(f["why"])}
    return joined(said, f["note"])


def _spoke(f: Facts) -> str:
    if f["is_theirs"]:
        return joined(_("%(company)s says") % {"company": f["company"]}, f["text"])
    return joined(_("Said to %(company)s") % {"company": f["company"]}, f["text"])


def _stated(f: Facts) -> str:
    values = {"company": f["company"], "labour": yuan(f["labour_fen"]), "parts": yuan(f["parts_fen"])}
    return _("%(company)s asks ¥%(labour)s for labour and ¥%(parts)s for parts") % values


def _taken(f: Facts) -> str:
    values = {"company": f["company"], "yuan": yuan(f["amount_fen"]), "asked": yuan(f["stated_fen"])}
    if f["amount_fen"] == f["stated_fen"]:
        return _("The bill of %(company)s over ¥%(yuan)s is taken into the cost") % values
    return _("The bill of %(company)s is taken into the cost with ¥%(yuan)s; it had asked ¥%(asked)s") % values


SENTENCES: dict[str, Sentence] = {
    "work.outside.sent": _sent,
    "work.outside.accepted": _accepted,
    "work.outside.expected": _expected,
    "work.outside.ended": _ended,
    "work.outside.spoke": _spoke,
    "work.outside.cost_stated": _stated,
    "work.outside.cost_taken": _taken,
    "work.outside.signed": lambda f: (
        _("%(name)s of %(company)s signed that it is done") % {"name": f["signed_name"], "company": f["company"]}
    ),
    "work.visit.begun": lambda f: _("There again: visit %(n)s") % {"n": f["n_visits"]},
}

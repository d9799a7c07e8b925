"""Sentences of transport: taken, given, held up, zones."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web import saying, words
from yingxu.web.facts.telling import Facts, Sentence


def _whose(facts: Facts) -> str:
    names = {
        "asker": _("the asker's side"),
        "receiver": _("the receiver's side"),
        "house": _("the house's"),
        "company": _("the company's"),
    }
    return names.get(facts["accountable"]) or str(facts["accountable"])


def _degrees(facts: Facts) -> str:
    return f" ({facts['temperature_c']} °C)" if facts.get("temperature_c") else ""


SENTENCES: dict[str, Sentence] = {
    "work.load.taken": lambda f: _("Taken over for transport; two identifiers agree") + _degrees(f),
    "work.load.given": lambda f: (
        _("Brought back where it was taken, after %(time)s; two identifiers agree")
        % {"time": saying.duration(f["carry_s"])}
        if f.get("is_back")
        else _("Handed over after %(time)s; two identifiers agree") % {"time": saying.duration(f["carry_s"])}
        + _degrees(f)
    ),
    "work.transport.delayed": lambda f: (
        _("The transport stands still: %(why)s (%(whose)s)")
        % {"why": words.coded("transport_delays", f["reason_code"]), "whose": _whose(f)}
    ),
    "work.transport.went_on": lambda f: (
        _("The transport goes on after %(time)s: %(why)s (%(whose)s)")
        % {
            "time": saying.duration(f["stood_s"]),
            "why": words.coded("transport_delays", f["reason_code"]),
            "whose": _whose(f),
        }
    ),
    "work.zone.signed_in": lambda f: _("Signed in to a zone"),
}

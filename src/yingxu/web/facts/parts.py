"""Sentences of parts, stores and costs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web import words
from yingxu.web.facts.telling import Facts, Sentence, at, joined
from yingxu.web.stores.reading import yuan
from yingxu.web.stores.words import bill_name, why_name
from yingxu.web.templatetags.yingxu import is_english


def _named(f: Facts, name: str = "part_name") -> str:
    return str((is_english() and f.get(f"{name}_en")) or f[name])


def _some(f: Facts, n: str = "quantity") -> dict[str, str]:
    unit = str((is_english() and f.get("unit_en")) or f["unit"])
    return {"part": _named(f), "n": f"{f[n]} {unit}"}


def _stocked(f: Facts, n: str = "quantity") -> dict[str, str]:
    return {**_some(f, n), "store": _named(f, "store_name")}


def _set_store(f: Facts) -> str:
    if not f["is_open"]:
        return _("Closed the store %(name)s") % {"name": f["name"]}
    return _("Set up the store %(name)s") % {"name": f["name"]}


def _corrected(f: Facts) -> str:
    values = {**_stocked(f, "difference"), "why": why_name(f["reason"])}
    if not f["difference"].startswith("-"):
        return _("Stock-take in %(store)s: %(n)s more of %(part)s than in the book (%(why)s)") % values
    return _("Stock-take in %(store)s: %(part)s differs by %(n)s from the book (%(why)s)") % values


def _settled(f: Facts) -> str:
    if f["how"] != "settled":
        return _("The stock-take was given up")
    return _("The stock-take is settled: %(n)s counted, %(d)s differed") % {"n": f["n_counted"], "d": f["n_differ"]}


def _missed(f: Facts) -> str:
    return _("Lacks %(part)s, %(n)s; expected %(at)s") % {**_some(f), "at": at(f, "expected_at")}


def _ordered(f: Facts) -> str:
    values = {**_some(f), "supplier": f["supplier"], "at": at(f, "expected_at")}
    return _("%(part)s, %(n)s, is ordered from %(supplier)s; expected %(at)s") % values


def _rate(f: Facts) -> str:
    values = {"of": f["of"] or _("everybody"), "yuan": yuan(f["fen_per_hour"]), "day": f["from_on"]}
    return _("An hour of %(of)s costs %(yuan)s yuan from %(day)s on") % values


def _term(f: Facts) -> str:
    named = ((f["includes_labour"], _("labour")), (f["includes_parts"], _("parts")), (f["includes_bills"], _("bills")))
    values = {
        "line": words.line_name(f["line_code"]) if f["line_code"] else _("every other line"),
        "what": _(", ").join(name for is_in, name in named if is_in) or _("nothing"),
        "day": f["from_on"],
    }
    return _("From %(day)s on the contract includes for %(line)s: %(what)s") % values


def _bill(f: Facts) -> str:
    said = _("Bill entered: %(kind)s, %(yuan)s yuan") % {
        "kind": bill_name(f["bill_kind"]),
        "yuan": yuan(f["amount_fen"]),
    }
    return joined(said, " ".join(part for part in (f["supplier"], f["document"]) if part))


SENTENCES: dict[str, Sentence] = {
    "work.store.set": _set_store,
    "work.part.set": lambda f: _("Made the part %(code)s %(name)s known") % {"code": f["code"], "name": f["name"]},
    "work.stock.minimum_set": lambda f: _("Minimum of %(part)s in %(store)s: %(n)s") % _stocked(f, "minimum"),
    "work.stock.received": lambda f: (
        _("%(store)s received %(part)s, %(n)s at %(yuan)s yuan") % {**_stocked(f), "yuan": yuan(f["price_fen"])}
    ),
    "work.stock.sent": lambda f: (
        _("%(part)s, %(n)s, went from %(store)s to %(to)s") % {**_stocked(f), "to": _named(f, "to_store_name")}
    ),
    "work.stock.arrived": lambda f: (
        _("%(part)s, %(n)s, came from %(from)s to %(store)s") % {**_stocked(f), "from": _named(f, "from_store_name")}
    ),
    "work.stock.corrected": _corrected,
    "work.stock_take.begun": lambda f: _("Begins to count %(store)s") % {"store": _named(f, "store_name")},
    "work.stock_take.counted": lambda f: (
        _("Counted %(part)s: %(counted)s, by the book %(expected)s")
        % {"part": _named(f), "counted": f["counted"], "expected": f["expected"]}
    ),
    "work.stock_take.settled": _settled,
    "work.part.reserved": lambda f: _("%(part)s, %(n)s, is kept for this job") % _some(f),
    "work.part.released": lambda f: _("%(part)s, %(n)s, is kept for this job no more") % _some(f),
    "work.part.issued": lambda f: _("Took %(part)s, %(n)s") % _some(f),
    "work.part.returned": lambda f: _("Gave back %(part)s, %(n)s") % _some(f),
    "work.shortage.reported": _missed,
    "work.shortage.ordered": _ordered,
    "work.shortage.received": lambda f: _("%(part)s, %(n)s, has come and is kept for this job") % _some(f),
    "work.shortage.dropped": lambda f: _("%(part)s, %(n)s, is not needed any more") % _some(f),
    "work.cost.rate_set": _rate,
    "work.cost.term_set": _term,
    "work.bill.entered": _bill,
    "work.bill.struck": lambda f: (
        _("A bill of %(yuan)s yuan was struck: %(why)s") % {"yuan": yuan(f["amount_fen"]), "why": f["why"]}
    ),
}

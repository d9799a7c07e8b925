"""Sentences of assets: known, changed, their codes withdrawn."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.assets.words import class_names, state_names
from yingxu.web.facts.telling import Facts, Sentence, joined


def _field(code: str) -> str:
    names = {
        "name": _("What it is called"),
        "name_en": _("English name"),
        "class": _("Asset class"),
        "place": _("Place"),
        "serial": _("Serial number"),
        "state": _("State"),
        "party": _("Supplier or contractor"),
        "in_service_on": _("In service from"),
    }
    return names.get(code, code)


def _value(field: str, said: object) -> str:
    known = {"class": class_names, "state": state_names}
    text = str(said or "")
    return (known[field]().get(text, text) if field in known else text) or "—"


def _changed(facts: Facts) -> str:
    parts = [
        _("%(field)s: %(before)s → %(after)s")
        % {"field": _field(name), "before": _value(name, before), "after": _value(name, after)}
        for name, (before, after) in facts["changed"].items()
    ]
    return joined(_("Asset changed"), "; ".join(parts))


SENTENCES: dict[str, Sentence] = {
    "ground.asset.added": lambda f: _("%(n)d assets added") % {"n": f["n_assets"]},
    "ground.asset.changed": _changed,
    "ground.asset.code_revoked": lambda f: joined(_("Its printed code was withdrawn"), f["reason"]),
}

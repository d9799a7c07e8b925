"""The ledger's facts as sentences, made where they are read, in the reader's language: ``kind`` + ``facts`` -> words.

Who did it stands beside the sentence; ids never show. Each module of this folder gives the sentences of its topic in
``SENTENCES``; they are found here. A test finds the kinds that have no sentence.
"""

from __future__ import annotations

import importlib
import pkgutil

from django.utils.translation import gettext as _

from yingxu.ground.queries import TimelineRow
from yingxu.web.facts.telling import Facts, Sentence


def _gathered() -> dict[str, Sentence]:
    """Return the sentences of every module of this folder; two for one kind are a mistake."""
    found: dict[str, Sentence] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for kind, make in getattr(importlib.import_module(module.name), "SENTENCES", {}).items():
            if kind in found:
                raise ValueError(f"two sentences for {kind}")
            found[kind] = make
    return found


def sentence(kind: str, facts: Facts) -> str:
    """Return what a recorded fact says to people."""
    make = SENTENCES.get(kind)
    return make(facts) if make is not None else kind


def who(row: TimelineRow) -> str:
    """Return who did it, and in whose name."""
    if row.actor_kind == "outside" and row.behalf_name:
        return _("%(name)s by link, on behalf of %(other)s") % {"name": row.actor_name, "other": row.behalf_name}
    if row.behalf_name and row.behalf_name != row.actor_name:
        return _("%(name)s for %(other)s") % {"name": row.actor_name, "other": row.behalf_name}
    names = {
        "engine": _("the house itself"),
        "qr": _("at the printed code"),
        "link": _("the asker"),
        "outside": _("an outside company"),
        "token": _("a connected system"),
    }
    if row.actor_kind == "engine":
        return names["engine"]
    return row.actor_name or names.get(row.actor_kind, "")


SENTENCES = _gathered()

"""Sentences of walking times that somebody said."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web import saying
from yingxu.web.facts.telling import Facts, Sentence, joined


def _said(facts: Facts) -> str:
    ends = {"begin": _spot(facts, "begin"), "end": _spot(facts, "end")}
    if facts["seconds"] is None:
        return joined(_("%(begin)s – %(end)s: the learnt walking time counts again") % ends, facts["reason"])
    said = _("%(begin)s – %(end)s takes %(time)s on foot") % {**ends, "time": saying.duration(facts["seconds"])}
    return joined(said, facts["reason"])


def _spot(facts: Facts, which: str) -> str:
    name, floor = facts[f"{which}_name"], facts[f"{which}_floor"]
    return str(name) if floor is None else _("%(building)s floor %(floor)s") % {"building": name, "floor": floor}


SENTENCES: dict[str, Sentence] = {"dispatch.way.said": _said}

"""Editions of standards on their way, as sentences of the timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence, at, joined
from yingxu.web.standards.wording import part_word, stage_word


def _edited(facts: Facts) -> str:
    parts = _(", ").join(part_word(name) for name in facts.get("changed", ()))
    return joined(_("Edition %(number)s was written on") % {"number": facts["number"]}, parts)


#: Fact -> sentence.
SENTENCES: dict[str, Sentence] = {
    "standards.edition.drafted": lambda f: joined(
        _("Edition %(number)s was begun") % {"number": f["number"]}, f.get("why", "")
    ),
    "standards.edition.edited": _edited,
    "standards.edition.submitted": lambda f: joined(
        _("Edition %(number)s went to review") % {"number": f["number"]}, f.get("length_reason", "")
    ),
    "standards.edition.returned": lambda f: joined(
        _("Edition %(number)s went back to its writers") % {"number": f["number"]}, f.get("note", "")
    ),
    "standards.edition.approved": lambda f: joined(
        _("Edition %(number)s was approved") % {"number": f["number"]}, f.get("note", "")
    ),
    "standards.edition.scheduled": lambda f: (
        _("Edition %(number)s will be in force from %(at)s") % {"number": f["number"], "at": at(f, "from_at")}
    ),
    "standards.basis.checked": lambda f: (
        _("%(name)s: edition %(newer)s holds now") % {"name": f["name"], "newer": f["newer"]}
        if f["outcome"] == "superseded"
        else _("%(name)s was checked: the edition cited holds") % {"name": f["name"]}
    ),
    "standards.edition.withdrawn": lambda f: joined(
        _("Edition %(number)s was withdrawn (%(state)s)")
        % {"number": f["number"], "state": stage_word(f["from_state"])},
        f.get("reason", ""),
    ),
}

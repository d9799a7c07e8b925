"""Sentences of improvement projects."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Facts, Sentence, joined


def _proposed(f: Facts) -> str:
    if not f["n_evidence"]:
        return _("Proposed, still without evidence of demand: %(title)s") % {"title": f["title"]}
    return _("Proposed with %(n)s pieces of evidence: %(title)s") % {"title": f["title"], "n": f["n_evidence"]}


def _decided(f: Facts) -> str:
    values = {"title": f["title"], "n": f["n_evidence"]}
    if f["state"] == "approved":
        return joined(_("Approved on %(n)s pieces of evidence: %(title)s") % values, f["words"])
    return joined(_("Declined: %(title)s") % values, f["words"])


SENTENCES: dict[str, Sentence] = {
    "improve.project.proposed": _proposed,
    "improve.project.decided": _decided,
    "improve.project.started": lambda f: _("Under way: %(title)s") % {"title": f["title"]},
    "improve.project.done": lambda f: joined(_("Changed: %(title)s") % {"title": f["title"]}, f["result"]),
    "improve.evidence.linked": lambda f: joined(
        _("Evidence of demand for “%(title)s”") % {"title": f["title"]}, f["sentence"]
    ),
    "improve.evidence.unlinked": lambda f: _("Took back a piece of evidence for “%(title)s”") % {"title": f["title"]},
}

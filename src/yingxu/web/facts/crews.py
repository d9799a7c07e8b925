"""Sentences of those who go along on a job that takes several."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Sentence, joined

SENTENCES: dict[str, Sentence] = {
    "dispatch.mate.called": lambda f: _("%(name)s is asked to go along") % {"name": f["worker_name"]},
    "dispatch.mate.accepted": lambda f: _("%(name)s comes along") % {"name": f["worker_name"]},
    "dispatch.mate.declined": lambda f: joined(_("%(name)s cannot come along") % {"name": f["worker_name"]}, f["note"]),
}

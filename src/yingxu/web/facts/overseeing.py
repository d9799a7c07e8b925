"""Sentences of supervisors, remarks and forums."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.boxes.words import fate_name, verdict_name
from yingxu.web.facts.telling import Facts, Sentence


def _answered(f: Facts) -> str:
    values = {"verdict": verdict_name(f["verdict"]), "fate": fate_name(f["fate"])}
    said = _("Answered an opinion: %(verdict)s, %(fate)s") % values
    if f["state"] == "proposed":
        said = _("Proposed an answer that the hospital has to agree to: %(verdict)s, %(fate)s") % values
    if not f["due_on"]:
        return said
    return said + " · " + _("%(who)s by %(on)s") % {"who": f["owner"], "on": f["due_on"]}


def _decided(f: Facts) -> str:
    if f["state"] == "appointed":
        return _("Appointed %(name)s as a volunteer supervisor") % {"name": f["name"]}
    if f["state"] == "renewed":
        return _("%(name)s goes on as a volunteer supervisor until %(on)s") % {"name": f["name"], "on": f["to_on"]}
    return _("%(name)s's supervision ended") % {"name": f["name"]}


SENTENCES: dict[str, Sentence] = {
    "voice.supervisor.nominated": lambda f: _("Nominated %(name)s as a volunteer supervisor") % {"name": f["name"]},
    "voice.supervisor.decided": _decided,
    "voice.visit.planned": lambda f: _("Planned a round on %(on)s") % {"on": f["on"]},
    "voice.visit.made": lambda f: _("Made a planned round"),
    "voice.remark.raised": lambda f: (
        _("A finding waits for its answer") if f["source"] == "finding" else _("An opinion was heard at the forum")
    ),
    "voice.remark.answered": _answered,
    "voice.remark.judged": lambda f: (
        _("Who spoke understood the answer") if f["word"] == "understood" else _("Who spoke still disagrees")
    ),
    "voice.remark.done": lambda f: _("What was promised for an opinion is done"),
    "voice.finder.revealed": lambda f: _("Looked at the hidden name of a finder: %(reason)s") % {"reason": f["reason"]},
    "voice.forum.planned": lambda f: _("Planned the forum of %(month)s") % {"month": f["month"][:7]},
    "voice.forum.held": lambda f: (
        _("The forum of %(month)s was held: %(n)s came, %(back)s promises read back")
        % {"month": f["month"][:7], "n": f["n_came"], "back": f["n_read_back"]}
    ),
    "voice.remark.promised_late": lambda f: (
        _("%(who)s promised it by %(day)s; it is late") % {"who": f["owner"], "day": f["due_on"]}
    ),
    "voice.forum.missed": lambda f: _("No forum was held in %(month)s") % {"month": f["month"][:7]},
}

"""Sentences of suggestion boxes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.boxes.words import fate_name, verdict_name
from yingxu.web.facts.telling import Sentence

SENTENCES: dict[str, Sentence] = {
    "voice.box.made": lambda f: _("Put up the suggestion box %(name)s") % {"name": f["name"]},
    "voice.box.switched": lambda f: (
        _("The box takes letters again") if f["is_on"] else _("The box takes no letters any more")
    ),
    "voice.box.opened": lambda f: (
        _("Opened the box: %(n)s letters, %(apart)s of them held apart") % {"n": f["n"], "apart": f["n_apart"]}
    ),
    "voice.letter.received": lambda f: (
        _("A paper slip lay in the box") if f["origin"] == "paper" else _("A letter lay in the box")
    ),
    "voice.letter.answered": lambda f: (
        _("Answered a letter: %(verdict)s, %(fate)s")
        % {"verdict": verdict_name(f["verdict"]), "fate": fate_name(f["fate"])}
    ),
    "voice.letter.held_apart": lambda f: (
        _("Held a letter apart") if f["reason"] else _("Put a letter back among the others")
    ),
    "voice.box.left_closed": lambda f: (
        _("The box of wood %(name)s was last opened on %(on)s") % {"name": f["name"], "on": f["since"]}
        if f["is_paper"]
        else _("Letters lie in the box %(name)s since %(on)s and nobody has opened it")
        % {"name": f["name"], "on": f["since"]}
    ),
    "voice.box.paper_countersigned": lambda f: (
        _("The second witness signed for the opening: %(n)s slips") % {"n": f["n"]}
    ),
    "voice.box.paper_taken_out": lambda f: (
        _("The box of wood was opened before %(witnesses)s: %(n)s slips") % {"witnesses": f["witnesses"], "n": f["n"]}
    ),
    "voice.slip.typed": lambda f: (
        _("Typed a paper slip instead of who typed it first") if f.get("again") else _("Typed a paper slip")
    ),
    "voice.slip.confirmed": lambda f: _("Typed the same slip a second time: it is a letter now"),
}

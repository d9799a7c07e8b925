"""Facts about voices, in words; never who spoke."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import Sentence, at
from yingxu.web.voices.words import fate_word, kind_word, reason_word

SENTENCES: dict[str, Sentence] = {
    "voice.heard.said": lambda f: (
        _("Heard: %(kind)s; a person answers by %(at)s") % {"kind": kind_word(f["said"]), "at": at(f, "answer_by")}
    ),
    "voice.heard.held_apart": lambda f: (
        _("Too much was said at once: held apart until a person has looked (%(kind)s)") % {"kind": kind_word(f["said"])}
    ),
    "voice.heard.answered": lambda f: _("What was said got its answer: %(fate)s") % {"fate": fate_word(f["fate"])},
    "voice.heard.disputed": lambda f: _("Who spoke still disagrees (%(n)s); it waits again") % {"n": f["n_disputes"]},
    "voice.conduct.doubted": lambda f: (
        _("A rating of one star names how somebody behaved: %(why)s")
        % {"why": _(", ").join(reason_word(code) for code in f["reasons"])}
    ),
    "voice.request.rating_explained": lambda f: _("Who rated %(stars)s of 5 said why") % {"stars": f["stars"]},
    "voice.heard.taken": lambda f: _("Took in hand what was said"),
    "voice.heard.late": lambda f: (
        _("Nobody has answered in time: %(kind)s, due %(at)s (step %(n)s upwards)")
        % {"kind": kind_word(f["said"]), "at": at(f, "answer_by"), "n": f["step"]}
    ),
    "voice.heard.understood": lambda f: _("Who spoke is content with the answer"),
}

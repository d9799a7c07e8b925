"""What the rooms' refusals say to people: what is the matter, and what to do.

Each module of this folder gives the sentences of its topic in ``SENTENCES``; they are found here. A test finds the
refusals that have none.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.web.sentences.fields import malformed

__all__ = ["SENTENCES", "malformed", "sentence"]

Sentence = Callable[[Any], str]


def _gathered() -> dict[type[Refusal], Sentence]:
    """Return the sentences of every module of this folder."""
    found: dict[type[Refusal], Sentence] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        found.update(getattr(importlib.import_module(module.name), "SENTENCES", {}))
    return found


def sentence(refusal: Refusal) -> str:
    """Return what a refusal says to people."""
    for kind in type(refusal).__mro__:
        if kind in SENTENCES:
            return SENTENCES[kind](refusal)
    return _("This was refused (%(code)s). Nothing was changed.") % {"code": refusal.code}


#: Refusal -> sentence.
SENTENCES = _gathered()

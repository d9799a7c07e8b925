"""What sentences of several topics are made with: moments, joined words, reasons by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingxu.web import words

Facts = Mapping[str, Any]
Sentence = Callable[[Facts], str]


def at(facts: Facts, name: str) -> str:
    """Return a moment of the facts as a clock time with its day."""
    value = facts.get(name)
    if not value:
        return "—"
    return timezone.localtime(datetime.fromisoformat(value)).strftime("%m-%d %H:%M")


def joined(said: str, more: str) -> str:
    """Return a sentence with what else is known, when something is."""
    return f"{said}{_(': ')}{more}" if more else said


def reason(table: str, code: str) -> str:
    names = {"desk": _("by the desk"), "replaced": _("somebody else goes"), "timeout": _("not accepted in time")}
    return names[code] if code in names else words.coded(table, code)

"""Tags and filters of our own: times as people say them, icons, names in the reader's language."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingxu.web import saying

register = template.Library()


@dataclass(frozen=True)
class State:
    """A public state as people see it: a word, an icon and a tone (ok, warn, late, muted)."""

    code: str
    word: str
    word_en: str
    icon: str
    tone: str
    meaning: str
    meaning_en: str


@cache
def states() -> dict[str, State]:
    """Return the public states by code, from the table of the life cycle."""
    text = (resources.files("yingxu.work") / "life_cycle" / "states.csv").read_text(encoding="utf-8")
    return {
        row["code"]: State(
            row["code"], row["name_zh"], row["name_en"], row["icon"], row["tone"], row["meaning_zh"], row["meaning_en"]
        )
        for row in csv.DictReader(text.splitlines())
    }


def is_english() -> bool:
    """Tell whether the reader reads English."""
    return (get_language() or "").startswith("en")


@register.filter
def in_language(row: Any, field: str = "name") -> str:
    """Return a row's ``field`` in the reader's language: ``field_en`` for English readers when it is filled."""
    if row is None:
        return ""
    english = getattr(row, f"{field}_en", "") if is_english() else ""
    return english or getattr(row, field)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon of the sprite; with ``label`` it speaks, without it is decoration."""
    sprite = static("vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.filter
def state_word(code: str) -> str:
    """Return a public state's word."""
    state = states().get(code)
    if state is None:
        return code
    return state.word_en if is_english() else state.word


@register.simple_tag
def state_badge(code: str) -> SafeString:
    """Return a public state as a badge: icon and word, never colour alone."""
    return _badge(code, get_language())


@lru_cache(maxsize=256)
def _badge(code: str, language: str | None) -> SafeString:
    state = states()[code]
    return format_html(
        '<span class="state tone-{}" title="{}">{}{}</span>',
        state.tone,
        _meaning(state),
        icon(state.icon),
        state_word(code),
    )


def _meaning(state: State) -> str:
    return state.meaning_en if is_english() else state.meaning


@register.filter
def priority_word(level: int) -> str:
    """Return a priority's word: P1 is 特急."""
    return {1: _("Critical"), 2: _("Urgent"), 3: _("Ordinary"), 4: _("Planned")}.get(level, str(level))


@register.simple_tag
def moment(at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """Return a moment as people say it, the absolute time on hover."""
    if at is None:
        return ""
    return SafeString(saying.moment_html(at, now=now or timezone.now()))


@register.simple_tag
def countdown(due_at: datetime | None, now: datetime, is_paused: bool = False) -> SafeString | str:
    """Return what is left until a limit, or how late it is; ``clock.js`` lets it tick."""
    if due_at is None:
        return ""
    left_s = (due_at - now).total_seconds()
    if is_paused:
        return format_html(
            '<time class="clock is-paused" datetime="{}" title="{}">{}</time>',
            due_at.isoformat(),
            saying.absolute(due_at),
            _("clock paused"),
        )
    return format_html(
        '<time class="clock {}" data-due datetime="{}" title="{}">{}</time>',
        saying.tone_of_left(left_s),
        due_at.isoformat(),
        saying.absolute(due_at),
        saying.left(left_s),
    )


@register.simple_tag
def duration(seconds: float) -> str:
    """Return a span of time as people say it: 15 分钟, 2 小时, 3 天."""
    return saying.duration(seconds)


@register.simple_tag(takes_context=True)
def url_with(context: dict[str, Any], **changed: Any) -> str:
    """Return this page's address with some of its query changed; an empty value takes the field out."""
    query = context["request"].GET.copy()
    for name, value in changed.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def urgency(level: int | str) -> str:
    """Return a priority's word for a number or its text."""
    return priority_word(int(level)) if str(level).isdigit() else ""

"""Quantities and money in templates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from yingxu.web.stores import reading, words

register = template.Library()


@register.filter
def quantity(value: Decimal | None) -> str:
    """Return a quantity without zeros behind the point; a dash for none."""
    return "—" if value is None else reading.number(value)


@register.filter
def of_unit(value: Decimal, row: Any) -> str:
    """Return a quantity with the part's unit."""
    return reading.with_unit(value, row)


@register.filter
def yuan(fen: int) -> str:
    """Return money as people read it."""
    return reading.yuan(fen)


@register.filter
def movement_word(kind: str) -> str:
    """Return what moved stock."""
    return words.movement_name(kind)


@register.filter
def why_word(code: str) -> str:
    """Return why book and shelf differ."""
    return words.why_name(code)


@register.filter
def shortage_word(state: str) -> str:
    """Return where a shortage stands."""
    return words.shortage_name(state)


@register.filter
def bill_word(kind: str) -> str:
    """Return what a bill is for."""
    return words.bill_name(kind)

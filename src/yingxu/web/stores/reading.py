"""What forms say of quantities, money and days; how they are shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from yingxu.ground.refusals import Malformed
from yingxu.web.inside import Inside
from yingxu.web.templatetags.yingxu import in_language

_HOURS_MOST = 24 * 90


def quantity_of(post: QueryDict, name: str = "quantity") -> Decimal:
    """Return a quantity as typed; a comma may stand for the point. Refuses: Malformed."""
    text = post.get(name, "").strip().replace("，", ".").replace(",", ".")
    if not text:
        raise Malformed(field=name, problem="missing")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Malformed(field=name, problem="wrong_type") from None


def fen_of(post: QueryDict, name: str) -> int:
    """Return money typed in yuan, as fen. Refuses: Malformed."""
    yuan = quantity_of(post, name)
    if not yuan.is_finite() or abs(yuan) > Decimal(10**9):
        raise Malformed(field=name, problem="wrong_type")
    fen = yuan * 100
    if fen != fen.to_integral_value():
        raise Malformed(field=name, problem="too_fine", limit="0.01")
    return int(fen)


def day_of(post: QueryDict, name: str) -> date | None:
    """Return a day, None when nothing is typed. Refuses: Malformed."""
    text = post.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Malformed(field=name, problem="wrong_type") from None


def uid_of(text: str) -> UUID | None:
    """Return a key, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def needed_uid(post: QueryDict, name: str, field: str) -> UUID:
    """Return a key that must be chosen. Refuses: Malformed."""
    found = uid_of(post.get(name, ""))
    if found is None:
        raise Malformed(field=field, problem="missing")
    return found


def in_hours(post: QueryDict, here: Inside) -> datetime:
    """Return the moment in so many hours, rounded to the minute. Refuses: Malformed."""
    text = post.get("hours", "").strip()
    if not text.isdigit():
        raise Malformed(field="expected_at", problem="wrong_type" if text else "missing")
    if not 0 < int(text) <= _HOURS_MOST:
        raise Malformed(field="expected_at", problem="out_of_range", limit=str(_HOURS_MOST))
    return here.at + timedelta(hours=int(text))


def number(quantity: Decimal) -> str:
    """Return a quantity without zeros behind the point."""
    return f"{quantity.normalize():f}" if quantity else "0"


def yuan(fen: int) -> str:
    """Return money as people read it: 1,234.50."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def with_unit(quantity: Decimal, row: object) -> str:
    """Return a quantity with the part's unit in the reader's language."""
    return _("%(n)s %(unit)s") % {"n": number(quantity), "unit": in_language(row, "unit")}

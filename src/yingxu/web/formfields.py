"""An item's fields on a page: drawn, read back, said again with what is wrong; the appointment among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict

from yingxu.demand.actions import Wanted
from yingxu.standards.forms import Field
from yingxu.standards.refusals.forms import FormWrong
from yingxu.web.sentences.setting_up import field_words
from yingxu.web.templatetags.yingxu import is_english

#: Names of inputs begin so.
PREFIX = "f."
#: Fields that say when it is wanted, the first that is filled.
_WHEN = ("appointment", "starts", "when", "ready_at")
_UNTIL = ("ends",)


@dataclass(frozen=True)
class Drawn:
    """A field as the page draws it."""

    input_name: str
    kind: str
    label: str
    value: str
    is_needed: bool
    options: tuple[tuple[str, str], ...]
    low: str
    high: str
    wrong: str


def drawn(
    fields: Sequence[Field], given: Mapping[str, str] | None = None, refused: FormWrong | None = None
) -> tuple[Drawn, ...]:
    """Return an item's fields with what was typed and what is wrong with it."""
    wrong = {one.code: field_words(one) for one in refused.fields} if refused is not None else {}
    english = is_english()
    return tuple(
        Drawn(
            input_name=PREFIX + field.code,
            kind=field.kind,
            label=field.name_en if english else field.name,
            value=(given or {}).get(field.code, ""),
            is_needed=field.is_needed,
            options=tuple((code, said_en if english else said) for code, said, said_en in field.options),
            low="" if field.low is None else f"{field.low:g}",
            high="" if field.high is None else f"{field.high:g}",
            wrong=wrong.get(field.code, ""),
        )
        for field in fields
    )


def given_of(post: QueryDict) -> dict[str, str]:
    """Return what a form says in an item's fields, by field code."""
    return {name[len(PREFIX) :]: str(post.get(name, ""))[:400] for name in post if name.startswith(PREFIX)}


def wanted_of(given: Mapping[str, str], *, zone: str, is_asked: object) -> Wanted:
    """Return what is wanted besides the words. ``is_asked``: the chosen item, if any; without one no field is asked."""
    if not is_asked:
        return Wanted()
    begins = next((_moment(given[code], zone) for code in _WHEN if given.get(code)), None)
    ends = next((_moment(given[code], zone) for code in _UNTIL if given.get(code)), None)
    return Wanted(form=dict(given), wanted_from=begins, wanted_to=ends if begins is not None else None)


def _moment(said: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None  # the field's own check says so in words

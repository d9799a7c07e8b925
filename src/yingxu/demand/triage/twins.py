"""Which recent requests tell of the same incident (domain 5.6): near in place and time, one family, like words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from yingxu.core.language import Report, propose
from yingxu.core.language.duplicates import likely_same
from yingxu.core.language.passengers import CARRYING, Passengers, bed_of, passengers_in
from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor

if TYPE_CHECKING:
    from yingxu.demand.triage.reading import Read

#: The window of the same incident by line and class.
_CRITICAL = timedelta(minutes=30)
_SPREADING = timedelta(minutes=120)
_OTHERS = timedelta(hours=24)
_FAST_LINES = frozenset({"PLB", "ELE", "SEW"})
_LOOKED_AT = 120
AT_MOST = 3


@dataclass(frozen=True)
class Earlier:
    """A request that is open and came in lately."""

    key: int
    id: UUID
    number: str
    text: str
    state: str
    item_code: str
    item_name: str
    item_name_en: str
    line_code: str
    place_path: str
    place_name: str
    place_name_en: str
    place_words: str
    priority: int
    created_at: datetime
    #: What the item's form was answered; compared here and shown to nobody.
    form: Mapping[str, Any]


@dataclass(frozen=True)
class Twin:
    """An earlier request that seems to be the same incident, and what both share: place, near, item, line, words."""

    earlier: Earlier
    chance: float
    shares: tuple[str, ...]


def recent_reports(actor: Actor, site_id: int, *, at: datetime) -> tuple[Earlier, ...]:
    """Return the open requests of the last day that the actor answers for, newest first. Budget: one query."""
    rows = Request.objects.filter(
        authority.visible(actor, "queue.read"), site_id=site_id, is_open=True, created_at__gt=at - _OTHERS
    ).exclude(shown_state="transferred")
    found = rows.order_by("-created_at", "-id").values_list(
        "id", "uid", "number", "text", "shown_state", "item__code", "item__name", "item__name_en", "line_code",
        "place_path", "place_name", "place_name_en", "place_words", "priority", "created_at", "form",
    )  # fmt: skip
    return tuple(Earlier(*("" if value is None else value for value in row)) for row in found[:_LOOKED_AT])  # type: ignore[arg-type]


def twins_of(
    text: str,
    said: Read,
    earlier: Sequence[Earlier],
    *,
    at: datetime,
    place_path: str = "",
    beside: int | None = None,
) -> tuple[Twin, ...]:
    """Return which of ``earlier`` seem to be the incident that ``text`` tells of, likeliest first. Budget: none.

    ``beside``: the request that says so itself; its form tells whom it carries.
    """
    path = place_path or (said.place.path if said.place else "")
    line = said.item.code.split(".")[0].upper() if said.item else ""
    own = next((one.form for one in earlier if one.key == beside), {})
    carried = _carried(text, own) if line in CARRYING else None
    near = [one for one in earlier if one.key != beside and _fits(one, line, path, at) and not _others(carried, one)]
    if not near or not said.item_codes:
        return ()
    name = said.place.full_name if said.place else ""
    report = Report(text, tuple(filter(None, (*said.said_places, name))), said.item_codes)
    found = likely_same(report, [_report(one.text, one.item_code, one.place_name) for one in near])
    twins = [Twin(near[place], chance, _shares(near[place], said, line, path)) for place, chance in found]
    known = {twin.earlier.key for twin in twins}
    # the same kind at the very same place needs no likeness of words
    code = said.item.code if said.item else ""
    twins += [
        Twin(one, 0.9, _shares(one, said, line, path))
        for one in near
        if one.key not in known
        and code
        and one.item_code == code
        and path
        and one.place_path == path
        # a ward has many carried the same way each day: only whoever is named alike is one of them told twice
        and (carried is None or carried.are_same(_carried(one.text, one.form)))
    ]
    twins.sort(key=lambda twin: (-("place" in twin.shares), -twin.chance, -twin.earlier.key))
    return tuple(twins[:AT_MOST])


def _carried(text: str, form: Mapping[str, Any]) -> Passengers:
    """Return who is carried, by the words and by what the form was answered."""
    bed, name, number = (str(form.get(code) or "").strip() for code in ("bed", "patient_name", "patient_no"))
    told = Passengers(
        frozenset({bed_of(bed)} if bed else ()),
        frozenset({name} if name else ()),
        frozenset({number} if number else ()),
    )
    return told.joined(passengers_in(text))


def _others(carried: Passengers | None, one: Earlier) -> bool:
    """Tell whether the earlier one carries somebody else."""
    return carried is not None and one.line_code in CARRYING and carried.are_others(_carried(one.text, one.form))


def _fits(one: Earlier, line: str, path: str, at: datetime) -> bool:
    """Tell whether the earlier one lies in the window of its kind and not plainly elsewhere."""
    window = _OTHERS
    if one.priority == 1:
        window = _CRITICAL
    elif one.line_code in _FAST_LINES and line in _FAST_LINES:
        window = _SPREADING
    if at - one.created_at > window:
        return False
    if path and one.place_path:
        return _building(path) == _building(one.place_path)
    return True


def _building(path: str) -> str:
    """Return the beginning of a path that names the building: campus and one more."""
    return "/".join(path.split("/")[:3])


@lru_cache(maxsize=1024)
def _report(text: str, item_code: str, place_name: str) -> Report:
    proposal = propose(text)
    items = (item_code, *(code for code in proposal.items if code != item_code)) if item_code else proposal.items
    return Report(text, tuple(filter(None, (*proposal.places, place_name))), items)


def _shares(one: Earlier, said: Read, line: str, path: str) -> tuple[str, ...]:
    shares = []
    if path and one.place_path == path:
        shares.append("place")
    elif path and one.place_path and (path.startswith(one.place_path) or one.place_path.startswith(path)):
        shares.append("within")
    elif path and one.place_path and path.split("/")[:4] == one.place_path.split("/")[:4]:
        shares.append("floor")
    if said.item and one.item_code == said.item.code:
        shares.append("item")
    elif line and line == one.line_code:
        shares.append("line")
    return tuple(shares) or ("words",)

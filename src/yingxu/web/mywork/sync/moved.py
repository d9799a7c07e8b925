"""What a phone may report of what moves: parts between stores and jobs, loads between people, people between zones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey
from yingxu.web.inside import Inside
from yingxu.web.mywork.acts import carry_out
from yingxu.web.mywork.sync.commands import Reported
from yingxu.work import actions as work
from yingxu.work.actions import parts, shortages

Act = Callable[[Inside, Reported, CommandKey, datetime], object]
_HOURS_MOST = 24 * 90
#: What identifies a patient or a load: compared by the verb, never kept as it was said.
COVERED = ("first", "second")


def job_of(one: Reported) -> UUID:
    """Return the job that a command is about. Refuses: NotFound."""
    if one.job_id is None:
        raise NotFound(kind="job", name="")
    return one.job_id


def _uid(one: Reported, name: str, field: str) -> UUID:
    try:
        return UUID(one.text(name, 36))
    except ValueError as error:
        raise Malformed(field=field, problem="missing") from error


def _decimal(one: Reported, name: str, field: str) -> Decimal:
    """Return a number that the phone sends as text, so that no digit is lost on the way. Refuses: Malformed."""
    said = one.text(name, 16).replace(",", ".")
    if not said:
        raise Malformed(field=field, problem="missing")
    try:
        return Decimal(said)
    except InvalidOperation as error:
        raise Malformed(field=field, problem="wrong_type") from error


def _part(verb: Callable[..., object], *, counts: bool = True) -> Act:
    def act(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
        said: dict[str, Any] = {"level_id": _uid(one, "level", "part")}
        if counts:
            said["quantity"] = _decimal(one, "quantity", "quantity")
        return carry_out(verb, here, job_of(one), key, happened_at, **said)

    return act


def _lack(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    hours = one.said.get("hours")
    if isinstance(hours, bool) or not isinstance(hours, int) or not 0 < hours <= _HOURS_MOST:
        raise Malformed(field="expected_at", problem="out_of_range", limit=str(_HOURS_MOST))
    said = {
        "part_id": _uid(one, "part", "part"),
        "store_id": _uid(one, "store", "to_store"),
        "quantity": _decimal(one, "quantity", "quantity"),
        "expected_at": happened_at + timedelta(hours=hours),
        "note": one.text("note", 200),
    }
    return carry_out(shortages.report_shortage, here, job_of(one), key, happened_at, **said)


def _drop(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return shortages.drop_shortage(
        shortage_id=_uid(one, "shortage", "part"), actor=here.actor, at=here.at, happened_at=happened_at, command=key
    )


def _load(verb: Callable[..., object]) -> Act:
    def act(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
        said: dict[str, Any] = {
            "identifiers": (one.text("first", 64), one.text("second", 64)),
            "counterpart": one.text("counterpart", 64),
            "place_code": one.text("code", 64),
        }
        if one.text("temperature", 8):
            said["temperature_c"] = _decimal(one, "temperature", "temperature_c").quantize(Decimal("0.1"))
        return carry_out(verb, here, job_of(one), key, happened_at, **said)

    return act


def _delay(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    said = {"reason_code": one.text("reason_code", 24), "note": one.text("note", 200)}
    return carry_out(work.note_delay, here, job_of(one), key, happened_at, **said)


def _go_on(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    return carry_out(work.go_on, here, job_of(one), key, happened_at)


def _zone(here: Inside, one: Reported, key: CommandKey, happened_at: datetime) -> object:
    """The worker was in a zone from that moment on; one that was followed by another stays history."""
    code = one.text("zone", 64)
    try:
        return work.sign_in_zone(place_code=code, actor=here.actor, at=here.at, happened_at=happened_at, command=key)
    except NotFound as why:
        if why.kind != "place":
            raise
        raise Malformed(field="place", problem="unknown", limit=code) from None


ACTS: dict[str, Act] = {
    "part-take": _part(parts.issue_part),
    "part-keep": _part(parts.reserve_part),
    "part-back": _part(parts.return_part),
    "part-release": _part(parts.release_part, counts=False),
    "part-lack": _lack,
    "part-drop": _drop,
    "load-take": _load(work.take_load),
    "load-give": _load(work.give_load),
    "load-delay": _delay,
    "load-go-on": _go_on,
    "zone": _zone,
}


def covered(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a command says with a patient's identifiers covered: reports are kept for others to read."""
    return {name: "•••" if name in COVERED else value for name, value in said.items()}

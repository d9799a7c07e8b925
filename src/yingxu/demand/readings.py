"""When a reading is an alarm: topics, values, limits with hysteresis. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

#: A reading that is longer is no reading.
LONGEST = 65_536


@dataclass(frozen=True)
class Limits:
    """What an alarm rule compares with. ``clear_limit`` empty: it is over as soon as the limit no longer holds."""

    condition: str
    limit: str
    clear_limit: str = ""


class NoReading(Exception):
    """The message holds no value where the rule looks; the text says why, in a word."""


def fits(topic_filter: str, topic: str) -> bool:
    """Tell whether a topic falls under a filter: ``+`` stands for one level, ``#`` for all the rest.

    As MQTT 3.1.1 (OASIS standard, 4.7) says: wildcards do not meet topics that begin with ``$``; ``a/#`` meets ``a``.
    """
    wanted, given = topic_filter.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in {"+", "#"}:
        return False
    for place, level in enumerate(wanted):
        if level == "#":
            return place == len(wanted) - 1
        if place >= len(given) or level not in {"+", given[place]}:
            return False
    return len(wanted) == len(given)


def is_filter(topic_filter: str) -> bool:
    """Tell whether a topic filter is well formed."""
    levels = topic_filter.split("/")
    if not topic_filter or len(topic_filter) > 200 or "\x00" in topic_filter:
        return False
    return all(
        ("#" not in level or (level == "#" and place == len(levels) - 1)) and ("+" not in level or level == "+")
        for place, level in enumerate(levels)
    )


def value_in(payload: bytes, path: str) -> str:
    """Return the value that a dotted path names in a JSON reading; without a path the reading is the value.

    Raises NoReading.
    """
    if len(payload) > LONGEST:
        raise NoReading("too_large")
    try:
        text = payload.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise NoReading("no_text") from None
    if not path:
        return text[:64]
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise NoReading("no_json") from None
    for part in path.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise NoReading("no_such_path")
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, dict | list):
        raise NoReading("no_value")
    return str(value)[:64]


def holds(limits: Limits, value: str, *, is_standing: bool) -> bool:
    """Tell whether the alarm stands after this value; ``is_standing``: it stood before (hysteresis).

    Raises NoReading when a number is needed and the value is none.
    """
    if limits.condition == "equals":
        return value == limits.limit
    if limits.condition == "differs":
        return value != limits.limit
    at = limits.clear_limit if is_standing and limits.clear_limit else limits.limit
    number, border = _number(value), _number(at)
    return number > border if limits.condition == "above" else number < border


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise NoReading("no_number") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise NoReading("no_number")
    return number


def wrong_in(limits: Limits) -> str:
    """Return the name of the field that makes no sense, or nothing: a clear limit lies on the safe side."""
    if limits.condition not in {"above", "below", "equals", "differs"}:
        return "condition"
    if limits.condition in {"equals", "differs"}:
        return "" if limits.limit else "limit"
    try:
        border = _number(limits.limit)
    except NoReading:
        return "limit"
    if not limits.clear_limit:
        return ""
    try:
        back = _number(limits.clear_limit)
    except NoReading:
        return "clear_limit"
    is_safe = back <= border if limits.condition == "above" else back >= border
    return "" if is_safe else "clear_limit"

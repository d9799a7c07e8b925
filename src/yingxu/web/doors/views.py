"""The doors' pages: which are open, how each is set, when it was last heard of; the rules of a broker."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.demand import actions as demand
from yingxu.demand.actions import RuleSaid
from yingxu.demand.doors import KINDS, Setting
from yingxu.demand.queries import doors as queries
from yingxu.demand.queries.doors import DoorRow
from yingxu.ground import authority
from yingxu.ground import queries as ground
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, Refusal
from yingxu.web import errors
from yingxu.web.doors import words
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, new_command


@dataclass(frozen=True)
class Field:
    """One setting on a form."""

    name: str
    label: str
    value: str
    is_needed: bool
    is_secret: bool
    #: Whether the environment has the variable that a secret's setting names.
    is_there: bool


@dataclass(frozen=True)
class Card:
    """A door on the list."""

    row: DoorRow
    kind: str
    n_week: int
    n_failed: int


@never_cache
@require_safe
@inside
def doors(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here)
    return _list(request, here)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new_door(request: HttpRequest, here: Inside) -> HttpResponse:
    _require(here, "door.manage")
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in KINDS:
        return redirect("web:doors")
    if request.method != "POST":
        return _form(request, here, kind, None, {}, words.kind_name(kind), "", "")
    given = _given(request)
    name, place = request.POST.get("name", ""), request.POST.get("place", "")
    try:
        made = demand.open_door(
            site_id=here.site.id,
            kind=kind,
            name=name,
            settings=given,
            place_code=place,
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (Malformed, NotFound) as why:
        return _form(request, here, kind, None, given, name, place, _sentence(why), status=422)
    return redirect("web:door", made.uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def door(request: HttpRequest, here: Inside, door_id: UUID) -> HttpResponse:
    row = queries.door_for(here.actor, door_id)
    place_code = _place_code(row)
    if request.method != "POST":
        return _form(request, here, row.kind, row, row.settings, row.name, place_code, "")
    given = _given(request)
    name, place = request.POST.get("name", ""), request.POST.get("place", "")
    try:
        demand.change_door(
            door_id=door_id,
            name=name,
            settings=given,
            place_code=place,
            is_on=request.POST.get("is_on") == "1",
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (Malformed, NotFound) as why:
        return _form(request, here, row.kind, row, given, name, place, _sentence(why), status=422)
    return redirect(f"{reverse('web:door', args=[door_id])}?saved=1")


@require_POST
@inside
def set_rule(request: HttpRequest, here: Inside, door_id: UUID) -> HttpResponse:
    row = queries.door_for(here.actor, door_id)
    said = {name: request.POST.get(name, "") for name in _RULE}
    rule_id = request.POST.get("rule_id", "")
    try:
        demand.set_alarm_rule(
            door_id=door_id,
            rule=_rule(said, is_on=request.POST.get("is_on") == "1"),
            rule_id=_uid(rule_id),
            actor=here.actor,
            at=here.at,
            command=command_of(request),
        )
    except (Malformed, NotFound) as why:
        values = _door_values(request, here, row.kind, row, row.settings, row.name, _place_code(row), "")
        said.update(rule_id=rule_id, is_on=request.POST.get("is_on", ""))
        values.update(rule_said=said, rule_trouble=_sentence(why))
        return render(request, "web/doors/door.html", values, status=422)
    return redirect(f"{reverse('web:door', args=[door_id])}?saved=1#rules")


_RULE = ("name", "topic", "path", "condition", "limit", "clear_limit", "hold_s", "item", "place", "priority", "text")


def _rule(said: dict[str, str], *, is_on: bool) -> RuleSaid:
    for name in ("hold_s", "priority"):
        if said[name] and not said[name].isdigit():
            raise Malformed(field=name, problem="wrong_type")
    return RuleSaid(
        name=said["name"],
        topic=said["topic"],
        path=said["path"],
        condition=said["condition"],
        limit=said["limit"],
        clear_limit=said["clear_limit"],
        hold_s=int(said["hold_s"] or 0),
        item_code=said["item"],
        place_code=said["place"],
        priority=int(said["priority"]) if said["priority"] else None,
        text=said["text"],
        is_on=is_on,
    )


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(kind="alarm_rule", name="") from None


def _require(here: Inside, action: str = "door.read") -> None:
    if not authority.may_anywhere(here.actor, action):
        raise NotAllowed(action=action)


def _sentence(why: Refusal) -> str:
    if isinstance(why, Malformed):
        label = words.setting_name(why.field)
        if label != why.field:
            return errors.malformed(label, why.problem, why.limit)
    return errors.sentence(why)


def _given(request: HttpRequest) -> dict[str, str]:
    return {name[2:]: str(value) for name, value in request.POST.items() if name.startswith("s-")}


def _place_code(row: DoorRow) -> str:
    if row.place_id is None:
        return ""
    try:
        return ground.place_by_key(row.place_id).code
    except NotFound:
        return ""


def _list(request: HttpRequest, here: Inside) -> HttpResponse:
    counts = queries.counts_by_door(here.site.id, since=here.at - timedelta(days=7))
    cards = [
        Card(row, words.kind_name(row.kind), *counts.get(row.id, (0, 0)))
        for row in queries.doors_of(here.actor, here.site.id)
    ]
    values = {
        "cards": cards,
        "kinds": [(code, words.kind_name(code), words.kind_hint(code)) for code in KINDS],
        "may_manage": authority.may_anywhere(here.actor, "door.manage"),
        "now": here.at,
    }
    return render(request, "web/doors/list.html", values)


def _form(
    request: HttpRequest,
    here: Inside,
    kind: str,
    row: DoorRow | None,
    given: dict[str, Any],
    name: str,
    place: str,
    trouble: str,
    *,
    status: int = 200,
) -> HttpResponse:
    values = _door_values(request, here, kind, row, given, name, place, trouble)
    return render(request, "web/doors/door.html", values, status=status)


def _door_values(
    request: HttpRequest,
    here: Inside,
    kind: str,
    row: DoorRow | None,
    given: dict[str, Any],
    name: str,
    place: str,
    trouble: str,
) -> dict[str, Any]:
    is_broker = row is not None and kind == "mqtt"
    return {
        "row": row,
        "kind": kind,
        "kind_name": words.kind_name(kind),
        "kind_hint": words.kind_hint(kind),
        "name": name,
        "place": place,
        "fields": [_field(setting, given) for setting in KINDS[kind].settings],
        "is_on": row is None or row.is_on,
        "address": _address(request, row) if row is not None else "",
        "trouble": trouble,
        "is_saved": request.GET.get("saved") == "1",
        "command": new_command(),
        "rule_command": new_command(),
        "may_manage": authority.may_anywhere(here.actor, "door.manage"),
        "rules": queries.alarm_rules(row.id) if row is not None and is_broker else (),
        "alarms": queries.alarms_of(row.id) if row is not None and is_broker else (),
        "conditions": [(code, words.condition_name(code)) for code in ("above", "below", "equals", "differs")],
        "items": catalogue_of(here.site.id) if is_broker else (),
        "rule_said": _rule_of(request, row) if row is not None and is_broker else {},
        "now": here.at,
    }


def _rule_of(request: HttpRequest, row: DoorRow) -> dict[str, Any]:
    """Return the rule that the address asks to change, as the form holds it; an empty one for a new rule."""
    wanted = request.GET.get("rule", "")
    for rule in queries.alarm_rules(row.id) if wanted else ():
        if str(rule.uid) == wanted:
            return {
                "rule_id": str(rule.uid),
                "item": rule.item_code,
                "place": rule.place_code or "",
                "priority": str(rule.priority or ""),
                "is_on": "1" if rule.is_on else "",
                **{name: getattr(rule, name) for name in _RULE if name not in {"item", "place", "priority"}},
            }
    return {"condition": "above", "hold_s": "0", "is_on": "1"}


def _field(setting: Setting, given: dict[str, Any]) -> Field:
    value = str(given.get(setting.name, "") or setting.default)
    is_there = bool(value) and bool(os.environ.get(value, "")) if setting.is_secret else True
    return Field(setting.name, words.setting_name(setting.name), value, setting.is_needed, setting.is_secret, is_there)


def _address(request: HttpRequest, row: DoorRow) -> str:
    host = settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
    if row.kind == "kiosk":
        return f"{host}{reverse('web:kiosk', args=[row.token])}"
    return f"{host}/hooks/{row.kind}/{row.token}" if KINDS[row.kind].has_hook else ""

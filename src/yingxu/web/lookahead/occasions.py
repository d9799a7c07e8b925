"""One occasion and the library: put on the calendar, changed, announced, withdrawn; what is made ready before it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yingxu.ground import authority
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, Refusal
from yingxu.standards import library as standards
from yingxu.team import queries as team
from yingxu.upkeep import actions, queries, turns
from yingxu.upkeep.queries import OccasionDetail, RuleRow
from yingxu.web import errors
from yingxu.web import words as house
from yingxu.web.inside import Inside, catalogue_of, command_of, inside, lines_of, new_command
from yingxu.web.lookahead import words
from yingxu.web.lookahead.views import drawn, page_of, today_of, told
from yingxu.web.templatetags.yingxu import is_english

_FIELDS = (
    *("kind", "name", "name_en", "repeats", "from_md", "to_md", "from_on", "to_on", "every_months", "holiday"),
    *("place", "asset", "note"),
)

_RULE_TEXTS = ("text", "text_en", "item", "line", "place", "place_class", "team", "owner")
_RULE_FIELDS = (*_RULE_TEXTS, "lead_days", "ready_days")


def _day(said: str, field: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Malformed(field=field, problem="wrong_type") from None


def _whole(said: str, field: str, limit: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 6):
        raise Malformed(field=field, problem="not_whole" if said else "missing", limit=limit)
    return int(said)


def _said(request: HttpRequest, *, basis: str = "") -> actions.NewOccasion:
    """Return the occasion of a form. Refuses: Malformed."""
    typed = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    every = typed.pop("every_months")
    from_on, to_on = _day(typed.pop("from_on"), "from_on"), _day(typed.pop("to_on"), "to_on")
    months = _whole(every, "every_months", "1–240") if every and typed["repeats"] == "months" else None
    return actions.NewOccasion(**typed, from_on=from_on, to_on=to_on, every_months=months, basis=basis)


def _may_keep(here: Inside) -> None:
    authority.require(here.actor, "lookahead.keep", where=Where(here.site.id))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def add(request: HttpRequest, here: Inside) -> HttpResponse:
    _may_keep(here)
    trouble = ""
    if request.method == "POST":
        try:
            made = actions.add_occasion(
                site_id=here.site.id,
                what=_said(request),
                actor=here.actor,
                at=here.at,
                command=command_of(request),
            )
            return redirect("web:occasion", made.id)
        except (Malformed, NotFound) as why:
            trouble = errors.sentence(why)
    typed = request.POST if request.method == "POST" else {"kind": request.GET.get("kind", "review")}
    values = {**_choices(), "typed": typed, "trouble": trouble, "command": new_command(), "now": here.at}
    return render(request, "web/lookahead/new.html", values, status=422 if trouble else 200)


def _choices() -> dict[str, Any]:
    return {"kinds": words.kinds(), "repeats": words.repeats()}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def library(request: HttpRequest, here: Inside) -> HttpResponse:
    _may_keep(here)
    trouble = ""
    if request.method == "POST":
        try:
            return redirect("web:occasion", _adopt(request, here).id)
        except Refusal as why:
            if isinstance(why, NotAllowed):
                raise
            trouble = errors.sentence(why)
    standing = {row.code for row in queries.occasions(here.actor, here.site.id, today=today_of(here)) if row.code}
    values = {
        "groups": _library(standing),
        "cycles": _cycles(),
        "catalogue": catalogue_of(here.site.id),
        "typed": request.POST,
        "trouble": trouble,
        "command": new_command(),
        "now": here.at,
    }
    return render(request, "web/lookahead/library.html", values, status=422 if trouble else 200)


def _adopt(request: HttpRequest, here: Inside) -> actions.OccasionKept:
    post = request.POST
    said: dict[str, Any] = {"actor": here.actor, "at": here.at, "command": command_of(request)}
    first = _day(post.get("from_on", ""), "from_on")
    if post.get("cycle") is not None:
        return actions.adopt_cycle(
            site_id=here.site.id,
            cycle_code=post.get("cycle", ""),
            next_on=first,
            asset=post.get("asset", ""),
            item_code=post.get("item", ""),
            **said,
        )
    return actions.adopt_occasion(
        site_id=here.site.id,
        code=post.get("code", ""),
        from_on=first,
        to_on=_day(post.get("to_on", ""), "to_on"),
        name=post.get("name", ""),
        place=post.get("place", ""),
        **said,
    )


def _library(standing: set[str]) -> list[dict[str, Any]]:
    tail = "_en" if is_english() else "_zh"
    found = []
    for row in turns.library("occasions"):
        rules = [one for one in turns.library("preparations") if one["seed"] == row["seed"]]
        found.append(
            {
                "code": row["code"],
                "name": row[f"name{tail}"],
                "region": row[f"region{tail}"],
                "kind": words.kind_name(row["kind"]),
                "icon": words.ICONS[row["kind"]],
                "is_once": row["repeats"] == "once",
                "is_outage": row["kind"] == "outage",
                "days": f"{row['from_md']} – {row['to_md']}" if row["from_md"] else "",
                "basis": row[f"basis{tail}"],
                "mark": words.mark_name(row["mark"]),
                "rules": [(one[f"text{tail}"], int(one["lead_days"])) for one in rules],
                "is_standing": row["code"] in standing and row["repeats"] != "once",
            }
        )
    return found


def _cycles() -> list[tuple[str, str]]:
    """Return the legal cycles of the library that come every so many months."""
    tail = "_en" if is_english() else "_zh"
    return [
        (row["code"], f"{row[f'object{tail}']}{_(': ')}{row[f'task{tail}']}")
        for row in standards.rows("cycles")
        if row["is_legal"] == "1" and row["cycle_unit"] == "month" and int(row["cycle"]) >= 6
    ]


@never_cache
@require_safe
@inside
def occasion(request: HttpRequest, here: Inside, occasion_id: UUID) -> HttpResponse:
    return _page(request, here, occasion_id)


def _page(
    request: HttpRequest, here: Inside, occasion_id: UUID, *, trouble: str = "", act: str = "", status: int = 200
) -> HttpResponse:
    today = today_of(here)
    found = queries.occasion_for(here.actor, occasion_id, today=today)
    after = request.GET.get("after", "")
    page = page_of(here, after, shown="all", occasion_id=occasion_id)
    values = {
        "found": found,
        "row": found.row,
        "coming": drawn(found.row, today),
        "again": words.comes_again(found),
        "mark": words.mark_name(found.mark),
        "turns": [(words.day(one.begins_on, of=today), words.day(one.ends_on, of=today), one) for one in found.turns],
        "rules": [
            (rule, house.line_name(rule.line_code), _class(rule.place_class), _typed(rule)) for rule in found.rules
        ],
        "lines": [told(one, today) for one in page.rows],
        "next": page.next,
        "is_first": not after,
        "told": queries.told_of(here.actor, occasion_id, at=here.at) if found.may_announce else (),
        "trouble": trouble,
        "act": act,
        "typed": request.POST if trouble else _as_typed(found),
        "said": request.POST,
        "rule_said": {name: request.POST.get(name, "") for name in _RULE_FIELDS},
        "fresh": {**dict.fromkeys(_RULE_FIELDS, ""), "lead_days": "30", "ready_days": "1"},
        "command": new_command(),
        "now": here.at,
        **_choices(),
        **(_rule_choices(here) if found.may_keep else {}),
    }
    return render(request, "web/lookahead/occasion.html", values, status=status)


def _typed(rule: RuleRow) -> dict[str, Any]:
    return {
        "text": rule.text,
        "text_en": rule.text_en,
        "item": rule.item_code,
        "line": rule.line_code,
        "place": rule.place_code,
        "place_class": rule.place_class,
        "team": rule.team_code,
        "owner": rule.owner_username,
        "lead_days": rule.lead_days,
        "ready_days": rule.ready_days,
    }


def _class(code: str) -> str:
    return house.coded("place_classes", code) if code else ""


def _rule_choices(here: Inside) -> dict[str, Any]:
    return {
        "catalogue": catalogue_of(here.site.id),
        "service_lines": lines_of(here.site.id),
        "classes": house.choices("place_classes"),
        "teams": team.teams(here.site.id),
        "answerers": queries.answerers(here.actor, here.site.id, at=here.at),
    }


def _as_typed(found: OccasionDetail) -> dict[str, Any]:
    row = found.row
    return {
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en,
        "repeats": row.repeats,
        "from_md": found.from_md,
        "to_md": found.to_md,
        "from_on": found.from_on.isoformat() if found.from_on else "",
        "to_on": found.to_on.isoformat() if found.to_on else "",
        "every_months": found.every_months or "",
        "holiday": found.holiday,
        "place": found.place_code,
        "asset": found.asset_code,
        "note": found.note,
    }


@require_POST
@inside
def act(request: HttpRequest, here: Inside, occasion_id: UUID, act: str) -> HttpResponse:
    if act not in {"change", "withdraw", "announce", "rule"}:
        raise Http404
    said: dict[str, Any] = {
        "occasion_id": occasion_id,
        "actor": here.actor,
        "at": here.at,
        "command": command_of(request),
    }
    try:
        if act == "change":
            basis = queries.occasion_for(here.actor, occasion_id, today=today_of(here)).basis
            actions.change_occasion(what=_said(request, basis=basis), **said)
        elif act == "withdraw":
            actions.withdraw_occasion(reason=request.POST.get("reason", ""), **said)
            return redirect("web:lookahead")
        elif act == "announce":
            actions.announce_occasion(text=request.POST.get("text", ""), **said)
        else:
            actions.add_rule(what=_rule_said(request), **said)
    except Refusal as why:
        if isinstance(why, NotAllowed) or (isinstance(why, NotFound) and why.kind == "occasion"):
            raise
        return _page(request, here, occasion_id, trouble=errors.sentence(why), act=act, status=why.status)
    return redirect("web:occasion", occasion_id)


def _rule_said(request: HttpRequest) -> actions.NewRule:
    post = request.POST
    return actions.NewRule(
        **{name: post.get(name, "").strip() for name in _RULE_TEXTS},
        lead_days=_whole(post.get("lead_days", ""), "lead_days", "0–366"),
        ready_days=_whole(post.get("ready_days", ""), "ready_days", "0–366"),
    )


@require_POST
@inside
def rule_act(request: HttpRequest, here: Inside, rule_id: UUID, act: str) -> HttpResponse:
    if act not in {"change", "withdraw"}:
        raise Http404
    occasion_id = queries.occasion_of_rule(here.actor, rule_id)
    said: dict[str, Any] = {"rule_id": rule_id, "actor": here.actor, "at": here.at, "command": command_of(request)}
    try:
        if act == "change":
            actions.change_rule(what=_rule_said(request), **said)
        else:
            actions.withdraw_rule(**said)
    except Refusal as why:
        if isinstance(why, NotAllowed) or (isinstance(why, NotFound) and why.kind == "preparation_rule"):
            raise
        act = f"rule-{rule_id}"
        trouble = errors.sentence(why)
        return _page(request, here, occasion_id, trouble=trouble, act=act, status=why.status)
    return redirect("web:occasion", occasion_id)

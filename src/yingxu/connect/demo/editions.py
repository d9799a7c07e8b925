"""The demo's standards on their way: one in review, one being written, one that begins next week, one given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.standards import actions as standards
from yingxu.standards import queries
from yingxu.standards.actions import EditionSaid

Change = Callable[[dict[str, Any]], None]


def change_early(site_id: int, accounts: dict[str, int], at: datetime) -> None:
    """Put a second edition of the bed's standard in force before the past begins: its jobs have pinned it."""
    writer, director, officer = (_person(accounts[name]) for name in ("pengqp", "yuanq", "hanp"))
    said = _written(site_id, "fur.bed", "护栏夹手的险情：先锁刹车再动护栏", _brake_first, writer, at)
    _decided(said, writer, director, at)
    standards.publish_edition(edition_id=said.id, actor=officer, at=at)


def furnish_editions(site_id: int, accounts: dict[str, int], now: datetime) -> None:
    """Leave standards at every stage on the desks of those who work on them."""
    engineer, repairs, cleaning = (_person(accounts[name]) for name in ("chenqj", "pengqp", "lvyn"))
    director, officer = _person(accounts["yuanq"]), _person(accounts["hanp"])
    cool = _written(site_id, "hva.not_cool", "冷媒漏才量压力，别的不必", _pressure_only_for_leaks, engineer, now)
    standards.submit_edition(edition_id=cool.id, revision=cool.revision, actor=engineer, at=now)
    _written(site_id, "fur.bed", "到场承诺收紧，先看能不能守住", _sooner, repairs, now - timedelta(hours=5))
    linen = _written(site_id, "lin.shortage", "夜间调拨要记两头的人", _night, cleaning, now - timedelta(days=1))
    _decided(linen, cleaning, director, now - timedelta(hours=3))
    next_week = (now + timedelta(days=7)).replace(hour=0, minute=0, second=0, microsecond=0)
    standards.publish_edition(edition_id=linen.id, from_at=next_week, actor=officer, at=now - timedelta(hours=2))
    at = now - timedelta(days=3)
    given_up = _written(site_id, "cln.toilet", "想把补纸单列一项", _refill_apart, cleaning, at)
    standards.withdraw_edition(edition_id=given_up.id, reason="班组会议认为现有步骤已够", actor=cleaning, at=now)


def _written(site_id: int, item_code: str, why: str, change: Change, writer: Actor, at: datetime) -> EditionSaid:
    said = standards.draft_edition(site_id=site_id, item_code=item_code, why=why, actor=writer, at=at)
    found = queries.item_standard(writer, site_id, item_code, at=at)
    text = queries.edition_text(found.edition(said.number).key)
    change(text)
    return standards.edit_draft(edition_id=said.id, revision=said.revision, text=text, why=why, actor=writer, at=at)


def _decided(said: EditionSaid, writer: Actor, director: Actor, at: datetime) -> None:
    standards.submit_edition(edition_id=said.id, revision=said.revision, actor=writer, at=at)
    standards.approve_edition(edition_id=said.id, revision=said.revision, note="同意", actor=director, at=at)


def _step(code: str, kind: str, zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "type": kind, "zh": zh, "en": en, "critical": False, "mandatory": True, **more}


def _brake_first(text: dict[str, Any]) -> None:
    steps = text["steps"]
    brake = next(step for step in steps if step["code"] == "brake")
    steps.remove(brake)
    steps.insert(2, brake | {"critical": True})
    text["requirement"] += "先锁刹车再动护栏。"
    text["requirement_en"] += " Lock the brake before touching the rails."


def _pressure_only_for_leaks(text: dict[str, Any]) -> None:
    at = next(n for n, step in enumerate(text["steps"]) if step["code"] == "cause") + 1
    text["steps"].insert(
        at,
        _step(
            "pressure",
            "number",
            "补冷媒前后的低压侧压力。",
            "Low-side pressure before and after topping up.",
            min=0.3,
            max=1.2,
            unit="MPa",
            only_if={"step": "cause", "is": ["refrigerant"]},
        ),
    )
    text["goal"] = text["goal"].replace("26度", "25度")
    text["goal_en"] = text["goal_en"].replace("26", "25")


def _sooner(text: dict[str, Any]) -> None:
    for term in text["terms"]:
        if term["priority"] == 3 and term["milestone"] == "arrived":
            term["limit_s"] = 45 * 60


def _night(text: dict[str, Any]) -> None:
    text["steps"].insert(
        3, _step("lent_by", "text", "夜间调拨：写下借出科室和经手人。", "At night: note the lending ward and person.")
    )


def _refill_apart(text: dict[str, Any]) -> None:
    text["steps"].append(_step("soap", "tick", "洗手液按压三次都出液。", "Soap comes at each of three presses."))


def _person(account_id: int) -> Actor:
    account = ground.account_with_holdings(account_id)
    assert account is not None
    return ground.actor_of_account(account)

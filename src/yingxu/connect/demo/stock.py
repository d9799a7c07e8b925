"""Stores of the demo hospital: parts with their lots, hours' prices, parts used in what was finished lately."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from yingxu.connect.demo.tables import parts as listed
from yingxu.connect.demo.tables import rows
from yingxu.demand import queries as demand
from yingxu.ground import queries
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Refusal
from yingxu.team import queries as team
from yingxu.work import queries as work
from yingxu.work.actions import costs, parts, shelves, shortages, stocktakes, stores
from yingxu.work.queries import parts as part_queries

_OFFICER = "zhengmr"
_ZONE = ZoneInfo("Asia/Shanghai")
#: code, name, English name, party, place, keeper
_STORES = (
    ("ENG", "工程备件库", "Engineering store", "JIA", "WPH", "luof"),
    ("LIFT", "电梯备件库", "Lift store", "YI", "PWR", "duxl"),
    ("MAIN", "医院总务库", "General store", "", "AD-01-D", "gaolg"),
)
_MOST_JOBS = 24


def stock_stores(site_id: int, accounts: Mapping[str, int], at: datetime) -> None:
    """Set up stores, receive what lies there, set prices, and use some of it in what was finished lately."""
    officer = actor_of(accounts, _OFFICER)
    if officer is None:
        return
    opened = at - timedelta(days=60)
    keys = {row.code: row.id for row in queries.parties_of(site_id)}
    known = {
        code: stores.set_store(
            site_id=site_id,
            code=code,
            name=name,
            name_en=name_en,
            place_code=place,
            party_id=keys.get(party),
            keeper_id=accounts[keeper],
            actor=officer,
            at=opened,
        ).uid
        for code, name, name_en, party, place, keeper in _STORES
    }
    _receive(site_id, known, officer, opened)
    _price(site_id, officer, opened)
    _use(site_id, officer, at)
    _lack(site_id, accounts, at)
    _count(accounts, known, site_id, at)


def actor_of(accounts: Mapping[str, int], name: str) -> Actor | None:
    """Return somebody of the demo as an actor, if the house has the account."""
    account = queries.account_with_holdings(accounts[name]) if name in accounts else None
    return queries.actor_of_account(account) if account is not None else None


def _receive(site_id: int, known: Mapping[str, UUID], officer: Actor, at: datetime) -> None:
    """Make the parts known; of every third half came two months ago, the rest last month a little dearer."""
    day = at.astimezone(_ZONE).date()
    for n, row in enumerate(rows("parts")):
        part = stores.set_part(
            site_id=site_id,
            code=row["code"],
            name=row["name_zh"],
            name_en=row["name_en"],
            spec=row["spec"],
            unit_name=row["unit_zh"],
            unit_name_en=row["unit_en"],
            is_whole=row["is_whole"] == "1",
            item_codes=listed(row["items"]),
            actor=officer,
            at=at,
        )
        store_id = known[row["store"]]
        shelves.set_minimum(store_id=store_id, part_id=part.uid, minimum=Decimal(row["minimum"]), actor=officer, at=at)
        total, price_fen = Decimal(row["quantity"]), int(Decimal(row["price_yuan"]) * 100)
        first = (total / 2).to_integral_value() if n % 3 == 1 else total
        for lot, (quantity, fen, days) in enumerate(
            ((first, price_fen, 0), (total - first, price_fen * 106 // 100, 30))
        ):
            if quantity > 0:
                shelves.receive_stock(
                    store_id=store_id,
                    part_id=part.uid,
                    quantity=quantity,
                    price_fen=fen,
                    received_on=day + timedelta(days=days),
                    batch=f"{(day + timedelta(days=days)):%y%m}-{n + 1:02d}",
                    document=f"RK{(day + timedelta(days=days)):%y%m%d}{lot + 1}",
                    actor=officer,
                    at=at + timedelta(days=days),
                )


def _price(site_id: int, officer: Actor, at: datetime) -> None:
    day = at.astimezone(_ZONE).date() - timedelta(days=400)
    costs.set_labour_rate(site_id=site_id, fen_per_hour=3_600, from_on=day, actor=officer, at=at)
    for one in team.teams(site_id):
        if one.code in {"lift", "power", "gas"}:
            fen = 7_800 if one.code == "lift" else 5_200
            costs.set_labour_rate(site_id=site_id, fen_per_hour=fen, from_on=day, team_id=one.id, actor=officer, at=at)
    for line, has_parts in (("", True), ("PLB", False), ("ELE", False), ("ELV", False), ("FUR", False)):
        costs.set_cost_term(
            site_id=site_id,
            line_code=line,
            from_on=day,
            includes_labour=True,
            includes_parts=has_parts,
            includes_bills=False,
            actor=officer,
            at=at,
        )


def _use(site_id: int, officer: Actor, at: datetime) -> None:
    """Book parts of jobs that wait for their askers' word, and a contractor's invoice for one of them."""
    n_used = 0
    for job in work.finished_jobs(officer, site_id, limit=80).rows:
        if job.line_code not in {"PLB", "ELE", "ELV", "HVA", "FUR", "BLD"} or n_used == _MOST_JOBS:
            continue
        offer = part_queries.offered(officer, job.job_id, limit=1)
        moment = job.finished_at or at
        if offer and offer[0].free > 0:
            with suppress(Refusal):  # the lift company's store serves its own jobs
                parts.issue_part(
                    job_id=job.job_id, level_id=offer[0].level_id, quantity=Decimal(1), actor=officer, at=moment
                )
                n_used += 1
        if n_used == 3 and job.line_code in {"PLB", "ELE"}:
            costs.enter_bill(
                job_id=job.job_id,
                kind="contractor",
                amount_fen=88_000,
                billed_on=moment.astimezone(_ZONE).date() - timedelta(days=1),
                supplier="恒润机电维保有限公司",
                document="FP20250817",
                actor=officer,
                at=at,
            )


def _lack(site_id: int, accounts: Mapping[str, int], at: datetime) -> None:
    """A lift and a tap wait for a part, where such work is going on."""
    for line, leader in (("ELV", "duxl"), ("PLB", "luof"), ("ELE", "maly3")):
        actor = actor_of(accounts, leader)
        if actor is None:
            continue
        for job_id in _jobs_in_work(actor, site_id, line)[:1]:
            lack_a_part(job_id, actor, at)


def lack_a_part(job_id: UUID, actor: Actor, at: datetime) -> None:
    """The store has too few of the first part that such work takes."""
    for part in part_queries.offered(actor, job_id, limit=1):
        shortages.report_shortage(
            job_id=job_id,
            part_id=part.part_id,
            store_id=part.store_id,
            quantity=part.free + 2,
            expected_at=at + timedelta(hours=26),
            note="多处同时损坏，库里不够",
            actor=actor,
            at=at,
        )


def _jobs_in_work(actor: Actor, site_id: int, line: str) -> tuple[UUID, ...]:
    page = demand.request_page(actor, site_id, state="in_progress", line=line, limit=10)
    found = work.jobs_of_requests(actor, [row.key for row in page.rows])
    return tuple(job.job_id for job in found if job.state == "in_progress")


def _count(accounts: Mapping[str, int], known: Mapping[str, UUID], site_id: int, at: datetime) -> None:
    """The keeper counted some shelves this morning; the second person has not looked yet."""
    keeper = actor_of(accounts, "luof")
    if keeper is None:
        return
    begun = stocktakes.begin_stock_take(store_id=known["ENG"], actor=keeper, at=at - timedelta(hours=3))
    lines = part_queries.stock_take(keeper, site_id, begun.take_id, limit=5).lines.rows
    for n, line in enumerate(lines):
        is_less = n == 2
        stocktakes.count_part(
            take_id=begun.take_id,
            level_id=line.stock.level_id,
            counted=line.stock.on_hand - (1 if is_less else 0),
            reason="unbooked" if is_less else "",
            note="夜班急修领用未登记" if is_less else "",
            actor=keeper,
            at=at - timedelta(hours=2, minutes=50 - n),
        )

"""Cost of a job: minutes by the rate of their day, parts at their lots' prices, bills; a month is a sum of jobs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.stock import a_part, a_store, came
from tests.rooms.test_parts import in_work, use
from tests.rooms.test_work_loop import done, minutes
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.team.models import Post, Posting
from yingxu.work.actions import costs, parts
from yingxu.work.models import Bill, Job
from yingxu.work.queries import costs as queries
from yingxu.work.queries.costs import Wanted
from yingxu.work.refusals import BillIsStruck

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 1)
ZONE = "Asia/Shanghai"


def rate(house: House, fen: int, from_on: date = date(2025, 1, 1), **of: object) -> None:
    costs.set_labour_rate(
        site_id=house.site_id,
        fen_per_hour=fen,
        from_on=from_on,
        actor=house.actor("officer"),
        at=MONDAY_NINE,
        **of,  # type: ignore[arg-type]
    )


def month(house: House, by: str = "officer", **wanted: object) -> queries.ChargeBack:
    return queries.charge_back(
        house.actor(by),
        house.site_id,
        month=MARCH,
        timezone=ZONE,
        wanted=Wanted(**wanted),  # type: ignore[arg-type]
    )


def test_labour_is_minutes_by_the_rate_in_force_on_the_day_it_was_finished(house: House) -> None:
    job = done(house, in_work(house))
    rate(house, 4_000)
    assert month(house).total.labour_fen == 1_000  # 15 min at 40 yuan an hour
    rate(house, 6_000, MONDAY_NINE.date() + timedelta(days=1))
    assert month(house).total.labour_fen == 1_000  # from tomorrow on only
    rate(house, 8_000, team_id=house.teams["repair"])
    assert month(house).total.labour_fen == 2_000  # the team's before everybody's
    post = Post.objects.create(site_id=house.site_id, team_id=house.teams["repair"], code="p", name="水工")
    rate(house, 12_000, post_id=post.uid)
    assert month(house).total.labour_fen == 2_000  # nobody holds the post
    Posting.objects.create(
        site_id=house.site_id, post=post, account_id=house.accounts["plumber"], from_at=minutes(-99), to_at=minutes(19)
    )
    assert month(house).total.labour_fen == 2_000  # not any more when it was finished
    Posting.objects.create(
        site_id=house.site_id, post=post, account_id=house.accounts["plumber"], from_at=minutes(19.5)
    )
    assert month(house).total.labour_fen == 3_000
    Job.objects.filter(pk=job.pk).update(minutes=None)
    assert (month(house).total.labour_fen, month(house).total.n_unknown) == (0, 1)


def whole(house: House) -> Job:
    """A job with 15 minutes at 40 yuan, two parts of 12.50 of which one came back, an invoice, something recovered."""
    level = came(house, a_store(house), a_part(house), 5)
    job = in_work(house)
    use(house, job, level, 2)
    parts.return_part(
        job_id=job.uid, level_id=level.uid, quantity=Decimal(1), actor=house.actor("plumber"), at=minutes(13)
    )
    done(house, job)
    rate(house, 4_000)
    for kind, fen in (("contractor", 88_000), ("recovery", 3_000)):
        costs.enter_bill(
            job_id=job.uid,
            kind=kind,
            amount_fen=fen,
            billed_on=MONDAY_NINE.date(),
            document="FP-1",
            actor=house.actor("manager"),
            at=minutes(60),
        )
    return job


def test_cost_is_labour_and_parts_and_bills_less_what_was_recovered(house: House) -> None:
    """Domain 5.8."""
    job = whole(house)
    (row,) = month(house).rows
    assert (row.labour_fen, row.parts_fen, row.bills_fen) == (1_000, 1_250, 85_000)
    assert row.real_fen == row.charged_fen == 87_250
    assert row.department_id == house.places["S7-ORT"]
    cost = queries.cost_of_request(house.actor("officer"), house.site_id, job.request_id, timezone=ZONE)
    assert (cost.total_fen, len(cost.bills)) == (87_250, 2)


def test_what_the_contract_includes_costs_as_much_and_is_charged_nothing(house: House) -> None:
    whole(house)

    def term(line: str, from_on: date, *, labour: bool, parts_too: bool) -> None:
        costs.set_cost_term(
            site_id=house.site_id,
            line_code=line,
            from_on=from_on,
            includes_labour=labour,
            includes_parts=parts_too,
            includes_bills=False,
            actor=house.actor("officer"),
            at=minutes(70),
        )

    term("", date(2025, 1, 1), labour=True, parts_too=True)
    assert (month(house).total.real_fen, month(house).total.charged_fen) == (87_250, 85_000)
    term("PLB", date(2025, 1, 1), labour=True, parts_too=False)
    assert month(house).total.charged_fen == 86_250
    term("PLB", date(2025, 3, 4), labour=False, parts_too=False)
    assert month(house).total.charged_fen == 86_250  # from tomorrow on only


def test_every_figure_opens_its_jobs_and_they_add_up_to_it(house: House) -> None:
    whole(house)
    done(house, in_work(house, at=40), at=60)
    found = month(house)
    for row in found.rows:
        jobs = queries.charged_jobs(
            house.actor("officer"),
            house.site_id,
            month=MARCH,
            timezone=ZONE,
            wanted=Wanted(row.line_code, row.department_id or 0),
        ).rows
        assert len(jobs) == row.n_jobs
        assert sum(job.real_fen for job in jobs) == row.real_fen
        assert sum(job.charged_fen for job in jobs) == row.charged_fen
    first = queries.charged_jobs(
        house.actor("officer"), house.site_id, month=MARCH, timezone=ZONE, wanted=Wanted(), limit=1
    )
    assert (len(first.rows), first.next) == (1, "1")
    assert month(house, line_code="ELV").rows == ()
    assert month(house, department_id=0).rows == ()
    assert queries.charge_back(house.actor("officer"), house.site_id, month=date(2025, 2, 1), timezone=ZONE).rows == ()


def test_a_company_reads_the_cost_of_its_own_jobs(house: House) -> None:
    whole(house)
    assert month(house, by="manager").total.real_fen == 87_250
    assert month(house, by="lift_manager").total.real_fen == 0
    for name in ("nurse", "plumber", "clerk", "supervisor", "administrator"):
        with pytest.raises(NotAllowed):
            month(house, by=name)


def test_a_struck_bill_stays_to_be_seen_and_counts_no_more(house: House) -> None:
    job = whole(house)
    bill = Bill.objects.get(job=job, kind="contractor")
    said = {"bill_id": bill.uid, "at": minutes(80)}
    with pytest.raises(NotAllowed):
        costs.strike_bill(why="填错", actor=house.actor("plumber"), **said)
    with pytest.raises(Malformed):
        costs.strike_bill(why=" ", actor=house.actor("manager"), **said)
    costs.strike_bill(why="填错", actor=house.actor("manager"), **said)
    with pytest.raises(BillIsStruck):
        costs.strike_bill(why="填错", actor=house.actor("manager"), **said)
    cost = queries.cost_of_request(house.actor("officer"), house.site_id, job.request_id, timezone=ZONE)
    assert (cost.total_fen, [row.struck_why for row in cost.bills]) == (-750, ["填错", ""])
    assert Entry.objects.filter(kind="work.bill.struck", thread_id=job.request_id).count() == 1


def test_a_bill_must_be_one(house: House) -> None:
    job = in_work(house)
    said = {"job_id": job.uid, "actor": house.actor("officer"), "at": minutes(60)}
    today = MONDAY_NINE.date()
    for wrong in (
        {"kind": "gift", "amount_fen": 1, "billed_on": today},
        {"kind": "transport", "amount_fen": 0, "billed_on": today},
        {"kind": "transport", "amount_fen": 1, "billed_on": today + timedelta(days=2)},
        {"kind": "contractor", "amount_fen": 1, "billed_on": today},
    ):
        with pytest.raises(Malformed):
            costs.enter_bill(**wrong, **said)  # type: ignore[arg-type]
    rate_by = house.actor("manager")
    with pytest.raises(NotAllowed):
        costs.set_labour_rate(site_id=house.site_id, fen_per_hour=1, from_on=today, actor=rate_by, at=MONDAY_NINE)


def test_a_month_costs_so_many_statements_however_many_jobs(house: House) -> None:
    whole(house)
    officer = house.actor("officer")
    with CaptureQueriesContext(connection) as asked:
        queries.charge_back(officer, house.site_id, month=MARCH, timezone=ZONE)
    assert len(asked.captured_queries) == 5  # six where a post has a rate

"""Test vector TV-1 (domain 6.1) through the product, from asking to finished; the shares come out exact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.people import House
from tests.rooms.requests import arrives, ask, finishes, is_paused
from yingxu.demand.actions import Raised, acknowledge_request
from yingxu.promise import queries
from yingxu.standards import queries as standards
from yingxu.standards.models import Calendar, Term

pytestmark = pytest.mark.django_db
SHANGHAI = timezone(timedelta(hours=8))


def moment(text: str) -> datetime:
    """Read "03-03 08:00" as a time in Shanghai in 2025."""
    return datetime.strptime(f"2025-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


#: id: priority, created, first response, arrived, finished, paused minutes; the ten reactive orders.
ORDERS = {
    "W01": (1, "03-03 08:00", "03-03 08:01", "03-03 08:07", "03-03 08:40", 0),
    "W02": (2, "03-03 08:10", "03-03 08:14", "03-03 08:28", "03-03 10:05", 0),
    "W03": (2, "03-03 09:00", "03-03 09:09", "03-03 09:31", "03-03 14:20", 90),
    "W04": (3, "03-03 09:30", "03-03 09:38", "03-03 10:20", "03-03 11:00", 0),
    "W05": (3, "03-03 10:00", "03-03 10:06", "03-03 10:55", "03-04 12:00", 120),
    "W06": (3, "03-03 11:00", "03-03 11:12", "03-03 13:10", "03-03 15:00", 0),
    "W07": (4, "03-03 13:00", "03-03 14:00", "03-05 09:00", "03-05 10:00", 0),
    "W10": (2, "03-04 07:30", "03-04 07:33", "03-04 07:46", "03-04 08:30", 0),
    "W11": (3, "03-04 08:00", "03-04 08:05", "03-04 08:50", "03-04 09:30", 0),
    "W12": (1, "03-04 20:00", "03-04 20:02", "03-04 20:15", "03-04 21:30", 0),
}


@pytest.fixture
def around_the_clock(house: House) -> Iterator[None]:
    """The vector's fixture: every limit runs 24×7."""
    always = Calendar.objects.get(site_id=house.site_id, code="always")
    Term.objects.filter(edition__site_id=house.site_id).update(calendar=always)
    standards.forget()
    yield
    standards.forget()


def live(house: House, code: str) -> Raised:
    priority, created, answered, arrived, finished, paused = ORDERS[code]
    plumber, clerk = house.accounts["plumber"], house.actor("clerk")
    raised = ask(house, actor=clerk, channel="phone", priority=priority, text=code, at=moment(created))
    acknowledge_request(request_id=raised.id, actor=clerk, at=moment(answered))
    arrives(raised, moment(arrived), plumber)
    if paused:
        is_paused(raised, moment(arrived), moment(arrived) + timedelta(minutes=paused), plumber)
    finishes(raised, moment(finished), plumber)
    return raised


def test_the_shares_of_tv_1(house: House, around_the_clock: None) -> None:
    raised = {code: live(house, code) for code in ORDERS}
    rows = queries.attainment(
        house.actor("director"),
        house.site_id,
        from_at=moment("03-01 00:00"),
        to_at=moment("04-01 00:00"),
        at=moment("03-31 00:00"),
    )
    shares = {row.milestone: (row.share.hits, row.share.n) for row in queries.by_milestone(rows)}
    assert shares["acknowledged"] == (8, 10)
    assert shares["arrived"] == (6, 9)
    assert shares["done"] == (10, 10)
    arrived = next(row.share for row in queries.by_milestone(rows) if row.milestone == "arrived")
    assert (round(arrived.low or 0, 3), round(arrived.high or 0, 3)) == (0.354, 0.879)

    wanted = {"acknowledged", "arrived", "done"}
    clocks = {code: queries.clocks_of(one.key) for code, one in raised.items()}
    kept = {
        code: all(clock.state == "kept" for clock in rows if clock.milestone in wanted) for code, rows in clocks.items()
    }
    assert [code for code, is_kept in kept.items() if not is_kept] == ["W03", "W06", "W12"]  # SLA_all 7/10
    weight = {code: 5 - ORDERS[code][0] for code in ORDERS}
    assert (sum(weight[code] for code in ORDERS if kept[code]), sum(weight.values())) == (17, 26)  # SLA_w


def test_w05_is_kept_to_the_second_and_one_second_later_is_not(house: House, around_the_clock: None) -> None:
    raised = live(house, "W05")
    done = next(clock for clock in queries.clocks_of(raised.key) if clock.milestone == "done")
    assert (done.state, done.due_at) == ("kept", moment("03-04 12:00"))


def test_w07_has_no_limit_for_arriving(house: House, around_the_clock: None) -> None:
    assert "arrived" not in {clock.milestone for clock in queries.clocks_of(live(house, "W07").key)}


def test_the_explanation_adds_up(house: House, around_the_clock: None) -> None:
    raised = live(house, "W03")
    done = next(clock for clock in queries.clocks_of(raised.key) if clock.milestone == "done")
    told = queries.explain(house.actor("director"), done.id, at=moment("03-31 00:00")).explanation
    assert sum(line.counted_s for line in told.lines) == told.reading.elapsed_s == 230 * 60  # AS-10
    assert sum(line.stopped_s for line in told.lines) == 90 * 60

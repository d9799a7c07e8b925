"""Notices: quiet hours of a person and of the house, what waits for neither, digests, channels, tries."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask
from yingxu.demand.queries import priorities_of
from yingxu.ground import actions, queries
from yingxu.ground.actions import COLLECTED, Routed
from yingxu.ground.actor import engine
from yingxu.ground.ids import new_uid
from yingxu.ground.models import Delivery
from yingxu.ground.quiet import Rule, held_until, is_pressing, is_quiet, next_at
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
NIGHT = datetime(2025, 3, 3, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
MORNING = datetime(2025, 3, 3, 23, 0, tzinfo=UTC)  # 07:00 the next day
ZONE = "Asia/Shanghai"


def notice(
    house: House, name: str, at: datetime = NIGHT, kind: str = "promise.warning.raised", **facts: Any
) -> Delivery:
    """Queue one notice as a verb would."""
    values = {"milestone": "done", "rung": "f50", "share": 0.5, "late_s": 0, "priority": 3, "is_urgent": False, **facts}
    return Delivery.objects.create(
        site_id=house.site_id,
        entry=new_uid(),
        channel="in_app",
        to_account_id=house.accounts[name],
        kind=kind,
        facts=values,
        subject_id=1,
        due_at=at,
    )


def route(at: datetime) -> Routed:
    return actions.route_notices(actor=engine("clock"), at=at, priorities=priorities_of)


def wish(house: House, name: str, **given: Any) -> None:
    values: dict[str, Any] = {
        "quiet_from": time(22),
        "quiet_to": time(7),
        "digest_at": None,
        "email": "",
        "wants_email": False,
        "wants_gateway": False,
    }
    actions.set_notices(**{**values, **given}, actor=house.actor(name), at=MONDAY_NINE)


def test_at_night_ordinary_notices_wait_and_come_as_one_in_the_morning(house: House) -> None:
    wish(house, "leader")
    held = [notice(house, "leader", NIGHT + timedelta(minutes=n)) for n in range(3)]
    notice(house, "line_manager")
    assert route(NIGHT + timedelta(minutes=5)).n_held == 3
    leader = house.actor("leader")
    assert queries.unread_count(leader) == 0
    assert queries.unread_count(house.actor("line_manager")) == 1
    assert route(MORNING - timedelta(seconds=1)) == Routed(0, 0, 0, False)
    found = route(MORNING)
    assert (found.n_shown, found.n_digests) == (1, 1)
    assert queries.unread_count(leader) == 1
    rows, _ = queries.notices(leader, is_unread=True)
    assert [row.kind for row in rows] == [COLLECTED]
    assert [part.key for part in rows[0].parts] == [row.pk for row in held]
    assert route(MORNING).n_shown == 0


def test_one_alone_comes_as_itself(house: House) -> None:
    wish(house, "leader")
    notice(house, "leader")
    route(NIGHT)
    route(MORNING)
    rows, _ = queries.notices(house.actor("leader"), is_unread=True)
    assert [row.kind for row in rows] == ["promise.warning.raised"]


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("promise.warning.raised", {"priority": 1}),
        ("promise.warning.raised", {"priority": 2}),
        ("promise.warning.raised", {"priority": 4, "is_urgent": True}),
        ("dispatch.job.pulled_back", {}),
    ],
)
def test_what_is_urgent_or_asks_to_act_waits_for_nobody(house: House, kind: str, facts: dict[str, Any]) -> None:
    wish(house, "leader", digest_at=time(9))
    notice(house, "leader", kind=kind, **facts)
    assert route(NIGHT) == Routed(1, 0, 0, False)


def test_an_offer_is_an_act_for_its_worker_and_news_for_the_asker(house: House) -> None:
    worker, nurse = house.accounts["plumber"], house.accounts["nurse"]
    facts = {"worker_id": worker}
    assert is_pressing("work.job.dispatched", facts, worker, 3)
    assert not is_pressing("work.job.dispatched", facts, nurse, 3)
    assert is_pressing("work.job.dispatched", facts, nurse, 2)


def test_how_urgent_the_matter_is_is_asked_where_the_fact_does_not_say(house: House) -> None:
    wish(house, "nurse")
    raised = ask(house, item_code="plb.burst", text="水管爆了")
    row = notice(house, "nurse", kind="work.job.arrived")
    Delivery.objects.filter(pk=row.pk).update(subject_id=raised.key, facts={})
    assert route(NIGHT).n_shown == 1


def test_the_house_has_quiet_hours_and_a_person_goes_before_it(house: House) -> None:
    administrator = house.actor("administrator")
    given: dict[str, Any] = {"site_id": house.site_id, "digest_at": None, "gateway_url": "", "at": MONDAY_NINE}
    with pytest.raises(NotAllowed):
        actions.set_house_notices(quiet_from=time(21), quiet_to=time(6), actor=house.actor("clerk"), **given)
    actions.set_house_notices(quiet_from=time(21), quiet_to=time(6), actor=administrator, **given)
    wish(house, "leader", quiet_from=time(1), quiet_to=time(5))
    notice(house, "leader")
    held = notice(house, "line_manager")
    assert route(NIGHT).n_shown == 1
    held.refresh_from_db()
    assert held.due_at == MORNING - timedelta(hours=1)


def test_a_digest_gathers_the_day(house: House) -> None:
    wish(house, "manager", quiet_from=None, quiet_to=None, digest_at=time(17))
    for hour in (1, 3, 5):
        notice(house, "manager", MONDAY_NINE + timedelta(hours=hour))
        assert route(MONDAY_NINE + timedelta(hours=hour)).n_held == 1
    assert route(MONDAY_NINE + timedelta(hours=8)) == Routed(1, 0, 1, False)


@pytest.mark.parametrize(
    "given",
    [
        {"quiet_to": None},
        {"quiet_from": time(7)},
        {"wants_email": True},
        {"email": "not an address"},
    ],
)
def test_settings_that_cannot_be_are_refused(house: House, given: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        wish(house, "leader", **given)


@pytest.mark.parametrize("url", ["ftp://x", "http://127.0.0.1/x", "http://localhost/x", "http://169.254.169.254/", "x"])
def test_a_gateway_is_another_machine(house: House, url: str) -> None:
    with pytest.raises(Malformed):
        actions.set_house_notices(
            site_id=house.site_id,
            quiet_from=None,
            quiet_to=None,
            digest_at=None,
            gateway_url=url,
            actor=house.actor("administrator"),
            at=MONDAY_NINE,
        )


def test_whoever_wants_mail_gets_it_beside_the_notice(house: House) -> None:
    wish(house, "leader", quiet_from=None, quiet_to=None, email="liu@example.org", wants_email=True)
    row = notice(house, "leader")
    route(NIGHT)
    sent = Delivery.objects.get(channel="email")
    assert (sent.address, sent.entry, sent.sent_at) == ("liu@example.org", row.entry, None)


def test_one_reads_ones_own_alone_and_not_what_came_since(house: House) -> None:
    first, second = notice(house, "leader"), notice(house, "leader", NIGHT + timedelta(minutes=1))
    route(NIGHT)
    route(NIGHT + timedelta(minutes=1))
    leader = house.actor("leader")
    with pytest.raises(NotFound):
        actions.read_notice(entry=first.entry, actor=house.actor("manager"), at=NIGHT)
    assert actions.read_all_notices(until=NIGHT, actor=leader, at=MORNING).n == 1
    assert [row.id for row in queries.notices(leader, is_unread=True)[0]] == [second.entry]
    actions.read_notice(entry=second.entry, actor=leader, at=MORNING)
    assert queries.unread_count(leader) == 0


def test_pages_go_on_where_the_last_ended(house: House) -> None:
    made = [notice(house, "leader", NIGHT + timedelta(minutes=n)).entry for n in range(7)]
    route(NIGHT + timedelta(hours=1))
    leader, seen, after = house.actor("leader"), list[UUID](), ""
    while True:
        rows, after = queries.notices(leader, is_unread=False, after=after, limit=3)
        seen += [row.id for row in rows]
        if not after:
            break
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))


def test_what_was_given_up_is_seen_without_its_text_and_tried_again(house: House) -> None:
    row = notice(house, "leader")
    Delivery.objects.filter(pk=row.pk).update(channel="email", address="x@y.zz", n_tries=8, trouble="refused")
    with pytest.raises(NotAllowed):
        queries.troubled(house.actor("clerk"), house.site_id)
    sums, rows = queries.troubled(house.actor("administrator"), house.site_id)
    assert [(one.channel, one.n_given_up) for one in sums] == [("email", 1)]
    assert rows[0].is_given_up
    assert rows[0].trouble == "refused"
    with pytest.raises(NotAllowed):
        actions.retry_deliveries(site_id=house.site_id, actor=house.actor("officer"), at=MORNING)
    assert actions.retry_deliveries(site_id=house.site_id, actor=house.actor("administrator"), at=MORNING).n == 1
    row.refresh_from_db()
    assert (row.n_tries, row.due_at) == (0, MORNING)


def test_a_turn_costs_the_same_for_one_and_for_many(house: House) -> None:
    wish(house, "leader")
    for _ in range(30):
        notice(house, "leader")
    with CaptureQueriesContext(connection) as many:
        route(NIGHT)
    assert sum("SAVEPOINT" not in (one["sql"] or "") for one in many) <= 5
    with CaptureQueriesContext(connection) as idle:
        route(NIGHT)
    assert sum("SAVEPOINT" not in (one["sql"] or "") for one in idle) == 1
    with CaptureQueriesContext(connection) as counted:
        queries.unread_count(house.actor("leader"))
    assert len(counted) - 1 == 1  # the actor was loaded too


minutes = st.integers(0, 24 * 60 - 1)


@given(minutes, minutes, st.one_of(st.none(), minutes), st.integers(0, 400_000))
def test_nothing_arrives_in_quiet_hours_and_everything_within_two_days(
    start: int, end: int, digest: int | None, at_minute: int
) -> None:
    if start == end:
        return
    rule = Rule(
        time(start // 60, start % 60),
        time(end // 60, end % 60),
        None if digest is None else time(digest // 60, digest % 60),
    )
    at = MONDAY_NINE + timedelta(minutes=at_minute)
    until = held_until(rule, at, ZONE)
    if until is None:
        assert digest is None
        assert not is_quiet(rule, at, ZONE)
    else:
        assert at < until <= at + timedelta(hours=48)
        assert not is_quiet(rule, until, ZONE)


def test_the_next_moment_is_strictly_later() -> None:
    assert next_at(time(9), MONDAY_NINE, ZONE) == MONDAY_NINE + timedelta(days=1)
    assert next_at(time(9, 1), MONDAY_NINE, ZONE) == MONDAY_NINE + timedelta(minutes=1)

"""The warning ladder: who is told when, once, dated when it was due; what moves a clock moves its warnings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import arrives, ask, job_happens
from yingxu.demand import actions as demand
from yingxu.demand.actions import Raised
from yingxu.ground.actor import engine
from yingxu.ground.manner import retold
from yingxu.ground.models import Delivery, Entry, Holding
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.promise import actions
from yingxu.promise.actions import Warned
from yingxu.promise.ladder import rung, starter
from yingxu.promise.models import Promise, PromiseWarning, Watch
from yingxu.promise.refusals import BadLadder
from yingxu.work import events as work
from yingxu.work.answering import hands_of_jobs
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def after(minutes: float) -> datetime:
    return MONDAY_NINE + timedelta(minutes=minutes)


def look(minutes: float) -> Warned:
    return actions.raise_warnings(actor=engine("clock"), at=after(minutes), hands=hands_of_jobs)


def burst(house: House, **given: Any) -> Raised:
    """A burst pipe: critical, so its clocks run day and night. First answer 3 minutes, arrival 10."""
    return ask(house, item_code="plb.burst", text="水管爆了", **given)


def warned(raised: Raised, milestone: str = "acknowledged") -> list[tuple[str, float]]:
    """Return a promise's warnings with the minutes after nine at which they were due."""
    rows = PromiseWarning.objects.filter(promise__request_id=raised.key, promise__milestone=milestone)
    return [
        (code, (due_at - MONDAY_NINE).total_seconds() / 60)
        for code, due_at in rows.order_by("due_at", "id").values_list("rung", "due_at")
    ]


def told(house: House, code: str, milestone: str) -> set[str]:
    """Return who got a message about a rung."""
    names = {key: name for name, key in house.accounts.items()}
    rows = Delivery.objects.filter(kind="promise.warning.raised", facts__rung=code, facts__milestone=milestone)
    return {names[key] for key in rows.values_list("to_account_id", flat=True) if key is not None}


def test_each_rung_is_warned_once_and_dated_when_it_was_due(house: House) -> None:
    raised = burst(house)
    assert look(1).n_warnings == 0
    for minutes in (1.6, 1.6, 2.5, 2.6, 3.1, 3.2, 8.1, 9):
        look(minutes)
    assert warned(raised) == [("f50", 1.5), ("f80", 2.4), ("f100", 3.0), ("late300", 8.0)]
    facts = Entry.objects.filter(kind="promise.warning.raised", thread_id=raised.key, facts__milestone="acknowledged")
    assert list(facts.order_by("id").values_list("happened_at", flat=True)) == [
        after(1.5),
        after(2.4),
        after(3),
        after(8),
    ]


def test_the_instant_of_the_limit_still_keeps_it(house: House) -> None:
    raised = burst(house)
    look(3)
    assert [code for code, _ in warned(raised)] == ["f50", "f80"]
    look(3 + 1 / 60)
    assert [code for code, _ in warned(raised)] == ["f50", "f80", "f100"]


def test_who_is_told_at_the_narrowest_scope(house: House) -> None:
    raised = burst(house)
    look(1.6)
    # nobody has accepted: the desk answers for it, as one
    assert told(house, "f50", "acknowledged") == {"clerk", "other_clerk", "company_clerk"}
    job = Job.objects.get(request_id=raised.key)
    worker = house.accounts["plumber"]
    Job.objects.filter(pk=job.pk).update(
        state="accepted", worker_id=worker, accountable_id=worker, team_id=house.teams["repair"]
    )
    look(5.1)
    assert told(house, "f50", "arrived") == {"plumber"}
    look(8.1)
    assert told(house, "f80", "arrived") == {"plumber", "leader"}
    look(10.1)
    assert told(house, "f100", "arrived") == {
        *("plumber", "leader", "line_manager", "clerk", "other_clerk", "company_clerk")
    }
    look(15.1)
    assert told(house, "late300", "arrived") == {"leader", "manager", "officer"}


def test_a_role_that_nobody_holds_is_not_silence(house: House) -> None:
    Holding.objects.filter(role="TL").update(ends_at=after(-1))
    burst(house)
    look(2.5)
    assert "line_manager" in told(house, "f80", "acknowledged")


def test_a_worker_that_was_away_records_all_and_tells_once(house: House) -> None:
    raised = burst(house)
    found = look(60)
    assert warned(raised) == [("f50", 1.5), ("f80", 2.4), ("f100", 3.0), ("late300", 8.0)]
    rows = Delivery.objects.filter(kind="promise.warning.raised", facts__milestone="acknowledged")
    keys = list(rows.values_list("to_account_id", flat=True))
    assert len(keys) == len(set(keys))
    assert set(rows.values_list("facts__rung", flat=True)) == {"late300"}
    # whoever any of the rungs names is told by the highest
    assert {house.accounts[name] for name in ("clerk", "leader", "line_manager", "manager", "officer")} <= set(keys)
    by = PromiseWarning.objects.filter(promise__request_id=raised.key, promise__milestone="acknowledged")
    assert dict(by.values_list("rung", "told_by")) == {
        "f50": "late300",
        "f80": "late300",
        "f100": "late300",
        "late300": "",
    }
    assert found.n_warnings == PromiseWarning.objects.filter(promise__request_id=raised.key).count()
    assert look(60).n_warnings == 0


def test_a_pause_moves_what_was_not_sent(house: House) -> None:
    raised = burst(house)
    worker = house.accounts["plumber"]
    arrives(raised, after(4), worker)
    done = Promise.objects.get(request_id=raised.key, milestone="done")
    assert done.limit_s == 120 * 60
    look(61)
    assert warned(raised, "done") == [("f50", 60.0)]
    job_happens(
        work.PauseApproved, "paused", raised, after(70), values={"worker_id": worker}, reason_code="R1", limit_s=None
    )
    look(99)
    assert warned(raised, "done") == [("f50", 60.0)]
    job_happens(work.JobResumed, "in_progress", raised, after(100), reason_code="R1")
    look(127)
    assert warned(raised, "done") == [("f50", 60.0), ("f80", 126.0)]
    look(151)
    assert warned(raised, "done")[-1] == ("f100", 150.0)


def test_what_stands_still_warns_nobody_until_it_goes_on(house: House) -> None:
    raised = burst(house)
    worker = house.accounts["plumber"]
    arrives(raised, after(4), worker)
    values = {"worker_id": worker}
    job_happens(work.PauseApproved, "paused", raised, after(30), values=values, reason_code="R1", limit_s=None)
    look(200)
    assert warned(raised, "done") == []
    assert not Watch.objects.filter(promise__request_id=raised.key, promise__milestone="done").exclude(look_at=None)
    job_happens(work.JobResumed, "in_progress", raised, after(230), reason_code="R1")
    look(231)
    assert Watch.objects.get(promise__request_id=raised.key, promise__milestone="done").look_at == after(260)
    look(261)
    assert warned(raised, "done") == [("f50", 260.0)]


def test_what_is_called_off_warns_nobody(house: House) -> None:
    raised = ask(house, item_code="plb.faucet", text="滴水")
    look(1)
    demand.cancel_request(request_id=raised.id, reason_code="no_longer_needed", actor=house.actor("nurse"), at=after(2))
    look(6000)
    assert warned(raised) == warned(raised, "done") == []
    assert not Watch.objects.filter(promise__request_id=raised.key).exists()


def test_what_was_reached_before_anybody_looked_warns_nobody(house: House) -> None:
    raised = burst(house)
    arrives(raised, after(9), house.accounts["plumber"])
    look(9.5)
    assert warned(raised, "arrived") == []


def test_another_urgency_warns_by_its_own_ladder_of_what_is_not_used_up(house: House) -> None:
    raised = ask(house, item_code="plb.leak")
    look(1)
    demand.raise_priority(request_id=raised.id, priority=1, reason="漫到走廊", actor=house.actor("clerk"), at=after(6))
    look(6.1)
    # of ten minutes six are gone: half was passed before this promise was made
    assert warned(raised, "arrived") == []
    look(8.1)
    assert warned(raised, "arrived") == [("f80", 8.0)]


def test_a_log_that_is_retold_warns_nobody(house: House) -> None:
    with retold(evidence="log"):
        raised = burst(house, channel="log", actor=engine("replay"), source_ref="X1")
    look(600)
    assert not PromiseWarning.objects.filter(promise__request_id=raised.key).exists()


def test_the_hospital_decides_anew_and_what_runs_keeps_its_ladder(house: House) -> None:
    before = burst(house)
    made = actions.set_ladder(
        site_id=house.site_id,
        line_code="PLB",
        priority=1,
        steps=(rung(0.25, 0, ("WK",)), rung(1, 0, ("PM",)), rung(1, 120, ("HD",))),
        is_urgent=True,
        effective_at=after(1),
        actor=house.actor("officer"),
        at=after(0.5),
    )
    assert made.effective_at == after(1)
    later = burst(house, at=after(1))
    look(10)
    assert [code for code, _ in warned(before)] == ["f50", "f80", "f100", "late300"]
    assert warned(later) == [("f25", 1.75), ("f100", 4.0), ("late120", 6.0)]
    assert Delivery.objects.filter(facts__rung="late120", to_account_id=house.accounts["director"]).exists()


@pytest.mark.parametrize(
    ("steps", "step", "problem"),
    [
        ((), 0, "empty"),
        ((rung(0.8, 0, ("WK",)), rung(0.5, 0, ("TL",))), 2, "out_of_order"),
        ((rung(1.2, 0, ("WK",)),), 1, "share_out_of_range"),
        ((rung(0, 0, ("WK",)),), 1, "share_out_of_range"),
        ((rung(1, 600, ("TL",)), rung(1, 300, ("PM",))), 2, "out_of_order"),
        ((rung(0.5, 0, ("WK",)), rung(0.5, 0, ("TL",))), 2, "out_of_order"),
        ((rung(0.5, 0, ()),), 1, "no_receiver"),
        ((rung(0.5, 0, ("XX",)),), 1, "unknown_receiver"),
        ((rung(1, 10**8, ("TL",)),), 1, "minutes_out_of_range"),
        (tuple(rung(n / 10, 0, ("TL",)) for n in range(1, 10)), 9, "too_many"),
    ],
)
def test_what_is_no_ladder_is_refused_by_name(house: House, steps: tuple[Any, ...], step: int, problem: str) -> None:
    with pytest.raises(BadLadder) as refused:
        set_one(house, "officer", steps=steps)
    assert (refused.value.step, refused.value.problem) == (step, problem)
    assert not Entry.objects.filter(kind="promise.ladder.set").exists()


def set_one(house: House, name: str, **given: Any) -> actions.LadderMade:
    values: dict[str, Any] = {
        "site_id": house.site_id,
        "line_code": "",
        "priority": 3,
        "steps": starter(3),
        "is_urgent": False,
        "effective_at": MONDAY_NINE,
        "actor": house.actor(name),
        "at": MONDAY_NINE,
    }
    return actions.set_ladder(**{**values, **given})


def test_who_may_set_it_and_from_when(house: House) -> None:
    for name in ("clerk", "leader", "manager", "administrator", "director"):
        with pytest.raises(NotAllowed):
            set_one(house, name)
    for given in ({"effective_at": after(-60)}, {"line_code": "NIX"}, {"priority": 9}):
        with pytest.raises(Malformed):
            set_one(house, "officer", **given)
    set_one(house, "officer")
    with pytest.raises(Malformed):
        set_one(house, "officer")


def test_only_the_clock_warns(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.raise_warnings(actor=house.actor("officer"), at=after(1), hands=hands_of_jobs)


def test_a_turn_costs_the_same_for_one_and_for_many(house: House) -> None:
    for _ in range(12):
        burst(house)
    with CaptureQueriesContext(connection) as many:
        assert look(61).n_warnings > 90
    assert sum(_is_statement(one) for one in many) <= 10, [(one["sql"] or "")[:90] for one in many]
    with CaptureQueriesContext(connection) as idle:
        look(61)
    assert sum(_is_statement(one) for one in idle) == 2, [(one["sql"] or "")[:90] for one in idle]


def _is_statement(one: dict[str, Any]) -> bool:
    # a block of keys is fetched now and then, by whoever comes to its end
    return not any(word in (one["sql"] or "") for word in ("SAVEPOINT", "nextval"))


def test_what_a_cleaner_logs_escalates_after_three_minutes_until_somebody_answers(house: House) -> None:
    """S29: a gas alarm that a colleague of another line logs stands at the desk, and goes up when nobody takes it."""
    silent = ask(house, "porter", item_code="gas.alarm", text="氧气站报警，氧压一直掉")
    limit = Promise.objects.get(request_id=silent.key, milestone="acknowledged").due_at
    assert limit == after(3)
    look(2.9)
    assert "clerk" in told(house, "f50", "acknowledged") | told(house, "f80", "acknowledged")
    look(3.1)
    assert {"clerk", "manager"} <= told(house, "f100", "acknowledged")
    look(8.1)
    assert "officer" in told(house, "late300", "acknowledged")


def test_two_jobs_of_one_request_tell_each_its_own_worker(house: House) -> None:
    """S27: whoever answers for the job is told, not whoever was asked before."""
    raised = burst(house)
    job = Job.objects.get(request_id=raised.key)
    values = {"state": "accepted", "team_id": house.teams["repair"]}
    Job.objects.filter(pk=job.pk).update(
        **values, worker_id=house.accounts["electrician"], accountable_id=house.accounts["electrician"]
    )
    look(5.1)
    assert told(house, "f50", "arrived") == {"electrician"}
    Job.objects.filter(pk=job.pk).update(worker_id=house.accounts["plumber"], accountable_id=house.accounts["plumber"])
    look(8.1)
    assert told(house, "f80", "arrived") == {"plumber", "leader"}

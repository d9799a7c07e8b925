"""Quality promises (S3): drawn by the rule, measured by checks, steps and ratings; what nobody measured is said."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import arrives, ask, finishes
from yingxu.demand.actions import Raised
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.promise.actions import Reading, SamplingRule, end_quality_promise, promise_quality
from yingxu.promise.models import QualityPromise
from yingxu.standards.refusals import AlreadyPlanned, EffectiveInPast
from yingxu.verify.models import Verdict
from yingxu.voice.models import Rating
from yingxu.voice.quality import QualityRow, quality_attainment, sampled_jobs
from yingxu.work.models import CustodyScan, Job, StepDone

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
TODAY, DAY, HOUR = date(2025, 3, 3), timedelta(days=1), timedelta(hours=1)


def promised(house: House, *, who: str = "officer", at: datetime = MONDAY_NINE, **more: Any) -> None:
    values: dict[str, Any] = {
        "code": "plb_checked",
        "name": "维修抽查合格率",
        "line_code": "PLB",
        "measure": "checked",
        "target": 0.95,
        "sampling": SamplingRule(),
        "from_on": TODAY,
    }
    promise_quality(site_id=house.site_id, actor=house.actor(who), at=at, **{**values, **more})


def worked(house: House, **job: Any) -> tuple[Raised, Job]:
    raised = ask(house, item_code="plb.faucet")
    arrives(raised, MONDAY_NINE + HOUR / 2, house.accounts["plumber"])
    finishes(raised, MONDAY_NINE + HOUR, house.accounts["plumber"])
    Job.objects.filter(request_id=raised.key).update(finished_at=MONDAY_NINE + HOUR, **job)
    return raised, Job.objects.get(request_id=raised.key)


def checked(job: Job, *, is_good: bool) -> None:
    Verdict.objects.create(site_id=job.site_id, job=job, ground="check", is_good=is_good, given_at=MONDAY_NINE + HOUR)


def attained(house: House, **more: Any) -> dict[str, QualityRow]:
    rows = quality_attainment(
        more.pop("actor", None) or house.actor("nurse"),
        house.site_id,
        zone=ZONE,
        from_at=MONDAY_NINE - DAY,
        to_at=MONDAY_NINE + 20 * DAY,
        **more,
    )
    return {f"{row.terms.code}@{row.terms.from_on}": row for row in rows}


def test_what_was_checked_is_counted_and_what_was_not_is_said(house: House) -> None:
    promised(house, target=0.9, sampling=SamplingRule(n_least=5))
    jobs = [worked(house)[1] for _ in range(4)]
    checked(jobs[0], is_good=True)
    checked(jobs[1], is_good=True)
    checked(jobs[2], is_good=False)
    (row,) = attained(house).values()
    assert (row.n_jobs, row.n_drawn, row.estimate.n_measured, row.n_unmeasured) == (4, 4, 3, 1)
    assert row.estimate.share == pytest.approx(2 / 3)
    assert row.is_below_plan
    assert row.verdict == "open"  # three checks cannot tell


def test_nothing_measured_is_no_figure(house: House) -> None:
    promised(house)
    worked(house)
    (row,) = attained(house).values()
    assert (row.verdict, row.estimate.share, row.n_unmeasured) == ("none", None, 1)


def test_an_askers_yes_is_no_independent_check(house: House) -> None:
    promised(house)
    _, job = worked(house)
    for ground in ("asker", "first_level"):
        Verdict.objects.create(site_id=job.site_id, job=job, ground=ground, is_good=True, given_at=MONDAY_NINE)
    assert next(iter(attained(house).values())).estimate.n_measured == 0


def test_the_other_measures(house: House) -> None:
    promised(house, code="score", measure="score", at_least=90, item_code="plb.faucet")
    promised(house, code="first", measure="right_first", target=0.9)
    promised(house, code="rated", measure="rated", at_least=4)
    worked(house, quality_score=95)
    worked(house, quality_score=80, n_reworks=1)
    raised, job = worked(house, quality_score=None)
    Rating.objects.create(
        site_id=job.site_id, request_id=raised.key, rater="x", stars=5, line_code="PLB", rated_at=MONDAY_NINE
    )
    found = {row.terms.code: row for row in attained(house).values()}
    assert (found["score"].estimate.n_measured, found["score"].estimate.share) == (2, 0.5)
    assert found["first"].estimate.share == pytest.approx(2 / 3)
    assert (found["rated"].estimate.n_measured, found["rated"].n_unmeasured) == (1, 2)


def test_a_reading_within_its_limits_is_good_and_one_not_taken_is_not_measured(house: House) -> None:
    cold = Reading("hand_over", low=2, high=10)
    promised(house, code="cold", measure="reading", reading=cold)
    promised(house, code="hot", measure="reading", reading=Reading("temp", low=60))
    jobs = [worked(house)[1] for _ in range(4)]
    for job, temperature in zip(jobs, ("2.0", "10.0", "10.1"), strict=False):
        CustodyScan.objects.create(
            job=job,
            kind="given",
            account_id=house.accounts["plumber"],
            temperature_c=Decimal(temperature),
            scanned_at=MONDAY_NINE,
        )
    CustodyScan.objects.create(
        job=jobs[3], kind="taken", account_id=house.accounts["plumber"], temperature_c=5, scanned_at=MONDAY_NINE
    )
    for job, value in zip(jobs, (60, 59.9, "heiß", True), strict=True):
        StepDone.objects.create(job=job, step_code="temp", value=value, is_ok=True, done_at=MONDAY_NINE)
    found = {row.terms.code: row for row in attained(house).values()}
    assert (found["cold"].estimate.n_measured, found["cold"].n_unmeasured) == (3, 1)
    assert found["cold"].estimate.share == pytest.approx(2 / 3)
    assert (found["hot"].estimate.n_measured, found["hot"].estimate.share) == (2, 0.5)


@pytest.mark.parametrize(
    ("reading", "field"),
    [
        (None, "step"),
        (Reading("", low=1), "step"),
        (Reading("x" * 33, low=1), "step"),
        (Reading("temp"), "limits"),
        (Reading("temp", low=9, high=2), "limits"),
        (Reading("temp", low=float("nan")), "limits"),
        (Reading("temp", high=float("inf")), "limits"),
    ],
)
def test_a_reading_without_step_or_limits_is_refused(house: House, reading: Reading | None, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        promised(house, measure="reading", reading=reading)
    assert refused.value.field == field
    assert not QualityPromise.objects.filter(site_id=house.site_id, code="plb_checked").exists()


def test_what_came_to_the_wrong_place_or_hands_was_not_delivered_right(house: House) -> None:
    promised(house, code="right", measure="delivered")
    jobs = [worked(house)[1] for _ in range(3)]
    worked(house, cause_code="wrong_handover")
    for job, reason in zip(jobs, ("wrong_place", "wrong_item", "attitude"), strict=True):
        Verdict.objects.create(
            site_id=job.site_id, job=job, ground="asker", is_good=False, reason_code=reason, given_at=MONDAY_NINE
        )
    (row,) = attained(house).values()
    assert (row.estimate.n_measured, row.estimate.share) == (4, 0.25)


def test_strata_have_their_own_shares(house: House) -> None:
    """Domain 5.9: all of P1 and P2, a share of the others."""
    promised(house, sampling=SamplingRule(share=0.001, key="priority", shares=(("2", 1.0),)))
    worked(house)
    worked(house, priority=2)
    (row,) = attained(house).values()
    assert [(one.key, one.share, one.n_jobs) for one in row.strata] == [("2", 1.0, 1), ("3", 0.001, 1)]
    assert row.strata[0].n_drawn == 1


def test_a_promise_changed_mid_way_keeps_its_past(house: House) -> None:
    promised(house)
    _, old = worked(house)
    promised(house, target=0.99, from_on=TODAY + 3 * DAY)
    _, new = worked(house)
    Job.objects.filter(pk=new.pk).update(finished_at=MONDAY_NINE + 4 * DAY)
    for job in (old, new):
        checked(job, is_good=True)
    found = attained(house)
    assert {key: (row.terms.target, row.n_jobs) for key, row in found.items()} == {
        "plb_checked@2025-03-03": (0.95, 1),
        "plb_checked@2025-03-06": (0.99, 1),
    }
    end_quality_promise(
        site_id=house.site_id, code="plb_checked", actor=house.actor("officer"), at=MONDAY_NINE + 10 * DAY
    )
    assert QualityPromise.objects.filter(to_on=None).count() == 0
    with pytest.raises(NotFound):
        end_quality_promise(site_id=house.site_id, code="plb_checked", actor=house.actor("officer"), at=MONDAY_NINE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "抽查"},
        {"code": "x" * 25},
        {"name": " "},
        {"line_code": "XXX"},
        {"item_code": "elv.trapped"},
        {"measure": "smell"},
        {"target": 0.0},
        {"target": 1.5},
        {"measure": "score"},
        {"measure": "score", "at_least": 101},
        {"measure": "rated", "at_least": 0},
        {"sampling": SamplingRule(share=0)},
        {"sampling": SamplingRule(share=2)},
        {"sampling": SamplingRule(key="moon")},
        {"sampling": SamplingRule(n_least=-1)},
    ],
)
def test_terms_that_are_none_are_refused_and_nothing_is_saved(house: House, wrong: dict[str, Any]) -> None:
    before = Entry.objects.count()
    with pytest.raises(Malformed):
        promised(house, **wrong)
    assert (QualityPromise.objects.count(), Entry.objects.count()) == (0, before)


def test_the_past_and_a_day_said_twice_are_refused(house: House) -> None:
    with pytest.raises(EffectiveInPast):
        promised(house, from_on=TODAY - DAY)
    promised(house)
    with pytest.raises(AlreadyPlanned):
        promised(house)


@pytest.mark.parametrize("who", ["nurse", "manager", "director", "administrator"])
def test_only_the_hospitals_officer_promises(house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        promised(house, who=who)


def test_drawn_jobs_are_shown_to_those_who_may_see_them(house: House) -> None:
    promised(house)
    _, job = worked(house)
    span = {"code": "plb_checked", "zone": ZONE, "from_at": MONDAY_NINE - DAY, "to_at": MONDAY_NINE + DAY}
    (shown,) = sampled_jobs(house.actor("officer"), house.site_id, **span)  # type: ignore[arg-type]
    assert (shown.job_id, shown.is_good) == (job.uid, None)
    assert sampled_jobs(house.actor("other_nurse"), house.site_id, **span) == ()  # type: ignore[arg-type]
    # seen through the company or team of the job's request; a question, never an error
    seen = {who: len(sampled_jobs(house.actor(who), house.site_id, **span)) for who in ("plumber", "leader", "manager")}  # type: ignore[arg-type]
    assert set(seen.values()) <= {0, 1}
    checked(job, is_good=True)
    officer = house.actor("officer")
    assert sampled_jobs(officer, house.site_id, is_unmeasured_only=True, **span) == ()  # type: ignore[arg-type]


def test_all_quality_promises_cost_two_questions(house: House) -> None:
    promised(house)
    promised(house, code="first", measure="right_first")
    worked(house)
    nurse = house.actor("nurse")
    with CaptureQueriesContext(connection) as asked:
        attained(house, actor=nurse)
    assert len(asked) == 2

"""Nobody hoards, nobody is asked twice at once, nothing ordinary binds whom a critical job waits for."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms.test_crews import for_two
from tests.rooms.test_planner import mode, plan, planner, proposal
from tests.rooms.test_work_loop import asked, at_work, minutes, sent, uid
from yingxu.connect.planner import reckoning, telling
from yingxu.connect.planner.command import REST_S, Stumbles
from yingxu.dispatch import actions, queries
from yingxu.dispatch.models import Assignment, Mate, PlannerLease, Proposal
from yingxu.dispatch.queries.situation import MOST_ROUNDS
from yingxu.dispatch.refusals import LetGoBefore, MoreUrgentWaiting, NotQualified
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry
from yingxu.team.models import Member, Team
from yingxu.work import actions as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db

CLOCK = engine("clock")


def now_of(job: Job) -> Job:
    job.refresh_from_db()
    return job


def told(house: House) -> list[set[str]]:
    """Return who heard of each time an offer of the job was taken back, in order."""
    names = {key: name for name, key in house.accounts.items()}
    found: dict[Any, set[str]] = {}
    rows = Delivery.objects.filter(site_id=house.site_id, kind="dispatch.job.pulled_back").order_by("id")
    for entry, account in rows.values_list("entry", "to_account_id"):
        found.setdefault(entry, set()).add(names[account])
    return list(found.values())


def test_s6_silence_goes_to_the_next_never_the_same_at_once_and_managers_hear_of_the_third(house: House) -> None:
    """S6: not accepted, back and out again to another in turn; leader and desk each time, managers from the third."""
    mode(house, "PLB", "automatic")
    job, asked_one = asked(house), []
    at = 0.5
    for _ in range(2 * MOST_ROUNDS):
        plan(house, at=at)
        assert now_of(job).state == "dispatched"
        asked_one.append(job.worker_id)
        at += 10.5
        assert actions.pull_back_overdue(actor=CLOCK, at=minutes(at)).numbers == (job.number,)
    assert all(one != other for one, other in pairwise(asked_one))
    plan(house, at=at)
    assert now_of(job).state == "queued", "each was asked three times: now a person decides"
    assert proposal(job).worker_id is not None, "and still has the proposal"
    heard = told(house)
    assert len(heard) == 2 * MOST_ROUNDS
    assert all({"leader", "clerk", "company_clerk"} <= names for names in heard)
    assert [("line_manager" in names, "manager" in names) for names in heard[:4]] == [(False,) * 2] * 2 + [
        (True,) * 2
    ] * 2
    assert not any("lift_manager" in names for names in heard)
    lapsed = (
        Entry.objects.filter(kind="dispatch.job.pulled_back").order_by("id").values_list("facts__n_lapsed", flat=True)
    )
    assert list(lapsed) == list(range(1, 2 * MOST_ROUNDS + 1))


def test_who_said_no_is_not_sent_the_same_again_by_itself(house: House) -> None:
    """The only one able gives it back: the automatic mode would send it again within a tenth of a second, for ever."""
    mode(house, "PLB", "automatic")
    Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)
    job = asked(house)
    plan(house)
    assert now_of(job).state == "dispatched"
    work.return_job(job_id=job.uid, reason_code="too_far", actor=house.actor("plumber"), at=minutes(1))
    plan(house, at=1.5)
    assert now_of(job).state == "queued"
    assert proposal(job).worker_id == house.accounts["plumber"], "nobody else is able: the desk may insist"


def test_what_the_desk_took_back_is_the_desks_to_send(house: House) -> None:
    mode(house, "PLB", "automatic")
    job = asked(house)
    plan(house)
    first = now_of(job).worker_id
    actions.pull_back_job(job_id=job.uid, actor=house.actor("clerk"), at=minutes(1))
    plan(house, at=1.5)
    assert now_of(job).state == "queued"
    barred = {one["rule"] for one in proposal(job).reason["barred"]}
    assert "not_accepted" not in barred, "nobody refused it"
    assert proposal(job).worker_id == first
    sent(house, job, "leader", at=2)
    assert job.worker_id == house.accounts["leader"]


def test_s6_who_let_a_claimed_job_lapse_does_not_claim_it_again(house: House) -> None:
    """Claiming it anew every ten minutes would keep it from everybody."""
    mode(house, "PLB", "claim")
    job, plumber = asked(house), house.actor("plumber")
    actions.claim_job(job_id=job.uid, actor=plumber, at=minutes(1))
    actions.pull_back_overdue(actor=CLOCK, at=minutes(11.5))
    with pytest.raises(LetGoBefore):
        actions.claim_job(job_id=job.uid, actor=plumber, at=minutes(12))
    (row,) = queries.pool(plumber, house.site_id, at=minutes(12)).rows
    assert row.is_let_go
    member = Member.objects.filter(account_id=house.accounts["electrician"])
    member.update(skills={"plumbing": 2})
    electrician = house.actor("electrician")
    (row,) = queries.pool(electrician, house.site_id, at=minutes(12)).rows
    assert not row.is_let_go
    actions.claim_job(job_id=job.uid, actor=electrician, at=minutes(12))
    assert now_of(job).worker_id == house.accounts["electrician"]


def test_each_line_s_own_limit_counts_in_the_pool(house: House) -> None:
    mode(house, "PLB", "claim", limit=1)
    mode(house, "ELE", "claim", limit=3)
    Member.objects.filter(account_id=house.accounts["plumber"]).update(skills={"plumbing": 2, "electrical": 2})
    first, plumber = asked(house), house.actor("plumber")
    actions.claim_job(job_id=first.uid, actor=plumber, at=minutes(1))
    tap, light = asked(house, at=1), asked(house, "ele.light", at=1)
    full = {row.number: row.is_full for row in queries.pool(plumber, house.site_id, at=minutes(2)).rows}
    assert full == {tap.number: True, light.number: False}
    actions.claim_job(job_id=light.uid, actor=plumber, at=minutes(2))


# decision 16, whichever way somebody is bound


def _assign(house: House, job: Job, who: str) -> object:
    return sent(house, job, who, at=3)


def _claim(house: House, job: Job, who: str) -> object:
    mode(house, "PLB", "claim")
    return actions.claim_job(job_id=job.uid, actor=house.actor(who), at=minutes(3))


def _round(house: House, job: Job, who: str) -> object:
    ids = [asked(house, at=2).uid, job.uid]
    clerk = house.actor("clerk")
    return actions.assign_round(job_ids=ids, worker_id=uid(house, who), actor=clerk, at=minutes(3))


def _as_mate(house: House, job: Job, who: str) -> object:
    return sent(house, job, "electrician", at=3, mate_ids=(uid(house, who),))


WAYS: dict[str, Callable[[House, Job, str], object]] = {
    "sent by the desk": _assign,
    "claimed": _claim,
    "in a round": _round,
    "along with another": _as_mate,
}


def _two_trades(house: House) -> None:
    """The electrician can do taps too, but not what is critical; the leader is away, so that the plumber alone can."""
    Member.objects.filter(account_id=house.accounts["electrician"]).update(skills={"plumbing": 2})
    Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)


def _critical(house: House, *, at: float) -> Job:
    """A critical job that the plumber can do, and nobody with skills of level 2: it asks for level 3."""
    Member.objects.filter(account_id=house.accounts["plumber"]).update(skills={"plumbing": 3})
    job = asked(house, "plb.burst", at=at)
    type(job.item).objects.filter(pk=job.item_id).update(skill_level=3)
    return job


@pytest.mark.parametrize("way", WAYS)
def test_s5_nothing_ordinary_binds_whom_a_critical_job_waits_for(house: House, way: str) -> None:
    """S5, decision 16: by hand, from the pool, in a round, as the second of a crew."""
    _two_trades(house)
    job = for_two(house) if way == "along with another" else asked(house)
    _critical(house, at=1)
    with pytest.raises(MoreUrgentWaiting):
        WAYS[way](house, job, "plumber")
    assert not Entry.objects.filter(
        site_id=house.site_id, kind__in=["dispatch.job.assigned", "dispatch.mate.called"]
    ).exists()
    assert not Assignment.objects.exists()
    assert not Mate.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_s5_a_critical_job_that_this_person_cannot_do_stops_nothing(house: House, way: str) -> None:
    """It asks for a skill of level 3 that the claimer has not: holding ordinary work back would help nobody."""
    _two_trades(house)
    job = for_two(house) if way == "along with another" else asked(house)
    _critical(house, at=1)
    Member.objects.filter(account_id=house.accounts["plumber"]).update(skills={"plumbing": 2})
    WAYS[way](house, job, "plumber")
    assert now_of(job).state == "dispatched"


def test_s5_a_critical_job_that_comes_between_proposal_and_confirmation_goes_first(house: House) -> None:
    Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)
    job = asked(house)
    plan(house)
    assert proposal(job).worker_id == house.accounts["plumber"]
    critical = asked(house, "plb.burst", at=1)
    with pytest.raises(MoreUrgentWaiting) as why:
        sent(house, job, at=1.1)
    assert why.value.waiting == critical.number
    plan(house, at=1.2)
    assert proposal(job).reason["waits_for"] == critical.number, "and the desk reads why"
    sent(house, critical, at=1.3)
    sent(house, job, at=1.4)


def test_s5_nor_does_anybody_take_over_or_go_along_later(house: House) -> None:
    Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)
    Member.objects.filter(account_id=house.accounts["electrician"]).update(skills={"plumbing": 2})
    job = at_work(house, sent(house, for_two(house), "electrician"), "electrician")
    critical = _critical(house, at=4)
    plumber, clerk = uid(house, "plumber"), house.actor("clerk")
    for bound in (
        lambda: actions.reassign_job(job_id=job.uid, worker_id=plumber, actor=clerk, at=minutes(5)),
        lambda: actions.call_mate(job_id=job.uid, worker_id=plumber, actor=clerk, at=minutes(5)),
        lambda: work.hand_over_job(
            job_id=job.uid, to_worker_id=plumber, actor=house.actor("electrician"), at=minutes(5)
        ),
    ):
        with pytest.raises(MoreUrgentWaiting):
            bound()
    assert now_of(job).successor_id is None
    assert not Mate.objects.exists()
    sent(house, critical, at=6)
    work.hand_over_job(job_id=job.uid, to_worker_id=plumber, actor=house.actor("electrician"), at=minutes(7))
    assert now_of(job).successor_id == house.accounts["plumber"]


def test_s17_no_colleague_takes_over_without_the_certificate(house: House) -> None:
    """S17: what the desk may not send, a colleague may not pass on."""
    job = sent(house, asked(house, "ele.light"), "electrician")
    work.accept_job(job_id=job.uid, actor=house.actor("electrician"), at=minutes(1.5))
    Team.objects.filter(pk=house.teams["repair"]).update(gates_from=MONDAY_NINE)
    duty = {"duty_from": MONDAY_NINE, "duty_to": MONDAY_NINE + timedelta(hours=8)}
    Member.objects.filter(account_id=house.accounts["leader"]).update(**duty)
    given: Any = {"job_id": job.uid, "to_worker_id": uid(house, "leader"), "actor": house.actor("electrician")}
    with pytest.raises(NotQualified) as why:
        work.hand_over_job(**given, at=minutes(2))
    assert why.value.missing == ("certificate:LV:none",)
    assert now_of(job).successor_id is None
    papers = {"LV": [True, "2030-01-01", ""]}
    Member.objects.filter(account_id=house.accounts["leader"]).update(papers=papers)
    work.hand_over_job(**given, at=minutes(3))
    assert now_of(job).successor_id == house.accounts["leader"]


# the planner


def test_a_line_that_stops_sending_by_itself_stops_at_once(house: House) -> None:
    """From automatic to proposal while jobs are open: seen at the next glance, not after a quarter of a minute."""
    mode(house, "PLB", "automatic")
    before = queries.look(house.site_id).mark
    mode(house, "PLB", "proposal")
    assert queries.look(house.site_id).mark != before
    job = asked(house)
    plan(house)
    assert now_of(job).state == "queued"
    shown = proposal(job).worker_id
    mode(house, "PLB", "claim")
    plan(house, at=1)
    with pytest.raises(NotQualified):
        actions.claim_job(job_id=job.uid, actor=house.actor("porter"), at=minutes(1))
    mode(house, "PLB", "automatic")
    plan(house, at=2)
    assert now_of(job).worker_id == shown


def test_a_planner_that_takes_over_moves_nothing_that_was_shown(house: House) -> None:
    """A killed planner's successor has no plan to start from; what stands at the desk is what it starts from."""
    jobs = [asked(house, place=place, at=n / 10) for n, place in enumerate(("S7-ORT-WC", "N5-RES", "S4-ICU") * 3)]
    plan(house, at=1)
    other = {house.accounts["plumber"]: house.accounts["leader"], house.accounts["leader"]: house.accounts["plumber"]}
    for row in Proposal.objects.filter(job__in=jobs):  # as an engine would that looked further
        Proposal.objects.filter(pk=row.pk).update(worker_id=other[row.worker_id])
    shown = dict(Proposal.objects.values_list("job_id", "worker_id"))
    assert len(set(shown.values())) == 2
    plan(house, at=1.2)
    assert dict(Proposal.objects.values_list("job_id", "worker_id")) == shown
    Member.objects.filter(account_id=house.accounts["leader"]).update(is_present=False)
    plan(house, at=1.4)
    assert set(Proposal.objects.values_list("worker_id", flat=True)) == {house.accounts["plumber"]}, (
        "with a cause it does"
    )


def test_a_flood_is_answered_job_by_job_to_its_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "MOST_AT_ONCE", 2)
    one = planner(house)
    assert one.turn(minutes(0))
    one.renewed = one._rests_until = math.inf  # no whole plan comes to its help
    jobs = [asked(house, at=n / 10) for n in range(5)]
    for n in range(3):
        one.turn(minutes(1 + n / 100))
    assert {row.job_id for row in Proposal.objects.all()} == {job.pk for job in jobs}


def test_beyond_the_most_urgent_those_without_a_proposal_get_theirs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "EXPLAINED", 1)
    monkeypatch.setattr(telling, "OVERDUE", 2)
    jobs = [asked(house, at=n / 10) for n in range(5)]
    plan(house, at=1)
    assert Proposal.objects.count() == 3
    plan(house, at=1.2)
    assert Proposal.objects.count() == len(jobs)
    shown = Proposal.objects.get(job=jobs[-1]).worker
    assert shown is not None
    Member.objects.filter(account=shown).update(is_present=False)
    plan(house, at=1.4)
    plan(house, at=1.6)
    assert not Proposal.objects.filter(worker=shown).exists(), "nobody stays proposed who may not go"


def test_one_site_that_makes_the_planner_stumble_stops_no_other() -> None:
    """Seen by reading: whatever one site's data broke stopped every site that came after it."""

    class Site:
        def __init__(self, site_id: int, *, is_broken: bool) -> None:
            self.site_id, self.is_broken, self.n = site_id, is_broken, 0

        def turn(self, at: object) -> bool:
            self.n += 1
            if self.is_broken:
                raise ValueError("a row that nobody expected")
            return True

    broken, sound = Site(1, is_broken=True), Site(2, is_broken=False)
    stumbles = Stumbles()
    for n in range(100):
        for site in (broken, sound):
            stumbles.turn(site, MONDAY_NINE, n / 10)
    assert sound.n == 100
    assert broken.n == 3, "at once, after two seconds, after four more"
    assert Assignment.objects.count() == 0
    assert PlannerLease.objects.count() == 0
    assert REST_S == 2.0

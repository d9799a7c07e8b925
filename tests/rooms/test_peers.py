"""Peer checks: who is asked, who never is, what a look does, refusal and replacement (ladder of proof, domain 5.9)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import SETUP_AT, House
from tests.rooms.test_work_loop import finished, minutes
from yingxu.dispatch.models import Mate
from yingxu.ground import actions as ground
from yingxu.ground.actions import NewAccount, NewHolding
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, ReasonNeeded
from yingxu.team import actions as team
from yingxu.team.actions import NewMember
from yingxu.verify import actions, calls, peers
from yingxu.verify.models import PeerCheck, Verdict
from yingxu.verify.refusals import LookedAlready, NobodyToAsk, UnknownReason, WorkGoesOn
from yingxu.voice import perfect
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
CLOCK = engine("clock")


def colleague(house: House, name: str, *, level: int = 2, group: str = "repair", party: str = "jia") -> int:
    """One more worker who knows plumbing."""
    holding = NewHolding(role="WK", site_id=house.site_id, party_id=house.parties[party], team_id=house.teams[group])
    opened = ground.open_accounts(
        site_id=house.site_id,
        people=[NewAccount(username=name, name=name, phone="", holdings=(holding,))],
        actor=engine("setup"),
        at=SETUP_AT,
        prepared_password="!",
    )
    house.accounts[name] = opened.keys[0]
    team.join_teams(
        site_id=house.site_id,
        members=[NewMember(opened.keys[0], house.teams[group], (("plumbing", level),), is_present=True)],
        actor=engine("setup"),
        at=SETUP_AT,
    )
    return opened.keys[0]


def drawn(house: House, at: float = 30) -> list[PeerCheck]:
    actions.draw_peers(site_id=house.site_id, actor=CLOCK, at=minutes(at))
    return list(PeerCheck.objects.order_by("id"))


def look(house: House, check: PeerCheck, who: str, answer: str = "good", at: float = 60, **more: str) -> actions.Looked:
    said = {"way": "spot", "reason_code": "not_fixed" if answer == "bad" else "", **more}
    return actions.answer_peer_check(check_id=check.uid, answer=answer, actor=house.actor(who), at=minutes(at), **said)


def test_s24_a_colleague_of_the_skill_is_asked_once_and_told(house: House) -> None:
    colleague(house, "mate_wang")
    job = finished(house)
    (check,) = drawn(house)
    assert (check.job_id, check.peer_id, check.why, check.outcome) == (
        job.pk,
        house.accounts["mate_wang"],
        "random",
        "",
    )
    assert check.due_at == check.drawn_at + timedelta(hours=24)
    assert len(drawn(house, 40)) == 1, "again is drawn nothing"
    told = Delivery.objects.get(kind="verify.peer.asked")
    assert told.to_account_id == house.accounts["mate_wang"]
    assert Entry.objects.get(kind="verify.peer.asked").facts["name"] == "mate_wang"


def test_never_the_doer_nor_who_went_along_nor_a_leader_nor_another_trade_or_company(house: House) -> None:
    along = colleague(house, "went_along")
    colleague(house, "learner", level=1)
    colleague(house, "of_another_company", group="lift", party="yi")
    job = finished(house)
    Job.objects.filter(pk=job.pk).update(flags=["photo_reused"])
    Mate.objects.create(
        site_id=house.site_id, job=job, worker_id=along, made_at=minutes(1), outcome="released", settled_at=minutes(20)
    )
    # the leader has the skill, the electrician another one: nobody is left, and that is said once
    (check,) = drawn(house)
    assert (check.peer_id, check.outcome, check.why) == (None, "nobody", "flagged")
    assert len(drawn(house, 60)) == 1
    (row,) = calls.doubtful_jobs(house.actor("officer"), house.site_id, from_at=minutes(0))
    assert row[0] == job.uid
    assert row[-1] is True, "an independent check takes the place"


def test_by_chance_nobody_is_troubled_for_a_line_of_one_hand(house: House) -> None:
    finished(house)
    assert drawn(house) == []


def test_a_good_look_is_a_verdict_that_closes_nothing(house: House) -> None:
    colleague(house, "mate_wang")
    job = finished(house)
    (check,) = drawn(house)
    assert look(house, check, "mate_wang", way="record", text="照片清楚").outcome == "good"
    job.refresh_from_db()
    assert job.state == "finished"
    verdict = Verdict.objects.get(job=job)
    assert (verdict.ground, verdict.is_good, verdict.given_by_id) == ("peer", True, house.accounts["mate_wang"])
    entry = Entry.objects.get(kind="verify.peer.answered")
    assert (entry.facts["outcome"], entry.facts["way"], entry.actor_id) == (
        "good",
        "record",
        house.accounts["mate_wang"],
    )
    with pytest.raises(LookedAlready):
        look(house, check, "mate_wang", at=61)


def test_a_bad_look_holds_it_open_tells_the_leader_and_spoils_perfect_service(house: House) -> None:
    colleague(house, "mate_wang")
    job = finished(house)
    (check,) = drawn(house)
    with pytest.raises(ReasonNeeded):
        look(house, check, "mate_wang", "bad", reason_code="")
    with pytest.raises(UnknownReason):
        look(house, check, "mate_wang", "bad", reason_code="no_such")
    look(house, check, "mate_wang", "bad", text="还在渗水")
    told = Delivery.objects.filter(kind="verify.peer.answered").values_list("to_account_id", flat=True)
    assert list(told) == [house.accounts["leader"]]
    assert actions.lapse_jobs(actor=CLOCK, at=minutes(60 * 24 * 9)).numbers == ()
    actions.check_job(job_id=job.uid, actor=house.actor("officer"), at=minutes(90))
    from zoneinfo import ZoneInfo

    (ended,) = perfect.ended_jobs(
        house.actor("officer"), house.site_id, zone=ZoneInfo("Asia/Shanghai"), from_at=minutes(0), to_at=minutes(99)
    )
    assert "checked_bad" in ended.faults


def test_who_was_not_asked_does_not_look(house: House) -> None:
    colleague(house, "mate_wang")
    colleague(house, "mate_li")
    finished(house)
    (check,) = drawn(house)
    others = {"mate_wang", "mate_li", "plumber", "leader", "clerk", "officer", "nurse"}
    others -= {name for name, key in house.accounts.items() if key == check.peer_id}
    for who in sorted(others):
        with pytest.raises(NotAllowed):
            look(house, check, who)
    with pytest.raises(NotFound):
        actions.answer_peer_check(
            check_id=UUID(int=7), answer="good", way="spot", actor=house.actor("mate_wang"), at=minutes(60)
        )
    name = next(name for name, key in house.accounts.items() if key == check.peer_id)
    for wrong in ({"way": ""}, {"way": "by_ear"}, {"text": "x" * 1001}):
        with pytest.raises(Malformed):
            look(house, check, name, **wrong)
    with pytest.raises(Malformed):
        look(house, check, name, "perhaps")


def test_who_declines_is_replaced_three_times_at_most(house: House) -> None:
    names = ("mate_a", "mate_b", "mate_c", "mate_d")
    for name in names:
        colleague(house, name)
    of = {house.accounts[name]: name for name in names}
    finished(house)
    (check,) = drawn(house)
    asked = []
    for n in range(3):
        check = PeerCheck.objects.order_by("-id")[0]
        assert check.peer_id is not None
        who = of[check.peer_id]
        asked.append(who)
        with pytest.raises(ReasonNeeded):
            actions.decline_peer_check(check_id=check.uid, reason="", actor=house.actor(who), at=minutes(50 + n))
        with pytest.raises(Malformed):
            actions.decline_peer_check(check_id=check.uid, reason="bored", actor=house.actor(who), at=minutes(50 + n))
        said = actions.decline_peer_check(check_id=check.uid, reason="busy", actor=house.actor(who), at=minutes(50 + n))
        assert said.asked_instead == (n < 2)
    assert len(set(asked)) == 3, "nobody is asked twice about one job"
    last = PeerCheck.objects.order_by("-id")[0]
    assert (last.outcome, last.peer_id) == ("nobody", None)
    assert last.replaces_id == check.pk
    assert Entry.objects.filter(kind="verify.peer.left").count() == 3
    assert Entry.objects.filter(kind="verify.peer.nobody").count() == 1


def test_given_up_another_job_of_the_line_takes_the_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from yingxu.core.quality import following

    monkeypatch.setattr(following, "LEAST_N", 1)
    for name in ("mate_a", "mate_b", "mate_c"):
        colleague(house, name)
    of = {key: name for name, key in house.accounts.items()}
    first, second = finished(house), finished(house)
    # a repeat would always be looked at: two different places
    Job.objects.filter(pk=second.pk).update(place_id=house.places["S4-ICU"])
    (check,) = drawn(house)
    for n in range(3):
        check = PeerCheck.objects.order_by("-id")[0]
        actions.decline_peer_check(
            check_id=check.uid, reason="away", actor=house.actor(of[check.peer_id or 0]), at=minutes(50 + n)
        )
    assert {row.job_id for row in drawn(house, 70)} == {first.pk, second.pk}


def test_not_answered_in_time_somebody_else_is_asked(house: House) -> None:
    colleague(house, "mate_a")
    colleague(house, "mate_b")
    finished(house)
    (check,) = drawn(house)
    after = drawn(house, 30 + 24 * 60)
    assert [row.outcome for row in after] == ["unanswered", ""]
    assert after[1].replaces_id == check.pk
    assert after[1].peer_id != check.peer_id


def test_desk_or_leader_has_another_one_asked_and_says_why(house: House) -> None:
    colleague(house, "mate_a")
    finished(house)
    (check,) = drawn(house)
    clerk = house.actor("clerk")
    with pytest.raises(ReasonNeeded):
        actions.ask_another_peer(check_id=check.uid, reason=" ", actor=clerk, at=minutes(40))
    with pytest.raises(NobodyToAsk):
        actions.ask_another_peer(check_id=check.uid, reason="休假", actor=clerk, at=minutes(41))
    check.refresh_from_db()
    assert check.outcome == "", "nothing was written"
    colleague(house, "mate_b")
    for who in ("nurse", "plumber", "manager", "auditor"):
        with pytest.raises(NotAllowed):
            actions.ask_another_peer(check_id=check.uid, reason="休假", actor=house.actor(who), at=minutes(42))
    assert actions.ask_another_peer(
        check_id=check.uid, reason="休假", actor=house.actor("leader"), at=minutes(43)
    ).asked_instead
    assert PeerCheck.objects.get(outcome="").peer_id == house.accounts["mate_b"]


def test_while_work_goes_on_nobody_looks_and_the_redone_job_is_looked_at_by_the_same(house: House) -> None:
    colleague(house, "mate_a")
    job = finished(house)
    (check,) = drawn(house)
    actions.send_back_job(job_id=job.uid, reason_code="not_fixed", actor=house.actor("nurse"), at=minutes(40))
    with pytest.raises(WorkGoesOn):
        look(house, check, "mate_a")
    assert not peers.peer_list(house.actor("mate_a"), house.site_id)
    assert len(drawn(house, 50)) == 1


def test_hands_do_not_wash_each_other_where_there_is_somebody_else(house: House) -> None:
    colleague(house, "mate_a")
    first = finished(house)
    (check,) = drawn(house)
    look(house, check, "mate_a")
    # now mate_a has done a job: the plumber, whose work mate_a looked at, is not asked if another can be
    colleague(house, "mate_b")
    job = finished(house)
    Job.objects.filter(pk=job.pk).update(
        worker_id=house.accounts["mate_a"], accountable_id=house.accounts["mate_a"],
        finished_by_id=house.accounts["mate_a"], place_id=house.places["S4-ICU"],
    )  # fmt: skip
    from yingxu.dispatch.models import Assignment

    Assignment.objects.filter(job=job).update(worker_id=house.accounts["mate_a"])
    assert first.pk != job.pk
    second = next(row for row in drawn(house, 70) if row.job_id == job.pk)
    assert second.peer_id == house.accounts["mate_b"]


def test_a_peer_of_another_team_may_see_the_request(house: House) -> None:
    made = team.make_team(
        site_id=house.site_id, party_id=house.parties["jia"], code="night", name="夜班", line_codes=("PLB",),
        actor=engine("setup"), at=SETUP_AT,
    )  # fmt: skip
    house.teams["night"] = made.id
    key = colleague(house, "night_mate", group="night")
    job = finished(house)
    (check,) = drawn(house)
    assert check.peer_id == key
    job.request.refresh_from_db()
    assert key in job.request.worker_keys


def test_figures_say_whether_what_colleagues_found_good_held(house: House) -> None:
    colleague(house, "mate_a")
    job = finished(house)
    (check,) = drawn(house)
    look(house, check, "mate_a")
    span = {"from_at": minutes(0), "to_at": minutes(9999)}
    officer = house.actor("officer")
    whole, (line,) = peers.peer_figures(officer, house.site_id, **span)
    assert (whole.answered.n, whole.good.hits, whole.held.hits, whole.held.n) == (1, 1, 1, 1)
    assert line.line_code == "PLB"
    actions.send_back_job(job_id=job.uid, reason_code="not_fixed", actor=house.actor("nurse"), at=minutes(90))
    whole, _ = peers.peer_figures(officer, house.site_id, **span)
    assert (whole.held.hits, whole.held.n) == (0, 1)
    with pytest.raises(NotAllowed):
        peers.peer_figures(house.actor("mate_a"), house.site_id, **span)


def test_a_draw_asks_the_database_as_often_for_six_jobs_as_for_two(house: House) -> None:
    for name in ("mate_a", "mate_b"):
        colleague(house, name)
    counts = []
    for n in (2, 6):
        for _ in range(n):
            finished(house)
        with CaptureQueriesContext(connection) as asked:
            actions.draw_peers(site_id=house.site_id, actor=CLOCK, at=minutes(30 + n))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16, counts

"""O1: one tap, then why; several raters, never the doer; V1: words that say no; a case in somebody's hands (S39)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, done, finished, minutes, sent
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Delivery, Entry, Holding, Place
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import Malformed, NotAllowed, OwnWork
from yingxu.verify import actions as verify
from yingxu.verify.models import Call, Verdict
from yingxu.verify.snapshots import phone_tail, says_no
from yingxu.voice import actions
from yingxu.voice.actions.watching import watch_voices
from yingxu.voice.models import Heard, Rating
from yingxu.voice.queries import given, heard
from yingxu.voice.refusals import AlreadyRated, AlreadySaid, NothingToRate, NotRatedYet
from yingxu.voice.refusals.heard import FateGiven

pytestmark = pytest.mark.django_db


def test_one_tap_is_a_rating_and_its_reasons_follow_once(house: House) -> None:
    job = finished(house)
    link, request = actor_of_link(job.request_id), job.request.uid
    with pytest.raises(NotRatedYet):
        actions.explain_rating(request_id=request, text="慢", actor=link, at=minutes(29))
    actions.rate_request(request_id=request, stars=1, actor=link, at=minutes(30))
    assert Heard.objects.get().kind == "low_rating"
    with pytest.raises(Malformed):
        actions.explain_rating(request_id=request, actor=link, at=minutes(31))
    actions.explain_rating(request_id=request, reasons=["rude"], text="不理人", actor=link, at=minutes(31))
    case = Heard.objects.get()  # the words join the case that the tap opened
    assert (case.kind, case.text, case.reasons) == ("conduct", "不理人", ["rude"])
    assert Delivery.objects.filter(kind="voice.conduct.doubted", to_account_id=house.accounts["leader"]).exists()
    assert (Rating.objects.get().stars, Rating.objects.get().reasons) == (1, ["rude"])
    with pytest.raises(AlreadySaid):
        actions.explain_rating(request_id=request, text="还有", actor=link, at=minutes(32))


def test_words_may_follow_for_a_week(house: House) -> None:
    job = finished(house)
    link = actor_of_link(job.request_id)
    actions.rate_request(request_id=job.request.uid, stars=5, actor=link, at=minutes(30))
    (row,) = given.given_ratings(link, job.request_id)
    late = minutes(30) + timedelta(days=7, seconds=1)
    assert row.waits_for_words(minutes(31))
    assert not row.waits_for_words(late)
    with pytest.raises(AlreadySaid):
        actions.explain_rating(request_id=job.request.uid, text="好", actor=link, at=late)


def test_the_asker_the_patient_and_a_colleague_each_rate_once(house: House) -> None:
    job = finished(house)
    link = actor_of_link(job.request_id)
    for rater, stars in (("asker", 4), ("patient", 2), ("ward", 5)):
        actions.rate_request(request_id=job.request.uid, stars=stars, rater=rater, actor=link, at=minutes(30))
        with pytest.raises(AlreadyRated):
            actions.rate_request(request_id=job.request.uid, stars=1, rater=rater, actor=link, at=minutes(31))
    assert [row.rater for row in given.given_ratings(link, job.request_id)] == ["asker", "patient", "ward"]
    with pytest.raises(Malformed):
        actions.rate_request(request_id=job.request.uid, stars=1, rater="boss", actor=link, at=minutes(31))
    assert given.given_ratings(house.actor("officer"), job.request_id) == ()


@pytest.mark.parametrize("phone", ["138 0000 0000", "+86-13800000000", "013800000000"])
def test_who_did_the_work_does_not_rate_or_confirm_by_a_link_either(house: House, phone: str) -> None:
    """The same telephone is the same person, however it was written."""
    job = done(house, at_work(house, sent(house, asked(house))))
    Account.objects.filter(pk=house.accounts["plumber"]).update(phone="13800000000")
    Request.objects.filter(pk=job.request_id).update(owner=None, requester_phone=phone)
    link = actor_of_link(job.request_id)
    with pytest.raises(OwnWork):
        actions.rate_request(request_id=job.request.uid, stars=5, actor=link, at=minutes(30))
    with pytest.raises(OwnWork):
        verify.confirm_job(job_id=job.uid, actor=link, at=minutes(30))
    Request.objects.filter(pk=job.request_id).update(owner=house.accounts["plumber"], requester_phone="")
    with pytest.raises(OwnWork):
        actions.rate_request(request_id=job.request.uid, stars=5, actor=link, at=minutes(30))
    assert not Rating.objects.exists()
    assert not Verdict.objects.exists()


def test_the_departments_head_rates_for_the_ward_once(house: House) -> None:
    """By the own account, a closed job of the own department; the link's ``ward`` is the same one word."""
    job = finished(house)
    request = Request.objects.get(pk=job.request_id)
    colleague, stranger = house.actor("other_nurse"), house.actor("family")
    with pytest.raises(NotAllowed):
        actions.rate_request(request_id=request.uid, stars=5, actor=colleague, at=minutes(30))
    ward = Place.objects.get(code="S7-ORT")
    Holding.objects.filter(account_id=house.accounts["other_nurse"]).update(place=ward)
    Request.objects.filter(pk=request.pk).update(department=ward)
    colleague = house.actor("other_nurse")
    actions.rate_request(request_id=request.uid, stars=4, actor=colleague, at=minutes(30))
    row = Rating.objects.get()
    assert (row.rater, row.stars, row.team_keys) == ("ward", 4, [job.team_id])
    link = actor_of_link(request.pk)
    for actor, rater in ((colleague, "asker"), (colleague, "ward"), (link, "ward")):
        with pytest.raises(AlreadyRated):
            actions.rate_request(request_id=request.uid, stars=1, rater=rater, actor=actor, at=minutes(31))
    actions.rate_request(request_id=request.uid, stars=5, actor=link, at=minutes(31))
    assert Rating.objects.count() == 2
    with pytest.raises(NotAllowed):
        actions.rate_request(request_id=request.uid, stars=1, actor=stranger, at=minutes(32))


def test_a_short_number_is_nobodys_telephone() -> None:
    """An extension of the ward is not somebody's mobile."""
    assert phone_tail("8120") == "" == phone_tail("")
    assert phone_tail("0571-8800 1234") == phone_tail("88001234")


def test_who_asked_the_same_and_was_merged_rates_the_masters_work(house: House) -> None:
    master = asked(house)
    twin = asked(house, at=1)
    demand.merge_request(
        request_id=twin.request.uid, master_id=master.request.uid, actor=house.actor("clerk"), at=minutes(2)
    )
    link = actor_of_link(twin.request_id)
    with pytest.raises(NothingToRate):
        actions.rate_request(request_id=twin.request.uid, stars=1, actor=link, at=minutes(3))
    assert not given.merged_work_is_done(twin.request_id)
    job = done(house, at_work(house, sent(house, master)))
    assert given.merged_work_is_done(twin.request_id)
    actions.rate_request(request_id=twin.request.uid, stars=1, text="还在漏", actor=link, at=minutes(30))
    case = Heard.objects.get()
    assert (case.request_id, case.team_keys) == (
        twin.request_id,
        list(Request.objects.get(pk=master.request_id).team_keys),
    )
    assert Call.objects.get(job=job).why == "low_rating"
    assert Verdict.objects.get(job=job).ground == "complaint"  # the one job does not lapse for any of its askers


def test_many_stars_and_words_that_say_no_are_a_doubt_that_somebody_asks_about(house: House) -> None:
    job = done(house, at_work(house, sent(house, asked(house))))
    actions.rate_request(
        request_id=job.request.uid, stars=5, text="师傅人很好，但是还在滴水", actor=actor_of_link(job.request_id),
        at=minutes(30),
    )  # fmt: skip
    assert Call.objects.get(job=job).why == "held"
    assert verify.lapse_jobs(actor=engine("clock"), at=minutes(60 * 24 * 30)).numbers == ()


@pytest.mark.parametrize(
    "text",
    [
        "好了，但还在滴",
        "还没好",
        "没修好",
        "又坏了",
        "修了跟没修一样",
        "过一会儿又停了",
        "不咋地，仍然不通",
        "时好时坏",
        "只是临时凑合",
        "治标不治本",
        "根本没解决",
        "没人来过",
        "还得再来一趟",
        "没弄干净",
        "好像还是不太行",
        "not yet",
        "it's still dripping",
        "came back after an hour",
        "didn't work",
        "only half done",
        "yes but it leaks again",
        "doesn’t close",
        "nothing was done",
    ],
)
def test_v1_words_that_say_no_in_many_forms(text: str) -> None:
    assert says_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "好了",
        "没问题了",
        "不漏了，谢谢",
        "不错",
        "没什么不满意的",
        "不能再好了",
        "挺好，不用再来了",
        "没毛病",
        "再也不漏了",
        "没有不满意",
        "修好了，没得说",
        "no problem at all",
        "not leaking any more",
        "couldn't be better",
        "no complaints",
        "again, thank you",
        "works again",
        "nothing to complain about",
        "thanks, it works again now",
        "",
    ],
)
def test_v1_words_that_only_look_like_a_no(text: str) -> None:
    assert not says_no(text)


def test_a_low_rating_lies_in_the_leaders_hands_and_somebody_else_takes_it(house: House) -> None:
    job = finished(house)
    actions.rate_request(request_id=job.request.uid, stars=2, actor=actor_of_link(job.request_id), at=minutes(30))
    case = Heard.objects.get()
    assert case.keeper_id == house.accounts["leader"]
    assert Delivery.objects.filter(kind="voice.heard.said", to_account_id=case.keeper_id).count() == 1
    actions.take_voice(voice_id=case.uid, actor=house.actor("officer"), at=minutes(31))
    actions.take_voice(voice_id=case.uid, actor=house.actor("officer"), at=minutes(32))  # twice is once
    assert Heard.objects.get().keeper_id == house.accounts["officer"]
    assert Entry.objects.filter(kind="voice.heard.taken").count() == 1
    row = heard.voice_for(house.actor("leader"), case.uid)
    assert (row.keeper, row.doers) == (Account.objects.get(pk=house.accounts["officer"]).name, ("王水工",))
    actions.answer_voice(voice_id=case.uid, fate="done", answer="已换", actor=house.actor("leader"), at=minutes(33))
    assert Heard.objects.get().keeper_id == house.accounts["leader"]  # who answered answers for it
    with pytest.raises(FateGiven):
        actions.take_voice(voice_id=case.uid, actor=house.actor("officer"), at=minutes(34))


def test_a_leader_who_did_the_work_never_keeps_its_case(house: House) -> None:
    job = finished(house)
    Request.objects.filter(pk=job.request_id).update(team_keys=[])
    actions.rate_request(request_id=job.request.uid, stars=2, actor=actor_of_link(job.request_id), at=minutes(30))
    assert Heard.objects.get().keeper_id == house.accounts["officer"]
    Heard.objects.update(worker_keys=[house.accounts["leader"]], team_keys=[house.teams["repair"]])
    with pytest.raises(OwnWork):
        actions.take_voice(voice_id=Heard.objects.get().uid, actor=house.actor("leader"), at=minutes(31))


def test_s39_a_case_past_its_time_goes_up_at_0_1_3_days_each_once(house: House) -> None:
    job = finished(house)
    actions.rate_request(request_id=job.request.uid, stars=2, actor=actor_of_link(job.request_id), at=minutes(30))
    case, clock = Heard.objects.get(), engine("clock")
    assert watch_voices(actor=clock, at=case.answer_by - timedelta(seconds=1)).n == 0
    for days, who in ((0, "leader"), (1, "manager"), (3, "officer")):
        at = case.answer_by + timedelta(days=days)
        assert watch_voices(actor=clock, at=at).n == 1
        assert watch_voices(actor=clock, at=at).n == 0
        told = Delivery.objects.filter(kind="voice.heard.late").order_by("-id").values_list("to_account_id", flat=True)
        assert house.accounts[who] in list(told)
    assert Entry.objects.filter(kind="voice.heard.late").count() == 3
    assert Heard.objects.get().fate == ""  # told upwards, never closed
    actions.answer_voice(voice_id=case.uid, fate="done", answer="x", actor=house.actor("officer"), at=case.answer_by)
    actions.judge_voice(
        voice_id=case.uid, is_content=False, actor=actor_of_link(job.request_id), at=case.answer_by + timedelta(days=4)
    )
    assert Heard.objects.get().n_told == 0  # a new day, a new clock


def test_s60_a_vent_that_nobody_answers_is_told_the_hospital_and_then_its_head(house: House) -> None:
    actions.speak(site_id=house.site_id, kind="vent", text="心累", actor=house.actor("nurse"), at=minutes(0))
    row = Heard.objects.get()
    assert row.keeper_id == house.accounts["officer"]
    watch_voices(actor=engine("clock"), at=row.answer_by + timedelta(days=5))
    late = Delivery.objects.filter(kind="voice.heard.late")
    assert list(late.values_list("to_account_id", flat=True)) == [house.accounts["director"]]

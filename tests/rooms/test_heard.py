"""Every voice has one fate, given by a person, readable by who spoke; S60 vents, S26 praise, S64 misunderstandings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import House
from tests.rooms.test_work_loop import finished, minutes
from yingxu.ground.actor import engine
from yingxu.ground.models import Account, Delivery, Entry
from yingxu.ground.queries import actor_of_link
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, OwnWork
from yingxu.verify import actions as verify
from yingxu.verify.models import Call
from yingxu.voice import actions
from yingxu.voice.models import Heard
from yingxu.voice.queries import heard as queries
from yingxu.voice.queries import ledger
from yingxu.voice.queries.scores import scores_by_line
from yingxu.voice.refusals.heard import FateGiven, HospitalAnswers, NotAnsweredYet
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def rated(house: House, stars: int = 2, text: str = "") -> Job:
    job = finished(house)
    actions.rate_request(
        request_id=job.request.uid, stars=stars, text=text, actor=actor_of_link(job.request_id), at=minutes(30)
    )
    return job


def test_a_low_rating_is_a_case_with_a_clock_and_a_call_back(house: House) -> None:
    job = rated(house)
    case = Heard.objects.get()
    assert (case.kind, case.stars, case.owner_id) == ("low_rating", 2, None)
    assert case.answer_by == minutes(30) + timedelta(hours=24)
    assert (Call.objects.get(job=job).why, Call.objects.get(job=job).after_days) == ("low_rating", 0)
    (row,) = ledger.ledger(house.actor("leader"), house.site_id)
    assert row.number == job.number
    assert queries.voice_for(house.actor("leader"), case.uid).speaker == ""
    (own,) = queries.my_voices(house.actor("nurse"), house.site_id)
    assert own.fate == ""


@pytest.mark.parametrize(("stars", "text", "n"), [(5, "", 0), (3, "", 0), (5, "谢谢王师傅", 1), (1, "", 1)])
def test_a_good_tap_without_words_asks_for_no_answer(house: House, stars: int, text: str, n: int) -> None:
    rated(house, stars, text)
    assert Heard.objects.count() == n


def test_the_case_is_answered_by_a_person_and_who_asked_reads_it(house: House) -> None:
    rated(house)
    case = Heard.objects.get()
    with pytest.raises(Malformed):
        actions.answer_voice(voice_id=case.uid, fate="done", answer=" ", actor=house.actor("leader"), at=minutes(40))
    actions.answer_voice(
        voice_id=case.uid, fate="done", answer="已重新更换龙头", actor=house.actor("leader"), at=minutes(40)
    )
    (row,) = queries.my_voices(house.actor("nurse"), house.site_id)
    assert (row.fate, row.answer, row.answered_by) == ("done", "已重新更换龙头", "刘班长")
    with pytest.raises(FateGiven):
        actions.answer_voice(voice_id=case.uid, fate="done", answer="x", actor=house.actor("officer"), at=minutes(41))


def test_whoever_did_the_work_never_answers_what_was_said_of_it(house: House) -> None:
    job = rated(house)
    Heard.objects.update(worker_keys=[house.accounts["leader"]])
    with pytest.raises(OwnWork):
        actions.answer_voice(
            voice_id=Heard.objects.get(request=job.request).uid,
            fate="answered",
            answer="没有问题",
            actor=house.actor("leader"),
            at=minutes(40),
        )


def test_s60_a_vent_waits_for_a_person_and_turns_red_after_a_day(house: House) -> None:
    said = actions.speak(
        site_id=house.site_id, kind="vent", text="催了三次没人理，心累", actor=house.actor("nurse"), at=minutes(0)
    )
    officer = house.actor("officer")
    later = minutes(0) + timedelta(hours=24, minutes=1)
    assert ledger.n_waiting(officer, house.site_id, at=minutes(60)) == (1, 0)
    verify.lapse_jobs(actor=engine("clock"), at=later)
    assert ledger.n_waiting(officer, house.site_id, at=later) == (1, 1)
    assert Heard.objects.get(uid=said.id).fate == ""


def test_s26_praise_reaches_who_did_the_work_at_once(house: House) -> None:
    job = finished(house)
    actions.speak(
        site_id=house.site_id,
        kind="praise",
        text="王师傅又快又细",
        number=job.request.number,
        actor=house.actor("nurse"),
        at=minutes(40),
    )
    told = Delivery.objects.filter(to_account_id=house.accounts["plumber"], kind="voice.heard.said")
    assert told.count() == 1


def test_who_spoke_is_not_in_the_ledger_and_never_shown_to_the_company(house: House) -> None:
    job = finished(house)
    actions.speak(
        site_id=house.site_id,
        kind="complaint",
        text="态度不好",
        number=job.request.number,
        is_named=True,
        actor=house.actor("nurse"),
        at=minutes(40),
    )
    entry = Entry.objects.get(kind="voice.heard.said")
    assert (entry.actor_id, entry.actor_kind) == (None, "asker")
    (row,) = ledger.ledger(house.actor("manager"), house.site_id)
    assert queries.voice_for(house.actor("manager"), row.id).speaker == ""
    assert queries.voice_for(house.actor("officer"), row.id).speaker == "李护士"
    assert ledger.ledger(house.actor("lift_manager"), house.site_id) == ()


def test_s64_a_company_cannot_close_as_misunderstanding_and_the_second_dispute_is_the_hospitals(house: House) -> None:
    job = rated(house, 1, "说修好了还漏")
    case, manager, nurse = Heard.objects.get(request=job.request), house.actor("manager"), house.actor("nurse")
    with pytest.raises(NotAnsweredYet):
        actions.judge_voice(voice_id=case.uid, is_content=True, actor=nurse, at=minutes(35))
    with pytest.raises(HospitalAnswers):
        actions.answer_voice(voice_id=case.uid, fate="clarified", answer="是误会", actor=manager, at=minutes(40))
    for n in (1, 2):
        actions.answer_voice(voice_id=case.uid, fate="answered", answer="已解释", actor=manager, at=minutes(40 + n))
        judged = actions.judge_voice(voice_id=case.uid, is_content=False, actor=nurse, at=minutes(50 + n))
        assert judged.fate == ""
    with pytest.raises(HospitalAnswers):
        actions.answer_voice(voice_id=case.uid, fate="answered", answer="已解释", actor=manager, at=minutes(60))
    actions.answer_voice(
        voice_id=case.uid,
        fate="clarified",
        answer="附现场照片与阀门记录",
        actor=house.actor("officer"),
        at=minutes(61),
    )
    actions.judge_voice(voice_id=case.uid, is_content=True, actor=nurse, at=minutes(62))
    (row,) = queries.my_voices(nurse, house.site_id)
    assert (row.is_understood, row.n_disputes) == (True, 2)


def test_what_is_about_nobody_in_particular_is_the_hospitals(house: House) -> None:
    said = actions.speak(
        site_id=house.site_id, kind="vent", text="食堂太吵", actor=house.actor("plumber"), at=minutes(0)
    )
    assert ledger.ledger(house.actor("manager"), house.site_id) == ()
    with pytest.raises(HospitalAnswers):
        actions.answer_voice(voice_id=said.id, fate="answered", answer="x", actor=house.actor("manager"), at=minutes(1))


def test_nobody_judges_for_another(house: House) -> None:
    rated(house)
    case = Heard.objects.get()
    with pytest.raises(NotFound):
        actions.judge_voice(voice_id=case.uid, is_content=True, actor=house.actor("other_nurse"), at=minutes(40))
    with pytest.raises(NotAllowed):
        actions.answer_voice(
            voice_id=case.uid, fate="answered", answer="x", actor=house.actor("plumber"), at=minutes(40)
        )


def test_the_public_board_has_answers_and_no_names(house: House) -> None:
    rated(house, 5, "快")
    case = Heard.objects.get()
    assert ledger.public_board(house.site_id) == ()
    actions.answer_voice(
        voice_id=case.uid,
        fate="answered",
        answer="谢谢",
        is_public=True,
        actor=house.actor("officer"),
        at=minutes(40),
    )
    (row,) = ledger.public_board(house.site_id)
    assert (row.kind, row.said, row.answer) == ("words", "", "谢谢")


def test_a_rater_without_an_account_reads_the_fate_by_the_link_and_has_the_last_word(house: House) -> None:
    job = rated(house, 2, "还在滴")
    case, link = Heard.objects.get(), actor_of_link(job.request_id)
    (row,) = queries.fates_of_request(link, job.request_id)
    assert row.fate == ""
    actions.answer_voice(voice_id=case.uid, fate="done", answer="已换阀芯", actor=house.actor("leader"), at=minutes(40))
    (row,) = queries.fates_of_request(link, job.request_id)
    assert (row.fate, row.answer, row.answered_by) == ("done", "已换阀芯", "刘班长")
    actions.judge_voice(voice_id=case.uid, is_content=False, actor=link, at=minutes(41))
    assert Heard.objects.get().n_disputes == 1
    # another request's link, and a complaint under a name, are nobody's business here
    stranger = actor_of_link(job.request_id + 1)
    assert queries.fates_of_request(stranger, job.request_id) == ()
    with pytest.raises(NotAllowed):
        actions.judge_voice(voice_id=case.uid, is_content=False, actor=stranger, at=minutes(42))
    spoken = actions.speak(
        site_id=house.site_id, kind="complaint", text="x", number=job.request.number, actor=house.actor("nurse"),
        at=minutes(43),
    )  # fmt: skip
    assert len(queries.fates_of_request(link, job.request_id)) == 1
    with pytest.raises(NotFound):
        actions.judge_voice(voice_id=spoken.id, is_content=False, actor=link, at=minutes(44))


def test_s30_one_star_for_conduct_opens_a_case_for_the_team_leader(house: House) -> None:
    job = finished(house)
    actions.rate_request(
        request_id=job.request.uid, stars=1, reasons=["rude", "late"], actor=house.actor("nurse"), at=minutes(30)
    )
    case = Heard.objects.get()
    assert (case.kind, case.fate) == ("conduct", "")
    assert Entry.objects.get(kind="voice.conduct.doubted").facts["reasons"] == ["rude"]
    assert Delivery.objects.filter(to_account_id=house.accounts["leader"], kind="voice.conduct.doubted").exists()
    assert [row.kind for row in ledger.ledger(house.actor("leader"), house.site_id)] == ["conduct"]
    answered = actions.answer_voice(
        voice_id=case.uid, fate="done", answer="已谈话，班前会重申", actor=house.actor("leader"), at=minutes(40)
    )
    assert answered.fate == "done"


def test_s30_two_stars_or_no_conduct_reason_is_an_ordinary_low_rating(house: House) -> None:
    job = finished(house)
    actions.rate_request(
        request_id=job.request.uid, stars=2, reasons=["rude"], actor=house.actor("nurse"), at=minutes(30)
    )
    assert Heard.objects.get().kind == "low_rating"


def test_s26_a_mark_of_uncivil_treatment_keeps_the_score_while_it_is_reviewed(house: House) -> None:
    job = rated(house, 1)
    span = {"since": minutes(0), "until": minutes(500)}

    def stars() -> int | None:
        rows = scores_by_line(house.actor("officer"), house.site_id, **span)
        return next((row.n for row in rows if row.line_code == job.request.line_code), 0)

    assert stars() == 1
    with pytest.raises(Malformed):
        actions.speak(site_id=house.site_id, kind="abuse", text="被骂", actor=house.actor("plumber"), at=minutes(35))
    with pytest.raises(NotFound):  # only who did the work
        actions.speak(
            site_id=house.site_id, kind="abuse", text="被骂", number=job.number, actor=house.actor("leader"),
            at=minutes(35),
        )  # fmt: skip
    mark = actions.speak(
        site_id=house.site_id, kind="abuse", text="当众被骂", number=job.number, actor=house.actor("plumber"),
        at=minutes(35),
    )  # fmt: skip
    assert stars() == 0
    with pytest.raises(HospitalAnswers):
        actions.answer_voice(voice_id=mark.id, fate="done", answer="x", actor=house.actor("manager"), at=minutes(36))
    actions.answer_voice(
        voice_id=mark.id, fate="declined", answer="调取录音，未见辱骂", actor=house.actor("officer"), at=minutes(37)
    )
    assert stars() == 1, "after the review the rating counts again"


def test_s26_praise_that_names_a_badge_reaches_who_wears_it(house: House) -> None:
    Account.objects.filter(pk=house.accounts["porter"]).update(badge="B-207")
    actions.speak(
        site_id=house.site_id,
        kind="praise",
        text="主动扶老人",
        badge="B-207",
        actor=house.actor("nurse"),
        at=minutes(1),
    )
    assert Delivery.objects.get().to_account_id == house.accounts["porter"]
    with pytest.raises(NotFound):
        actions.speak(
            site_id=house.site_id, kind="praise", text="好", badge="B-999", actor=house.actor("nurse"), at=minutes(2)
        )

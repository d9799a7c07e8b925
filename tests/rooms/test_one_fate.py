"""A finding and its request have one fate; every voice says what it is for (S60, S62, S64)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.people import MONDAY_NINE, SETUP_AT, House
from tests.rooms.test_work_loop import at_work, done, minutes, sent
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry, Holding
from yingxu.ground.refusals import Malformed
from yingxu.verify import actions as verify
from yingxu.voice import actions as voice
from yingxu.voice.actions import answering, forums
from yingxu.voice.actions.supervisors import FINDER, note_finding
from yingxu.voice.models import Heard, Letter, Remark
from yingxu.voice.queries import ledger
from yingxu.voice.refusals.overseeing import FindingInWork
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


def finding(house: House, *, is_hidden: bool = False, item: str = "plb.faucet") -> Remark:
    finder = house.actor("supervisor")
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="supervisor",
        text="水龙头一直滴",
        item_code=item,
        place_code="S7-ORT-WC",
        requester_name="" if is_hidden else finder.name,
        actor=FINDER if is_hidden else finder,
        at=MONDAY_NINE,
    )
    made = note_finding(request_id=raised.id, is_hidden=is_hidden, actor=finder, at=MONDAY_NINE)
    return Remark.objects.get(uid=made.uid)


def worked_on(house: House, row: Remark) -> Job:
    job = Job.objects.select_related("request").get(request_id=row.request_id)
    return at_work(house, sent(house, job))


def answered(house: House, row: Remark, fate: str, by: str = "officer", verdict: str = "valid", **more: object) -> str:
    return answering.answer_remark(
        remark_id=row.uid,
        verdict=verdict,
        fate=fate,
        answer="已看过",
        actor=house.actor(by),
        at=minutes(60),
        **more,  # type: ignore[arg-type]
    ).state


def test_s62_when_a_person_ends_the_work_that_is_the_findings_one_answer(house: House) -> None:
    row = finding(house)
    job = done(house, worked_on(house, row))
    verify.check_job(job_id=job.uid, actor=house.actor("officer"), at=minutes(30))
    row.refresh_from_db()
    request = Request.objects.get(pk=row.request_id)
    assert (row.state, row.fate, row.verdict) == ("answered", "done", "valid")
    assert row.answer == request.answer_text == "换了密封圈"
    assert Entry.objects.filter(kind="voice.remark.answered", thread_id=request.pk).count() == 1
    assert ledger.ledger(house.actor("officer"), house.site_id) == (), "nothing waits for a second answer"
    shown = signed_in(house, "supervisor").get("/findings").content.decode()
    assert shown.count("换了密封圈") == 1


def test_who_found_it_and_says_good_has_said_the_last_word(house: House) -> None:
    row = finding(house)
    # most supervisors are nurses too
    Holding.objects.create(
        account_id=house.accounts["supervisor"], role="RQ", site_id=house.site_id, starts_at=SETUP_AT,
        place_id=house.places["S7-ORT"],
    )  # fmt: skip
    job = done(house, worked_on(house, row))
    verify.confirm_job(job_id=job.uid, actor=house.actor("supervisor"), at=minutes(30))
    row.refresh_from_db()
    assert (row.state, row.word, row.fate) == ("settled", "understood", "done")


def test_a_lapse_is_nobodys_word_so_that_a_person_still_answers(house: House) -> None:
    row = finding(house, is_hidden=True)
    done(house, worked_on(house, row))
    assert verify.lapse_jobs(actor=engine("clock"), at=minutes(60 * 24 * 8)).numbers
    row.refresh_from_db()
    assert (row.state, row.fate) == ("open", "")
    assert answered(house, row, "done") == "answered"


def test_before_any_work_the_answer_ends_the_request_with_the_same_words(house: House) -> None:
    row = finding(house)
    assert answered(house, row, "clarified", verdict="misunderstanding") == "answered"
    request = Request.objects.get(pk=row.request_id)
    assert (request.is_open, request.final_answer, request.answer_text) == (False, "explained", "已看过")
    assert set(Job.objects.filter(request=request).values_list("state", flat=True)) == {"declined"}
    row.refresh_from_db()
    assert (row.fate, row.verdict) == ("clarified", "misunderstanding")
    assert Entry.objects.filter(kind="voice.remark.answered", thread_id=request.pk).count() == 1


def test_a_companys_proposal_ends_nothing(house: House) -> None:
    row = finding(house)
    assert answered(house, row, "clarified", by="manager", verdict="misunderstanding") == "proposed"
    assert Request.objects.get(pk=row.request_id).is_open


def test_while_work_is_on_its_way_only_a_promise_is_given_and_the_work_keeps_it(house: House) -> None:
    row = finding(house)
    job = worked_on(house, row)
    for fate in ("answered", "done", "declined", "clarified"):
        with pytest.raises(FindingInWork):
            answered(house, row, fate)
    assert answered(house, row, "studied", owner_name="王工", due_on=date(2025, 3, 20)) == "answered"
    done(house, job)
    verify.check_job(job_id=job.uid, actor=house.actor("officer"), at=minutes(90))
    row.refresh_from_db()
    assert (row.fate, row.done_on, row.done_note) == ("done", date(2025, 3, 3), "换了密封圈")
    assert Entry.objects.filter(kind="voice.remark.done").count() == 1


def test_the_refusal_is_said_in_words_on_the_page(house: House) -> None:
    row = finding(house)
    worked_on(house, row)
    answer = signed_in(house, "officer").post(
        f"/remarks/{row.uid}/answer", {"verdict": "valid", "fate": "done", "answer": "写好的话", "command": "x"}
    )
    assert answer.status_code == 422
    assert "写好的话" in answer.content.decode()
    assert Request.objects.get(pk=row.request_id).number in answer.content.decode()


def test_s60_every_voice_says_what_it_is_for_and_the_ledger_is_narrowed_by_it(house: House) -> None:
    nurse, officer = house.actor("nurse"), house.actor("officer")
    for kind, purpose in (("complaint", "appeal"), ("complaint", "need"), ("vent", ""), ("complaint", "")):
        voice.speak(
            site_id=house.site_id, kind=kind, text=f"{kind}{purpose}", purpose=purpose, actor=nurse, at=MONDAY_NINE
        )
    with pytest.raises(Malformed):
        voice.speak(site_id=house.site_id, kind="complaint", text="x", purpose="mood", actor=nurse, at=MONDAY_NINE)
    finding(house)
    forum = forums.plan_forum(
        site_id=house.site_id,
        month=date(2025, 3, 1),
        planned_at=MONDAY_NINE,
        room="三楼",
        actor=officer,
        at=MONDAY_NINE,
    )
    forums.raise_remark(forum_id=forum.uid, text="多设热水点", purpose="need", actor=officer, at=MONDAY_NINE)
    box = voice.make_box(site_id=house.site_id, name="大厅", actor=officer, at=MONDAY_NINE)
    voice.drop_letter(
        token=box.token, text="饭凉", claim_code="ABCD2345EFGH", purpose="appeal", actor=voice.BOX, at=MONDAY_NINE
    )
    voice.open_box(box_id=box.uid, actor=officer, at=MONDAY_NINE)

    def texts(purpose: str) -> set[str]:
        return {row.text for row in ledger.ledger(officer, house.site_id, purpose=purpose)}

    assert texts("appeal") == {"complaintappeal", "饭凉"}
    assert texts("need") == {"complaintneed", "多设热水点"}
    assert texts("vent") == {"vent"}, "a vent is for venting"
    assert texts("improve") == {"水龙头一直滴"}, "a finding is to improve"
    assert texts(ledger.UNTAGGED) == {"complaint"}
    client = signed_in(house, "officer")
    page = client.get("/voices?purpose=need").content.decode()
    assert "complaintneed" in page
    assert "complaintappeal" not in page


def test_s60_who_answers_says_what_it_was_for_where_nobody_did(house: House) -> None:
    nurse, officer = house.actor("nurse"), house.actor("officer")
    open_one = voice.speak(site_id=house.site_id, kind="complaint", text="慢", actor=nurse, at=MONDAY_NINE)
    tagged = voice.speak(
        site_id=house.site_id, kind="complaint", text="缺", purpose="need", actor=nurse, at=MONDAY_NINE
    )
    client = signed_in(house, "officer")
    for said in (open_one, tagged):
        answer = client.post(
            f"/voices/{said.id}", {"fate": "answered", "answer": "好", "purpose": "improve", "command": str(said.id)}
        )
        assert answer.status_code == 302
    assert Heard.objects.get(uid=open_one.id).purpose == "improve"
    assert Heard.objects.get(uid=tagged.id).purpose == "need", "who spoke has said it"
    box = voice.make_box(site_id=house.site_id, name="大厅", actor=officer, at=MONDAY_NINE)
    voice.drop_letter(token=box.token, text="饭凉", claim_code="ABCD2345EFGH", actor=voice.BOX, at=MONDAY_NINE)
    voice.open_box(box_id=box.uid, actor=officer, at=MONDAY_NINE)
    letter = Letter.objects.get()
    client.post(
        f"/voices/letters/{letter.uid}",
        {"verdict": "valid", "fate": "done", "answer": "已换餐车", "purpose": "appeal", "command": "l"},
    )
    letter.refresh_from_db()
    assert (letter.purpose, letter.state) == ("appeal", "answered")


def test_s60_the_page_where_one_speaks_asks_for_the_purpose(house: House) -> None:
    client = signed_in(house, "nurse")
    assert client.get("/voices/mine").content.decode().count('name="purpose"') == 4
    client.post("/voices/mine", {"kind": "complaint", "purpose": "improve", "text": "可先打电话", "command": "q"})
    assert Heard.objects.get().purpose == "improve"


def test_a_company_that_would_end_a_finding_without_work_only_proposes(house: House) -> None:
    row = finding(house)
    assert answered(house, row, "declined", by="manager") == "proposed"
    assert Request.objects.get(pk=row.request_id).is_open
    assert answered(house, row, "declined") == "answered"
    assert not Request.objects.get(pk=row.request_id).is_open

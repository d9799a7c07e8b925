"""One ledger of voices (O7): however somebody spoke, one fate, readable by who spoke, on the board without names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.voice import actions as voice
from yingxu.voice.actions import answering, forums
from yingxu.voice.actions.sheets import SURVEY, answer_survey
from yingxu.voice.actions.surveys import Frame, make_survey
from yingxu.voice.models import Letter, Remark
from yingxu.voice.queries import ledger

pytestmark = pytest.mark.django_db

BOX_CODE, SURVEY_CODE, FORUM_CODE = "ABCD2345EFGH", "BCDE2345EFGH", "CDEF2345EFGH"
LATER = MONDAY_NINE + timedelta(days=1)


@pytest.fixture
def spoken(house: House) -> House:
    """A complaint of a nurse, a letter, words of a survey and an opinion at the forum, in this order."""
    officer = house.actor("officer")
    voice.speak(site_id=house.site_id, kind="complaint", text="运送慢", actor=house.actor("nurse"), at=MONDAY_NINE)
    box = voice.make_box(site_id=house.site_id, name="大厅", actor=officer, at=MONDAY_NINE)
    voice.drop_letter(
        token=box.token, text="饭凉", claim_code=BOX_CODE, actor=voice.BOX, at=MONDAY_NINE, purpose="vent"
    )
    voice.open_box(box_id=box.uid, actor=officer, at=MONDAY_NINE)
    survey = make_survey(
        site_id=house.site_id, title="三月", kind="nps", frame=Frame(date(2025, 3, 1), date(2025, 3, 9), 50),
        actor=officer, at=MONDAY_NINE,
    )  # fmt: skip
    answer_survey(
        token=survey.token, answers={"nps": 3}, text="夜里没人", code=SURVEY_CODE, actor=SURVEY, at=MONDAY_NINE
    )
    forum = forums.plan_forum(
        site_id=house.site_id, month=date(2025, 3, 1), planned_at=LATER, room="三楼", actor=officer, at=MONDAY_NINE
    )
    forums.raise_remark(
        forum_id=forum.uid, text="电梯久等", speaker="赵护士长", claim_code=FORUM_CODE, actor=officer, at=MONDAY_NINE
    )
    return house


def kinds(house: House, who: str = "officer", **more: str) -> list[str]:
    return sorted(row.kind for row in ledger.ledger(house.actor(who), house.site_id, **more))


def test_o7_every_voice_stands_in_one_ledger(spoken: House) -> None:
    assert kinds(spoken) == ["complaint", "forum", "letter", "survey"]
    assert [kinds(spoken, kind=kind) for kind in ("letter", "survey", "forum", "complaint", "finding")] == [
        ["letter"], ["survey"], ["forum"], ["complaint"], [],
    ]  # fmt: skip
    assert kinds(spoken, shown="fated") == []
    assert ledger.n_waiting(spoken.actor("officer"), spoken.site_id, at=MONDAY_NINE + timedelta(days=2)) == (4, 2)
    officer = spoken.actor("officer")
    with CaptureQueriesContext(connection) as caught:
        ledger.ledger(officer, spoken.site_id, after=1, limit=2)
    assert len(caught) == 1
    with pytest.raises(NotAllowed):
        kinds(spoken, "plumber")


def test_o7_a_company_sees_what_it_may_answer_and_never_what_is_unsigned(spoken: House) -> None:
    seen = kinds(spoken, "leader")
    assert "complaint" not in seen, "about no request: the hospital's alone"
    assert "letter" not in seen
    assert kinds(spoken, "manager") == ["forum", "letter", "survey"], "the text, never where it came from"


def test_o7_each_gets_one_fate_and_who_spoke_reads_it_by_the_code(spoken: House) -> None:
    officer = spoken.actor("officer")
    for origin in ("page", "survey"):
        voice.answer_letter(
            letter_id=Letter.objects.get(origin=origin).uid, verdict="valid", fate="done", answer=f"改了 {origin}",
            retold=f"有人说 {origin}", actor=officer, at=LATER,
        )  # fmt: skip
    answering.answer_remark(
        remark_id=Remark.objects.get().uid, verdict="valid", fate="studied", answer="加一台", owner_name="梯管员",
        due_on=date(2025, 4, 1), retold="电梯等得久", actor=officer, at=LATER,
    )  # fmt: skip
    for code, answer, fate in (
        (BOX_CODE, "改了 page", "done"),
        (SURVEY_CODE, "改了 survey", "done"),
        (FORUM_CODE, "加一台", "studied"),
    ):
        found = ledger.claimed(spoken.site_id, code.lower())
        assert (found.answer, found.fate, found.state) == (answer, fate, "answered")
    with pytest.raises(NotFound):
        ledger.claimed(spoken.site_id, "ZZZZ2345EFGH")
    assert kinds(spoken) == ["complaint"]
    assert kinds(spoken, shown="fated") == ["forum", "letter", "survey"]
    board = ledger.public_board(spoken.site_id)
    assert sorted((row.kind, row.said) for row in board) == [
        ("forum", "电梯等得久"), ("letter", "有人说 page"), ("survey", "有人说 survey"),
    ]  # fmt: skip
    assert "赵护士长" not in "".join(row.said + row.answer for row in board)


def test_o7_the_last_word_by_code_opens_it_again(spoken: House) -> None:
    """S64 for a speaker without an account."""
    officer = spoken.actor("officer")
    remark = Remark.objects.get()
    answering.answer_remark(
        remark_id=remark.uid, verdict="valid", fate="answered", answer="在查", actor=officer, at=LATER
    )
    answering.judge_by_code(claim_code=FORUM_CODE, word="disagree", text="没改", actor=voice.BOX, at=LATER)
    found = ledger.claimed(spoken.site_id, FORUM_CODE)
    assert (found.state, found.answer, found.n_disagreed) == ("open", "", 1)
    voice.answer_letter(
        letter_id=Letter.objects.get(origin="survey").uid, verdict="valid", fate="done", answer="好", actor=officer,
        at=LATER,
    )  # fmt: skip
    voice.judge_answer(claim_code=SURVEY_CODE, word="understood", actor=voice.BOX, at=LATER)
    assert ledger.claimed(spoken.site_id, SURVEY_CODE).word == "understood"

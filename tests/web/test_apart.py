"""What was held apart: a person lets it in or keeps it apart with a reason; it is paged, and never deleted (S65)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.web.test_shell import signed_in
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, ReasonNeeded
from yingxu.voice.actions.apart import keep_apart, let_in
from yingxu.voice.actions.sheets import SURVEY, answer_survey
from yingxu.voice.actions.stands import STAND, NewTap, leave_taps, set_stand
from yingxu.voice.actions.surveys import Frame, make_survey
from yingxu.voice.models import Letter, Sheet, Tap
from yingxu.voice.queries import ledger
from yingxu.voice.queries.stands import stand_scores
from yingxu.web.boxes import abuse

pytestmark = pytest.mark.django_db
CODE = "ABCD2345EFGH"


@pytest.fixture(autouse=True)
def counters_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abuse, "tries", abuse.Rotating(abuse.TRIES))


@pytest.fixture
def taps(house: House) -> House:
    """Nine taps of one device within an hour: six held apart (AS-18)."""
    stand = set_stand(site_id=house.site_id, name="门诊大厅", actor=house.actor("officer"), at=MONDAY_NINE)
    for n in range(9):
        leave_taps(
            token=stand.token,
            taps=[NewTap(f"t{n}", 1, "slow", 0)],
            device="d1",
            actor=STAND,
            at=MONDAY_NINE + timedelta(minutes=n),
        )
    return house


@pytest.fixture
def words(house: House) -> House:
    """A careless sheet, and words that came with too many others."""
    survey = make_survey(
        site_id=house.site_id, title="三月", kind="servperf", frame=Frame(date(2025, 3, 1), date(2025, 3, 9), 50),
        actor=house.actor("officer"), at=MONDAY_NINE,
    )  # fmt: skip
    same = {f"s{n:02d}": 7 for n in range(1, 23)}
    answer_survey(token=survey.token, answers=same, seconds=9, code="BCDE2345EFGH", actor=SURVEY, at=MONDAY_NINE)
    answer_survey(
        token=survey.token,
        answers={"s01": 2},
        text="夜里没人",
        code=CODE,
        is_suspect=True,
        actor=SURVEY,
        at=MONDAY_NINE,
    )
    return house


def test_s65_a_tap_is_let_in_with_a_reason_and_counts_again(taps: House) -> None:
    officer = taps.actor("officer")
    client = signed_in(taps, "officer")
    held = list(Tap.objects.filter(quarantine="too_many").order_by("tapped_at"))
    shown = client.get("/voices/apart").content.decode()
    assert shown.count('name="id"') == 6
    ids = [str(one.uid) for one in held[:2]]
    lost = client.post("/voices/apart?kind=tap", {"id": ids, "why": " ", "act": "let_in", "command": "a"})
    assert lost.status_code == 422
    assert lost.content.decode().count(" checked") == 2, "what was ticked is still ticked"
    done = client.post(
        "/voices/apart?kind=tap", {"id": ids, "why": "窗口平板，多人共用", "act": "let_in", "command": "b"}
    )
    assert done.status_code == 302
    (score,) = stand_scores(officer, taps.site_id, since=MONDAY_NINE, until=MONDAY_NINE + timedelta(hours=1))
    assert (score.n_bad, score.n_apart) == (5, 4)
    kept = client.post(
        "/voices/apart?kind=tap",
        {"id": [str(one.uid) for one in held[2:]], "why": "同一人连点", "act": "keep", "command": "c"},
    )
    assert kept.status_code == 302
    assert Tap.objects.count() == 9, "none is deleted"
    assert 'name="id"' not in client.get("/voices/apart").content.decode()
    judged = client.get("/voices/apart?show=judged").content.decode()
    assert judged.count("同一人连点") == 4
    assert judged.count("窗口平板，多人共用") == 2
    facts = [one.facts for one in Entry.objects.filter(kind="voice.apart.judged")]
    assert sorted(one["is_kept"] for one in facts) == [False, False, True, True, True, True]
    assert {one["held_as"] for one in facts} == {"too_many"}


def test_words_of_a_survey_wait_for_a_fate_once_they_are_let_in(words: House) -> None:
    officer = words.actor("officer")
    assert ledger.ledger(officer, words.site_id) == ()
    assert ledger.claimed(words.site_id, CODE).apart == "waits"
    letter = Letter.objects.get()
    client = signed_in(words, "officer")
    assert "夜里没人" in client.get("/voices/apart?kind=letter").content.decode()
    keep_apart(site_id=words.site_id, kind="letter", ids=[letter.uid], why="重复投递", actor=officer, at=MONDAY_NINE)
    read = ledger.claimed(words.site_id, CODE)
    assert (read.apart, read.apart_why) == ("kept", "重复投递")
    shown = client.post("/c/demo", {"code": CODE}).content.decode()
    assert "重复投递" in shown, "who wrote it reads why"
    # somebody thinks again
    let_in(site_id=words.site_id, kind="letter", ids=[letter.uid], why="其实有理", actor=officer, at=MONDAY_NINE)
    (row,) = ledger.ledger(officer, words.site_id)
    assert row.text == "夜里没人"
    assert ledger.claimed(words.site_id, CODE).apart == ""


def test_a_ticked_sheet_is_judged_in_the_same_place(words: House) -> None:
    sheet = Sheet.objects.get(quarantine="careless")
    client = signed_in(words, "officer")
    shown = client.get("/voices/apart?kind=sheet").content.decode()
    assert str(sheet.uid) in shown
    client.post(
        "/voices/apart?kind=sheet", {"id": [str(sheet.uid)], "why": "确实满意", "act": "let_in", "command": "s"}
    )
    sheet.refresh_from_db()
    assert (sheet.quarantine, sheet.held_as, sheet.judged_why) == ("", "careless", "确实满意")


def test_who_may_not_is_refused_and_nothing_is_judged(taps: House) -> None:
    ids = [Tap.objects.filter(quarantine="too_many")[0].uid]
    for who in ("nurse", "manager", "leader", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            let_in(site_id=taps.site_id, kind="tap", ids=ids, why="因为", actor=taps.actor(who), at=MONDAY_NINE)
    officer = taps.actor("officer")
    with pytest.raises(ReasonNeeded):
        keep_apart(site_id=taps.site_id, kind="tap", ids=ids, why="", actor=officer, at=MONDAY_NINE)
    with pytest.raises(NotFound):
        keep_apart(site_id=taps.site_id, kind="tap", ids=[uuid4()], why="因为", actor=officer, at=MONDAY_NINE)
    for wrong in ({"kind": "mood"}, {"ids": []}, {"ids": [uuid4() for _ in range(101)]}, {"why": "长" * 301}):
        with pytest.raises(Malformed):
            keep_apart(
                **{"site_id": taps.site_id, "kind": "tap", "ids": ids, "why": "因为", **wrong},  # type: ignore[arg-type]
                actor=officer,
                at=MONDAY_NINE,
            )
    # the auditor reads and judges nothing
    shown = signed_in(taps, "auditor").get("/voices/apart").content.decode()
    assert 'name="id"' not in shown
    assert signed_in(taps, "manager").get("/voices/apart").status_code == 403


def test_the_page_is_paged_and_needs_few_statements(taps: House) -> None:
    officer = signed_in(taps, "officer")
    officer.get("/voices/apart")  # what a process keeps is read once
    counts = []
    for n in range(2):
        with CaptureQueriesContext(connection) as asked:
            shown = officer.get("/voices/apart").content.decode()
        counts.append(len(asked))
        stand = Tap.objects.all()[0].stand
        for k in range(26 * (1 - n)):
            leave_taps(token=stand.token, taps=[NewTap(f"x{k}", 2, "", 0)], device="d1", actor=STAND, at=MONDAY_NINE)
    assert counts[0] == counts[1] <= 8, counts
    assert shown.count('name="id"') == 25
    assert 'rel="next"' in shown
    left = Tap.objects.exclude(quarantine="").count() - 25
    assert left > 0
    assert officer.get("/voices/apart?after=25").content.decode().count('name="id"') == left

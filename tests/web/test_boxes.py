"""Suggestion boxes (domain S66, AS-19): nobody can tell who wrote; the writer reads the answer by a code."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.web.test_shell import signed_in
from yingxu.ground.models import Command, Entry
from yingxu.ground.refusals import NotAllowed, OwnWork
from yingxu.voice import actions as voice
from yingxu.voice.models import Letter, SuggestionBox
from yingxu.voice.refusals import SlipsDiffer
from yingxu.web.boxes import abuse
from yingxu.web.boxes.quiet import Quiet

pytestmark = pytest.mark.django_db

#: What the browser of the writer gives away about itself.
ADDRESS, BROWSER = "10.77.66.55", "Mozilla/5.0 (Linux; Android 12; TELLTALE-9000)"


@pytest.fixture(autouse=True)
def counters_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abuse, "apart", abuse.Rotating(abuse.APART_AFTER))
    monkeypatch.setattr(abuse, "refused", abuse.Rotating(abuse.REFUSED_AFTER))
    monkeypatch.setattr(abuse, "tries", abuse.Rotating(abuse.TRIES))


@pytest.fixture
def box(house: House) -> SuggestionBox:
    made = voice.make_box(site_id=house.site_id, name="住院大厅", actor=house.actor("officer"), at=MONDAY_NINE)
    return SuggestionBox.objects.get(uid=made.uid)


def drop(client: Client, box: SuggestionBox, text: str = "护工态度不好", **more: str) -> str:
    page = client.get(f"/v/{box.token}", REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
    found = re.search(r'name="code" value="([A-Z2-9]{12})"', page.content.decode())
    assert found
    answer = client.post(
        f"/v/{box.token}",
        {"text": text, "code": found[1], **more},
        REMOTE_ADDR=ADDRESS,
        HTTP_USER_AGENT=BROWSER,
    )
    assert answer.status_code == 200, answer.content.decode()
    return found[1]


def dumped() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        parts = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t")
            parts.append(f"== {table}\n{cursor.fetchone()[0]}")
    return "\n".join(parts)


def test_the_database_holds_nothing_that_leads_to_the_writer(house: House, box: SuggestionBox) -> None:
    """S66: a signed-in nurse writes; scan of all tables before and after."""
    client = signed_in(house, "nurse")
    client.get(f"/v/{box.token}")
    before = set(dumped().splitlines())
    code = drop(client, box, purpose="appeal")
    new = [line for line in dumped().splitlines() if line not in before]
    # one row more in the whole database: the letter
    assert len(new) == 1
    assert "护工态度不好" in new[0]
    for trace in (
        ADDRESS,
        "TELLTALE",
        code,
        client.cookies["yingxu_session"].value,
        client.cookies["yingxu_csrf"].value,
    ):
        assert trace not in new[0]
    assert str(house.accounts["nurse"]) not in new[0]
    # no clock time anywhere in it
    assert re.search(r"\d\d:\d\d", new[0]) is None
    assert not Entry.objects.filter(kind__startswith="voice.letter").exists()
    assert not Command.objects.filter(result__icontains="in_box").exists()


def test_s66_a_database_administrator_with_all_tables_and_all_logs_cannot_tell(
    house: House, box: SuggestionBox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds every table and every line that the server wrote finds no address, account, browser or moment.

    Everything is logged, down to the statements (DEBUG); the slips are a letter, a sheet with words, a last word, and
    what goes wrong: an empty letter, a wrong code, a page that breaks. Even the transaction's own stamp (xmin) tells
    only the order of commits.
    """
    from yingxu.voice.actions.surveys import Frame, make_survey
    from yingxu.web.surveys import public as surveys

    monkeypatch.setattr(surveys, "apart", abuse.Rotating(surveys.APART_AFTER))
    monkeypatch.setattr(surveys, "refused", abuse.Rotating(surveys.REFUSED_AFTER))
    today = datetime.now(UTC).date()
    survey = make_survey(
        site_id=house.site_id, title="三月", kind="nps", actor=house.actor("officer"), at=MONDAY_NINE,
        frame=Frame(today - timedelta(days=3), today + timedelta(days=3), 50),
    )  # fmt: skip
    client = signed_in(house, "nurse")
    seen_as: dict[str, Any] = {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": BROWSER, "HTTP_X_FORWARDED_FOR": ADDRESS}
    client.get(f"/v/{box.token}", **seen_as)
    # logs of libraries too, as a curious administrator would set them; the quiet filter stands where the house puts it
    for handler in logging.getLogger().handlers:
        handler.addFilter(Quiet())
    caplog.handler.addFilter(Quiet())
    caplog.set_level(logging.DEBUG)
    before, began = set(dumped().splitlines()), datetime.now(UTC)
    caplog.clear()
    code = drop(client, box, text="请查三楼夜班的态度", purpose="vent")
    filled = client.post(f"/s/{survey.token}", {"nps": "2", "text": "夜里叫不到人", "code": "BCDE2345EFGH"}, **seen_as)
    assert filled.status_code == 200, filled.content.decode()
    client.post(f"/v/{box.token}", {"text": " ", "code": "ZZZZ2345EFGH"}, **seen_as)
    client.post(f"/v/{box.token}/answer", {"code": code}, **seen_as)
    client.post(f"/v/{box.token}/answer", {"code": "ZZZZ22223333"}, **seen_as)
    client.get("/v/NO-SUCH-BOX", **seen_as)
    monkeypatch.setattr("yingxu.web.boxes.public.queries.box_by_token", _broken)
    client.raise_request_exception = False
    assert client.post(f"/v/{box.token}", {"text": "x", "code": code}, **seen_as).status_code == 500
    ended = datetime.now(UTC)

    new = [line for line in dumped().splitlines() if line not in before]
    told = "\n".join(new)
    assert [("请查三楼夜班的态度" in told), ("夜里叫不到人" in told), len(new)] == [True, True, 3], new
    # what the statement logger of the driver says is the administrator's own log of the database: not the server's
    lines = [caplog.handler.format(one) for one in caplog.records if not one.name.startswith("django.db")]
    logs = "\n".join(lines)
    cookies = [client.cookies[name].value for name in ("yingxu_session", "yingxu_csrf") if name in client.cookies]
    accounts = [str(house.accounts["nurse"]), "nurse", "李护士"]
    for trace in (ADDRESS, "TELLTALE", code, "BCDE2345EFGH", *cookies, *accounts):
        assert trace not in told, trace
    for trace in (
        ADDRESS,
        "TELLTALE",
        code,
        "BCDE2345EFGH",
        "请查三楼",
        "夜里叫不到人",
        box.token,
        survey.token,
        *cookies,
    ):
        assert trace not in logs, (trace, logs)
    # no moment: neither in the rows nor as a line of the log about the slip
    moments = {f"{began + timedelta(seconds=n):%H:%M}" for n in range(int((ended - began).total_seconds()) + 2)}
    assert not any(moment in told for moment in moments)
    assert re.search(r"\d\d:\d\d", told) is None
    # keys do not tell the order either: random ones, no sequence
    assert {Letter.objects.get(origin=origin).uid.version for origin in ("page", "survey")} == {4}


def _broken(token: str) -> None:
    raise RuntimeError("the page broke")


def test_keys_of_letters_say_nothing_about_their_order_or_hour(box: SuggestionBox) -> None:
    for n in range(8):
        voice.drop_letter(
            token=box.token, text=str(n), claim_code=f"ABCD2345EFG{n + 2}", actor=voice.BOX, at=MONDAY_NINE
        )
    rows = sorted(Letter.objects.all(), key=lambda row: row.pk)
    assert {row.uid.version for row in rows} == {4}
    gaps = [b.pk - a.pk for a, b in pairwise(rows)]
    assert min(gaps) > 1000


def test_the_ledger_knows_the_opening_and_the_letter_by_its_day_alone(
    house: House, box: SuggestionBox, client: Client
) -> None:
    drop(client, box)
    at = datetime.now(UTC)
    opened = voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=at)
    assert (opened.n, opened.n_apart) == (1, 0)
    letter = Letter.objects.get()
    entry = Entry.objects.get(kind="voice.letter.received")
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.command_id) == ("engine", None, "box", "")
    # midnight in Shanghai
    assert (entry.happened_at + timedelta(hours=8)).strftime("%H:%M:%S.%f") == "00:00:00.000000"
    record = Entry.objects.get(kind="voice.box.opened")
    assert (record.actor_id, record.facts["n"]) == (house.accounts["officer"], 1)
    assert letter.state == "open"
    # an empty box was opened too
    assert voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=at).n == 0


def test_the_route_is_kept_out_of_the_logs() -> None:
    quiet = Quiet()

    def line(level: int, said: str, *args: object) -> logging.LogRecord:
        return logging.LogRecord("django.request", level, "x", 1, said, args, None)

    assert not quiet.filter(line(logging.WARNING, "Not Found: %s", "/v/ABCDEFG/answer"))
    kept = line(logging.ERROR, "Internal Server Error: %s", "/v/ABCDEFG")
    kept.request = "the request"
    assert quiet.filter(kept)
    assert "ABCDEFG" not in kept.getMessage()
    assert not hasattr(kept, "request")
    assert quiet.filter(line(logging.WARNING, "Not Found: /desk"))


def test_abuse_keys_die_with_their_quarter_of_an_hour() -> None:
    counter = abuse.Rotating(1)
    assert counter.allows("a", now_s=0.0)
    secret = counter._counter._secret
    assert not counter.allows("a", now_s=abuse.ROTATES_S - 1)
    assert counter.allows("a", now_s=abuse.ROTATES_S)
    assert counter._counter._secret != secret
    assert len(counter._counter._seen) == 1


def test_too_many_are_held_apart_and_none_is_deleted(house: House, box: SuggestionBox, client: Client) -> None:
    for n in range(abuse.APART_AFTER + 3):
        drop(client, box, f"第{n}封")
    assert Letter.objects.filter(quarantine="too_many").count() == 3
    assert Letter.objects.count() == abuse.APART_AFTER + 3
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    page = signed_in(house, "officer").get(f"/boxes/{box.uid}?shown=apart").content.decode()
    assert f"第{abuse.APART_AFTER}封" in page
    kept = Letter.objects.filter(quarantine="too_many").first()
    assert kept is not None
    voice.hold_letter_apart(letter_id=kept.uid, reason="", actor=house.actor("officer"), at=MONDAY_NINE)
    assert Letter.objects.filter(quarantine="too_many").count() == 2


def test_the_writer_reads_the_answer_by_the_code_and_has_the_last_word(
    house: House, box: SuggestionBox, client: Client
) -> None:
    """AS-19, S64: answered in plain words; a second disagreement is the director's."""
    code = drop(client, box)
    officer, director = house.actor("officer"), house.actor("director")
    page = client.post(f"/v/{box.token}/answer", {"code": code}).content.decode()
    assert "护工态度不好" in page
    voice.open_box(box_id=box.uid, actor=officer, at=MONDAY_NINE)
    letter = Letter.objects.get()

    def answer(by: object, text: str) -> None:
        voice.answer_letter(
            letter_id=letter.uid,
            verdict="misunderstanding",
            fate="clarified",
            answer=text,
            retold="有人反映护工态度",
            actor=by,  # type: ignore[arg-type]
            at=MONDAY_NINE,
        )

    answer(officer, "那天人手紧，已谈话")
    typed = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    assert "那天人手紧" in client.post(f"/v/{box.token}/answer", {"code": typed}).content.decode()
    for n in (1, 2):
        said = client.post(f"/v/{box.token}/word", {"code": code, "word": "disagree", "text": f"不是这样{n}"})
        assert said.status_code == 200
        letter.refresh_from_db()
        assert (letter.state, letter.n_disagreed) == ("open", n)
        if n == 1:
            answer(officer, "再查了一次")
    with pytest.raises(NotAllowed):
        answer(officer, "还是这样")
    answer(director, "主任亲自答复")
    assert client.post(f"/v/{box.token}/word", {"code": code, "word": "understood"}).status_code == 200
    letter.refresh_from_db()
    assert letter.word == "understood"
    board = client.get(f"/v/{box.token}/answers").content.decode()
    assert "有人反映护工态度" in board
    assert "护工态度不好" not in board
    # nor did the last word leave a trace of its hour
    assert set(Entry.objects.filter(subject_kind="letter").values_list("kind", flat=True)) == {
        "voice.letter.received",
        "voice.letter.answered",
    }


def test_a_wrong_code_opens_nothing_and_is_told_so(box: SuggestionBox, client: Client) -> None:
    answer = client.post(f"/v/{box.token}/answer", {"code": "ZZZZ22223333"})
    assert answer.status_code == 404
    assert 'value="ZZZZ22223333"' in answer.content.decode()
    for _n in range(abuse.TRIES):
        answer = client.post(f"/v/{box.token}/answer", {"code": "ZZZZ22223333"})
    assert answer.status_code == 429


def test_the_same_press_twice_is_one_letter(box: SuggestionBox, client: Client) -> None:
    code = drop(client, box)
    client.post(f"/v/{box.token}", {"text": "护工态度不好", "code": code})
    assert Letter.objects.count() == 1


def test_an_empty_letter_is_refused_and_a_closed_box_keeps_the_words(
    house: House, box: SuggestionBox, client: Client
) -> None:
    assert client.post(f"/v/{box.token}", {"text": " ", "code": "ABCD2345EFGH"}).status_code == 422
    page = client.get(f"/v/{box.token}")
    voice.switch_box(box_id=box.uid, is_on=False, actor=house.actor("officer"), at=MONDAY_NINE)
    answer = client.post(f"/v/{box.token}", {"text": "写好的话", "code": "ABCD2345EFGH"})
    assert (page.status_code, answer.status_code) == (200, 422)
    assert not Letter.objects.exists()


def test_a_paper_slip_needs_two_people_who_type_the_same(house: House, box: SuggestionBox) -> None:
    first, second = house.actor("clerk"), house.actor("other_clerk")
    slip = voice.type_slip(box_id=box.uid, text="三楼开水器 坏了", actor=first, at=MONDAY_NINE)
    with pytest.raises(OwnWork):
        voice.confirm_slip(slip_id=slip.uid, text="三楼开水器 坏了", actor=first, at=MONDAY_NINE)
    with pytest.raises(SlipsDiffer) as found:
        voice.confirm_slip(slip_id=slip.uid, text="三楼开水房坏了", actor=second, at=MONDAY_NINE)
    assert found.value.place == 4
    assert not Letter.objects.exists()
    assert voice.confirm_slip(slip_id=slip.uid, text="三楼开水器坏了", actor=second, at=MONDAY_NINE).is_letter
    letter = Letter.objects.get()
    assert (letter.origin, letter.state, letter.claim_digest) == ("paper", "in_box", "")


def test_the_company_reads_the_text_once_the_box_was_opened(house: House, box: SuggestionBox, client: Client) -> None:
    """AS-19: company sees the text, not the origin; it neither opens nor answers."""
    drop(client, box)
    manager = signed_in(house, "manager")
    assert "护工态度不好" not in manager.get(f"/boxes/{box.uid}").content.decode()
    with pytest.raises(NotAllowed):
        voice.open_box(box_id=box.uid, actor=house.actor("manager"), at=MONDAY_NINE)
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    page = manager.get(f"/boxes/{box.uid}").content.decode()
    assert "护工态度不好" in page
    assert "/answer" not in page
    assert signed_in(house, "administrator").get(f"/boxes/{box.uid}").status_code == 403


def test_a_vent_that_nobody_answered_next_day_stands_out(house: House, box: SuggestionBox) -> None:
    """S60."""
    voice.drop_letter(
        token=box.token,
        text="太累了",
        claim_code="ABCD2345EFGH",
        purpose="vent",
        actor=voice.BOX,
        at=datetime.now(UTC) - timedelta(days=2),
    )
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=datetime.now(UTC))
    assert "is-late" in signed_in(house, "officer").get(f"/boxes/{box.uid}").content.decode()


def test_the_pages_ask_the_database_a_fixed_number_of_times(house: House, box: SuggestionBox, client: Client) -> None:
    officer = signed_in(house, "officer")
    officer.get("/boxes")
    counts = []
    for n in range(2):
        drop(client, box, f"信{n}")
        voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
        with CaptureQueriesContext(connection) as asked:
            officer.get(f"/boxes/{box.uid}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/v/{box.token}")
    assert len(asked) <= 2


def test_letters_are_paged(house: House, box: SuggestionBox) -> None:
    for n in range(23):
        voice.drop_letter(
            token=box.token, text=f"信{n}", claim_code=f"ABCD2345{n:04d}", actor=voice.BOX, at=MONDAY_NINE
        )
    voice.open_box(box_id=box.uid, actor=house.actor("officer"), at=MONDAY_NINE)
    officer = signed_in(house, "officer")
    first = officer.get(f"/boxes/{box.uid}").content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    second = officer.get(f"/boxes/{box.uid}{onward[1].replace('&amp;', '&')}").content.decode()
    said = re.compile(r"信\d+")
    assert len(set(said.findall(first))) == 20
    assert len(set(said.findall(second))) == 3
    assert UUID(str(box.uid))

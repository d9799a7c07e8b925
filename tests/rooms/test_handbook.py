"""The handbook: who has what in it, who owes which reading, three questions, a signature. Domain 1.5: S47 (AS-23)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.standards_texts import in_force, text, tick
from yingxu.ground.actor import engine
from yingxu.ground.models import Delivery, Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.ground.unit import CommandKey
from yingxu.standards.models import Edition
from yingxu.team import actions, queries
from yingxu.team.handbook import quiz
from yingxu.team.handbook.values import Reading
from yingxu.team.models import Posting, QuizAttempt, Receipt, Signature
from yingxu.team.refusals import (
    EmptyPost,
    NothingToRead,
    NotOfTeam,
    PostCodeTaken,
    PostHeldAlready,
    ReadingChanged,
    SignForAnother,
)

pytestmark = pytest.mark.django_db

LATER = MONDAY_NINE + timedelta(days=1)
SOON = MONDAY_NINE + timedelta(hours=3)


def reading_of(house: House, who: str, part: str) -> Reading:
    return next(one for one in queries.readings_of(house.site_id, house.accounts[who]) if one.part == part)


def answers(reading: Reading, account_id: int, attempt: int = 1, *, n_wrong: int = 0) -> list[int]:
    asked = quiz.questions(reading, account_id=account_id, attempt=attempt)
    return [(one.right + 1) % len(one.choices) if n < n_wrong else one.right for n, one in enumerate(asked)]


def answer(
    house: House, who: str, part: str, *, at: Any = MONDAY_NINE, attempt: int = 1, n_wrong: int = 0, **more: Any
) -> actions.Answered:
    reading = reading_of(house, who, part)
    return actions.answer_quiz(
        site_id=house.site_id,
        part=part,
        digest=reading.digest,
        attempt=attempt,
        answers=answers(reading, house.accounts[who], attempt, n_wrong=n_wrong),
        actor=house.actor(who),
        at=at,
        **more,
    )


def read_all(house: House, *people: str, at: Any = MONDAY_NINE) -> None:
    for who in people:
        for reading in queries.readings_of(house.site_id, house.accounts[who]):
            answer(house, who, reading.part, at=at)


def new_edition(house: House, item_code: str = "plb.faucet", at: Any = LATER) -> Any:
    """Put an edition in force that has a new critical step at its end."""
    running = Edition.objects.get(site_id=house.site_id, item__code=item_code, state="in_force")
    steps = [
        *text(running.uid)["steps"],
        tick(f"told{running.number}", critical=True, zh="告诉护士站修好了。", en="Tell the nurses."),
    ]
    return in_force(house, item_code, at=at, writer="officer", steps=steps)


def parts(house: House, who: str) -> list[str]:
    return [one.part for one in queries.readings_of(house.site_id, house.accounts[who])]


# what is in it


def test_a_book_has_what_the_team_serves_and_nothing_else(house: House) -> None:
    book = queries.book_of(house.site_id, house.accounts["plumber"])
    assert {chapter.line_code for chapter in book.chapters} == {"PLB", "ELE", "FUR", "BLD", "HVA"}
    page = next(one for one in book.procedures if one.item_code == "plb.faucet")
    assert page.goal
    assert page.requirement
    assert page.steps[0]["code"] == "place"
    assert {one.milestone for one in page.own_promises} >= {"acknowledged", "arrived", "done"}
    assert [one.role for one in book.contacts] == ["desk", "leader"]


def test_a_post_narrows_the_book_to_its_lines_skills_and_single_items(house: House) -> None:
    post = make_post(house, line_codes=("PLB",), item_codes=("ele.light",))
    actions.give_post(post=post, account_id=house.accounts["plumber"], actor=house.actor("leader"), at=MONDAY_NINE)
    book = queries.book_of(house.site_id, house.accounts["plumber"])
    assert {chapter.line_code for chapter in book.chapters} == {"PLB", "ELE"}
    assert [one.item_code for one in book.procedures if one.line_code == "ELE"] == ["ele.light"]
    assert book.version != queries.book_of(house.site_id, house.accounts["electrician"]).version


def test_taking_the_post_back_gives_the_teams_book_again(house: House) -> None:
    before = queries.book_of(house.site_id, house.accounts["plumber"]).version
    post = make_post(house)
    leader = house.actor("leader")
    actions.give_post(post=post, account_id=house.accounts["plumber"], actor=leader, at=MONDAY_NINE)
    posting = Posting.objects.get(post__uid=post)
    actions.take_post(posting=posting.uid, actor=leader, at=SOON)
    assert queries.book_of(house.site_id, house.accounts["plumber"]).version == before


def test_somebody_without_team_or_line_has_the_general_rules(house: House) -> None:
    assert queries.book_of(house.site_id, house.accounts["clerk"]).procedures == ()
    assert {one.line_code for one in queries.book_of(house.site_id, house.accounts["line_manager"]).procedures} == {
        "PLB"
    }


def test_all_books_at_once_are_the_single_books(house: House) -> None:
    whole = {one.account_id: one for one in queries.books_of(house.site_id)}
    for who in ("plumber", "porter", "lift_fitter"):
        assert whole[house.accounts[who]] == queries.book_of(house.site_id, house.accounts[who])


# posts


def make_post(house: House, **named: Any) -> Any:
    said: dict[str, Any] = {"code": f"p-{uuid4().hex[:8]}", "name": "水工岗", "line_codes": ("PLB",)}
    said |= named
    return actions.make_post(
        site_id=house.site_id, team_id=house.teams["repair"], actor=house.actor("leader"), at=MONDAY_NINE, **said
    ).uid


def test_a_post_is_refused_by_name(house: House) -> None:
    make_post(house, code="taken")
    for named, refusal in (
        ({"code": "taken"}, PostCodeTaken),
        ({"line_codes": ()}, EmptyPost),
        ({"line_codes": ("XXX",)}, NotFound),
        ({"skills": ("flying",)}, NotFound),
        ({"item_codes": ("no.item",)}, NotFound),
        ({"name": " "}, Malformed),
        ({"code": "x" * 33}, Malformed),
    ):
        with pytest.raises(refusal):
            make_post(house, **named)


def test_a_post_is_held_once_and_by_its_own_team(house: House) -> None:
    post, leader = make_post(house), house.actor("leader")
    actions.give_post(post=post, account_id=house.accounts["plumber"], actor=leader, at=MONDAY_NINE)
    with pytest.raises(PostHeldAlready):
        actions.give_post(post=post, account_id=house.accounts["plumber"], actor=leader, at=MONDAY_NINE)
    with pytest.raises(NotOfTeam):
        actions.give_post(post=post, account_id=house.accounts["porter"], actor=leader, at=MONDAY_NINE)
    with pytest.raises(NotFound):
        actions.give_post(post=post, account_id=house.accounts["nurse"], actor=leader, at=MONDAY_NINE)


@pytest.mark.parametrize("who", ["plumber", "porter", "lift_manager", "director", "auditor", "clerk"])
def test_posts_are_given_by_those_who_lead_the_team(house: House, who: str) -> None:
    post = make_post(house)
    with pytest.raises(NotAllowed):
        actions.give_post(post=post, account_id=house.accounts["plumber"], actor=house.actor(who), at=MONDAY_NINE)
    with pytest.raises(NotAllowed):
        actions.change_post(post=post, name="x", line_codes=("PLB",), actor=house.actor(who), at=MONDAY_NINE)


# reading and signing


def test_everything_is_owed_at_first_chapter_by_chapter(house: House) -> None:
    assert set(parts(house, "plumber")) == {"PLB", "ELE", "FUR", "BLD", "HVA", "general"}
    read_all(house, "plumber")
    assert parts(house, "plumber") == []
    assert Receipt.objects.filter(account_id=house.accounts["plumber"]).count() == 40
    assert queries.n_owed(house.site_id, house.accounts["plumber"]) == 0


def test_S47_a_changed_procedure_is_owed_by_holders_of_the_post_alone(house: House) -> None:
    """AS-23: three persons see a delta and must sign; others see nothing new."""
    read_all(house, "plumber", "electrician", "leader", "porter", "lift_fitter")
    versions = {who: queries.book_of(house.site_id, house.accounts[who]).version for who in house.accounts}
    new_edition(house)
    for who in ("plumber", "electrician", "leader"):
        assert parts(house, who) == ["plb.faucet"]
        assert queries.book_of(house.site_id, house.accounts[who]).version != versions[who]
    for who in ("porter", "lift_fitter"):
        assert parts(house, who) == []
        assert queries.book_of(house.site_id, house.accounts[who]).version == versions[who]
    reading = reading_of(house, "plumber", "plb.faucet")
    assert reading.kind == "change"
    assert reading.older is not None
    assert (reading.older.number, reading.procedures[0].number) == (1, 2)
    answer(house, "plumber", "plb.faucet", at=LATER)
    assert parts(house, "plumber") == []
    assert parts(house, "electrician") == ["plb.faucet"]


def test_publishing_makes_one_fact_and_no_row_for_anybody(house: House) -> None:
    read_all(house, "plumber")
    before = Receipt.objects.count(), QuizAttempt.objects.count(), Delivery.objects.count()
    new_edition(house)
    told = Entry.objects.filter(kind="team.handbook.changed").order_by("-id")[0]
    assert told.facts == {"item_code": "plb.faucet", "number": 2, "n_people": 3}
    assert (Receipt.objects.count(), QuizAttempt.objects.count()) == before[:2]
    first = Entry.objects.filter(kind="standards.edition.put_in_force", facts__number=1).count()
    assert first > 0
    assert not Entry.objects.filter(kind="team.handbook.changed", facts__number=1).exists()


def test_wrong_answers_sign_nothing_and_bring_other_questions(house: House) -> None:
    reading = reading_of(house, "plumber", "PLB")
    failed = answer(house, "plumber", "PLB", n_wrong=1)
    assert (failed.is_passed, failed.n_right, failed.wrong) == (False, 2, (0,))
    assert not Signature.objects.filter(account_id=house.accounts["plumber"]).exists()
    assert reading_of(house, "plumber", "PLB") == reading
    one, two = (
        {asked.code for asked in quiz.questions(reading, account_id=house.accounts["plumber"], attempt=n)}
        for n in (1, 2)
    )
    assert one != two
    passed = answer(house, "plumber", "PLB", attempt=2)
    assert (passed.is_passed, passed.n_editions) == (True, 9)
    signature = Signature.objects.get(account_id=house.accounts["plumber"])
    assert (signature.part, signature.n_attempts) == ("PLB", 2)
    kinds = list(
        Entry.objects.filter(thread_id=house.accounts["plumber"], kind__startswith="team.handbook")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert kinds == ["team.handbook.quiz_failed", "team.handbook.signed"]


def test_an_attempt_is_used_once(house: House) -> None:
    answer(house, "plumber", "PLB", n_wrong=3)
    with pytest.raises(ReadingChanged):
        answer(house, "plumber", "PLB", attempt=1)


def test_who_answers_what_has_changed_meanwhile_reads_again(house: House) -> None:
    read_all(house, "plumber")
    new_edition(house)
    reading = reading_of(house, "plumber", "plb.faucet")
    new_edition(house, at=LATER + timedelta(hours=1))
    with pytest.raises(ReadingChanged):
        actions.answer_quiz(
            site_id=house.site_id,
            part="plb.faucet",
            digest=reading.digest,
            attempt=1,
            answers=answers(reading, house.accounts["plumber"]),
            actor=house.actor("plumber"),
            at=LATER + timedelta(hours=2),
        )
    assert reading_of(house, "plumber", "plb.faucet").older == reading.older


def test_nobody_signs_for_another(house: House) -> None:
    reading = reading_of(house, "plumber", "general")
    said: dict[str, Any] = {
        "site_id": house.site_id,
        "part": "general",
        "digest": reading.digest,
        "attempt": 1,
        "answers": answers(reading, house.accounts["plumber"]),
        "at": MONDAY_NINE,
    }
    with pytest.raises(SignForAnother):
        actions.answer_quiz(actor=house.actor("leader").on_behalf_of(house.accounts["plumber"]), **said)
    for actor in (engine("setup"), house.actor("nurse"), house.actor("auditor"), house.actor("family")):
        with pytest.raises(NotAllowed):
            actions.answer_quiz(actor=actor, **said)
    # another's right answers are not one's own: the questions are the person's
    assert not Signature.objects.filter(account_id=house.accounts["plumber"]).exists()


def test_what_is_not_owed_is_not_signed(house: House) -> None:
    read_all(house, "plumber")
    for part in ("PLB", "plb.faucet", "ELV", "general", ""):
        with pytest.raises(NothingToRead):
            actions.answer_quiz(
                site_id=house.site_id,
                part=part,
                digest="",
                attempt=1,
                answers=[0, 0, 0],
                actor=house.actor("plumber"),
                at=MONDAY_NINE,
            )


def test_a_signature_that_arrives_twice_is_one(house: House) -> None:
    key = CommandKey(str(uuid4()), "digest")
    reading = reading_of(house, "plumber", "PLB")
    said: dict[str, Any] = {
        "site_id": house.site_id,
        "part": "PLB",
        "digest": reading.digest,
        "attempt": 1,
        "answers": answers(reading, house.accounts["plumber"]),
        "actor": house.actor("plumber"),
        "at": MONDAY_NINE,
    }
    first = actions.answer_quiz(command=key, **said)
    again = actions.answer_quiz(command=CommandKey(key.command_id, key.digest), **said)
    assert first == again
    assert Signature.objects.filter(account_id=house.accounts["plumber"]).count() == 1


def test_limits_for_reading_are_shorter_for_what_is_critical(house: House) -> None:
    read_all(house, "plumber", "lift_fitter")
    new_edition(house)
    new_edition(house, "elv.trapped")
    assert reading_of(house, "plumber", "plb.faucet").due_at == LATER + timedelta(days=7)
    assert reading_of(house, "lift_fitter", "elv.trapped").due_at == LATER + timedelta(days=3)


# who has not read what


def test_the_leader_sees_who_has_not_read_what(house: House) -> None:
    read_all(house, "plumber", "electrician", "leader")
    new_edition(house)
    answer(house, "plumber", "plb.faucet", at=LATER)
    at = LATER + timedelta(days=8)
    state = queries.reading_state(house.actor("leader"), house.site_id, at=at)
    assert (state.n_people, state.n_done, state.n_overdue_people) == (3, 1, 2)
    assert [(one.item_code, one.n_signed, one.n_people, one.n_overdue) for one in state.editions] == [
        ("plb.faucet", 1, 3, 2)
    ]
    overdue = queries.reading_state(house.actor("leader"), house.site_id, at=at, show="overdue")
    assert {one.name for one in overdue.people} == {"刘班长", "陈电工"}
    other = queries.reading_state(house.actor("leader"), house.site_id, at=at, line_code="ELE")
    assert (other.n_done, other.n_people) == (3, 3)


def test_everybody_sees_their_own_people_alone(house: House) -> None:
    def seen(who: str) -> set[str]:
        state = queries.reading_state(house.actor(who), house.site_id, at=MONDAY_NINE)
        return {one.name for one in state.people}

    assert seen("leader") == {"王水工", "陈电工", "刘班长"}
    assert seen("manager") == {"王水工", "陈电工", "刘班长", "周运送"}
    assert seen("lift_manager") == {"吴梯工"}
    assert seen("officer") == {"王水工", "陈电工", "刘班长", "周运送", "吴梯工"}
    with pytest.raises(NotAllowed):
        seen("plumber")


def test_a_reminder_goes_to_those_who_owe_and_once_in_twelve_hours(house: House) -> None:
    read_all(house, "plumber")
    leader = house.actor("leader")
    keys = [house.accounts[who] for who in ("plumber", "electrician")]

    def remind(at: Any) -> tuple[int, int]:
        done = actions.remind_to_read(site_id=house.site_id, account_ids=keys, actor=leader, at=at)
        return done.n, done.n_passed_over

    assert remind(MONDAY_NINE) == (1, 1)
    assert remind(MONDAY_NINE + timedelta(hours=11)) == (0, 2)
    assert remind(MONDAY_NINE + timedelta(hours=13)) == (1, 1)
    told = Delivery.objects.filter(kind="team.handbook.reminded")
    assert {one.to_account_id for one in told} == {house.accounts["electrician"]}
    with pytest.raises(NotAllowed):
        actions.remind_to_read(
            site_id=house.site_id, account_ids=[house.accounts["lift_fitter"]], actor=leader, at=MONDAY_NINE
        )


# what it costs


def test_questions_keep_their_budgets(house: House) -> None:
    plumber = house.accounts["plumber"]
    for budget, ask in (
        (7, lambda: queries.book_of(house.site_id, plumber)),
        (7, lambda: queries.readings_of(house.site_id, plumber)),
        (5, lambda: queries.n_owed(house.site_id, plumber)),
        (7, lambda: queries.books_of(house.site_id)),
    ):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask()
        assert len(asked) <= budget
    leader = house.actor("leader")
    with CaptureQueriesContext(connection) as asked:
        queries.reading_state(leader, house.site_id, at=MONDAY_NINE)
    assert len(asked) == 7

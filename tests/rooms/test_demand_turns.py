"""A request through its turns: who may turn it, what is refused, and the one final answer that it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import arrives, ask, finishes, job_happens, row
from yingxu.demand import queries
from yingxu.demand.actions import (
    accept_first_contact,
    accept_objection,
    accept_request,
    accept_transfer,
    acknowledge_request,
    add_word,
    answer_clarification,
    answer_request,
    approve_lowering,
    ask_clarification,
    ask_first_contact,
    cancel_request,
    close_transfer,
    decline_request,
    lower_priority,
    merge_request,
    object_to_decline,
    propose_decline,
    propose_lowering,
    raise_priority,
    refuse_proposal,
    return_transfer,
    transfer_request,
    unmerge_request,
    urge_request,
)
from yingxu.demand.models import Request, Word
from yingxu.demand.refusals import (
    AlreadyArrived,
    AskersWordNeeded,
    HospitalDecides,
    NobodyWasAsked,
    NotHigher,
    NothingProposed,
    NotInThisState,
    NotTheSameIncident,
    OnSiteConfirmationNeeded,
    PlaceNeeded,
    ProposalPending,
    UnmergeWindowOver,
    WorkUnderWay,
)
from yingxu.ground import queries as ground_queries
from yingxu.ground.models import Entry, File
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound, ReasonNeeded
from yingxu.ground.unit import CommandKey
from yingxu.work import events as work
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = MONDAY_NINE + 5 * MINUTE


def vague(house: House, who: str = "nurse", **given: Any) -> Any:
    return ask(house, who, **{"item_code": None, "place_code": None, "text": "7楼骨科卫生间漏", **given})


# at the desk


def test_the_desk_completes_what_was_typed_on_the_phone(house: House) -> None:
    """AS-01: a number at once; the missing fact is a question, not a block."""
    clerk = house.actor("clerk")
    raised = vague(house, "clerk", channel="phone", place_words="7楼骨科")
    assert raised.number
    asked = ask_clarification(request_id=raised.id, question="哪个卫生间?", actor=clerk, at=MONDAY_NINE + MINUTE)
    assert asked.state == "clarifying"
    accepted = accept_request(
        request_id=raised.id, item_codes=["plb.leak"], place_code="S7-ORT-WC", actor=clerk, at=LATER, word="马上来人"
    )
    assert (accepted.state, accepted.priority) == ("queued", 3)
    request = row(raised)
    assert (request.place_name, request.line_code, request.party_keys) == (
        "外科楼 7楼 骨科 卫生间",
        "PLB",
        [house.parties["jia"]],
    )
    assert Job.objects.get(request=request).number == raised.number


def test_several_problems_are_one_request_with_numbered_jobs(house: House) -> None:
    """AS-12: closed when all are closed."""
    clerk, plumber = house.actor("clerk"), house.accounts["plumber"]
    raised = vague(house, text="马桶堵了灯也不亮")
    accept_request(
        request_id=raised.id, item_codes=["plb.toilet", "ele.light"], place_code="S7-ORT-WC", actor=clerk, at=LATER
    )
    numbers = [f"{raised.number}-1", f"{raised.number}-2"]
    assert sorted(Job.objects.values_list("number", flat=True)) == numbers
    for number, at, state in zip(numbers, (LATER + HOUR, LATER + 2 * HOUR), ("queued", "closed"), strict=True):
        finishes(raised, at, plumber, number=number)
        job_happens(work.JobVerified, "verified", raised, at, number=number, ground="asker")
        job_happens(work.JobClosed, "closed", raised, at, number=number, result_text="修好了")
        assert row(raised).shown_state == state
    request = row(raised)
    assert (request.is_open, request.final_answer, request.answer_text) == (False, "done", "修好了")


def test_nobody_is_sent_to_an_unknown_place(house: House) -> None:
    raised = vague(house)
    with pytest.raises(PlaceNeeded):
        accept_request(request_id=raised.id, item_codes=["plb.leak"], actor=house.actor("clerk"), at=LATER)
    assert row(raised).shown_state == "new"


def test_the_askers_answer_brings_it_back_to_the_desk(house: House) -> None:
    raised = vague(house)
    ask_clarification(request_id=raised.id, question="哪里?", actor=house.actor("clerk"), at=LATER)
    at = LATER + HOUR
    answered = answer_clarification(request_id=raised.id, text="男厕", phone="6120", actor=house.actor("nurse"), at=at)
    assert answered.word_due_at == at + 10 * MINUTE
    assert row(raised).requester_phone == "6120"


def test_a_desk_that_records_the_askers_answer_keeps_both_names(house: House) -> None:
    raised = vague(house)
    answer_clarification(request_id=raised.id, text="男厕", actor=house.actor("clerk"), at=LATER)
    entry = Entry.objects.get(kind="demand.request.clarification_answered")
    assert (entry.actor_id, entry.behalf_id) == (house.accounts["clerk"], house.accounts["nurse"])


def test_an_urge_owes_a_human_word_within_ten_minutes(house: House) -> None:
    raised, nurse = ask(house), house.actor("nurse")
    urged = urge_request(request_id=raised.id, actor=nurse, at=LATER)
    assert urged.word_due_at == LATER + 10 * MINUTE
    urge_request(request_id=raised.id, text="还没人来", actor=nurse, at=LATER + 2 * MINUTE)
    request = row(raised)
    assert (request.n_urges, request.word_due_at) == (2, LATER + 10 * MINUTE)
    add_word(request_id=raised.id, text="已催", actor=nurse, at=LATER + 3 * MINUTE)
    assert row(raised).word_due_at is not None  # the asker's own word pays nothing
    add_word(request_id=raised.id, text="师傅已出发", actor=house.actor("clerk"), at=LATER + 4 * MINUTE)
    assert row(raised).word_due_at is None
    assert Request.objects.count() == 1


def test_photos_belong_to_who_sent_them(house: House) -> None:
    raised, nurse = ask(house), house.actor("nurse")
    mine, theirs = (
        File.objects.create(
            site_id=house.site_id,
            sha256=name,
            media_type="image/jpeg",
            n_bytes=1,
            subject_kind="",
            subject_id=0,
            sender=sender,
            received_at=MONDAY_NINE,
        )
        for name, sender in (("a", nurse.key), ("b", "person:1"))
    )
    add_word(request_id=raised.id, text="", file_keys=[mine.pk], actor=nurse, at=LATER)
    mine.refresh_from_db()
    assert (mine.subject_kind, mine.subject_id) == ("request", raised.key)
    with pytest.raises(Malformed):
        add_word(request_id=raised.id, text="", file_keys=[theirs.pk], actor=nurse, at=LATER)


# urgency


def test_only_the_hospital_lowers(house: House) -> None:
    """Decision 13: its own desk, or a company's proposal that it approves."""
    raised, company, officer = ask(house), house.actor("company_clerk"), house.actor("officer")
    with pytest.raises(HospitalDecides):
        lower_priority(request_id=raised.id, priority=4, reason="x", told="x", actor=company, at=LATER)
    with pytest.raises(NothingProposed):
        approve_lowering(request_id=raised.id, reason="x", actor=officer, at=LATER)
    propose_lowering(request_id=raised.id, priority=4, reason="可预约", actor=company, at=LATER)
    with pytest.raises(ProposalPending):
        propose_lowering(request_id=raised.id, priority=4, reason="可预约", actor=company, at=LATER)
    assert row(raised).priority == 3
    assert approve_lowering(request_id=raised.id, reason="同意", actor=officer, at=LATER).priority == 4
    assert row(raised).proposal is None


def test_the_hospital_may_refuse_what_was_proposed(house: House) -> None:
    raised = ask(house)
    propose_lowering(request_id=raised.id, priority=4, reason="可预约", actor=house.actor("company_clerk"), at=LATER)
    refuse_proposal(request_id=raised.id, reason="病房在用", actor=house.actor("officer"), at=LATER)
    assert (row(raised).priority, row(raised).proposal) == (3, None)


def test_lowering_needs_a_reason_and_that_the_asker_was_told(house: House) -> None:
    raised, clerk = ask(house), house.actor("clerk")
    with pytest.raises(ReasonNeeded):
        lower_priority(request_id=raised.id, priority=4, reason="", told="x", actor=clerk, at=LATER)
    with pytest.raises(Malformed):
        lower_priority(request_id=raised.id, priority=4, reason="x", told="", actor=clerk, at=LATER)
    with pytest.raises(NotHigher):
        lower_priority(request_id=raised.id, priority=2, reason="x", told="x", actor=clerk, at=LATER)


def test_lowering_ends_with_the_arrival(house: House) -> None:
    raised = ask(house)
    arrives(raised, LATER, house.accounts["plumber"])
    with pytest.raises(NotInThisState):
        lower_priority(request_id=raised.id, priority=4, reason="x", told="x", actor=house.actor("clerk"), at=LATER)


def test_a_worker_raises_to_p1_alone_and_says_why(house: House) -> None:
    raised, plumber = ask(house), house.accounts["plumber"]
    Request.objects.filter(pk=raised.key).update(worker_keys=[plumber])
    worker = house.actor("plumber")
    with pytest.raises(ReasonNeeded):
        raise_priority(request_id=raised.id, priority=1, actor=worker, at=LATER)
    with pytest.raises(NotAllowed):
        raise_priority(request_id=raised.id, priority=2, reason="漏电", actor=worker, at=LATER)
    assert raise_priority(request_id=raised.id, priority=1, reason="漏电", actor=worker, at=LATER).priority == 1


# answered elsewhere


def test_the_second_caller_keeps_number_news_and_answer(house: House) -> None:
    """AS-11, S34."""
    clerk, plumber = house.actor("clerk"), house.accounts["plumber"]
    master, second = ask(house), ask(house, "other_nurse", place_code="N5-RES")
    urge_request(request_id=second.id, actor=house.actor("other_nurse"), at=LATER)
    merged = merge_request(request_id=second.id, master_id=master.id, actor=clerk, at=LATER)
    assert (merged.state, merged.is_open, row(master).n_urges) == ("merged", False, 1)
    assert Job.objects.get(request_id=second.key).state == "merged"
    finishes(master, LATER + HOUR, plumber)
    job_happens(work.JobVerified, "verified", master, LATER + HOUR, ground="asker")
    job_happens(work.JobClosed, "closed", master, LATER + HOUR, result_text="已换软管")
    answered = row(second)
    assert (answered.number, answered.final_answer, answered.answer_text) == (second.number, "merged", "已换软管")


def test_s34_an_incident_is_as_urgent_as_its_most_urgent_report(house: House) -> None:
    """Domain 2.1, rule 5: a second report may raise the incident, and never lets it fall."""
    clerk, master, second, third = house.actor("clerk"), ask(house), ask(house), ask(house)
    raise_priority(request_id=second.id, priority=1, reason="漏电", actor=clerk, at=LATER)
    merge_request(request_id=second.id, master_id=master.id, actor=clerk, at=LATER)
    assert (row(master).priority, Job.objects.get(request_id=master.key).priority) == (1, 1)
    raised = Entry.objects.filter(kind="demand.request.priority_changed", subject_id=master.key).get()
    assert raised.facts["reason"] == second.number
    merge_request(request_id=third.id, master_id=master.id, actor=clerk, at=LATER)
    assert row(master).priority == 1
    unmerge_request(request_id=second.id, actor=clerk, at=LATER + HOUR)
    assert (row(master).priority, row(second).priority) == (1, 1)  # lowering stays the hospital's own word


@pytest.mark.parametrize("wrong", ["itself", "closed", "sent"])
def test_what_cannot_be_merged(house: House, wrong: str) -> None:
    clerk, one, other = house.actor("clerk"), ask(house), ask(house)
    if wrong == "itself":
        other = one
    elif wrong == "closed":
        cancel_request(request_id=other.id, reason_code="no_longer_needed", actor=house.actor("nurse"), at=LATER)
    else:
        arrives(one, LATER, house.accounts["plumber"])
    with pytest.raises((NotTheSameIncident, NotInThisState)):
        merge_request(request_id=one.id, master_id=other.id, actor=clerk, at=LATER)


def test_a_merge_is_taken_back_within_a_day(house: House) -> None:
    clerk, master, second = house.actor("clerk"), ask(house), ask(house)
    merge_request(request_id=second.id, master_id=master.id, actor=clerk, at=LATER)
    with pytest.raises(UnmergeWindowOver):
        unmerge_request(request_id=second.id, actor=clerk, at=LATER + 25 * HOUR)
    back = unmerge_request(request_id=second.id, actor=clerk, at=LATER + HOUR)
    assert (back.state, back.is_open, back.final_answer) == ("queued", True, "")
    assert Job.objects.get(request_id=second.key).state == "queued"


def test_not_our_matter_is_carried_to_its_owner_and_stays_with_who_took_it_in(house: House) -> None:
    """AS-02: the cleaner stays the contact; three minutes without acceptance alarm the desk."""
    clerk = house.actor("clerk")
    raised = vague(house, "porter", channel="self_found", text="呼吸机黑屏", requester_phone="6130")
    assert raised.priority == 1, "a rule of the urgent facts fires: critical before anybody looked"
    moved = transfer_request(request_id=raised.id, receiver_code="equipment", actor=clerk, at=MONDAY_NINE)
    assert (moved.state, moved.is_open, moved.word_due_at) == ("transferred", True, MONDAY_NINE + 3 * MINUTE)
    assert row(raised).first_contact_id == house.accounts["porter"]

    def alarms(at: Any) -> list[tuple[str, str]]:
        return [(one.why, one.accountable) for one in queries.unanswered(clerk, house.site_id, at=at)]

    assert alarms(MONDAY_NINE + 3 * MINUTE) == []
    assert alarms(MONDAY_NINE + 3 * MINUTE + timedelta(seconds=1)) == [("word_overdue", "first_contact")]
    accept_transfer(request_id=raised.id, contact="设备科 李工 6201", actor=clerk, at=LATER)
    assert alarms(LATER) == []
    closed = close_transfer(request_id=raised.id, answer="已换备机", actor=clerk, at=LATER + HOUR)
    assert (closed.state, closed.final_answer) == ("closed", "transferred")


def test_a_transfer_that_is_unknown_or_not_one_is_refused(house: House) -> None:
    raised, clerk = ask(house), house.actor("clerk")
    with pytest.raises(NotFound):
        transfer_request(request_id=raised.id, receiver_code="nobody", actor=clerk, at=LATER)
    for verb, given in ((close_transfer, {"answer": "x"}), (return_transfer, {"reason": "x"})):
        act: Callable[..., Any] = verb
        with pytest.raises(NotInThisState):
            act(request_id=raised.id, actor=clerk, at=LATER, **given)


def test_a_job_under_way_goes_along_and_waits_again_when_it_is_given_back(house: House) -> None:
    raised, clerk = ask(house), house.actor("clerk")
    arrives(raised, LATER, house.accounts["plumber"])
    transfer_request(request_id=raised.id, receiver_code="equipment", actor=clerk, at=LATER + MINUTE)
    assert Job.objects.get().state == "transferred"
    back = return_transfer(request_id=raised.id, reason="不归我们", actor=clerk, at=LATER + HOUR)
    assert (back.state, Job.objects.get().state) == ("queued", "queued")


# endings that are not work


def test_a_no_has_a_reason_an_alternative_and_two_sides(house: House) -> None:
    raised, clerk, officer, nurse = ask(house), house.actor("clerk"), house.actor("officer"), house.actor("nurse")
    with pytest.raises(NothingProposed):
        decline_request(request_id=raised.id, actor=officer, at=LATER)
    with pytest.raises(Malformed):
        propose_decline(request_id=raised.id, reason_code="unsafe", alternative="", actor=clerk, at=LATER)
    propose_decline(request_id=raised.id, reason_code="unsafe", alternative="请用公用卫生间", actor=clerk, at=LATER)
    with pytest.raises(NotAllowed):
        decline_request(request_id=raised.id, actor=clerk, at=LATER)
    declined = decline_request(request_id=raised.id, actor=officer, at=LATER)
    assert (declined.state, declined.is_open, declined.final_answer) == ("declined", False, "declined")
    assert row(raised).answer_text.endswith("请用公用卫生间")
    object_to_decline(request_id=raised.id, text="公用的也坏了", actor=nurse, at=LATER + HOUR)
    back = accept_objection(request_id=raised.id, actor=officer, at=LATER + 2 * HOUR)
    assert (back.state, back.is_open, back.final_answer) == ("queued", True, "")


def test_the_asker_withdraws_until_somebody_is_there(house: House) -> None:
    nurse, early, late = house.actor("nurse"), ask(house), ask(house)
    done = cancel_request(request_id=early.id, reason_code="solved_itself", actor=nurse, at=LATER)
    assert (done.state, done.final_answer, Job.objects.get(request_id=early.key).state) == (
        "cancelled",
        "cancelled",
        "cancelled",
    )
    arrives(late, LATER, house.accounts["plumber"])
    with pytest.raises(AlreadyArrived):
        cancel_request(request_id=late.id, reason_code="solved_itself", actor=nurse, at=LATER)


def test_the_desk_withdraws_with_the_askers_word_alone(house: House) -> None:
    raised, clerk = ask(house), house.actor("clerk")
    arrives(raised, LATER, house.accounts["plumber"])
    with pytest.raises(AskersWordNeeded):
        cancel_request(request_id=raised.id, reason_code="solved_itself", actor=clerk, at=LATER)
    cancel_request(request_id=raised.id, reason_code="solved_itself", askers_word="好了不用来", actor=clerk, at=LATER)
    entry = Entry.objects.get(kind="demand.request.cancelled")
    assert (entry.actor_id, entry.behalf_id) == (house.accounts["clerk"], house.accounts["nurse"])


def test_a_p1_is_called_off_only_after_a_look_on_site(house: House) -> None:
    raised, clerk = ask(house, item_code="elv.trapped", place_code="S-L3"), house.actor("clerk")
    for who in ("nurse", "clerk"):
        with pytest.raises(OnSiteConfirmationNeeded):
            cancel_request(
                request_id=raised.id, reason_code="solved_itself", askers_word="x", actor=house.actor(who), at=LATER
            )
    assert not cancel_request(
        request_id=raised.id, reason_code="checked_on_site", askers_word="人已出来", actor=clerk, at=LATER
    ).is_open


def test_words_answer_what_needs_no_work_and_nothing_else(house: House) -> None:
    clerk = house.actor("clerk")
    question = ask(house, item_code="gen.consult", place_code=None, text="食堂几点开")
    answered = answer_request(request_id=question.id, answer="6点半", actor=clerk, at=LATER)
    assert (answered.state, answered.final_answer) == ("closed", "explained")
    with pytest.raises(WorkUnderWay):
        answer_request(request_id=ask(house).id, answer="没事", actor=clerk, at=LATER)


def test_the_contact_changes_only_when_the_colleague_agrees(house: House) -> None:
    raised = ask(house, "porter", channel="self_found")
    porter, clerk = house.actor("porter"), house.actor("clerk")
    with pytest.raises(NotAllowed):
        ask_first_contact(
            request_id=raised.id, account_id=house.accounts["clerk"], actor=house.actor("plumber"), at=LATER
        )
    with pytest.raises(NobodyWasAsked):
        accept_first_contact(request_id=raised.id, actor=clerk, at=LATER)
    ask_first_contact(request_id=raised.id, account_id=house.accounts["clerk"], actor=porter, at=LATER)
    assert row(raised).first_contact_id == house.accounts["porter"]
    accept_first_contact(request_id=raised.id, actor=clerk, at=LATER)
    assert (row(raised).first_contact_id, row(raised).asked_contact_id) == (house.accounts["clerk"], None)


def test_a_duty_desks_request_finds_a_contact(house: House) -> None:
    raised = ask(house)
    accept_first_contact(request_id=raised.id, actor=house.actor("clerk"), at=LATER)
    assert row(raised).first_contact_id == house.accounts["clerk"]


# who may


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        (acknowledge_request, {}),
        (accept_request, {"item_codes": ["plb.leak"]}),
        (ask_clarification, {"question": "?"}),
        (raise_priority, {"priority": 1}),
        (transfer_request, {"receiver_code": "equipment"}),
        (propose_decline, {"reason_code": "unsafe", "alternative": "x"}),
        (answer_request, {"answer": "x"}),
        (unmerge_request, {}),
        (accept_objection, {}),
    ],
)
def test_an_asker_does_none_of_the_desks_acts(house: House, verb: Callable[..., Any], given: dict[str, Any]) -> None:
    raised, n_entries = ask(house), Entry.objects.count()
    with pytest.raises(NotAllowed):
        verb(request_id=raised.id, actor=house.actor("nurse"), at=LATER, **given)
    assert Entry.objects.count() > n_entries - 1
    assert row(raised).changed_at == MONDAY_NINE


def test_a_stranger_neither_urges_nor_withdraws(house: House) -> None:
    raised, stranger = ask(house), house.actor("other_nurse")
    with pytest.raises(NotAllowed):
        urge_request(request_id=raised.id, actor=stranger, at=LATER)
    with pytest.raises(NotAllowed):
        cancel_request(request_id=raised.id, reason_code="solved_itself", actor=stranger, at=LATER)


def test_a_private_link_is_good_for_its_own_request(house: House) -> None:
    mine, other = ask(house, "clerk", channel="phone"), ask(house)
    link = ground_queries.actor_of_link(mine.key)
    urge_request(request_id=mine.id, actor=link, at=LATER)
    assert queries.request_detail(link, mine.id).row.number == mine.number
    with pytest.raises(NotAllowed):
        urge_request(request_id=other.id, actor=link, at=LATER)
    with pytest.raises(NotFound):
        queries.request_detail(link, other.id)


def test_a_command_that_comes_twice_is_carried_out_once(house: House) -> None:
    raised, nurse = ask(house), house.actor("nurse")
    key = CommandKey("u-1", "urge")
    first = urge_request(request_id=raised.id, actor=nurse, at=LATER, command=key)
    again = urge_request(request_id=raised.id, actor=nurse, at=LATER + MINUTE, command=key)
    assert (first, row(raised).n_urges) == (again, 1)
    assert Word.objects.count() == 1


@pytest.mark.parametrize(
    ("budget", "verb", "given"),
    [
        (3, acknowledge_request, {}),
        (2, urge_request, {}),
        (4, cancel_request, {"reason_code": "no_longer_needed", "askers_word": "x"}),
    ],
)
def test_verbs_keep_their_budgets(house: House, budget: int, verb: Callable[..., Any], given: dict[str, Any]) -> None:
    raised, clerk = ask(house, item_code="gen.suggest", place_code=None), house.actor("clerk")
    with CaptureQueriesContext(connection) as seen:
        verb(request_id=raised.id, actor=clerk, at=LATER, **given)
    own = [
        one
        for one in seen
        if not (one["sql"] or "").startswith(("SAVEPOINT", "RELEASE")) and "nextval" not in (one["sql"] or "")
    ]
    assert len(own) <= budget + 2, own

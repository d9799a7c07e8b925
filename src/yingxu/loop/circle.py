"""The loop once around: asking, promising, sending, doing, judging, rating.

A fact recorded in a unit of work wakes its reactions at once, in the same unit; all of it is written together or not at
all. Rooms do not import each other upward: where a later room's fact concerns an earlier one, it is adapted here.
"""

from __future__ import annotations

from yingxu.demand import events as demand
from yingxu.demand import reactions as requests
from yingxu.dispatch import events as dispatch
from yingxu.dispatch import reactions as assignments
from yingxu.ground.ledger import Reactions
from yingxu.ground.unit import Unit
from yingxu.promise import reactions as promises
from yingxu.verify import events as verify
from yingxu.verify import reactions as judgements
from yingxu.voice import events as voice
from yingxu.work import events as work
from yingxu.work import reactions as jobs

# what is asked for starts clocks


def _acknowledge_by(fact: demand.RequestRaised, unit: Unit) -> None:
    promises.start_acknowledged(
        request_id=fact.subject_id,
        edition_id=fact.edition_id,
        place_class=fact.place_class,
        priority=fact.priority,
        unit=unit,
    )


def _answer_by(fact: demand.RequestAccepted, unit: Unit) -> None:
    if fact.answered_item_id is not None and fact.answered_edition_id is not None:
        promises.start_answer_promise(
            request_id=fact.subject_id, edition_id=fact.answered_edition_id, item_id=fact.answered_item_id, unit=unit
        )


# a request's own promises: a person's word, the answer in words; they cease to stand with it, and come back with it


def _reach_acknowledged(fact: demand.RequestAcknowledged, unit: Unit) -> None:
    promises.reach(request_id=fact.subject_id, milestone="acknowledged", at=fact.at, unit=unit)


def _reach_answer(fact: demand.RequestAnswered, unit: Unit) -> None:
    if fact.final_answer == "explained":
        promises.reach(request_id=fact.subject_id, milestone="acknowledged", at=unit.happened_at, unit=unit)
        promises.reach(request_id=fact.subject_id, milestone="done", at=unit.happened_at, unit=unit)


def _void_merged(fact: demand.RequestMerged, unit: Unit) -> None:
    promises.void(request_id=fact.subject_id, why="merged", unit=unit)


def _void_transferred(fact: demand.RequestTransferred, unit: Unit) -> None:
    promises.void(request_id=fact.subject_id, why="transferred", unit=unit)


def _void_declined(fact: demand.RequestDeclined, unit: Unit) -> None:
    promises.void(request_id=fact.subject_id, why="declined", unit=unit)


def _void_cancelled(fact: demand.RequestCancelled, unit: Unit) -> None:
    promises.void(request_id=fact.subject_id, why="cancelled", leaves_counts=not fact.was_sent, unit=unit)


def _reinstate(fact: demand.RequestUnmerged | demand.TransferReturned | demand.ObjectionAccepted, unit: Unit) -> None:
    promises.reinstate(request_id=fact.subject_id, unit=unit)


def _replace_terms(fact: demand.PriorityChanged, unit: Unit) -> None:
    promises.replace_terms(request_id=fact.subject_id, priority=fact.after, unit=unit)


# jobs start clocks, and the request shows how far they are


def _promise_job(fact: work.JobOpened, unit: Unit) -> None:
    promises.start_job_promises(
        request_id=fact.thread_id,
        job_id=fact.subject_id,
        item_id=fact.item_id,
        edition_id=fact.edition_id,
        line_code=fact.line_code,
        priority=fact.priority,
        place_class=fact.place_class,
        unit=unit,
    )


def _show(fact: work.JobFact, unit: Unit) -> None:
    requests.show_job(request_id=fact.thread_id, job_id=fact.subject_id, state=fact.state, unit=unit)


def _show_pause(fact: work.PauseAsked, unit: Unit) -> None:
    requests.show_job(
        request_id=fact.thread_id, job_id=fact.subject_id, state=fact.state, look_again_by=fact.expected_at, unit=unit
    )


def _reach_arrived(fact: work.JobArrived, unit: Unit) -> None:
    at = unit.happened_at
    promises.reach(request_id=fact.thread_id, job_id=fact.subject_id, milestone="arrived", at=at, unit=unit)
    # somebody stands before the asker: later than that no word can be owed
    promises.reach(request_id=fact.thread_id, milestone="acknowledged", at=at, unit=unit)


def _reach_safe(fact: work.JobMadeSafe, unit: Unit) -> None:
    promises.reach(request_id=fact.thread_id, job_id=fact.subject_id, milestone="safe", at=unit.happened_at, unit=unit)


def _reach_done(fact: work.JobFinished, unit: Unit) -> None:
    at = unit.happened_at
    for milestone in ("safe", "done"):
        promises.reach(request_id=fact.thread_id, job_id=fact.subject_id, milestone=milestone, at=at, unit=unit)
    promises.start_verified(
        request_id=fact.thread_id, job_id=fact.subject_id, finished_at=at, confirm_by=fact.confirm_by, unit=unit
    )


def _reach_verified(fact: work.JobVerified, unit: Unit) -> None:
    if fact.ground == "lapse":
        promises.lapse(request_id=fact.thread_id, job_id=fact.subject_id, unit=unit)
        return
    promises.reach(
        request_id=fact.thread_id, job_id=fact.subject_id, milestone="verified", at=unit.happened_at, unit=unit
    )


def _restart_done(fact: work.JobSentBack | work.JobReopened, unit: Unit) -> None:
    promises.restart_done(request_id=fact.thread_id, job_id=fact.subject_id, unit=unit)


def _hold_clocks(fact: work.PauseApproved, unit: Unit) -> None:
    promises.hold(
        request_id=fact.thread_id,
        job_id=fact.subject_id,
        reason_code=fact.reason_code,
        limit_s=fact.limit_s,
        at=unit.happened_at,
        unit=unit,
    )


def _release_clocks(fact: work.JobResumed, unit: Unit) -> None:
    promises.release(request_id=fact.thread_id, job_id=fact.subject_id, at=unit.happened_at, unit=unit)


def _void_job(fact: work.JobCancelled, unit: Unit) -> None:
    promises.void(
        request_id=fact.thread_id,
        job_id=fact.subject_id,
        why="cancelled",
        leaves_counts=fact.worker_id is None,
        unit=unit,
    )


# what was accepted becomes jobs, and they go where their request goes


def _open_jobs(fact: demand.RequestAccepted, unit: Unit) -> None:
    jobs.open_jobs(
        request_key=fact.subject_id,
        number=fact.number,
        items=fact.items,
        item_ids=fact.item_ids,
        place_class=fact.place.place_class if fact.place else "" if fact.place_id is None else None,
        priority=fact.priority,
        opened_at=unit.happened_at,
        unit=unit,
    )


def _queue_again(fact: demand.RequestUnmerged | demand.TransferReturned | demand.ObjectionAccepted, unit: Unit) -> None:
    jobs.follow_request(request_key=fact.subject_id, to_state="queued", unit=unit)


def _cancel_jobs(fact: demand.RequestCancelled, unit: Unit) -> None:
    jobs.cancel_jobs(request_key=fact.subject_id, unit=unit)


def _transfer_jobs(fact: demand.RequestTransferred, unit: Unit) -> None:
    jobs.follow_request(request_key=fact.subject_id, to_state="transferred", unit=unit)


def _merge_jobs(fact: demand.RequestMerged, unit: Unit) -> None:
    jobs.follow_request(request_key=fact.subject_id, to_state="merged", unit=unit)


def _decline_jobs(fact: demand.RequestDeclined, unit: Unit) -> None:
    jobs.follow_request(request_key=fact.subject_id, to_state="declined", unit=unit)


def _close_jobs(fact: demand.RequestAnswered, unit: Unit) -> None:
    if fact.final_answer == "transferred":
        jobs.follow_request(request_key=fact.subject_id, to_state="closed", unit=unit)


def _reprioritise(fact: demand.PriorityChanged, unit: Unit) -> None:
    jobs.reprioritise(request_key=fact.subject_id, priority=fact.after, unit=unit)


# who goes is decided in dispatch; the job knows whom it is with, and the asker has somebody's word


def _dispatch_job(fact: dispatch.JobAssigned, unit: Unit) -> None:
    jobs.dispatch_job(
        job_key=fact.subject_id,
        worker_id=fact.worker_id,
        worker_name=fact.worker_name,
        team_id=fact.team_id,
        party_id=fact.party_id,
        assignment_key=fact.assignment_id,
        accept_by=fact.accept_by,
        unit=unit,
    )


def _give_word(fact: dispatch.JobAssigned, unit: Unit) -> None:
    requests.give_word(request_id=fact.thread_id, word=fact.word, unit=unit)


def _pull_back(fact: dispatch.JobPulledBack, unit: Unit) -> None:
    jobs.pull_back(job_key=fact.subject_id, reason_code=fact.reason_code, unit=unit)


def _offer_to(fact: dispatch.JobReassigned, unit: Unit) -> None:
    jobs.offer_to(job_key=fact.subject_id, to_worker_id=fact.to_worker_id, note=fact.note, unit=unit)


def _note_hands(fact: work.JobDispatched, unit: Unit) -> None:
    requests.note_hands(
        request_id=fact.thread_id, worker_id=fact.worker_id, team_id=fact.team_id, party_id=fact.party_id, unit=unit
    )


def _vet_successor(fact: work.HandOverOffered, unit: Unit) -> None:
    assignments.refuse_unfit_successor(job_key=fact.subject_id, to_worker_id=fact.to_worker_id, unit=unit)


def _note_successor(fact: work.HandOverOffered, unit: Unit) -> None:
    requests.note_hands(request_id=fact.thread_id, worker_id=fact.to_worker_id, team_id=None, party_id=None, unit=unit)


def _note_new_hands(fact: work.JobHandedOver, unit: Unit) -> None:
    requests.note_hands(
        request_id=fact.thread_id, worker_id=fact.worker_id, team_id=fact.team_id, party_id=None, unit=unit
    )


def _assignment_accepted(fact: work.JobAccepted | work.JobReopened, unit: Unit) -> None:
    assignments.settle(assignment_key=fact.assignment_key, outcome="accepted", unit=unit)


def _assignment_returned(fact: work.JobReturned, unit: Unit) -> None:
    outcome = "pulled_back" if fact.is_pulled_back else "returned"
    assignments.settle(assignment_key=fact.assignment_key, outcome=outcome, reason_code=fact.reason_code, unit=unit)


def _assignment_ended(fact: work.JobFact, unit: Unit) -> None:
    assignments.settle(assignment_key=fact.assignment_key, outcome="ended", unit=unit)


def _assignment_handed_over(fact: work.JobHandedOver, unit: Unit) -> None:
    assignments.hand_over(
        job_key=fact.subject_id,
        site_id=fact.site_id,
        before_key=fact.assignment_key,
        next_key=fact.next_assignment_key,
        worker_id=fact.worker_id,
        team_id=fact.team_id,
        unit=unit,
    )


# what was judged ends the job or sends it back


def _verify_job(fact: verify.JobFoundGood, unit: Unit) -> None:
    jobs.verify_job(job_key=fact.subject_id, ground=fact.ground, unit=unit)


def _send_back_job(fact: verify.JobFoundBad, unit: Unit) -> None:
    jobs.send_back_job(job_key=fact.subject_id, reason_code=fact.reason_code, unit=unit)
    requests.keep_word(request_id=fact.thread_id, text=fact.text, is_from_asker=fact.ground == "asker", unit=unit)


def _reopen_job(fact: verify.ReopeningAsked, unit: Unit) -> None:
    jobs.reopen_job(job_key=fact.subject_id, reason_code=fact.reason_code, unit=unit)
    requests.keep_word(request_id=fact.thread_id, text=fact.text, is_from_asker=fact.is_from_asker, unit=unit)


def _answer_request(fact: work.JobClosed, unit: Unit) -> None:
    requests.answer_with_jobs(request_id=fact.thread_id, answer_text=fact.result_text, unit=unit)


def _reopen_request(fact: work.JobReopened, unit: Unit) -> None:
    requests.reopen(request_id=fact.thread_id, unit=unit)


def _note_complaint(fact: voice.RequestRated, unit: Unit) -> None:
    if fact.stars <= _COMPLAINT_STARS:
        judgements.note_complaint(request_key=fact.worked_id, text=fact.text, unit=unit)


#: So few stars are a complaint (domain 5.9: always called back).
_COMPLAINT_STARS = 2

REACTIONS: Reactions = {
    demand.RequestRaised: (_acknowledge_by,),
    demand.RequestAccepted: (_answer_by, _open_jobs),
    demand.RequestAcknowledged: (_reach_acknowledged,),
    demand.RequestAnswered: (_reach_answer, _close_jobs),
    demand.RequestCancelled: (_void_cancelled, _cancel_jobs),
    demand.RequestTransferred: (
        _void_transferred,
        _transfer_jobs,
    ),
    demand.RequestMerged: (
        _void_merged,
        _merge_jobs,
    ),
    demand.RequestDeclined: (
        _void_declined,
        _decline_jobs,
    ),
    demand.RequestUnmerged: (
        _reinstate,
        _queue_again,
    ),
    demand.TransferReturned: (
        _reinstate,
        _queue_again,
    ),
    demand.ObjectionAccepted: (
        _reinstate,
        _queue_again,
    ),
    demand.PriorityChanged: (
        _replace_terms,
        _reprioritise,
    ),
    dispatch.JobAssigned: (_dispatch_job, _give_word),
    dispatch.JobPulledBack: (_pull_back,),
    dispatch.JobReassigned: (_offer_to,),
    work.JobOpened: (_promise_job, _show),
    work.JobDispatched: (_show, _note_hands),
    work.JobAccepted: (_show, _assignment_accepted),
    work.JobReturned: (_show, _assignment_returned),
    work.WorkerSetOut: (_show,),
    work.JobArrived: (_reach_arrived, _show),
    work.JobStarted: (_show,),
    work.JobMadeSafe: (_reach_safe, _show),
    work.HandOverOffered: (_vet_successor, _note_successor),
    work.JobHandedOver: (_note_new_hands, _assignment_handed_over),
    work.PauseAsked: (_show_pause,),
    work.PauseApproved: (_hold_clocks, _show),
    work.JobResumed: (_release_clocks, _show),
    work.JobFinished: (
        _reach_done,
        _show,
    ),
    work.JobSentBack: (
        _restart_done,
        _show,
    ),
    work.JobVerified: (
        _reach_verified,
        _show,
    ),
    work.JobClosed: (_show, _answer_request, _assignment_ended),
    work.JobReopened: (_restart_done, _show, _reopen_request, _assignment_accepted),
    work.JobCancelled: (_void_job, _show, _assignment_ended),
    work.JobFollowed: (_show, _assignment_ended),
    verify.JobFoundGood: (_verify_job,),
    verify.JobFoundBad: (_send_back_job,),
    verify.ReopeningAsked: (_reopen_job,),
    voice.RequestRated: (_note_complaint,),
}

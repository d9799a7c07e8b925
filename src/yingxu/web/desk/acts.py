"""What a desk may do, by the name that a form carries: each name is one verb and the fields that it reads."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import QueryDict

from yingxu.demand import actions as demand
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch import queries as desk
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey
from yingxu.verify import actions as verify
from yingxu.web.desk.finding import find_item, find_place
from yingxu.web.desk.proposals import proposed_in
from yingxu.web.inside import Inside
from yingxu.work import actions as work

Act = Callable[[Inside, UUID, QueryDict, CommandKey | None], object]
Reader = Callable[[Inside, QueryDict], object]


def _act(verb: Callable[..., object], subject: str, **fields: str | Reader) -> Act:
    """Return the act that calls a verb; ``fields``: the verb's argument -> the form's field, or what reads it."""

    def done(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
        said = {
            name: post.get(field, "") if isinstance(field, str) else field(here, post) for name, field in fields.items()
        }
        return verb(**{subject: key}, **said, actor=here.actor, at=here.at, command=command)

    return done


def _of_request(verb: Callable[..., object], **fields: str | Reader) -> Act:
    return _act(verb, "request_id", **fields)


def _of_job(verb: Callable[..., object], **fields: str | Reader) -> Act:
    return _act(verb, "job_id", **fields)


def _priority(_here: Inside, post: QueryDict) -> int | None:
    text = post.get("priority", "").strip()
    if text and not text.isdigit():
        raise Malformed(field="priority", problem="wrong_type")
    return int(text) if text else None


def _urgency(here: Inside, post: QueryDict) -> int:
    level = _priority(here, post)
    if level is None:
        raise Malformed(field="priority", problem="missing")
    return level


def _uid(text: str, name: str) -> UUID:
    if not text:
        raise Malformed(field=name, problem="missing")
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed(field=name, problem="wrong_type") from error


def _worker(_here: Inside, post: QueryDict) -> UUID:
    return _uid(post.get("worker", ""), "worker")


def _mates(_here: Inside, post: QueryDict) -> tuple[UUID, ...]:
    return tuple(_uid(said, "mate") for said in post.getlist("mate"))


def _items(here: Inside, post: QueryDict) -> list[str]:
    found = find_item(here, post.get("item", ""), post.get("item_words", ""))
    return post.getlist("items") or ([found] if found else [])


def _place(here: Inside, post: QueryDict) -> str | None:
    return find_place(here, post.get("place", ""), post.get("place_words", ""))[0] or None


def _master(here: Inside, post: QueryDict) -> UUID:
    return desk.request_by_number(here.actor, here.site.id, post.get("number", ""))


REQUEST_ACTS: dict[str, Act] = {
    "accept": _of_request(
        demand.accept_request,
        item_codes=_items,
        proposed=lambda here, post: proposed_in(here, post, post.get("said", "")),
        place_code=_place,
        priority=_priority,
        word="word",
        is_asker_told=lambda _here, post: bool(post.get("word", "").strip()),
    ),
    "split": _of_request(demand.split_request, item_codes=lambda _here, post: post.getlist("items")),
    "word": _of_request(demand.acknowledge_request, word="word"),
    "ask": _of_request(demand.ask_clarification, question="question"),
    "answered": _of_request(demand.answer_clarification, text="text"),
    "urge": _of_request(demand.urge_request, text="text"),
    "raise": _of_request(demand.raise_priority, priority=_urgency, reason="reason"),
    "lower": _of_request(demand.lower_priority, priority=_urgency, reason="reason", told="word"),
    "propose-lower": _of_request(demand.propose_lowering, priority=_urgency, reason="reason"),
    "approve-lower": _of_request(demand.approve_lowering, reason="reason"),
    "refuse-proposal": _of_request(demand.refuse_proposal, reason="reason"),
    "propose-decline": _of_request(demand.propose_decline, reason_code="reason", alternative="alternative"),
    "decline": _of_request(demand.decline_request),
    "merge": _of_request(demand.merge_request, master_id=_master),
    "unmerge": _of_request(demand.unmerge_request),
    "transfer": _of_request(demand.transfer_request, receiver_code="receiver", word="word"),
    "transfer-taken": _of_request(demand.accept_transfer, contact="contact"),
    "transfer-answered": _of_request(demand.close_transfer, answer="text"),
    "transfer-back": _of_request(demand.return_transfer, reason="reason"),
    "cancel": _of_request(demand.cancel_request, reason_code="reason", askers_word="word"),
    "answer": _of_request(demand.answer_request, answer="text"),
}

JOB_ACTS: dict[str, Act] = {
    "assign": _of_job(dispatch.assign_job, worker_id=_worker, mate_ids=_mates, word="word", override_reason="reason"),
    "reassign": _of_job(dispatch.reassign_job, worker_id=_worker, word="word", override_reason="reason"),
    "call-mate": _of_job(dispatch.call_mate, worker_id=_worker),
    "pull-back": _of_job(dispatch.pull_back_job, note="reason"),
    "approve-pause": _of_job(work.approve_pause),
    "refuse-pause": _of_job(work.refuse_pause),
    "said-yes": _of_job(verify.confirm_job, text="text"),
    "said-no": _of_job(verify.send_back_job, reason_code="reason", text="text"),
    "checked": _of_job(verify.check_job, text="text"),
    "reopen": _of_job(verify.reopen_job, reason_code="reason", text="text"),
}

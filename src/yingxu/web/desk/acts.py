"""What a desk may do, by the name that a form carries: each name is one verb."""

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


def _number(post: QueryDict, name: str) -> int | None:
    text = post.get(name, "").strip()
    if not text:
        return None
    if not text.isdigit():
        raise Malformed(field=name, problem="wrong_type")
    return int(text)


def _urgency(post: QueryDict) -> int:
    level = _number(post, "priority")
    if level is None:
        raise Malformed(field="priority", problem="missing")
    return level


def _uid(post: QueryDict, name: str) -> UUID:
    text = post.get(name, "")
    if not text:
        raise Malformed(field=name, problem="missing")
    return _read_uid(text, name)


def _read_uid(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed(field=name, problem="wrong_type") from error


def _accept(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    several = post.getlist("items")
    return demand.accept_request(
        request_id=key,
        item_codes=several
        or [code for code in [find_item(here, post.get("item", ""), post.get("item_words", ""))] if code],
        proposed=proposed_in(here, post, post.get("said", "")),
        place_code=find_place(here, post.get("place", ""), post.get("place_words", ""))[0] or None,
        priority=_number(post, "priority"),
        word=post.get("word", ""),
        is_asker_told=bool(post.get("word", "").strip()),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _split(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    items = post.getlist("items")
    return demand.split_request(request_id=key, item_codes=items, actor=here.actor, at=here.at, command=command)


def _word(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    word = post.get("word", "")
    return demand.acknowledge_request(request_id=key, word=word, actor=here.actor, at=here.at, command=command)


def _ask(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    question = post.get("question", "")
    return demand.ask_clarification(request_id=key, question=question, actor=here.actor, at=here.at, command=command)


def _answered(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.answer_clarification(
        request_id=key, text=post.get("text", ""), actor=here.actor, at=here.at, command=command
    )


def _urge(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.urge_request(request_id=key, text=post.get("text", ""), actor=here.actor, at=here.at, command=command)


def _raise(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.raise_priority(
        request_id=key,
        priority=_urgency(post),
        reason=post.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _lower(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.lower_priority(
        request_id=key,
        priority=_urgency(post),
        reason=post.get("reason", ""),
        told=post.get("word", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _propose_lower(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.propose_lowering(
        request_id=key,
        priority=_urgency(post),
        reason=post.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _approve_lower(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    reason = post.get("reason", "")
    return demand.approve_lowering(request_id=key, reason=reason, actor=here.actor, at=here.at, command=command)


def _refuse_proposal(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    reason = post.get("reason", "")
    return demand.refuse_proposal(request_id=key, reason=reason, actor=here.actor, at=here.at, command=command)


def _propose_decline(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.propose_decline(
        request_id=key,
        reason_code=post.get("reason", ""),
        alternative=post.get("alternative", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _decline(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.decline_request(request_id=key, actor=here.actor, at=here.at, command=command)


def _merge(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    master = desk.request_by_number(here.actor, here.site.id, post.get("number", ""))
    return demand.merge_request(request_id=key, master_id=master, actor=here.actor, at=here.at, command=command)


def _unmerge(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.unmerge_request(request_id=key, actor=here.actor, at=here.at, command=command)


def _transfer(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.transfer_request(
        request_id=key,
        receiver_code=post.get("receiver", ""),
        word=post.get("word", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _transfer_taken(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.accept_transfer(
        request_id=key, contact=post.get("contact", ""), actor=here.actor, at=here.at, command=command
    )


def _transfer_answered(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.close_transfer(
        request_id=key, answer=post.get("text", ""), actor=here.actor, at=here.at, command=command
    )


def _transfer_back(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.return_transfer(
        request_id=key, reason=post.get("reason", ""), actor=here.actor, at=here.at, command=command
    )


def _cancel(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.cancel_request(
        request_id=key,
        reason_code=post.get("reason", ""),
        askers_word=post.get("word", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _answer(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return demand.answer_request(
        request_id=key, answer=post.get("text", ""), actor=here.actor, at=here.at, command=command
    )


REQUEST_ACTS: dict[str, Act] = {
    "accept": _accept,
    "split": _split,
    "word": _word,
    "ask": _ask,
    "answered": _answered,
    "urge": _urge,
    "raise": _raise,
    "lower": _lower,
    "propose-lower": _propose_lower,
    "approve-lower": _approve_lower,
    "refuse-proposal": _refuse_proposal,
    "propose-decline": _propose_decline,
    "decline": _decline,
    "merge": _merge,
    "unmerge": _unmerge,
    "transfer": _transfer,
    "transfer-taken": _transfer_taken,
    "transfer-answered": _transfer_answered,
    "transfer-back": _transfer_back,
    "cancel": _cancel,
    "answer": _answer,
}


def _assign(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return dispatch.assign_job(
        job_id=key,
        worker_id=_uid(post, "worker"),
        mate_ids=tuple(_read_uid(said, "mate") for said in post.getlist("mate")),
        word=post.get("word", ""),
        override_reason=post.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _call_mate(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return dispatch.call_mate(job_id=key, worker_id=_uid(post, "worker"), actor=here.actor, at=here.at, command=command)


def _reassign(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return dispatch.reassign_job(
        job_id=key,
        worker_id=_uid(post, "worker"),
        word=post.get("word", ""),
        override_reason=post.get("reason", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _pull_back(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return dispatch.pull_back_job(
        job_id=key, note=post.get("reason", ""), actor=here.actor, at=here.at, command=command
    )


def _approve_pause(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return work.approve_pause(job_id=key, actor=here.actor, at=here.at, command=command)


def _refuse_pause(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return work.refuse_pause(job_id=key, actor=here.actor, at=here.at, command=command)


def _said_yes(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    text = post.get("text", "")
    return verify.confirm_job(job_id=key, text=text, actor=here.actor, at=here.at, command=command)


def _said_no(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return verify.send_back_job(
        job_id=key,
        reason_code=post.get("reason", ""),
        text=post.get("text", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


def _checked(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    text = post.get("text", "")
    return verify.check_job(job_id=key, text=text, actor=here.actor, at=here.at, command=command)


def _reopen(here: Inside, key: UUID, post: QueryDict, command: CommandKey | None) -> object:
    return verify.reopen_job(
        job_id=key,
        reason_code=post.get("reason", ""),
        text=post.get("text", ""),
        actor=here.actor,
        at=here.at,
        command=command,
    )


JOB_ACTS: dict[str, Act] = {
    "assign": _assign,
    "reassign": _reassign,
    "call-mate": _call_mate,
    "pull-back": _pull_back,
    "approve-pause": _approve_pause,
    "refuse-pause": _refuse_pause,
    "said-yes": _said_yes,
    "said-no": _said_no,
    "checked": _checked,
    "reopen": _reopen,
}

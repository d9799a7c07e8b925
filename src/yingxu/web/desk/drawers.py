"""One request as the desk's drawer shows it: what is known, what was promised, who could go, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.demand import queries as demand
from yingxu.demand.public_state import BEFORE_ARRIVAL, BEFORE_FINISH, BEFORE_SENDING
from yingxu.demand.queries import Detail
from yingxu.dispatch import queries as desk
from yingxu.dispatch.queries import PlanRow, ReceiverRow, RequestJob, WorkerRow
from yingxu.ground import authority
from yingxu.promise import queries as promises
from yingxu.promise.queries import ClockRow
from yingxu.web import words
from yingxu.web.desk.plans import PlanSaid, plan_said
from yingxu.web.inside import Inside, kept
from yingxu.web.templatetags.yingxu import in_language

#: So many workers are offered by a number key.
KEYS = 9


@dataclass(frozen=True)
class Offer:
    """A worker who could be sent, as a button."""

    key: str
    uid: UUID
    name: str
    said: str
    lacks: str
    #: What would be worse than with the one who is proposed; empty when nothing was reckoned.
    worse: str = ""


@dataclass(frozen=True)
class JobSheet:
    """A job in the drawer with what may be done with it."""

    job: RequestJob
    what: str
    who: str
    act: str
    offers: tuple[Offer, ...]
    can_pull_back: bool
    can_decide_pause: bool
    pause_reason: str
    can_record_answer: bool
    can_check: bool
    can_reopen: bool
    plan: PlanSaid | None = None
    #: Who else could go along, while somebody is missing.
    beside: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Clock:
    """A promised milestone in words."""

    name: str
    state: str
    due_at: datetime
    reached_at: datetime | None
    is_open: bool
    is_paused: bool


@dataclass(frozen=True)
class Drawer:
    """Everything that the drawer shows."""

    detail: Detail
    what: str
    where: str
    clocks: tuple[Clock, ...]
    jobs: tuple[JobSheet, ...]
    may: frozenset[str]
    receivers: tuple[ReceiverRow, ...]
    #: No planner has said anything for seconds: what it proposed may be old.
    is_planner_away: bool = False


def drawer(here: Inside, request_id: UUID) -> Drawer:
    """Return the drawer of a request. Refuses: NotFound. Budget: six queries."""
    detail = demand.request_detail(here.actor, request_id)
    jobs = desk.request_jobs(detail.row.key)
    clocks = promises.clocks_of(detail.row.key)
    wants_people = any(act_of(job) or _lacks_people(job) for job in jobs)
    needs_worker = wants_people and authority.may(here.actor, "job.dispatch", where=detail.where)
    workers = desk.workers(here.actor, detail.site_id) if needs_worker else ()
    waits = any(job.state == "queued" for job in jobs)
    plans = desk.plans_of(detail.row.key) if needs_worker and waits else {}
    may = _may(here, detail, has_jobs=bool(jobs))
    return Drawer(
        detail=detail,
        what=in_language(detail.row, "item_name") or _("not known yet"),
        where=in_language(detail.row, "place_name") or detail.row.place_words or _("place not known"),
        clocks=tuple(clock_said(row) for row in clocks),
        jobs=tuple(_sheet(here, detail, job, workers, plans.get(job.uid)) for job in jobs),
        may=may,
        receivers=kept("receivers", detail.site_id, lambda: desk.receivers(detail.site_id)),
        is_planner_away=needs_worker and waits and not desk.is_planned_now(detail.site_id, at=here.at),
    )


def clock_said(row: ClockRow) -> Clock:
    """Return a promise as a clock in words."""
    is_open = row.state in {"running", "late", "paused"}
    return Clock(
        words.milestone_name(row.milestone), row.state, row.due_at, row.reached_at, is_open, row.state == "paused"
    )


def _may(here: Inside, detail: Detail, *, has_jobs: bool) -> frozenset[str]:
    """Return the names of the acts on the request that fit its state and the actor's roles; verbs ask again."""
    state, proposal = detail.row.state, (detail.proposal or {}).get("kind", "")
    fits = {
        "accept": state in {"new", "clarifying"},
        "word": detail.row.is_open,
        "ask": state in {"new", "clarifying"},
        "answered": state == "clarifying",
        "urge": detail.row.is_open,
        "raise": detail.row.is_open and detail.row.priority > 1,
        "lower": state in BEFORE_ARRIVAL and detail.row.priority < 4,
        "propose-lower": state in BEFORE_ARRIVAL and detail.row.priority < 4 and not proposal,
        "approve-lower": proposal == "lower",
        "refuse-proposal": bool(proposal),
        "propose-decline": state in BEFORE_SENDING and not proposal,
        "decline": proposal == "decline",
        "merge": state in BEFORE_SENDING,
        "unmerge": state == "merged",
        "transfer": state in BEFORE_FINISH,
        "transfer-taken": state == "transferred" and detail.receiver_accepted_at is None,
        "transfer-answered": state == "transferred",
        "transfer-back": state == "transferred",
        "cancel": state in BEFORE_FINISH,
        "answer": state in BEFORE_SENDING and not has_jobs,
    }
    allowed = {
        name for name, fit in fits.items() if fit and authority.may(here.actor, _ACTION[name], where=detail.where)
    }
    if "lower" in allowed and _is_company(here):
        allowed.discard("lower")
    elif "lower" in allowed:
        allowed.discard("propose-lower")
    return frozenset(allowed)


def _is_company(here: Inside) -> bool:
    """Tell whether the desk is a company's by its holding; the verb asks the party itself."""
    return all(held.party_id is not None for held in here.actor.holdings if held.role == "DK")


_ACTION = {
    "accept": "request.accept",
    "word": "request.acknowledge",
    "ask": "request.clarify",
    "answered": "request.answer_clarify",
    "urge": "request.urge",
    "raise": "priority.raise",
    "lower": "priority.lower",
    "propose-lower": "priority.propose_lower",
    "approve-lower": "priority.approve_lower",
    "refuse-proposal": "priority.approve_lower",
    "propose-decline": "request.propose_decline",
    "decline": "request.decline",
    "merge": "request.merge",
    "unmerge": "request.unmerge",
    "transfer": "request.transfer",
    "transfer-taken": "request.transfer",
    "transfer-answered": "transfer.close",
    "transfer-back": "transfer.take_back",
    "cancel": "request.cancel",
    "answer": "request.answer",
}


def act_of(job: RequestJob) -> str:
    """Return how somebody else comes to the job: ``assign`` from the queue, ``reassign`` from another's hands."""
    if job.state == "queued":
        return "assign"
    return "reassign" if job.state == "dispatched" or job.is_in_hand else ""


def _lacks_people(job: RequestJob) -> bool:
    """Tell whether a job that somebody has still wants people beside."""
    return job.n_missing > 0 and job.worker_id is not None and (job.state == "dispatched" or job.is_in_hand)


def _sheet(
    here: Inside, detail: Detail, job: RequestJob, workers: tuple[WorkerRow, ...], plan: PlanRow | None
) -> JobSheet:
    where = detail.where
    may = {
        name: authority.may(here.actor, name, where=where)
        for name in ("job.pull_back", "pause.approve", "callback.record", "job.reopen")
    }
    is_asked = job.pause is not None and job.pause.verdict == "asked"
    said = plan_said(plan) if plan is not None and job.state == "queued" else None
    return JobSheet(
        job=job,
        what=in_language(job, "item_name"),
        who=job.worker_name,
        act=act_of(job) if workers else "",
        offers=_offers(job, workers, here.at, said),
        can_pull_back=job.state == "dispatched" and may["job.pull_back"],
        can_decide_pause=is_asked and may["pause.approve"],
        pause_reason=words.coded("pause_reasons", job.pause.reason_code) if job.pause else "",
        can_record_answer=job.state == "finished" and may["callback.record"],
        can_check=job.state == "finished" and "HO" in here.actor.roles,
        can_reopen=job.state in {"verified", "closed"} and may["job.reopen"],
        plan=said,
        beside=_beside(job, workers, here.at) if _lacks_people(job) else (),
    )


def _offers(job: RequestJob, workers: tuple[WorkerRow, ...], at: datetime, plan: PlanSaid | None) -> tuple[Offer, ...]:
    if not act_of(job):
        return ()
    found = desk.candidates([worker for worker in workers if worker.id != job.worker_id], job.needs, at=at)
    fit = [one for one in found if not one.missing] or list(found)
    return tuple(
        Offer(
            key=str(place),
            uid=one.worker.uid,
            name=in_language(one.worker),
            said=load_said(one.worker),
            lacks=words.lacking(one.missing),
            worse=plan.instead.get(str(one.worker.uid), "") if plan is not None else "",
        )
        for place, one in enumerate(fit[:KEYS], 1)
    )


def _beside(job: RequestJob, workers: tuple[WorkerRow, ...], at: datetime) -> tuple[Offer, ...]:
    asked = {mate.worker_id for mate in job.mates} | {job.worker_id}
    found = desk.candidates([worker for worker in workers if worker.id not in asked], job.needs_beside, at=at)
    return tuple(
        Offer(key="", uid=one.worker.uid, name=in_language(one.worker), said=load_said(one.worker), lacks="")
        for one in [one for one in found if not one.missing][:KEYS]
    )


def load_said(worker: WorkerRow) -> str:
    """Return of which team somebody is, what he or she has in hand, and where."""
    if not worker.is_present:  # on call from home: somebody rings up
        return " ".join((_("on call from home"), worker.phone)).strip()
    n = worker.n_in_hand + worker.n_offered
    said = ngettext("%(n)d in hand", "%(n)d in hand", n) % {"n": n} if n else _("free")
    parts = [in_language(worker, "team_name"), said, in_language(worker, "at_place")]
    return " · ".join(part for part in parts if part)

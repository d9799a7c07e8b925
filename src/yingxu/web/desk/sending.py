"""Before somebody is sent: what would break, by which rule not, in words; and what a worker has in hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yingxu.demand import queries as demand
from yingxu.dispatch import queries as desk
from yingxu.dispatch.queries import RequestJob, WorkerRow
from yingxu.dispatch.queries.day import DayJob, waiting_jobs, worker_jobs
from yingxu.ground import authority
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.team.fitness import is_hard
from yingxu.web import words
from yingxu.web.desk.drawers import act_of, load_said
from yingxu.web.desk.plans import PlanSaid, plan_said
from yingxu.web.inside import Inside, inside, is_fragment, new_command
from yingxu.web.templatetags.yingxu import in_language

#: From this class on nothing goes before a critical job that waits (decision 16).
_ORDINARY = 3


@dataclass(frozen=True)
class Sending:
    """Somebody, a job, and what is known of sending the one to the other. ``says``: (tone, sentence)."""

    name: str
    load: str
    job: RequestJob
    what: str
    where: str
    #: The verb: assign or reassign.
    act: str
    says: tuple[tuple[str, str], ...]
    can_be_sent: bool
    #: A reason must be given, for the rule that is set aside.
    wants_reason: bool


@never_cache
@require_safe
@inside
def send(request: HttpRequest, here: Inside, request_id: UUID, worker_id: UUID) -> HttpResponse:
    """What would break if this worker were sent, before anybody is."""
    values = {
        "sending": _sending(here, request_id, worker_id),
        "worker_id": worker_id,
        "request_id": request_id,
        "command": new_command(),
    }
    return render(request, "web/desk/send.html" if is_fragment(request) else "web/desk/send_page.html", values)


def _sending(here: Inside, request_id: UUID, worker_id: UUID) -> Sending:
    """Return the sheet. Refuses: NotFound, NotAllowed. Budget: six queries."""
    detail = demand.request_detail(here.actor, request_id)
    worker = _worker(here, worker_id)
    job = next((one for one in desk.request_jobs(detail.row.key) if act_of(one)), None)
    if job is None:
        raise NotFound(kind="job", name=detail.row.number)
    parties = detail.where.party_ids or (worker.party_id,)
    where = replace(detail.where, team_ids=(worker.team_id,), party_ids=parties)
    may_override = authority.may(here.actor, "job.override_dispatch", where=where)
    if not may_override:
        authority.require(here.actor, "job.dispatch", where=where)
    name = in_language(worker)
    missing = worker.can.lacks(job.needs, at=here.at)
    plan = desk.plans_of(detail.row.key).get(job.uid) if job.state == "queued" else None
    before = () if detail.row.priority < _ORDINARY else _critical_before(here, worker, job)
    is_barred = not worker.is_present or any(is_hard(code) for code in missing) or (bool(missing) and not may_override)
    says = [
        *_of_person(worker, name, missing, is_barred=is_barred),
        *_of_plan(plan_said(plan) if plan is not None else None, worker, name, job, is_barred=is_barred),
        *(("warn", _critical(one, name)) for one in before[:1]),
        *_of_work(here, job, worker, name),
    ]
    return Sending(
        name=name,
        load=load_said(worker),
        job=job,
        what=in_language(job, "item_name"),
        where=in_language(detail.row, "place_name") or detail.row.place_words,
        act=act_of(job),
        says=tuple(says),
        can_be_sent=not is_barred and job.worker_uid != worker.uid,
        wants_reason=bool(missing or before),
    )


def _worker(here: Inside, worker_id: UUID) -> WorkerRow:
    found = next((row for row in desk.workers(here.actor, here.site.id) if row.uid == worker_id), None)
    if found is None:
        raise NotFound(kind="worker", name="")
    return found


def _critical_before(here: Inside, worker: WorkerRow, job: RequestJob) -> list[DayJob]:
    """Return the critical jobs that wait and that this worker could do: an ordinary one never goes before them."""
    waiting = waiting_jobs(here.actor, here.site.id, line_codes=worker.line_codes, party_id=worker.party_id)
    return [
        one
        for one in waiting
        if one.priority == 1 and one.uid != job.uid and not worker.can.lacks(one.needs, at=here.at)
    ]


def _critical(one: DayJob, name: str) -> str:
    return _(
        "%(number)s %(what)s is critical and waits for somebody, and %(name)s could go: nothing ordinary goes before"
        " it, unless you give a reason."
    ) % {"number": one.number, "what": in_language(one, "item_name"), "name": name}


def _of_person(worker: WorkerRow, name: str, missing: tuple[str, ...], *, is_barred: bool) -> list[tuple[str, str]]:
    if not worker.is_present:
        return [("late", _("%(name)s is not here now.") % {"name": name})]
    if not missing:
        return []
    said = {"name": name, "rule": words.lacking(missing)}
    if is_barred:
        return [("late", _("%(name)s cannot be sent: %(rule)s.") % said)]
    return [("warn", _("%(name)s lacks something: %(rule)s. You may send with a reason, which is kept.") % said)]


def _of_plan(
    plan: PlanSaid | None, worker: WorkerRow, name: str, job: RequestJob, *, is_barred: bool
) -> list[tuple[str, str]]:
    if job.state != "queued" or is_barred:
        return []
    if plan is None or plan.worker_uid is None:
        return [("", _("Nobody is proposed now: what would be worse was not reckoned."))]
    if plan.worker_uid == worker.uid:
        return [("ok", _("This is the proposal: %(why)s.") % {"why": plan.why})]
    said = [("", _("Proposed is %(name)s: %(why)s.") % {"name": plan.worker, "why": plan.why})]
    worse = plan.instead.get(str(worker.uid), "")
    if worse:
        return [*said, ("warn", _("If %(name)s goes instead: %(what)s.") % {"name": name, "what": worse})]
    if plan.instead:
        return [*said, ("warn", _("%(name)s is not among the best for it.") % {"name": name})]
    return [*said, ("", _("What would be worse with %(name)s was not reckoned.") % {"name": name})]


def _of_work(here: Inside, job: RequestJob, worker: WorkerRow, name: str) -> list[tuple[str, str]]:
    says = []
    if job.worker_uid == worker.uid:
        says.append(("", _("%(name)s has it already.") % {"name": name}))
    elif job.state == "dispatched":
        says.append(("", _("It was offered to %(name)s: that offer is taken back.") % {"name": job.worker_name}))
    elif job.is_in_hand:
        said = {"name": job.worker_name, "other": name}
        says.append(("", _("%(name)s has it in hand and answers for it until %(other)s accepts.") % said))
    takes = job.expected_minutes or 0
    ends: datetime | None = worker.fitness.duty_to if worker.fitness.is_gated(here.at) else None
    if ends is not None and here.at < ends < here.at + timedelta(minutes=takes):
        left = {"time": timezone.localtime(ends).strftime("%H:%M"), "n": round((ends - here.at).seconds / 60)}
        says.append(("warn", _("On duty until %(time)s only, %(n)d min more;") % left + " " + _takes(takes)))
    if job.crew > 1 and job.state == "queued":
        n = job.crew
        says.append(
            (
                "",
                ngettext("It takes %(n)d person.", "It takes %(n)d people: ask the others in the request.", n)
                % {"n": n},
            )
        )
    return says


def _takes(minutes: int) -> str:
    return ngettext("the work takes %(n)d min.", "the work takes %(n)d min.", minutes) % {"n": minutes}


@dataclass(frozen=True)
class InHand:
    """A job that somebody has or is asked to take, in words."""

    job: DayJob
    what: str
    where: str


@never_cache
@require_safe
@inside
def worker(request: HttpRequest, here: Inside, worker_id: UUID) -> HttpResponse:
    """What somebody has in hand: each job opens its request."""
    if not authority.may_anywhere(here.actor, "queue.read"):
        raise NotAllowed(action="queue.read")
    row = _worker(here, worker_id)
    jobs = worker_jobs(here.actor, here.site.id, row.id)
    values = {
        "row": row,
        "jobs": [InHand(job, in_language(job, "item_name"), in_language(job, "place_name")) for job in jobs],
        "now": here.at,
    }
    return render(request, "web/desk/worker.html" if is_fragment(request) else "web/desk/worker_page.html", values)

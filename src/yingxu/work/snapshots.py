"""Rows -> what the verbs decide on: a job with what one read tells about it, its facts, its place in the authority."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from yingxu.demand.models import Request
from yingxu.demand.reads import memo_of
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.ledger import Fact
from yingxu.ground.models import File, Place, PlaceToken
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import IN_BATCH, Unit, recalled
from yingxu.standards.queries import procedure_of
from yingxu.team.models import Member
from yingxu.work.events import JobFact
from yingxu.work.models import CustodyScan, Job, Pause, StepDone

Kind = TypeVar("Kind", bound=JobFact)

_in_hand: WeakKeyDictionary[Unit, dict[int, Job]] = WeakKeyDictionary()


def jobs() -> QuerySet[Job]:
    """Return jobs with their requests, as every verb reads them."""
    return Job.objects.select_related("request")


@dataclass(frozen=True)
class Told:
    """What else a verb wants to know of a job: as SQL in the one read, or from what a batch has in hand."""

    sql: Callable[[], Any]
    of: Callable[[Unit, Job], Any]


def row_at_site(
    rows: Callable[[], QuerySet[Any]], *columns: str, about: Hashable, site: str = "site", **renamed: str
) -> Told:
    """Return the first of these rows at the job's own site as JSON, for :func:`job_of`.

    A batch reads each once: ``about`` says what they are about, beside their columns.
    """
    said = {**{name: name for name in columns}, **renamed}

    def sql() -> Subquery:
        return Subquery(rows().filter(**{site: OuterRef("site")}).values(row=JSONObject(**said))[:1])

    def of(unit: Unit, job: Job) -> Any:
        def read() -> Any:
            return rows().filter(**{site: job.site_id}).values_list(JSONObject(**said), flat=True).first()

        return recalled((about, tuple(said), job.site_id), read, of=(Place, PlaceToken, Member))

    return Told(sql, of)


def job_of(unit: Unit, job_id: UUID, **more: Told) -> Job:
    """Return the job by its uid with what else the verb wants to know; refuses: NotFound. One query.

    The job and its request are in the unit's hand from then on: reactions do not read them again.
    """
    if unit.batch is not None:
        return _job_in_batch(unit, job_id, more)
    rows = jobs()
    if more:
        rows = rows.annotate(**{name: told.sql() for name, told in more.items()})
    job = rows.filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    return in_hand(unit, job)


def _job_in_batch(unit: Unit, job_id: UUID, more: dict[str, Told]) -> Job:
    job = unit.by_uid(Job, job_id, lambda: jobs().filter(uid=job_id).first())
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    job = in_hand(unit, job)
    for name, told in more.items():
        setattr(job, name, told.of(unit, job))
    return job


def in_hand(unit: Unit, job: Job) -> Job:
    """Keep a job that was read, and its request, for the unit's reactions; returns the one that the unit knows."""
    known = _jobs_of(unit).setdefault(job.pk, unit.by_key(Job, job.pk, lambda: job))
    requests = memo_of(unit).requests
    if known.request_id not in requests:
        requests[known.request_id] = unit.by_key(Request, known.request_id, lambda: known.request)
    known.request = requests[known.request_id]
    return known


def job_by_key(unit: Unit, key: int) -> Job:
    """Return a job that the unit made, changed or read before, else read it. One query at most."""
    job = _jobs_of(unit).get(key) or unit.fresh(Job, key)
    return job if job is not None else in_hand(unit, jobs().get(pk=key))


def jobs_of_request(unit: Unit, request_key: int) -> list[Job]:
    """Return a request's jobs, oldest first, in the unit's hand. One query."""
    rows = unit.kin(Job, "request_id", request_key, lambda: jobs().filter(request_id=request_key).order_by("id"))
    return [in_hand(unit, row) for row in rows]


def uids_of(request_key: int) -> tuple[UUID, ...]:
    """Return the uids of a request's jobs, oldest first, in a batch those in hand. One query."""
    batch = IN_BATCH.get()
    if batch is None:
        return tuple(Job.objects.filter(request_id=request_key).order_by("id").values_list("uid", flat=True))
    rows = batch.kin(Job, "request_id", request_key, lambda: jobs().filter(request_id=request_key))
    return tuple(row.uid for row in rows)


def open_pause_of(unit: Unit, job: Job) -> Pause | None:
    """Return the pause of a job that has not ended. One query."""
    rows = unit.kin(Pause, "job_id", job.pk, lambda: Pause.objects.filter(job=job, resumed_at=None))
    return next((row for row in rows if row.resumed_at is None), None)


def _jobs_of(unit: Unit) -> dict[int, Job]:
    return _in_hand.setdefault(unit, {})


def steps_done() -> ArraySubquery:
    """Return the steps carried out in the job, for :func:`job_of`."""
    rows = StepDone.objects.filter(job=OuterRef("pk")).order_by("id")
    return ArraySubquery(
        rows.values(row=JSONObject(id="id", code="step_code", is_ok="is_ok", is_critical="is_critical", value="value"))
    )


def photo_labels() -> ArraySubquery:
    """Return the labels of the photos that belong to the job, for :func:`job_of`."""
    return ArraySubquery(
        File.objects.filter(subject_kind="job", subject_id=OuterRef("pk")).order_by("id").values("label")
    )


def photo_uids() -> ArraySubquery:
    """Return the uids of the photos that belong to the job, for :func:`job_of`."""
    return ArraySubquery(
        File.objects.filter(subject_kind="job", subject_id=OuterRef("pk"))
        .order_by("id")
        .annotate(text=Func(F("uid"), template="(%(expressions)s)::text"))
        .values("text")
    )


def open_pause() -> Subquery:
    """Return the open pause of the job as JSON, for :func:`job_of`."""
    rows = Pause.objects.filter(job=OuterRef("pk"), resumed_at=None)
    return Subquery(
        rows.values(
            row=JSONObject(
                id="id",
                reason_code="reason_code",
                verdict="verdict",
                asked_by_id="asked_by_id",
                expected_at="expected_at",
                asked_at="asked_at",
            )
        )[:1]
    )


def steps_told() -> Told:
    """Return the steps carried out, for :func:`job_of`."""
    return Told(steps_done, lambda unit, job: [_step_row(row) for row in _steps_of(unit, job)])


def _steps_of(unit: Unit, job: Job) -> list[StepDone]:
    return unit.kin(StepDone, "job_id", job.pk, lambda: StepDone.objects.filter(job=job))


def _step_row(row: StepDone) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.step_code,
        "is_ok": row.is_ok,
        "is_critical": row.is_critical,
        "value": row.value,
    }


def _photos_of(unit: Unit, job: Job) -> list[File]:
    key = job.pk
    rows = unit.kin(File, "subject_id", key, lambda: File.objects.filter(subject_kind="job", subject_id=key))
    return [row for row in rows if row.subject_kind == "job"]


def labels_told() -> Told:
    """Return the labels of the job's photos, for :func:`job_of`."""
    return Told(photo_labels, lambda unit, job: [row.label for row in _photos_of(unit, job)])


def custody_told() -> Told:
    """Return which nodes of the chain of custody there are, for :func:`job_of`."""

    def sql() -> ArraySubquery:
        return ArraySubquery(CustodyScan.objects.filter(job=OuterRef("pk")).order_by("id").values("kind"))

    def of(unit: Unit, job: Job) -> list[str]:
        rows = unit.kin(CustodyScan, "job_id", job.pk, lambda: CustodyScan.objects.filter(job_id=job.pk))
        return [row.kind for row in rows]

    return Told(sql, of)


def uids_told() -> Told:
    """Return the uids of the job's photos, for :func:`job_of`."""
    return Told(photo_uids, lambda unit, job: [str(row.uid) for row in _photos_of(unit, job)])


def pause_told() -> Told:
    """Return the open pause as JSON, for :func:`job_of`."""
    return Told(open_pause, _pause_row)


def _pause_row(unit: Unit, job: Job) -> dict[str, Any] | None:
    row = open_pause_of(unit, job)
    if row is None:
        return None
    return {
        "id": row.pk,
        "reason_code": row.reason_code,
        "verdict": row.verdict,
        "asked_by_id": row.asked_by_id,
        "expected_at": row.expected_at.isoformat() if row.expected_at else None,
        "asked_at": row.asked_at.isoformat(),
    }


def where_of(job: Job) -> Where:
    """Return where a job stands, for the authority."""
    return Where(
        site_id=job.site_id,
        party_ids=(job.party_id,) if job.party_id else (),
        line_code=job.line_code,
        place_path=job.place_path,
        department_id=job.department_id,
        team_ids=(job.team_id,) if job.team_id else (),
        worker_ids=(job.worker_id,) if job.worker_id else (),
        owner_ids=(job.owner_id,) if job.owner_id else (),
        request_id=job.request_id,
        outside_id=job.outside_key,
    )


def fact_of(kind: type[Kind], job: Job, **facts: Any) -> Kind:
    """Return a fact about the job as it is now."""
    return kind(
        site_id=job.site_id,
        subject_id=job.pk,
        thread_id=job.request_id,
        number=job.number,
        state=job.state,
        assignment_key=job.assignment_key,
        edition_key=job.edition_id,
        priority_now=job.priority,
        **facts,
    )


def in_name_of(actor: Actor, account_id: int) -> Actor:
    """Return the actor with the name for which it acts; both are kept (domain 4.3.6)."""
    return actor if actor.account_id == account_id else actor.on_behalf_of(account_id)


def refuse_impossible_moment(unit: Unit, job: Job) -> None:
    """Refuse a reported moment that lies in the future or before the last thing that is known to have happened."""
    if unit.happened_at == unit.at:
        return
    if unit.happened_at > unit.at:
        raise Malformed(field="happened_at", problem="in_future")
    known = (job.opened_at, job.dispatched_at, job.accepted_at, job.arrived_at, job.started_at, job.finished_at)
    last = max(moment for moment in known if moment is not None)
    if unit.happened_at < last:
        raise Malformed(field="happened_at", problem="out_of_order", limit=last.isoformat())


def tell(unit: Unit, *, entry: UUID, fact: Fact, account_ids: Iterable[int | None]) -> None:
    """Queue a message in the house for each of these accounts, once."""
    for account_id in dict.fromkeys(account_ids):
        if account_id is not None:
            unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account_id)


def flagged(job: Job, *codes: str) -> list[str]:
    """Return the job's flags with these added."""
    return list(dict.fromkeys([*job.flags, *codes]))


def iso(moment: datetime | None) -> str:
    """Return a moment for a refusal."""
    return moment.isoformat() if moment else ""


@dataclass(frozen=True)
class StepNotGood:
    """A step as carried out that was not good and is not critical."""

    code: str
    name: str
    note: str


def steps_not_good(job_key: int, unit: Unit) -> tuple[StepNotGood, ...]:
    """Return the steps of a job that were not good and are not critical, for whoever reacts. Budget: 2 at most."""
    rows = unit.kin(StepDone, "job_id", job_key, lambda: StepDone.objects.filter(job_id=job_key).order_by("id"))
    bad = [row for row in rows if not row.is_ok and not row.is_critical]
    if not bad:
        return ()
    job = unit.by_key(Job, job_key, lambda: Job.objects.get(pk=job_key))
    names = {step["code"]: step.get("zh", step["code"]) for step in procedure_of(job.edition_id).steps}
    return tuple(StepNotGood(row.step_code, names.get(row.step_code, row.step_code), row.note) for row in bad)

"""The work itself: start, make safe, steps, evidence, done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import File, Holding
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code, priority_rules
from yingxu.standards.queries import procedure_of
from yingxu.work import steps
from yingxu.work.actions.moved import JobMoved
from yingxu.work.certified import require_certificate, require_papers
from yingxu.work.ends import custody_missing, is_identified, node_steps
from yingxu.work.events import EvidenceAdded, JobFinished, JobMadeSafe, JobStarted, StepCarriedOut
from yingxu.work.models import Job, StepDone
from yingxu.work.moves import move, perform, seen_by
from yingxu.work.outside import SIGNATURE, is_by_link, sign
from yingxu.work.refusals import EvidenceMissing, IllegalMove, ScanNeeded
from yingxu.work.snapshots import (
    Told,
    custody_told,
    fact_of,
    flagged,
    in_name_of,
    job_of,
    labels_told,
    refuse_impossible_moment,
    steps_told,
    tell,
    uids_told,
    where_of,
)

#: Evidence may be given while the worker is there, and late photos until it is judged.
AT_WORK = frozenset({"arrived", "in_progress", "paused"})
#: A photo older than this before the arrival is looked at (domain 5.4).
PHOTO_BEFORE_ARRIVAL = timedelta(minutes=15)


def start_job(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """Work began, by somebody whose papers count on that day.

    Records JobStarted. Refuses: NotAllowed, ReasonNeeded, IllegalMove, Stale, CertificateEnded. Budget: 3, 4 where the
    item asks for certificates.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, certificates=Told(lambda: F("item__certificates"), lambda _unit, _job: ()))
        worker_id = perform(unit, job, reason=reason)
        if job.state != "arrived":
            raise IllegalMove(from_state=job.state, to_state="in_progress", why="not_next")
        if unit.batch is None:  # what a log tells has been done, by whomever
            require_papers(job, getattr(job, "certificates", ()) or (), worker_id, at=unit.happened_at)
        move(unit, job, "in_progress", started_at=job.started_at or unit.happened_at)
        unit.record(fact_of(JobStarted, job, worker_id=worker_id))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def make_safe(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The danger is contained; said once. Records JobMadeSafe. Refuses: NotAllowed, IllegalMove, Stale. Budget: 4."""
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        perform(unit, job, reason=reason)
        if job.state not in AT_WORK or job.safe_at is not None:
            why = "already_there" if job.safe_at is not None else "not_next"
            raise IllegalMove(from_state=job.state, to_state=job.state, why=why)
        unit.change(job, seen=seen_by(unit), safe_at=unit.happened_at)
        unit.record(fact_of(JobMadeSafe, job))
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def carry_out_step(
    *,
    job_id: UUID,
    step_code: str,
    value: Any,
    actor: Actor,
    at: datetime,
    note: str = "",
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """A step of the procedure is carried out with its typed value; ``None`` with a note says that it could not be.

    A critical step that fails makes the job's quality 0 and alarms the team leader and the desk (AS-07). A step may be
    carried out again: the last value counts. Records StepCarriedOut. Refuses: NotAllowed, ReasonNeeded, UnknownStep,
    CertificateNeeded, StepValueRefused, ScanNeeded, IllegalMove, Stale. Budget: 3; 4 if it needs a certificate.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, done_rows=steps_told(), file_uids=uids_told())
        doer_id = unit.actor.account_id  # who really acts, before it is done in somebody's name
        worker_id = perform(unit, job, reason=reason)
        if job.state not in {"arrived", "in_progress"}:
            raise IllegalMove(from_state=job.state, to_state="in_progress", why="not_next")
        step = steps.step_of(procedure_of(job.edition_id).steps, step_code)
        require_certificate(step, doer_id, at=unit.happened_at)
        if value is not None and is_identified(job.request.form) and step in node_steps(procedure_of(job.edition_id)):
            raise ScanNeeded(step=step.get("zh", step_code), step_en=step.get("en", step_code))
        is_ok = steps.judge(step, value, note=note, photos=getattr(job, "file_uids", ()) or ())
        put_step(unit, job, step, value=value, is_ok=is_ok, note=note, worker_id=worker_id)
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def put_step(
    unit: Unit, job: Job, step: dict[str, Any], *, value: Any, is_ok: bool, note: str, worker_id: int | None
) -> None:
    """Keep the step's last value and what it means for the job's quality."""
    done: list[dict[str, Any]] = list(getattr(job, "done_rows", ()) or ())
    before = next((row for row in done if row["code"] == step["code"]), None)
    is_critical = bool(step.get("critical"))
    values = {
        "value": value,
        "is_ok": is_ok,
        "is_critical": is_critical,
        "done_by_id": worker_id,
        "done_at": unit.happened_at,
        "note": note,
    }
    if before is None:
        unit.insert(StepDone(job=job, step_code=step["code"], **values))
    else:
        unit.change(StepDone(id=before["id"]), **values)
        done.remove(before)
    done.append({"code": step["code"], "is_ok": is_ok, "is_critical": is_critical})
    unit.change(job, seen=seen_by(unit), quality_score=steps.quality(done))
    fact = fact_of(StepCarriedOut, job, step_code=step["code"], is_ok=is_ok, is_critical=is_critical)
    entry = unit.record(fact)
    if is_critical and not is_ok:
        tell(unit, entry=entry, fact=fact, account_ids=leader_and_desk(job))


def leader_and_desk(job: Job) -> list[int]:
    """Return who is alarmed when a critical step fails or help is asked: the team's leader and the desk. One query."""
    rows = Holding.objects.filter(site_id=job.site_id, ends_at=None, account__is_active=True, role__in=["TL", "DK"])
    found = rows.order_by("account_id").values_list("account_id", "role", "team_key", "party_id")
    return [
        account
        for account, role, team, party in found
        if (role == "TL" and team == job.team_id) or (role == "DK" and party in (None, job.party_id))
    ]


@dataclass(frozen=True)
class NewPhoto:
    """A stored photo: what it contains, what the device says of when it was taken."""

    sha256: str
    n_bytes: int
    media_type: str = "image/jpeg"
    taken_at: datetime | None = None


def add_evidence(
    *,
    job_id: UUID,
    photos: Sequence[NewPhoto],
    label: str,
    actor: Actor,
    at: datetime,
    signed_by: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """Photos belong to the job; ``label`` is the step they show (``before``, ``after`` …) and carries that step out.

    ``signed_by``: whose signature the photo shows.

    A photo older than the job, or long before the arrival, or with the content of one in another job is flagged, never
    blocked. Records EvidenceAdded. Refuses: NotAllowed, Malformed (no photo), IllegalMove, Stale. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, done_rows=steps_told(), reused=_reused(photos))
        authority.require(actor, "job.add_evidence", where=where_of(job))
        refuse_impossible_moment(unit, job)
        if not photos:
            raise Malformed(field="photo", problem="missing")
        if job.state not in AT_WORK | {"finished"}:
            raise IllegalMove(from_state=job.state, to_state=job.state, why="not_next")
        if job.worker_id is not None:
            unit.actor = in_name_of(actor, job.worker_id)
        codes = _photo_flags(job, photos)
        files = [
            unit.insert(
                File(
                    site_id=job.site_id,
                    sha256=photo.sha256,
                    media_type=photo.media_type,
                    n_bytes=photo.n_bytes,
                    subject_kind="job",
                    subject_id=job.pk,
                    label=label[:16],
                    sender=actor.key,
                    received_at=at,
                    taken_at=photo.taken_at,
                )
            )
            for photo in photos
        ]
        unit.change(job, seen=seen_by(unit), flags=flagged(job, *codes))
        name = signed_by.strip()[:60]
        unit.record(fact_of(EvidenceAdded, job, label=label, n=len(files), flags=codes, signed_by=name))
        step = steps.photo_step(procedure_of(job.edition_id).steps, label)
        if step is not None and job.state != "finished":
            uids = [str(file.uid) for file in files]
            put_step(unit, job, step, value=uids, is_ok=True, note="", worker_id=job.worker_id)
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def _reused(photos: Sequence[NewPhoto]) -> Told:
    hashes = [photo.sha256 for photo in photos]
    rows = File.objects.filter(sha256__in=hashes, subject_kind="job")

    def of(unit: Unit, job: Job) -> list[str]:
        found = [file for one in hashes for file in unit.kin(File, "sha256", one, lambda: rows)]
        return [file.sha256 for file in found if file.subject_kind == "job" and file.subject_id != job.pk]

    def sql() -> ArraySubquery:
        others = rows.exclude(subject_id=OuterRef("pk"))
        return ArraySubquery(others.order_by("id").values("sha256")[:10])

    return Told(sql, of)


def _photo_flags(job: Job, photos: Sequence[NewPhoto]) -> tuple[str, ...]:
    codes = ["photo_reused"] if getattr(job, "reused", None) else []
    oldest = max(job.opened_at, job.arrived_at - PHOTO_BEFORE_ARRIVAL) if job.arrived_at else job.opened_at
    if any(photo.taken_at is not None and photo.taken_at < oldest for photo in photos):
        codes.append("photo_old")
    return tuple(codes)


def finish_job(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    result_text: str = "",
    minutes: int | None = None,
    cause_code: str = "",
    signed_by: str = "",
    reason: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> JobMoved:
    """The worker says done and every mandatory step, photo and field is there; the asker may say yes or no until then.

    ``signed_by``: who signs for an outside company that finishes by its link; it cannot finish without.
    Records JobFinished and tells the asker. Nothing is closed by it. Refuses: NotAllowed, ReasonNeeded, IllegalMove,
    EvidenceMissing (all that is missing), Malformed (cause, minutes), Stale. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, done_rows=steps_told(), labels=labels_told(), custody_kinds=custody_told())
        worker_id = perform(unit, job, reason=reason)
        if job.state != "in_progress":
            move(unit, job, "finished")  # refuses by name: no other state leads here
        procedure = procedure_of(job.edition_id)
        _refuse_wrong_fields(job, cause_code=cause_code, minutes=minutes)
        missing = steps.missing_evidence(
            procedure.steps,
            procedure.evidence,
            done_codes={row["code"] for row in getattr(job, "done_rows", ()) or ()},
            photo_labels=set(getattr(job, "labels", ()) or ()),
            is_arrival_proven=job.arrival_proof in {"qr", "code", "asker"},
            is_repeat=job.request.repeat_of_id is not None or job.n_reopens > 0,
            cause_code=cause_code,
            minutes=minutes,
            values={row["code"]: row["value"] for row in getattr(job, "done_rows", ()) or ()},
        )
        missing = (*missing, *custody_missing(job, procedure, missing))
        if is_by_link(unit) and not signed_by.strip():
            missing = (*missing, SIGNATURE)
        if missing:
            raise EvidenceMissing(missing=missing)
        confirm_by = at + timedelta(seconds=priority_rules()[job.priority].confirm_window_s)
        move(
            unit,
            job,
            "finished",
            finished_at=unit.happened_at,
            finished_by_id=worker_id,
            confirm_by=confirm_by,
            successor_id=None,
            cause_code=cause_code,
            minutes=minutes,
            result_text=result_text.strip(),
        )
        if is_by_link(unit):
            sign(unit, job, signed_by)
        fact = fact_of(
            JobFinished,
            job,
            worker_id=worker_id,
            confirm_by=confirm_by,
            quality_score=job.quality_score,
            minutes=minutes,
        )
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.owner_id])
        unit.answer(JobMoved.of(job))
    return unit.answered(JobMoved)


def _refuse_wrong_fields(job: Job, *, cause_code: str, minutes: int | None) -> None:
    if minutes is not None and not 0 <= minutes <= 32_767:
        raise Malformed(field="minutes", problem="too_small" if minutes < 0 else "too_large", limit="0–32767")
    if not cause_code:
        return
    cause = by_code("cause_codes").get(cause_code)
    if cause is None or (cause["lines"] and job.line_code not in cause["lines"].split(";")):
        raise Malformed(field="cause", problem="unknown")

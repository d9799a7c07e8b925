"""Transport: a load is taken and given with two identifiers each; what held it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from yingxu.ground.actor import Actor
from yingxu.ground.models import Place
from yingxu.ground.refusals import Malformed
from yingxu.ground.unit import CommandKey, Unit
from yingxu.standards.library import by_code
from yingxu.standards.queries import procedure_of
from yingxu.work.actions.doing import put_step
from yingxu.work.custody import NAMES, marks_of, normal
from yingxu.work.ends import end_of, is_cold, is_start_unknown, node_steps, scanned_place
from yingxu.work.events import LoadGiven, LoadTaken, TransportDelayed, TransportWentOn
from yingxu.work.models import CustodyScan, Job, TransportDelay
from yingxu.work.moves import perform
from yingxu.work.refusals import AlreadyScanned, IdentifiersDiffer, IllegalMove, NotTaken, WrongPlace
from yingxu.work.snapshots import fact_of, job_of, steps_told, tell

#: What a step shows of a patient's number that agreed.
COVERED = "••••"
#: A load moves while its job is in hand at the place.
MOVING = frozenset({"arrived", "in_progress"})
_LEAST_C, _MOST_C = Decimal(-90), Decimal(60)


@dataclass(frozen=True)
class Scanned:
    """A node of the chain of custody."""

    number: str
    kind: str
    at: datetime


def take_load(
    *,
    job_id: UUID,
    identifiers: tuple[str, str],
    actor: Actor,
    at: datetime,
    place_code: str = "",
    label: str = "",
    counterpart: str = "",
    temperature_c: Decimal | None = None,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Scanned:
    """The load is in the worker's hands: both identifiers agree with what was asked for.

    ``identifiers``: a patient's name and number, or a load's code and count. Records LoadTaken. Refuses: NotAllowed,
    IllegalMove (not there yet), Malformed (an identifier missing), IdentifiersDiffer, AlreadyScanned, NotFound (place),
    Stale. Carries out the procedure's first scan. Budget: 7.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, done_rows=steps_told())
        worker_id = perform(unit, job, reason="")
        nodes = _nodes(job)
        if "taken" in nodes:
            raise AlreadyScanned(number=job.number, kind="taken")
        _require_moving(job)
        _require_reading(job, temperature_c)
        said = _clean(identifiers)
        asked = expected_of(job)
        differ = tuple(
            name for name, one, known in zip(NAMES, said, asked, strict=True) if known and one != normal(known)
        )
        if differ:
            raise IdentifiersDiffer(number=job.number, which=differ)
        place, proof = scanned_place(job.site_id, place_code)
        if place is not None and not _is_there(place, job.place_path) and not is_start_unknown(job):
            raise WrongPlace(scanned=place.full_name, place=job.place_name)
        is_patient = any(asked)
        code = "" if is_patient else label.strip() or identifiers[0].strip()
        _scan(
            unit,
            job,
            "taken",
            worker_id=worker_id,
            place=place,
            proof=proof,
            said=said,
            label=code,
            counterpart=counterpart,
            temperature_c=temperature_c,
        )
        _end_delay(unit, job, worker_id)
        _carry_out(unit, job, 0, label=code, worker_id=worker_id)
        unit.record(
            fact_of(
                LoadTaken,
                job,
                worker_id=worker_id,
                place_id=place.pk if place else None,
                proof=proof,
                label=code[:64],
                temperature_c=_said_c(temperature_c),
            )
        )
        unit.answer(Scanned(job.number, "taken", unit.happened_at))
    return unit.answered(Scanned)


def give_load(
    *,
    job_id: UUID,
    identifiers: tuple[str, str],
    counterpart: str,
    actor: Actor,
    at: datetime,
    place_code: str = "",
    temperature_c: Decimal | None = None,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Scanned:
    """The load is in the receiver's hands, or brought back where it was taken: both identifiers are those of then.

    ``counterpart``: who took it over. Records LoadGiven and tells the asker. Refuses: NotAllowed, NotTaken, Malformed,
    IdentifiersDiffer, AlreadyScanned, WrongPlace (the code is of another place than asked for), Stale. Budget: 6.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id, done_rows=steps_told())
        worker_id = perform(unit, job, reason="")
        nodes = _nodes(job)
        taken = nodes.get("taken")
        if taken is None:
            raise NotTaken(number=job.number)
        if "given" in nodes:
            raise AlreadyScanned(number=job.number, kind="given")
        _require_moving(job)
        _require_reading(job, temperature_c)
        said = _clean(identifiers)
        marks = marks_of(job.uid, said)
        differ = tuple(name for name, one, known in zip(NAMES, marks, taken.marks, strict=True) if one != known)
        if differ:
            raise IdentifiersDiffer(number=job.number, which=differ)
        if not counterpart.strip():
            raise Malformed(field="counterpart", problem="missing")
        if unit.happened_at < taken.scanned_at:
            raise Malformed(field="happened_at", problem="out_of_order", limit=taken.scanned_at.isoformat())
        place, proof = scanned_place(job.site_id, place_code)
        wanted = end_of(job)
        is_back = place is not None and place.path == _taken_at(job, taken) and place.path != (wanted and wanted.path)
        if place is not None and wanted is not None and not is_back and not _is_there(place, wanted.path):
            raise WrongPlace(scanned=place.full_name, place=wanted.full_name)
        _scan(
            unit,
            job,
            "given",
            worker_id=worker_id,
            place=place or wanted,
            proof=proof,
            said=said,
            label=taken.label,
            counterpart=counterpart,
            temperature_c=temperature_c,
        )
        _end_delay(unit, job, worker_id)
        _carry_out(unit, job, 1, label=taken.label, worker_id=worker_id)
        fact = fact_of(
            LoadGiven,
            job,
            worker_id=worker_id,
            place_id=place.pk if place else None,
            proof=proof,
            label=taken.label,
            carry_s=int((unit.happened_at - taken.scanned_at).total_seconds()),
            is_back=is_back,
            temperature_c=_said_c(temperature_c),
        )
        tell(unit, entry=unit.record(fact), fact=fact, account_ids=[job.owner_id])
        unit.answer(Scanned(job.number, "given", unit.happened_at))
    return unit.answered(Scanned)


def note_delay(
    *,
    job_id: UUID,
    reason_code: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Scanned:
    """The transport stands still for a reason that is somebody's matter; it ends with the next scan or by going on.

    Records TransportDelayed. Refuses: NotAllowed, Malformed (unknown reason), IllegalMove, AlreadyScanned (it stands
    still already), Stale. Budget: 5.
    """
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        worker_id = perform(unit, job, reason="")
        rule = by_code("transport_delays").get(reason_code)
        if rule is None:
            raise Malformed(field="reason", problem="unknown")
        _require_moving(job)
        if TransportDelay.objects.filter(job=job, ended_at=None).exists():
            raise AlreadyScanned(number=job.number, kind="delay")
        unit.insert(
            TransportDelay(
                job=job,
                reason_code=reason_code,
                accountable=rule["accountable"],
                note=note.strip()[:200],
                begun_at=unit.happened_at,
                account_id=worker_id,
            )
        )
        unit.record(
            fact_of(
                TransportDelayed,
                job,
                worker_id=worker_id,
                reason_code=reason_code,
                accountable=rule["accountable"],
            )
        )
        unit.answer(Scanned(job.number, "delay", unit.happened_at))
    return unit.answered(Scanned)


def go_on(
    *,
    job_id: UUID,
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    command: CommandKey | None = None,
) -> Scanned:
    """The transport that stood still goes on. Records TransportWentOn. Refuses: NotAllowed, Stale. Budget: 4."""
    with Unit(actor=actor, at=at, command=command, happened_at=happened_at) as unit:
        job = job_of(unit, job_id)
        worker_id = perform(unit, job, reason="")
        _end_delay(unit, job, worker_id)
        unit.answer(Scanned(job.number, "go_on", unit.happened_at))
    return unit.answered(Scanned)


def expected_of(job: Job) -> tuple[str, str]:
    """Return what the two identifiers must be, as far as the asker said; empty: what is read first counts."""
    form: dict[str, Any] = job.request.form
    return str(form.get("patient_name", "")), str(form.get("patient_no", ""))


def _taken_at(job: Job, taken: CustodyScan) -> str:
    """Return the path of where the load was taken: it may be brought back there when nobody can have it."""
    return taken.place.path if taken.place is not None else job.place_path


def _carry_out(unit: Unit, job: Job, end: int, *, label: str, worker_id: int) -> None:
    """Carry out the step of the procedure that this scan is; a patient's number is not kept."""
    step = node_steps(procedure_of(job.edition_id))[end]
    if step is not None:
        put_step(unit, job, step, value=label or COVERED, is_ok=True, note="", worker_id=worker_id)


def _require_moving(job: Job) -> None:
    if job.state not in MOVING:
        raise IllegalMove(from_state=job.state, to_state=job.state, why="not_next")


def _require_reading(job: Job, temperature_c: Decimal | None) -> None:
    """Blood and what else must stay cold changes hands with its temperature, at both ends."""
    if temperature_c is None and is_cold(procedure_of(job.edition_id)):
        raise Malformed(field="temperature_c", problem="missing")


def _nodes(job: Job) -> dict[str, CustodyScan]:
    return {row.kind: row for row in CustodyScan.objects.select_related("place").filter(job=job)}


def _clean(identifiers: tuple[str, str]) -> tuple[str, str]:
    said = (normal(identifiers[0]), normal(identifiers[1]))
    for one in said:
        if not one:
            raise Malformed(field="identifiers", problem="missing")
    return said


def _is_there(place: Place, path: str) -> bool:
    return not path or place.path.startswith(path) or path.startswith(place.path)


def _said_c(temperature_c: Decimal | None) -> str:
    return "" if temperature_c is None else f"{temperature_c:.1f}"


def _scan(
    unit: Unit,
    job: Job,
    kind: str,
    *,
    worker_id: int,
    place: Place | None,
    proof: str,
    said: tuple[str, str],
    label: str,
    counterpart: str,
    temperature_c: Decimal | None,
) -> None:
    if temperature_c is not None and not _LEAST_C <= temperature_c <= _MOST_C:
        raise Malformed(field="temperature_c", problem="too_large", limit="-90–60")
    unit.insert(
        CustodyScan(
            job=job,
            kind=kind,
            account_id=worker_id,
            place_id=place.pk if place else None,
            proof=proof,
            marks=marks_of(job.uid, said),
            label=label[:64],
            counterpart=counterpart.strip()[:64],
            temperature_c=temperature_c,
            scanned_at=unit.happened_at,
        )
    )


def _end_delay(unit: Unit, job: Job, worker_id: int) -> None:
    row = TransportDelay.objects.filter(job=job, ended_at=None).first()
    if row is None:
        return
    stood_s = max(0, int((unit.happened_at - row.begun_at).total_seconds()))
    unit.change(row, ended_at=max(unit.happened_at, row.begun_at))
    unit.record(
        fact_of(
            TransportWentOn,
            job,
            worker_id=worker_id,
            reason_code=row.reason_code,
            accountable=row.accountable,
            stood_s=stood_s,
        )
    )

"""Verbs of a request's form: the identifiers of a patient are read by who does the job, and every look is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.demand.asked import asked_fields
from yingxu.demand.events import PatientSeen
from yingxu.demand.reads import request_by_uid, where_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import Unit

_SEE = "patient.see_identifiers"
#: Public states in which somebody comes or works.
_WORKED_ON = frozenset({"dispatched", "accepted", "en_route", "arrived", "in_progress", "paused"})


@dataclass(frozen=True)
class SeenField:
    """An identifier as it was given."""

    name: str
    name_en: str
    value: str


@dataclass(frozen=True)
class PatientShown:
    """The identifiers of the patient whom a request is about."""

    number: str
    fields: tuple[SeenField, ...]


def see_patient(*, request_id: UUID, actor: Actor, at: datetime, reason: str = "") -> PatientShown:
    """Who does the job knows the patient's identifiers while the work goes on; that somebody looked is kept.

    Records PatientSeen (which fields, not what they say). Refuses: NotFound (also for strangers to the job, and when
    the work is over), ReasonNeeded. Budget: 3.
    """
    with Unit(actor=actor, at=at) as unit:
        request = request_by_uid(unit, request_id)
        where = where_of(request)
        if not authority.may(actor, _SEE, where=where):
            raise NotFound(kind="patient", name=str(request_id))
        authority.require(actor, _SEE, where=where, reason=reason)
        if authority.is_bound(actor, _SEE, "job_active", where=where) and request.shown_state not in _WORKED_ON:
            raise NotFound(kind="patient", name=str(request_id))
        item = request.item
        shown = (
            [
                field
                for field in asked_fields(item.code, item.form, request.form, uncovered=True)
                if field.kind == "person"
            ]
            if item is not None
            else []
        )
        unit.record(
            PatientSeen(
                site_id=request.site_id,
                subject_id=request.pk,
                thread_id=request.pk,
                fields=tuple(field.code for field in shown),
                reason=reason,
            )
        )
        unit.answer(
            PatientShown(request.number, tuple(SeenField(field.name, field.name_en, field.value) for field in shown))
        )
    return unit.answered(PatientShown)

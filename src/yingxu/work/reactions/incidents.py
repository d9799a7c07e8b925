"""What emergencies do when something critical is asked for: an incident is proposed; a person has to confirm it."""

from __future__ import annotations

from datetime import datetime

from yingxu.ground.manner import manner
from yingxu.ground.queries import PlaceRow
from yingxu.ground.unit import Unit
from yingxu.work.emergencies import kind_of_item
from yingxu.work.events.incidents import IncidentProposed
from yingxu.work.incidents import fact_of_incident
from yingxu.work.models.incidents import Incident
from yingxu.work.models.jobs import Job


def propose_incident(
    *,
    site_id: int,
    request_key: int,
    item_codes: tuple[str, ...],
    place_id: int | None,
    place: PlaceRow | None,
    reported_at: datetime,
    unit: Unit,
) -> None:
    """A critical request of such an item may be an emergency: proposed, nothing runs yet. Records IncidentProposed.

    What is retold from a log proposes nothing. Budget: no query.
    """
    kind = next((found for found in map(kind_of_item, item_codes) if found), "")
    if not kind or manner().is_muted:
        return
    row = unit.insert(
        Incident(
            site_id=site_id,
            kind=kind,
            request_id=request_key,
            place_id=place_id,
            place_name=place.full_name if place else "",
            place_name_en=place.full_name_en if place else "",
            reported_at=reported_at,
            changed_at=unit.at,
        )
    )
    unit.record(fact_of_incident(IncidentProposed, row))


def propose_raised(*, request_key: int, unit: Unit) -> None:
    """A request became critical: what its first job is about may be an emergency. Records IncidentProposed.

    Budget: two queries.
    """
    if manner().is_muted:
        return
    fetched = Job.objects.filter(request_id=request_key).select_related("item", "request").order_by("id")
    jobs = unit.kin(Job, "request_id", request_key, lambda: fetched)
    kind = kind_of_item(jobs[0].item.code) if jobs else ""
    known = unit.kin(Incident, "request_id", request_key, lambda: Incident.objects.filter(request_id=request_key))
    if not kind or known:
        return
    job = jobs[0]
    row = unit.insert(
        Incident(
            site_id=job.site_id,
            kind=kind,
            request_id=request_key,
            place_id=job.place_id,
            place_name=job.place_name,
            place_name_en=job.place_name_en,
            reported_at=job.request.created_at,
            changed_at=unit.at,
        )
    )
    unit.record(fact_of_incident(IncidentProposed, row))

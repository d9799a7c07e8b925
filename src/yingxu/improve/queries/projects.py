"""Questions about improvement projects: the list, one with its evidence, what a piece of evidence is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.improve.models import Evidence, Project, ProjectState
from yingxu.improve.sources import SOURCES, source_named

#: What a list can be narrowed to.
SHOWN = ("proposed", "going", "ended")
_STATES = {"proposed": ("proposed",), "going": ("approved", "under_way"), "ended": ("done", "declined")}


@dataclass(frozen=True)
class ProjectRow:
    """A project as a list shows it."""

    id: UUID
    title: str
    state: str
    line_code: str
    place_name: str
    place_name_en: str
    owner_name: str
    owner_name_en: str
    proposed_by: str
    proposed_by_en: str
    proposed_at: datetime
    n_evidence: int


@dataclass(frozen=True)
class ProjectPage:
    """A page of projects, the newest first."""

    rows: tuple[ProjectRow, ...]
    next: str


def projects(actor: Actor, site_id: int, *, shown: str = "proposed", after: str = "", limit: int = 25) -> ProjectPage:
    """Return projects that the actor may see, the newest first. Refuses: NotAllowed, Malformed. Budget: one query."""
    authority.require(actor, "project.read", where=Where(site_id))
    rows = _seen(actor).filter(site_id=site_id, state__in=_STATES.get(shown, ()))
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Malformed(field="after", problem="wrong_type")
        rows = rows.filter(id__lt=int(after))
    found = list(rows.order_by("-id")[: limit + 1])
    last = str(found[limit - 1].pk) if len(found) > limit else ""
    return ProjectPage(tuple(_row(one) for one in found[:limit]), last)


def _seen(actor: Actor) -> QuerySet[Project]:
    rows = Project.objects.filter(authority.visible(actor, "project.read"))
    rows = rows.select_related("place", "owner", "proposed_by")
    return rows.annotate(n_evidence=Count("evidence", filter=Q(evidence__is_active=True)))


def _row(one: Project) -> ProjectRow:
    place = one.place
    return ProjectRow(
        one.uid,
        one.title,
        one.state,
        one.line_code,
        place.full_name if place is not None else "",
        place.full_name_en if place is not None else "",
        one.owner.name,
        one.owner.name_en,
        one.proposed_by.name,
        one.proposed_by.name_en,
        one.proposed_at,
        getattr(one, "n_evidence", 0),
    )


@dataclass(frozen=True)
class EvidenceRow:
    """A piece of evidence: what it is, what it says, where it is looked at (by sort and id), why it speaks for this."""

    id: UUID | None
    source: str
    target: str
    label: str
    sentence: str
    linked_by: str
    linked_at: datetime | None


@dataclass(frozen=True)
class ProjectDetail:
    """One project with its evidence and its decision, and what the actor may do."""

    row: ProjectRow
    change: str
    decision: str
    decided_by: str
    decided_at: datetime | None
    started_at: datetime | None
    done_at: datetime | None
    result: str
    evidence: tuple[EvidenceRow, ...]
    may_link: bool
    may_decide: bool
    #: The actor decides on projects, and proposed this one: another decides.
    is_own: bool
    may_start: bool
    may_finish: bool


def project_for(actor: Actor, project_id: UUID) -> ProjectDetail:
    """Return one project. Refuses: NotFound (also to who may not see it). Budget: two queries."""
    one = _seen(actor).select_related("place", "owner", "proposed_by", "decided_by").filter(uid=project_id).first()
    if one is None:
        raise NotFound(kind="project", name=str(project_id))
    where = Where(
        one.site_id,
        party_ids=tuple(one.party_keys),
        line_code=one.line_code,
        place_path=one.place_path,
        owner_ids=(one.owner_id,),
    )
    is_proposed = one.state == ProjectState.PROPOSED
    decides = is_proposed and authority.may(actor, "project.approve", where=where)
    carries = authority.may(actor, "project.carry", where=where)
    is_own = actor.account_id == one.proposed_by_id
    rows = Evidence.objects.filter(project=one, is_active=True)
    rows = rows.select_related("request", "voice", "finding", "group", "outlook", "linked_by").order_by("id")
    return ProjectDetail(
        _row(one),
        one.change,
        one.decision,
        one.decided_by.name if one.decided_by is not None else "",
        one.decided_at,
        one.started_at,
        one.done_at,
        one.result,
        tuple(_evidence(row) for row in rows),
        is_proposed and authority.may(actor, "project.propose", where=where),
        decides and not is_own,
        decides and is_own,
        one.state == ProjectState.APPROVED and carries,
        one.state == ProjectState.UNDER_WAY and carries,
    )


def _evidence(row: Evidence) -> EvidenceRow:
    source = next(name for name in SOURCES if getattr(row, f"{name}_id") is not None)
    target, label = _told(row)
    return EvidenceRow(row.uid, source, target, label, row.sentence, row.linked_by.name, row.linked_at)


def _told(row: Evidence) -> tuple[str, str]:
    """Return where a piece of evidence is looked at, and what it says."""
    if row.request is not None:
        return str(row.request.uid), f"{row.request.number} {row.request.text}"[:120]
    if row.voice is not None:
        return str(row.voice.uid), row.voice.text[:120]
    if row.finding is not None:
        return str(row.finding.uid), row.finding.text[:120]
    if row.group is not None:
        return str(row.group.rank), f"{'、'.join(row.group.words)} (n={row.group.n})"[:120]
    if row.outlook is not None:
        return row.outlook.line_code, f"{row.outlook.line_code} {row.outlook.made_on:%Y-%m-%d} (n={row.outlook.n})"
    return "", ""


def evidence_named(actor: Actor, site_id: int, source: str, name: str) -> EvidenceRow:
    """Return a piece of demand as evidence that is not linked yet. Refuses: NotFound, Malformed. Budget: one query."""
    found = source_named(actor, site_id, source, name)
    target, label = _told(Evidence(site_id=site_id, **{source: found}))
    return EvidenceRow(None, source, target, label, "", "", None)


def proposed_projects(actor: Actor, site_id: int, *, limit: int = 40) -> tuple[ProjectRow, ...]:
    """Return projects that evidence can be linked to. Refuses: NotAllowed. Budget: one query."""
    return projects(actor, site_id, shown="proposed", limit=limit).rows


def project_of_key(actor: Actor, key: int) -> UUID | None:
    """Return the public id of a project that the actor may see. Budget: one query."""
    seen = Project.objects.filter(authority.visible(actor, "project.read"), pk=key)
    return seen.values_list("uid", flat=True).first()

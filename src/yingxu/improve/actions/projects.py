"""Verbs of improvement projects: proposed with evidence of demand, approved by another, carried through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.models import Account, Holding, Place
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.improve.events import (
    EvidenceLinked,
    EvidenceUnlinked,
    ProjectDecided,
    ProjectDone,
    ProjectFact,
    ProjectProposed,
    ProjectStarted,
)
from yingxu.improve.models import Evidence, Project, ProjectState
from yingxu.improve.refusals import EvidenceMissing, EvidenceThere, ProjectNotThere
from yingxu.improve.sources import SOURCES, source_named
from yingxu.standards.library import by_code

TITLE_LIMIT, TEXT_LIMIT, SENTENCE_LIMIT = 100, 2000, 300


@dataclass(frozen=True)
class NewEvidence:
    """A piece of demand as it is called: its sort, its number or uid, and why it speaks for the project."""

    source: str
    name: str
    sentence: str


@dataclass(frozen=True)
class ProjectKept:
    """A project and where it stands."""

    id: UUID
    state: str


def propose_project(
    *,
    site_id: int,
    title: str,
    change: str,
    line: str = "",
    place: str = "",
    owner: str = "",
    evidence: Sequence[NewEvidence] = (),
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> ProjectKept:
    """Somebody proposes to change something; who decides is told. Without an owner who proposes it carries it through.

    Evidence may come later, not after the decision. Records ProjectProposed, EvidenceLinked.
    Refuses: NotAllowed, Malformed, NotFound. Budget: 2, and one each for place, owner and piece of evidence.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        line_code = line if line in by_code("lines") else ""
        authority.require(actor, "project.propose", where=Where(site_id, line_code=line_code))
        for field, said, limit in (("title", title, TITLE_LIMIT), ("change", change, TEXT_LIMIT)):
            if not said.strip() or len(said.strip()) > limit:
                raise Malformed(field=field, problem="too_long" if said.strip() else "missing", limit=str(limit))
        found = Place.objects.filter(site_id=site_id, code=place.strip()).first() if place.strip() else None
        if place.strip() and found is None:
            raise NotFound(kind="place", name=place)
        carries = _account(site_id, owner, at) if owner.strip() else None
        if (owner.strip() and carries is None) or actor.account_id is None:
            raise NotFound(kind="account", name=owner or actor.name)
        project = unit.insert(
            Project(
                site_id=site_id,
                title=title.strip(),
                change=change.strip(),
                line_code=line_code,
                place=found,
                place_path=found.path if found is not None else "",
                party_keys=sorted({held.party_id for held in actor.holdings if held.party_id}),
                owner_id=carries.pk if carries is not None else actor.account_id,
                proposed_by_id=actor.account_id,
                proposed_at=at,
            )
        )
        fact = ProjectProposed(**_about(project), title=project.title, n_evidence=len(evidence))
        _tell(unit, fact, _deciders(site_id, at) - {actor.account_id})
        for one in evidence:
            _link(unit, project, one)
        unit.answer(ProjectKept(project.uid, project.state))
    return unit.answered(ProjectKept)


def link_evidence(
    *, project_id: UUID, evidence: NewEvidence, actor: Actor, at: datetime, command: CommandKey | None = None
) -> ProjectKept:
    """A piece of demand stands with the project, with a sentence. Records EvidenceLinked.

    Refuses: NotAllowed, NotFound, Malformed, ProjectNotThere, EvidenceThere. Budget: 4.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        project = _project(project_id, actor)
        authority.require(actor, "project.propose", where=_where(project))
        _require_state(project, ProjectState.PROPOSED)
        _link(unit, project, evidence)
        unit.answer(ProjectKept(project.uid, project.state))
    return unit.answered(ProjectKept)


def unlink_evidence(*, evidence_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> ProjectKept:
    """A piece of evidence no longer stands with a project that is only proposed. Records EvidenceUnlinked.

    Refuses: NotAllowed, NotFound, ProjectNotThere. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        row = Evidence.objects.select_related("project").filter(uid=evidence_id, is_active=True).first()
        if row is None:
            raise NotFound(kind="evidence", name=str(evidence_id))
        project = _project(row.project.uid, actor)
        authority.require(actor, "project.propose", where=_where(project))
        _require_state(project, ProjectState.PROPOSED)
        unit.change(row, seen=["is_active"], is_active=False)
        # a decision at the same moment counts the evidence: one of the two is refused
        unit.change(project, seen=["state"], state=project.state)
        unit.record(EvidenceUnlinked(**_about(project), title=project.title, source=_source_of(row)))
        unit.answer(ProjectKept(project.uid, project.state))
    return unit.answered(ProjectKept)


def approve_project(
    *, project_id: UUID, words: str = "", actor: Actor, at: datetime, command: CommandKey | None = None
) -> ProjectKept:
    """The project may begin, on the evidence of demand that stands with it; who proposed it does not decide.

    Records ProjectDecided. Refuses: NotAllowed, OwnWork, NotFound, ProjectNotThere, EvidenceMissing. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        project = _project(project_id, actor)
        _require_decider(project, actor)
        n = Evidence.objects.filter(project=project, is_active=True).count()
        if not n:
            raise EvidenceMissing(title=project.title)
        _decide(unit, project, ProjectState.APPROVED, words.strip()[:TEXT_LIMIT], n)
    return unit.answered(ProjectKept)


def decline_project(
    *, project_id: UUID, words: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> ProjectKept:
    """It does not come, and why. Records ProjectDecided.

    Refuses: NotAllowed, OwnWork, NotFound, ProjectNotThere, Malformed. Budget: 3.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        project = _project(project_id, actor)
        _require_decider(project, actor)
        said = words.strip()[:TEXT_LIMIT]
        if not said:
            raise Malformed(field="reason", problem="missing")
        _decide(unit, project, ProjectState.DECLINED, said, project.evidence.filter(is_active=True).count())
    return unit.answered(ProjectKept)


def start_project(*, project_id: UUID, actor: Actor, at: datetime, command: CommandKey | None = None) -> ProjectKept:
    """It is under way. Records ProjectStarted. Refuses: NotAllowed, NotFound, ProjectNotThere. Budget: 2."""
    with Unit(actor=actor, at=at, command=command) as unit:
        project = _project(project_id, actor)
        authority.require(actor, "project.carry", where=_where(project))
        _require_state(project, ProjectState.APPROVED)
        unit.change(project, seen=["state"], state=ProjectState.UNDER_WAY, started_at=at)
        unit.record(ProjectStarted(**_about(project), title=project.title))
        unit.answer(ProjectKept(project.uid, project.state))
    return unit.answered(ProjectKept)


def finish_project(
    *, project_id: UUID, result: str, actor: Actor, at: datetime, command: CommandKey | None = None
) -> ProjectKept:
    """What was to change is changed, as its owner says; who proposed it is told. Records ProjectDone.

    Refuses: NotAllowed, NotFound, ProjectNotThere, Malformed. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        project = _project(project_id, actor)
        authority.require(actor, "project.carry", where=_where(project))
        _require_state(project, ProjectState.UNDER_WAY)
        said = result.strip()[:TEXT_LIMIT]
        if not said:
            raise Malformed(field="result", problem="missing")
        unit.change(project, seen=["state"], state=ProjectState.DONE, done_at=at, result=said)
        fact = ProjectDone(**_about(project), title=project.title, result=said)
        _tell(unit, fact, {project.proposed_by_id} - {actor.account_id})
        unit.answer(ProjectKept(project.uid, project.state))
    return unit.answered(ProjectKept)


def _project(project_id: UUID, actor: Actor) -> Project:
    seen = Project.objects.filter(authority.visible(actor, "project.read"), uid=project_id)
    project = seen.first()
    if project is None:
        raise NotFound(kind="project", name=str(project_id))
    return project


def _where(project: Project) -> Where:
    return Where(
        project.site_id,
        party_ids=tuple(project.party_keys),
        line_code=project.line_code,
        place_path=project.place_path,
        owner_ids=(project.owner_id,),
    )


def _about(project: Project) -> dict[str, int]:
    return {"site_id": project.site_id, "subject_id": project.pk, "thread_id": project.pk}


def _require_state(project: Project, state: ProjectState) -> None:
    if project.state != state:
        raise ProjectNotThere(state=project.state)


def _require_decider(project: Project, actor: Actor) -> None:
    authority.require(actor, "project.approve", where=_where(project))
    authority.refuse_own_work(actor, (project.proposed_by_id,), action="project.approve")
    _require_state(project, ProjectState.PROPOSED)


def _decide(unit: Unit, project: Project, state: ProjectState, words: str, n: int) -> None:
    decided: dict[str, Any] = {"decided_by_id": unit.actor.account_id, "decided_at": unit.at, "decision": words}
    unit.change(project, seen=["state"], state=state, **decided)
    fact = ProjectDecided(**_about(project), title=project.title, state=state.value, words=words, n_evidence=n)
    _tell(unit, fact, {project.proposed_by_id, project.owner_id} - {unit.actor.account_id})
    unit.answer(ProjectKept(project.uid, project.state))


def _link(unit: Unit, project: Project, one: NewEvidence) -> None:
    sentence = one.sentence.strip()
    if not sentence or len(sentence) > SENTENCE_LIMIT:
        problem = "too_long" if sentence else "missing"
        raise Malformed(field="sentence", problem=problem, limit=str(SENTENCE_LIMIT))
    found = source_named(unit.actor, project.site_id, one.source, one.name)
    named: dict[str, Any] = {one.source: found}
    if Evidence.objects.filter(project_id=project.pk, is_active=True, **named).exists():
        raise EvidenceThere(source=one.source)
    unit.insert(
        Evidence(
            site_id=project.site_id,
            project_id=project.pk,
            sentence=sentence,
            linked_by_id=unit.actor.account_id or 0,
            linked_at=unit.at,
            **named,
        )
    )
    unit.record(EvidenceLinked(**_about(project), title=project.title, source=one.source, sentence=sentence))


def _source_of(row: Evidence) -> str:
    return next(name for name in SOURCES if getattr(row, f"{name}_id") is not None)


def _tell(unit: Unit, fact: ProjectFact, accounts: Collection[int | None]) -> None:
    entry = unit.record(fact)
    for account in sorted(key for key in accounts if key is not None):
        unit.deliver(entry=entry, fact=fact, channel="in_app", to_account_id=account)


def _held(site_id: int, at: datetime) -> Any:
    held = Holding.objects.filter(site_id=site_id, account__is_active=True, starts_at__lte=at)
    return held.filter(Q(ends_at=None) | Q(ends_at__gt=at))


def _deciders(site_id: int, at: datetime) -> set[int | None]:
    return set(_held(site_id, at).filter(role="HD").values_list("account_id", flat=True))


def _account(site_id: int, username: str, at: datetime) -> Account | None:
    """Return who works here by account name. Budget: one query."""
    staff = _held(site_id, at).filter(account__username=username.strip(), role__in=["TL", "LM", "PM", "HO", "HD"])
    holding = staff.select_related("account").first()
    return holding.account if holding is not None else None

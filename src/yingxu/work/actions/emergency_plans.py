"""The hospital's own emergency plan of a kind: whom to call in which order, and the limits that hold here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import Malformed, NotFound
from yingxu.ground.unit import CommandKey, Unit
from yingxu.work.emergencies import BRANCHES, Step, is_kind, rules_of
from yingxu.work.events.incidents import EmergencyPlanMade
from yingxu.work.models.incidents import EmergencyPlan
from yingxu.work.refusals.incidents import BadCallTree

MOST_LEVELS = 12
#: A wait for one level lies between these (seconds), the tries between one and so many.
LEAST_WAIT_S, MOST_WAIT_S, MOST_TRIES = 10, 1800, 9
_LEAST_LIMIT_S, _MOST_LIMIT_S = 10, 24 * 3600


@dataclass(frozen=True)
class PlanMade:
    """The edition that holds now."""

    uid: UUID
    n_levels: int


def make_plan(
    *,
    site_id: int,
    kind: str,
    tree: Sequence[Step],
    limits: Mapping[str, int],
    actor: Actor,
    at: datetime,
    command: CommandKey | None = None,
) -> PlanMade:
    """The site has its own call tree and limits for a kind from now on; incidents that run keep theirs.

    A legal limit is one of those the law knows (30 or 60 minutes), never the house's own. Records EmergencyPlanMade.
    Refuses: NotAllowed, NotFound, BadCallTree, Malformed. Budget: one write.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "emergency_plan.manage", where=Where(site_id))
        if not is_kind(kind):
            raise NotFound(kind="emergency", name=kind)
        checked = _checked(tree)
        row = unit.insert(
            EmergencyPlan(
                site_id=site_id,
                kind=kind,
                tree=[asdict(step) for step in checked],
                limits=_limits(kind, limits),
                made_by_id=actor.account_id,
                made_at=at,
            )
        )
        unit.record(
            EmergencyPlanMade(
                site_id=site_id, subject_id=row.pk, thread_id=row.pk, incident_kind=kind, n_levels=len(checked)
            )
        )
        unit.answer(PlanMade(row.uid, len(checked)))
    return unit.answered(PlanMade)


def _checked(tree: Sequence[Step]) -> tuple[Step, ...]:
    if not any(step.branch == BRANCHES[0] for step in tree):
        raise BadCallTree(level=0, problem="empty")
    if len(tree) > MOST_LEVELS:
        raise BadCallTree(level=len(tree), problem="too_many")
    for place, step in enumerate(tree, 1):
        if step.branch not in BRANCHES or not step.name.strip():
            raise BadCallTree(level=place, problem="no_name")
        if not LEAST_WAIT_S <= step.wait_s <= MOST_WAIT_S:
            raise BadCallTree(level=place, problem="wait")
        if not 1 <= step.max_tries <= MOST_TRIES:
            raise BadCallTree(level=place, problem="tries")
    return tuple(sorted(tree, key=lambda step: BRANCHES.index(step.branch)))


def _limits(kind: str, given: Mapping[str, int]) -> dict[str, int]:
    rules, found = rules_of(kind), {}
    for code, limit_s in given.items():
        rule = rules.get(code)
        if rule is None or rule.limit.limit_s is None:
            raise Malformed(field="limit", problem="unknown")
        if rule.is_legal:
            if limit_s not in (rule.limit.limit_s, rule.elsewhere_s):
                raise Malformed(field="limit", problem="out_of_range", limit=str(rule.limit.limit_s // 60))
        elif not _LEAST_LIMIT_S <= limit_s <= _MOST_LIMIT_S:
            raise Malformed(field="limit", problem="out_of_range", limit=str(_MOST_LIMIT_S // 60))
        if limit_s != rule.limit.limit_s:
            found[code] = limit_s
    return found

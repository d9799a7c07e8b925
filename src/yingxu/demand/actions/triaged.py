"""What people made of a proposal is kept with the decision; versions that learned from it are used or taken back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import numpy as np

from yingxu.demand.events import VersionLearned, VersionUsed
from yingxu.demand.models import Request, TriageProposal, TriageVersion
from yingxu.demand.refusals import VersionIsWorse, VersionOfOtherRelease
from yingxu.demand.triage.tables import shipped_digest
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotFound
from yingxu.ground.unit import CommandKey, Unit

#: One decision in so many is never learned from: it judges.
HOLD_OUT = 4


@dataclass(frozen=True)
class Proposed:
    """What was shown to the person who decides; ``is_danger_said``: what he said about danger himself, if he did."""

    version: int
    item_code: str
    priority: int
    place_code: str
    is_danger: bool
    confidence: float
    words: tuple[str, ...]
    is_danger_said: bool | None = None

    def at_least(self, urgency: int) -> int:
        """Return an urgency 1..4 that is never below urgent where somebody said that there is danger (domain 2.1)."""
        return min(urgency, 2) if self.is_danger_said else urgency


def keep_proposal(
    unit: Unit, request: Request, proposed: Proposed, *, item_code: str, priority: int, place_code: str
) -> None:
    """Keep what was proposed beside what was decided; one text in `HOLD_OUT` is set aside by its number's digest."""
    digest = sha256(request.text.strip().encode("utf-8", "surrogatepass")).digest()
    unit.insert(
        TriageProposal(
            site_id=request.site_id,
            request_id=request.pk,
            version=proposed.version,
            item_code=proposed.item_code,
            priority=proposed.priority,
            place_code=proposed.place_code,
            is_danger=proposed.is_danger,
            confidence=proposed.confidence,
            words=[word[:64] for word in proposed.words],
            decided_item_code=item_code,
            decided_priority=priority,
            decided_place_code=place_code,
            decided_is_danger=proposed.is_danger_said,
            is_held_out=digest[0] % HOLD_OUT == 0,
            decided_by_id=unit.actor.account_id,
            decided_at=unit.at,
        )
    )


@dataclass(frozen=True)
class VersionKept:
    """A version's public id, its number and state."""

    id: UUID
    number: int
    state: str


def keep_version(
    *,
    site_id: int,
    learned: Mapping[str, Any],
    n_lessons: int,
    n_held_out: int,
    up_to: int,
    figures: Mapping[str, Mapping[str, float]],
    worse: tuple[str, ...],
    actor: Actor,
    at: datetime,
) -> VersionKept:
    """A learned version waits for a person's word, or is refused because it reads held-out texts worse.

    Records VersionLearned. Refuses: NotAllowed. Budget: one read, one write.
    """
    with Unit(actor=actor, at=at) as unit:
        authority.require(actor, "triage.learn", where=Where(site_id))
        last = TriageVersion.objects.filter(site_id=site_id).order_by("-number").values_list("number", flat=True)
        packed = io.BytesIO()
        np.savez_compressed(packed, **dict(learned))
        version = unit.insert(
            TriageVersion(
                site_id=site_id,
                number=(last.first() or 0) + 1,
                state="refused" if worse else "ready",
                base=shipped_digest(),
                learned=packed.getvalue(),
                n_lessons=n_lessons,
                n_held_out=n_held_out,
                up_to=up_to,
                figures={name: dict(values) for name, values in figures.items()},
                worse=list(worse),
                made_at=at,
            )
        )
        unit.record(
            VersionLearned(
                site_id=site_id,
                subject_id=version.pk,
                thread_id=version.pk,
                number=version.number,
                state=version.state,
                n_lessons=n_lessons,
                n_held_out=n_held_out,
            )
        )
        unit.answer(VersionKept(version.uid, version.number, version.state))
    return unit.answered(VersionKept)


def use_version(
    *, site_id: int, number: int, actor: Actor, at: datetime, command: CommandKey | None = None
) -> VersionKept:
    """From now on this version reads the site's texts; 0 goes back to what came with the release.

    Records VersionUsed. Refuses: NotAllowed, NotFound, VersionIsWorse, VersionOfOtherRelease, Stale. Budget: 2.
    """
    with Unit(actor=actor, at=at, command=command) as unit:
        authority.require(actor, "triage.manage", where=Where(site_id))
        unit.locking()
        rows = TriageVersion.objects.select_for_update().filter(site_id=site_id).defer("learned").order_by("id")
        known = {row.number: row for row in rows}
        before = next((row for row in known.values() if row.state == "in_use"), None)
        after = known.get(number)
        if number and after is None:
            raise NotFound(kind="triage_version", name=str(number))
        if after is not None and after.state == "refused":
            raise VersionIsWorse(number=number)
        if after is not None and after.base != shipped_digest():
            raise VersionOfOtherRelease(number=number)
        if before is not None and before is not after:
            # at once, not with the rest: two in use at one instant break the constraint
            before.state, before.decided_by_id, before.decided_at = "retired", actor.account_id, at
            before.save(update_fields=["state", "decided_by", "decided_at"])
        if after is not None:
            unit.change(after, seen=["state"], state="in_use", decided_by_id=actor.account_id, decided_at=at)
        subject = after or before
        if subject is not None:
            unit.record(
                VersionUsed(
                    site_id=site_id,
                    subject_id=subject.pk,
                    thread_id=subject.pk,
                    number=number,
                    before=before.number if before else 0,
                )
            )
        unit.answer(VersionKept(subject.uid if subject else UUID(int=0), number, "in_use"))
    return unit.answered(VersionKept)

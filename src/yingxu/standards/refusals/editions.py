"""What an edition of a standard may be refused for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from yingxu.core.procedure import Finding
from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class TextRefused(Refusal):
    """The text of a standard has faults, or lacks what a whole one has; each is named. Nothing was saved."""

    code: ClassVar[str] = "standard_text_refused"
    status: ClassVar[int] = 422
    findings: tuple[Finding, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return the faults as ``code at part``."""
        return {"findings": [f"{found.code}:{found.part}:{found.at}:{found.name}" for found in self.findings]}


@dataclass(unsafe_hash=True)
class EditedMeanwhile(Refusal):
    """Somebody else saved the draft after this one was opened. Nothing was saved; both texts are still there."""

    code: ClassVar[str] = "edited_meanwhile"
    name: str = ""
    saved_at: str = ""


@dataclass(unsafe_hash=True)
class WrongStage(Refusal):
    """The edition is not at the stage where this is done: ``state`` is where it is, ``needed`` where it must be."""

    code: ClassVar[str] = "edition_at_another_stage"
    state: str = ""
    needed: str = ""


@dataclass(unsafe_hash=True)
class AlreadyUnderWay(Refusal):
    """Another edition of this item is on its way: one at a time, so that nobody overwrites a colleague."""

    code: ClassVar[str] = "edition_under_way"
    number: int = 0
    state: str = ""


@dataclass(unsafe_hash=True)
class NotApproved(Refusal):
    """An edition takes effect after its approval, never before: it has none."""

    code: ClassVar[str] = "edition_not_approved"
    state: str = ""


@dataclass(unsafe_hash=True)
class BeforeApproval(Refusal):
    """An edition may not be in force before it was approved, nor in the past: jobs have pinned another since."""

    code: ClassVar[str] = "in_force_before_approval"
    status: ClassVar[int] = 422
    from_at: str = ""
    earliest_at: str = ""


@dataclass(unsafe_hash=True)
class NothingChanged(Refusal):
    """The draft says what the edition in force says: there is nothing to review."""

    code: ClassVar[str] = "nothing_changed"
    number: int = 0


@dataclass(unsafe_hash=True)
class StandardMissing(Refusal):
    """An item is published only with a standard in force."""

    code: ClassVar[str] = "standard_missing"
    item_code: str = ""

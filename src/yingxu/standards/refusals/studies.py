"""What is refused around studies of promises and proposals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class StudyNeeded(Refusal):
    """A new or tighter promise is adopted with a finished study of the same promise, and none is there."""

    code: ClassVar[str] = "study_needed"
    status: ClassVar[int] = 409
    item_code: str = ""
    priority: int = 0
    milestone: str = ""
    limit_s: int = 0
    percentile: float = 0.0


@dataclass(unsafe_hash=True)
class OnTrialOnly(Refusal):
    """The study of a promise rests on too little history, or on what was typed: adopt it on trial, with a reason."""

    code: ClassVar[str] = "on_trial_only"
    status: ClassVar[int] = 409
    item_code: str = ""
    priority: int = 0
    milestone: str = ""
    limit_s: int = 0
    percentile: float = 0.0
    standing: str = ""


@dataclass(unsafe_hash=True)
class AlreadyDecided(Refusal):
    """Somebody has decided the proposal."""

    code: ClassVar[str] = "already_decided"
    status: ClassVar[int] = 409
    state: str = ""


@dataclass(unsafe_hash=True)
class NotLooser(Refusal):
    """What is proposed as a looser promise is not looser than the one in force."""

    code: ClassVar[str] = "not_looser"
    status: ClassVar[int] = 422


@dataclass(unsafe_hash=True)
class NothingPromised(Refusal):
    """The item promises nothing for that urgency and milestone, so nothing can be changed."""

    code: ClassVar[str] = "nothing_promised"
    status: ClassVar[int] = 409
    item_code: str = ""
    priority: int = 0
    milestone: str = ""

"""Refusals of the room ``verify``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class NothingToJudge(Refusal):
    """The worker has not said done, or it has been judged already."""

    code: ClassVar[str] = "nothing_to_judge"
    number: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class VetoStepFailed(Refusal):
    """A critical step failed: nobody finds that good until it was carried out well."""

    code: ClassVar[str] = "veto_step_failed"
    number: str = ""


@dataclass(unsafe_hash=True)
class ReopenTooLate(Refusal):
    """The window is over: ask anew, the new request is linked to this one."""

    code: ClassVar[str] = "reopen_too_late"
    number: str = ""
    closed_at: str = ""
    window_s: int = 0


@dataclass(unsafe_hash=True)
class UnknownReason(Refusal):
    """The reason is not one of those for this act."""

    code: ClassVar[str] = "unknown_reason"
    status: ClassVar[int] = 422
    reason: str = ""


@dataclass(unsafe_hash=True)
class AlreadyAsked(Refusal):
    """Somebody has recorded this call's answer, or it was given up."""

    code: ClassVar[str] = "already_asked"
    outcome: str = ""


@dataclass(unsafe_hash=True)
class WorkGoesOn(Refusal):
    """The work was taken up again: ask when it is finished."""

    code: ClassVar[str] = "work_goes_on"
    number: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class LookedAlready(Refusal):
    """The colleague has answered, or somebody else was asked instead."""

    code: ClassVar[str] = "looked_already"
    outcome: str = ""


@dataclass(unsafe_hash=True)
class NobodyToAsk(Refusal):
    """There is no other colleague of the skill who did not do it and was not asked before."""

    code: ClassVar[str] = "nobody_to_ask"
    number: str = ""

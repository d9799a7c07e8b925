"""Refusals of the room ``work``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class IllegalMove(Refusal):
    """The life cycle has no such move. ``why``: unknown_state, already_there, ended, not_next, not_yours."""

    code: ClassVar[str] = "illegal_move"
    from_state: str = ""
    to_state: str = ""
    why: str = ""


@dataclass(unsafe_hash=True)
class AcceptanceOver(Refusal):
    """The time to accept is over; the job goes to somebody else."""

    code: ClassVar[str] = "acceptance_over"
    accept_by: str = ""


@dataclass(unsafe_hash=True)
class WrongPlace(Refusal):
    """The code belongs to another place than the job's."""

    code: ClassVar[str] = "wrong_place"
    scanned: str = ""
    place: str = ""


@dataclass(unsafe_hash=True)
class MissingPart:
    """One thing that finishing still needs. ``kind``: step, photo, field."""

    kind: str
    code: str
    name: str
    name_en: str


@dataclass(unsafe_hash=True)
class EvidenceMissing(Refusal):
    """It cannot be finished: everything that is missing, in order."""

    code: ClassVar[str] = "evidence_missing"
    status: ClassVar[int] = 422
    missing: tuple[MissingPart, ...] = ()


@dataclass(unsafe_hash=True)
class UnknownStep(Refusal):
    """The procedure has no step of that code."""

    code: ClassVar[str] = "unknown_step"
    status: ClassVar[int] = 422
    step: str = ""


@dataclass(unsafe_hash=True)
class StepValueRefused(Refusal):
    """The value does not fit the step's type. ``problem``: missing, wrong_type, unknown."""

    code: ClassVar[str] = "step_value_refused"
    status: ClassVar[int] = 422
    step: str = ""
    problem: str = ""
    limit: str = ""


@dataclass(unsafe_hash=True)
class ReasonNotForThis(Refusal):
    """The reason is unknown, or not one for this act and state."""

    code: ClassVar[str] = "reason_not_for_this"
    status: ClassVar[int] = 422
    reason: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class NoOpenPause(Refusal):
    """There is no pause that waits for a decision."""

    code: ClassVar[str] = "no_open_pause"
    number: str = ""


@dataclass(unsafe_hash=True)
class NotOffered(Refusal):
    """Nobody asked this person to take the job over."""

    code: ClassVar[str] = "not_offered"
    status: ClassVar[int] = 403
    number: str = ""


@dataclass(unsafe_hash=True)
class NoStandard(Refusal):
    """The item has no edition in force: nothing can be promised or done by it."""

    code: ClassVar[str] = "no_standard"
    item: str = ""


@dataclass(unsafe_hash=True)
class AlreadySettled(Refusal):
    """Somebody has looked at this report before."""

    code: ClassVar[str] = "already_settled"


@dataclass(unsafe_hash=True)
class IdentifiersDiffer(Refusal):
    """What was scanned is not what the job is about, or not what was taken: nothing moves until it is cleared up.

    ``which``: first, second (of the two identifiers).
    """

    code: ClassVar[str] = "identifiers_differ"
    number: str = ""
    which: tuple[str, ...] = ()


@dataclass(unsafe_hash=True)
class NotTaken(Refusal):
    """Nothing was taken yet that could be given."""

    code: ClassVar[str] = "load_not_taken"
    number: str = ""


@dataclass(unsafe_hash=True)
class LoadCarried(Refusal):
    """What somebody carries is not called off: it is handed over or brought back first."""

    code: ClassVar[str] = "load_carried"
    number: str = ""


@dataclass(unsafe_hash=True)
class ScanNeeded(Refusal):
    """The step is the scan at an end of a transport; it is carried out by taking or giving the load, not by a word."""

    code: ClassVar[str] = "scan_needed"
    status: ClassVar[int] = 422
    step: str = ""
    step_en: str = ""


@dataclass(unsafe_hash=True)
class AlreadyScanned(Refusal):
    """This node of the chain of custody is there already."""

    code: ClassVar[str] = "custody_scanned"
    number: str = ""
    kind: str = ""


@dataclass(unsafe_hash=True)
class CertificateNeeded(Refusal):
    """The step is for holders of a certificate only; ``state``: none, unverified, expired, review_overdue."""

    code: ClassVar[str] = "certificate_needed"
    step: str = ""
    certificate: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class CertificateEnded(Refusal):
    """The job asks for a certificate that the worker holds no longer; ``state`` as in CertificateNeeded."""

    code: ClassVar[str] = "certificate_ended"
    status: ClassVar[int] = 409
    certificate: str = ""
    state: str = ""

"""What the room ``demand`` refuses, each by its own name with its facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class NotInThisState(Refusal):
    """The request is not in a state in which this can be done."""

    code: ClassVar[str] = "not_in_this_state"
    action: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class PlaceNeeded(Refusal):
    """Nobody can be sent: the place is not known, and it is not a P1 with a phone number."""

    code: ClassVar[str] = "place_needed"
    status: ClassVar[int] = 422


@dataclass(unsafe_hash=True)
class HospitalDecides(Refusal):
    """The company's side may propose this; the hospital decides (domain 4.3.2)."""

    code: ClassVar[str] = "hospital_decides"
    status: ClassVar[int] = 403
    action: str = ""


@dataclass(unsafe_hash=True)
class NothingProposed(Refusal):
    """There is no open proposal of that kind to decide."""

    code: ClassVar[str] = "nothing_proposed"
    kind: str = ""


@dataclass(unsafe_hash=True)
class ProposalPending(Refusal):
    """Another proposal waits for the hospital's decision."""

    code: ClassVar[str] = "proposal_pending"
    kind: str = ""


@dataclass(unsafe_hash=True)
class UnmergeWindowOver(Refusal):
    """A merge can be taken back for a day."""

    code: ClassVar[str] = "unmerge_window_over"
    hours: int = 24


@dataclass(unsafe_hash=True)
class NotTheSameIncident(Refusal):
    """A request cannot be merged into itself, into another site's, or into one that is closed or merged."""

    code: ClassVar[str] = "not_the_same_incident"
    master: str = ""


@dataclass(unsafe_hash=True)
class OnSiteConfirmationNeeded(Refusal):
    """A P1 is not called off before somebody has looked on site."""

    code: ClassVar[str] = "on_site_confirmation_needed"


@dataclass(unsafe_hash=True)
class AskersWordNeeded(Refusal):
    """The desk calls off only with the asker's own word, which is recorded."""

    code: ClassVar[str] = "askers_word_needed"
    status: ClassVar[int] = 422


@dataclass(unsafe_hash=True)
class AlreadyArrived(Refusal):
    """Somebody is there already: only the desk can call it off, with the asker's word."""

    code: ClassVar[str] = "already_arrived"


@dataclass(unsafe_hash=True)
class WorkUnderWay(Refusal):
    """It is answered by the work done, not in words: jobs are still open."""

    code: ClassVar[str] = "work_under_way"


@dataclass(unsafe_hash=True)
class NobodyWasAsked(Refusal):
    """This person was not asked to be the contact."""

    code: ClassVar[str] = "nobody_was_asked"


@dataclass(unsafe_hash=True)
class NotHigher(Refusal):
    """The urgency given is not on the side of the present one that this act is for."""

    code: ClassVar[str] = "priority_not_on_that_side"
    status: ClassVar[int] = 422
    before: int = 0
    after: int = 0


@dataclass(unsafe_hash=True)
class CallIsOver(Refusal):
    """Nobody waits for this call any more: it was answered or settled."""

    code: ClassVar[str] = "call_is_over"


@dataclass(unsafe_hash=True)
class VersionIsWorse(Refusal):
    """This version read texts that it never saw worse than the one before; it is kept to look at, not to use."""

    code: ClassVar[str] = "triage_version_is_worse"
    number: int = 0


@dataclass(unsafe_hash=True)
class VersionOfOtherRelease(Refusal):
    """This version changes the table of another release; a new one is learned for this release by itself."""

    code: ClassVar[str] = "triage_version_of_other_release"
    number: int = 0

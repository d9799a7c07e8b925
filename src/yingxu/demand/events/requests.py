"""Facts of the room ``demand``. The subject and the thread are the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from yingxu.ground.ledger import Fact
from yingxu.ground.queries import PlaceRow
from yingxu.standards.queries import ItemRow

#: Of a field that reactions read and the ledger does not keep: it repeats what rows say.
UNRECORDED: dict[str, Any] = {"recorded": False}


@dataclass(frozen=True, kw_only=True)
class RequestFact(Fact):
    """Base: a fact about one request."""

    subject_kind: ClassVar[str] = "request"


@dataclass(frozen=True, kw_only=True)
class RequestRaised(RequestFact):
    """Somebody asked for something; it has a number and nobody's word yet."""

    kind: ClassVar[str] = "demand.request.raised"
    number: str
    channel: str
    priority: int
    line_code: str
    item_id: int | None
    place_id: int | None
    raised_at: datetime
    has_contract_gap: bool
    #: The edition that its clocks stand under; null when nothing is promised (a log's own target alone).
    edition_id: int | None
    place_class: str = field(default="", metadata=UNRECORDED)


@dataclass(frozen=True, kw_only=True)
class RequestAccepted(RequestFact):
    """Item, urgency and place are known; work can be sent: a job for each of ``item_ids``, none for words alone.

    ``target_at``: an outside record promised that instant; it alone is promised then.
    """

    kind: ClassVar[str] = "demand.request.accepted"
    number: str
    item_ids: tuple[int, ...]
    priority: int
    place_id: int | None
    raised_at: datetime
    answered_item_id: int | None = None
    answered_edition_id: int | None = None
    target_at: datetime | None = None
    items: tuple[ItemRow, ...] = field(default=(), metadata=UNRECORDED)
    place: PlaceRow | None = field(default=None, metadata=UNRECORDED)


@dataclass(frozen=True, kw_only=True)
class RequestAcknowledged(RequestFact):
    """A person gave the asker his or her word."""

    kind: ClassVar[str] = "demand.request.acknowledged"
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ClarificationAsked(RequestFact):
    """The desk asked for a missing fact."""

    kind: ClassVar[str] = "demand.request.clarification_asked"
    question: str


@dataclass(frozen=True, kw_only=True)
class ClarificationAnswered(RequestFact):
    """The missing fact was given."""

    kind: ClassVar[str] = "demand.request.clarification_answered"


@dataclass(frozen=True, kw_only=True)
class WordAdded(RequestFact):
    """Somebody added a word or a photo."""

    kind: ClassVar[str] = "demand.request.word_added"
    is_from_asker: bool
    n_photos: int


@dataclass(frozen=True, kw_only=True)
class RequestUrged(RequestFact):
    """The asker urged (催单); a person owes a word within ten minutes."""

    kind: ClassVar[str] = "demand.request.urged"
    n_urges: int
    word_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class PriorityChanged(RequestFact):
    """The urgency was changed, with its reason; clocks restart under the new terms and keep their past."""

    kind: ClassVar[str] = "demand.request.priority_changed"
    before: int
    after: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LoweringProposed(RequestFact):
    """A company's desk proposes a lower urgency; the hospital decides."""

    kind: ClassVar[str] = "demand.request.lowering_proposed"
    before: int
    after: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProposalRefused(RequestFact):
    """The hospital did not agree with what the desk proposed; it goes on as before."""

    kind: ClassVar[str] = "demand.request.proposal_refused"
    proposal: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequestMerged(RequestFact):
    """It reports the same incident as another; its asker is told everything of the master."""

    kind: ClassVar[str] = "demand.request.merged"
    master_id: int
    master_number: str


@dataclass(frozen=True, kw_only=True)
class RequestUnmerged(RequestFact):
    """The merge was taken back within a day."""

    kind: ClassVar[str] = "demand.request.unmerged"
    master_id: int


@dataclass(frozen=True, kw_only=True)
class RequestTransferred(RequestFact):
    """Carried to whoever owns it outside logistics; still visible, still with a first contact."""

    kind: ClassVar[str] = "demand.request.transferred"
    receiver_id: int
    receiver_name: str


@dataclass(frozen=True, kw_only=True)
class TransferAccepted(RequestFact):
    """The receiver took it over; the first contact goes on asking until the answer is there."""

    kind: ClassVar[str] = "demand.request.transfer_accepted"
    receiver_id: int


@dataclass(frozen=True, kw_only=True)
class TransferReturned(RequestFact):
    """The receiver gave it back with a reason."""

    kind: ClassVar[str] = "demand.request.transfer_returned"
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeclineProposed(RequestFact):
    """The desk proposes to say no, with reason and alternative; the hospital decides."""

    kind: ClassVar[str] = "demand.request.decline_proposed"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class RequestDeclined(RequestFact):
    """Answered with no, a reason and an alternative."""

    kind: ClassVar[str] = "demand.request.declined"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class ObjectionRaised(RequestFact):
    """The asker does not agree with a no; the hospital looks at it again."""

    kind: ClassVar[str] = "demand.request.objection_raised"


@dataclass(frozen=True, kw_only=True)
class ObjectionAccepted(RequestFact):
    """The asker's objection to a no was accepted; it goes on."""

    kind: ClassVar[str] = "demand.request.objection_accepted"


@dataclass(frozen=True, kw_only=True)
class RequestCancelled(RequestFact):
    """Withdrawn by the asker, or by the desk with the asker's word."""

    kind: ClassVar[str] = "demand.request.cancelled"
    reason_code: str
    #: Cancelled before anybody was sent: it leaves every count. Later, a breach that happened stays counted.
    was_sent: bool


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(RequestFact):
    """The final answer was given; nothing is open."""

    kind: ClassVar[str] = "demand.request.answered"
    final_answer: str


@dataclass(frozen=True, kw_only=True)
class RequestReopened(RequestFact):
    """It is open again: the asker's no, or the fault is back within seven days."""

    kind: ClassVar[str] = "demand.request.reopened"


@dataclass(frozen=True, kw_only=True)
class FirstContactAsked(RequestFact):
    """The first contact asked a colleague to take over; until the colleague agrees nothing changes."""

    kind: ClassVar[str] = "demand.request.first_contact_asked"
    account_id: int


@dataclass(frozen=True, kw_only=True)
class FirstContactChanged(RequestFact):
    """Another named person is the asker's contact; he or she agreed."""

    kind: ClassVar[str] = "demand.request.first_contact_changed"
    account_id: int


# doors and what comes in at them: the subject is the door, the sender, the message or the alarm


@dataclass(frozen=True, kw_only=True)
class DangerNoticed(RequestFact):
    """A rule of the urgent facts fired: it is critical at once, before a person has looked. ``before``: its urgency."""

    kind: ClassVar[str] = "demand.request.danger_noticed"
    rule: str
    words: str
    before: int


@dataclass(frozen=True, kw_only=True)
class RequestSplit(RequestFact):
    """It holds several problems: a further job for each, under the same number."""

    kind: ClassVar[str] = "demand.request.split"
    number: str
    item_ids: tuple[int, ...]
    item_codes: tuple[str, ...]
    #: Number of jobs it had.
    n_before: int
    priority: int
    items: tuple[ItemRow, ...] = field(default=(), metadata=UNRECORDED)

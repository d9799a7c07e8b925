"""What the team refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class PostCodeTaken(Refusal):
    """Another post of the site has that code."""

    code: ClassVar[str] = "post_code_taken"
    status: ClassVar[int] = 409
    name: str = ""


@dataclass(unsafe_hash=True)
class EmptyPost(Refusal):
    """A post that covers no item: no line and no single item."""

    code: ClassVar[str] = "empty_post"
    status: ClassVar[int] = 422


@dataclass(unsafe_hash=True)
class NotOfTeam(Refusal):
    """A post is held by people of its own team."""

    code: ClassVar[str] = "not_of_team"
    status: ClassVar[int] = 409
    person: str = ""
    team: str = ""


@dataclass(unsafe_hash=True)
class PostHeldAlready(Refusal):
    """The person holds the post."""

    code: ClassVar[str] = "post_held_already"
    status: ClassVar[int] = 409
    person: str = ""
    post: str = ""


@dataclass(unsafe_hash=True)
class NothingToRead(Refusal):
    """The person has signed for this, or it is not in the person's book."""

    code: ClassVar[str] = "nothing_to_read"
    status: ClassVar[int] = 409


@dataclass(unsafe_hash=True)
class ReadingChanged(Refusal):
    """The standard, or what was asked about it, changed since the page was opened: it is to be read as it is now."""

    code: ClassVar[str] = "reading_changed"
    status: ClassVar[int] = 409


@dataclass(unsafe_hash=True)
class SignForAnother(Refusal):
    """Nobody signs for somebody else, and no machine signs at all."""

    code: ClassVar[str] = "sign_for_another"
    status: ClassVar[int] = 403


@dataclass(unsafe_hash=True)
class DutyTooLong(Refusal):
    """A duty is longer than anybody may work. ``limit_h``: the longest, in hours."""

    code: ClassVar[str] = "duty_too_long"
    status: ClassVar[int] = 422
    person: str = ""
    limit_h: int = 0


@dataclass(unsafe_hash=True)
class TooLittleRest(Refusal):
    """A duty begins before the person has rested. ``since``: end of the duty before, ISO."""

    code: ClassVar[str] = "too_little_rest"
    status: ClassVar[int] = 422
    person: str = ""
    limit_h: int = 0
    since: str = ""


@dataclass(unsafe_hash=True)
class WeekTooLong(Refusal):
    """Within seven days somebody would be on duty for more hours than anybody may."""

    code: ClassVar[str] = "week_too_long"
    status: ClassVar[int] = 422
    person: str = ""
    limit_h: int = 0
    hours: int = 0


@dataclass(unsafe_hash=True)
class DutyOver(Refusal):
    """The duty has begun, is over, or was called off meanwhile: it can no longer be changed like this."""

    code: ClassVar[str] = "duty_over"
    status: ClassVar[int] = 409


@dataclass(unsafe_hash=True)
class CertificateUndated(Refusal):
    """A kind of certificate that ends is on record without its last day: it would count for ever."""

    code: ClassVar[str] = "certificate_undated"
    status: ClassVar[int] = 422
    certificate: str = ""


@dataclass(unsafe_hash=True)
class CertificateKnown(Refusal):
    """That certificate of the person is on record."""

    code: ClassVar[str] = "certificate_known"
    status: ClassVar[int] = 409
    person: str = ""
    number: str = ""


@dataclass(unsafe_hash=True)
class PapersMissing(Refusal):
    """Nobody of the team could be sent if papers decided now: no verified certificate or no duty is on record."""

    code: ClassVar[str] = "papers_missing"
    status: ClassVar[int] = 409
    team: str = ""

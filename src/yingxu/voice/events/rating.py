"""Facts of the room ``voice``. The subject and the thread are the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from yingxu.ground.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class RequestRated(Fact):
    """Somebody rated the service; who it was is not in the fact."""

    kind: ClassVar[str] = "voice.request.rated"
    subject_kind: ClassVar[str] = "request"
    stars: int
    text: str = field(default="", metadata={"recorded": False})
    reasons: tuple[str, ...] = field(default=(), metadata={"recorded": False})
    #: The request whose jobs were rated: of a merged one its master.
    worked_id: int = field(default=0, metadata={"recorded": False})


@dataclass(frozen=True, kw_only=True)
class RatingExplained(RequestRated):
    """Who rated with one tap said why."""

    kind: ClassVar[str] = "voice.request.rating_explained"


@dataclass(frozen=True, kw_only=True)
class ConductDoubted(Fact):
    """A rating of one star says how somebody behaved: a case for the leader of the team (domain S30)."""

    kind: ClassVar[str] = "voice.conduct.doubted"
    subject_kind: ClassVar[str] = "request"
    reasons: tuple[str, ...]

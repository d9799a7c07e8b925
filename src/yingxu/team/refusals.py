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

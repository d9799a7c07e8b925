"""Refusals of emergencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class IncidentNotSo(Refusal):
    """The incident is not in the state that the act needs."""

    code: ClassVar[str] = "incident_not_so"
    state: str = ""


@dataclass(unsafe_hash=True)
class MarkTaken(Refusal):
    """That moment was noted already; what was noted is never changed."""

    code: ClassVar[str] = "mark_taken"
    mark: str = ""
    kind: str = ""


@dataclass(unsafe_hash=True)
class MarkMissing(Refusal):
    """The incident cannot be ended as real before this moment was noted."""

    code: ClassVar[str] = "mark_missing"
    mark: str = ""
    kind: str = ""


@dataclass(unsafe_hash=True)
class ReleaserNotCertified(Refusal):
    """Only a holder of the certificate, in date, puts a lift back into use (domain 2.2.1). ``state``: none, expired"""

    code: ClassVar[str] = "releaser_not_certified"
    name: str = ""
    certificate: str = ""
    state: str = ""


@dataclass(unsafe_hash=True)
class BadCallTree(Refusal):
    """A level of the call tree cannot stand. ``problem``: empty, no_name, wait, tries, too_many."""

    code: ClassVar[str] = "bad_call_tree"
    status: ClassVar[int] = 422
    level: int = 0
    problem: str = ""

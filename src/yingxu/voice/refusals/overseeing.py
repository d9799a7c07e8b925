"""Refusals of supervisors, opinions and forums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from yingxu.ground.refusals import Refusal


@dataclass(unsafe_hash=True)
class CriterionMissing(Refusal):
    """A nomination gives no grounds for one of the three criteria."""

    code: ClassVar[str] = "criterion_missing"
    status: ClassVar[int] = 422
    criterion: str = ""


@dataclass(unsafe_hash=True)
class SupervisesAlready(Refusal):
    """The person is nominated or appointed already."""

    code: ClassVar[str] = "supervises_already"
    name: str = ""


@dataclass(unsafe_hash=True)
class ForumHeldAlready(Refusal):
    """The month's forum was held; its minutes stand."""

    code: ClassVar[str] = "forum_held_already"


@dataclass(unsafe_hash=True)
class RemarkNotOpen(Refusal):
    """The opinion is not in the state that this needs."""

    code: ClassVar[str] = "remark_not_open"
    state: str = ""


@dataclass(unsafe_hash=True)
class FindingInWork(Refusal):
    """Somebody works on the finding: the end of that work is its answer, and there is only one."""

    code: ClassVar[str] = "finding_in_work"
    number: str = ""
    state: str = ""

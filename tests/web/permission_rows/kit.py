"""What rows of the permission matrix are made with: the people, the scene, the row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.people import House
from yingxu.web import links
from yingxu.work.models import Job

#: The people of the house, and ``away``: a clerk, a worker and an officer of another hospital in one person.
PEOPLE = (
    *("nurse", "other_nurse", "family", "supervisor", "clerk", "company_clerk", "plumber", "porter", "leader"),
    *("line_manager", "manager", "lift_manager", "officer", "director", "auditor", "contractor", "administrator"),
    "away",
)
EVERYBODY = frozenset(PEOPLE)


def some(names: str) -> frozenset[str]:
    return frozenset(names.split())


@dataclass
class Scene:
    """A request of the ward's nurse in work, and the keys that addresses take."""

    house: House
    job: Job
    token: str


@dataclass(frozen=True)
class Row:
    """One address: how it is asked, and who gets which answer; others get ``refused``."""

    path: Callable[[Scene], str]
    allowed: frozenset[str] = EVERYBODY
    method: str = "get"
    ok: tuple[int, ...] = (200,)
    refused: tuple[int, ...] = (403, 404)
    #: What somebody gets who has not signed in: ``sign-in``, or statuses.
    stranger: str | tuple[int, ...] = "sign-in"
    data: Callable[[Scene], dict[str, Any]] = lambda scene: {}


def request_path(tail: str = "") -> Callable[[Scene], str]:
    return lambda scene: f"/{tail.format(request=scene.job.request.uid, job=scene.job.uid)}"


def link_path(tail: str) -> Callable[[Scene], str]:
    return lambda scene: f"/f/{links.follow_code(scene.job.request.uid)}{tail}"


PUBLIC: dict[str, Any] = {"stranger": (200,)}

"""Every address: who gets in, who does not. A new page without a row here fails; wrong hands change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import asked, at_work, done, sent, uid
from tests.web.test_shell import signed_in
from yingxu.ground import actions as ground
from yingxu.ground.actions import NewAccount, NewHolding
from yingxu.ground.actor import engine
from yingxu.ground.models import Contract, Entry, Party
from yingxu.ground.models import Site as SiteModel
from yingxu.web import inside, links
from yingxu.web.desk.acts import JOB_ACTS, REQUEST_ACTS
from yingxu.web.follow.acts import ACTS as ASKER_ACTS
from yingxu.web.mywork.acts import ACTS as WORKER_ACTS
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db

#: The people of the house, and ``away``: a clerk, a worker and an officer of another hospital in one person.
PEOPLE = (
    *("nurse", "other_nurse", "family", "supervisor", "clerk", "company_clerk", "plumber", "porter", "leader"),
    *("line_manager", "manager", "lift_manager", "officer", "director", "auditor", "contractor", "administrator"),
    "away",
)
EVERYBODY = frozenset(PEOPLE)


def some(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: Who may read a request of the orthopaedic ward that a plumber of one company works on.
READERS = some("nurse supervisor clerk company_clerk plumber leader line_manager manager officer director auditor")
DESK = some("clerk company_clerk leader line_manager manager lift_manager officer director auditor away")
TAKES_CALLS = some("clerk company_clerk plumber porter leader line_manager manager lift_manager officer away")
WORKERS = some("plumber porter leader contractor away")


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
#: Name of an address -> its row; several ways of asking are several rows.
ROWS: dict[str, tuple[Row, ...]] = {
    "home": (Row(request_path(), ok=(302,), stranger=(200,)),),
    "sign_in": (
        Row(request_path("sign-in"), **PUBLIC),
        Row(
            request_path("sign-in"),
            method="post",
            ok=(403, 429),
            stranger=(403, 429),
            data=lambda scene: {"username": "nobody", "password": "wrong"},
        ),
    ),
    "sign_out": (Row(request_path("sign-out"), method="post", ok=(302,), stranger=(302,)),),
    "switch_role": (
        Row(
            request_path("demo/role"),
            method="post",
            allowed=frozenset(),
            stranger=(404,),
            data=lambda scene: {"username": "director"},
        ),
    ),
    "language": (Row(request_path("language"), method="post", ok=(302,), stranger=(302,)),),
    "help": (Row(request_path("help"), **PUBLIC),),
    "ask": (
        Row(request_path("ask")),
        Row(
            request_path("ask"),
            method="post",
            allowed=EVERYBODY - {"auditor", "administrator"},
            ok=(302,),
            data=lambda scene: {"text": "灯不亮", "command": str(uuid4())},
        ),
    ),
    "likely": (Row(request_path("ask/likely?text=灯"), stranger=(403,)),),
    "ask_places": (Row(request_path("ask/places?find=骨科"), stranger=(403,)),),
    "ask_by_code": (
        Row(lambda scene: f"/q/{scene.token}", **PUBLIC),
        Row(lambda scene: "/q/nonsense", allowed=frozenset(), stranger=(404,)),
        Row(
            lambda scene: f"/q/{scene.token}",
            method="post",
            ok=(302,),
            stranger=(302,),
            data=lambda scene: {"text": "灯不亮", "command": str(uuid4())},
        ),
    ),
    "likely_by_code": (Row(lambda scene: f"/q/{scene.token}/likely?text=灯", **PUBLIC),),
    "follow": (
        Row(link_path(""), **PUBLIC),
        Row(lambda scene: f"/f/{links.follow_code(uuid4())}", allowed=frozenset(), stranger=(404,)),
    ),
    "follow_act": (
        Row(
            link_path("/do/urge"),
            method="post",
            ok=(302,),
            stranger=(302,),
            data=lambda scene: {"command": str(uuid4())},
        ),
        Row(lambda scene: "/f/none/do/urge", method="post", allowed=frozenset(), stranger=(404,)),
    ),
    "follow_photo": (Row(lambda s: link_path(f"/photo/{uuid4()}")(s), allowed=frozenset(), stranger=(404,)),),
    "my_requests": (Row(request_path("ours")),),
    "follow_here": (Row(request_path("ours/{request}"), READERS),),
    "follow_here_act": (
        Row(
            request_path("ours/{request}/do/urge"),
            some("nurse clerk company_clerk officer director"),
            method="post",
            ok=(302,),
            data=lambda scene: {"command": str(uuid4())},
        ),
    ),
    "follow_here_photo": (
        Row(lambda s: request_path(f"ours/{{request}}/photo/{uuid4()}")(s), frozenset(), stranger=(404,)),
    ),
    "desk": (Row(request_path("desk"), DESK), Row(request_path("desk?site=demo"), DESK - {"away"})),
    "desk_now": (Row(request_path("desk/now"), DESK),),
    "desk_request": (Row(request_path("desk/requests/{request}"), READERS),),
    "desk_act": (
        Row(
            request_path("desk/requests/{request}/word"),
            some("clerk company_clerk leader plumber officer"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"word": "马上来人", "command": str(uuid4())},
        ),
    ),
    "desk_job_act": (
        Row(
            request_path("desk/jobs/{job}/reassign"),
            some("clerk company_clerk leader line_manager"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {
                "worker": str(uid(scene.house, "leader")),
                "request": str(scene.job.request.uid),
                "reason": "更近",
                "command": str(uuid4()),
            },
        ),
    ),
    "desk_call": (
        Row(
            request_path("desk/call"),
            TAKES_CALLS,
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"text": "灯不亮", "command": str(uuid4())},
        ),
    ),
    "desk_caller": (Row(request_path("desk/caller?phone=13900000000"), TAKES_CALLS),),
    "desk_items": (Row(request_path("desk/items?text=灯"), TAKES_CALLS),),
    "desk_places": (Row(request_path("desk/places?place_words=骨科"), TAKES_CALLS),),
    "desk_read_back": (Row(request_path("desk/read-back"), TAKES_CALLS),),
    "my_work": (Row(request_path("my-work"), WORKERS),),
    "my_presence": (
        Row(
            request_path("my-work/presence"),
            some("plumber porter leader"),
            method="post",
            ok=(302,),
            stranger=(403,),
            data=lambda scene: {"is_present": "1", "command": str(uuid4())},
        ),
    ),
    "my_job": (Row(request_path("my-work/{job}"), some("plumber leader")),),
    "my_act": (
        Row(
            request_path("my-work/{job}/safe"),
            frozenset({"plumber"}),
            method="post",
            ok=(302,),
            refused=(403, 404, 422),
            stranger=(403,),
            data=lambda scene: {"command": str(uuid4())},
        ),
    ),
    "requests": (Row(request_path("requests")), Row(request_path("requests?site=demo"), EVERYBODY - {"away"})),
    "requests_csv": (Row(request_path("requests.csv")),),
    "request": (Row(request_path("requests/{request}"), READERS),),
    "timeline": (
        Row(request_path("timeline/request/{request}"), READERS - {"supervisor"}),
        Row(request_path("timeline/job/{job}"), READERS - {"supervisor"}),
        Row(
            lambda scene: f"/timeline/site/{SiteModel.objects.get(pk=scene.house.site_id).uid}",
            some("clerk company_clerk leader manager officer director auditor line_manager lift_manager"),
        ),
        Row(
            lambda scene: f"/timeline/account/{uid(scene.house, 'nurse')}",
            some("clerk officer director auditor"),
        ),
        Row(
            lambda scene: f"/timeline/account/{uid(scene.house, 'plumber')}",
            some("clerk company_clerk leader line_manager manager officer director auditor"),
        ),
        Row(
            lambda scene: f"/timeline/party/{Party.objects.get(pk=scene.house.parties['yi']).uid}",
            some("clerk lift_manager officer director auditor"),
        ),
        Row(
            lambda scene: (
                f"/timeline/contract/{Contract.objects.get(number='YI-2025', site_id=scene.house.site_id).uid}"
            ),
            some("clerk lift_manager officer director auditor"),
        ),
    ),
    "promise_board": (Row(request_path("promises"), **PUBLIC),),
    "board": (Row(request_path("promises/demo"), **PUBLIC),),
    "wall": (Row(request_path("promises/demo/wall"), **PUBLIC),),
    "board_jobs": (Row(request_path("promises/demo/jobs")),),
    "unanswered": (Row(request_path("unanswered"), DESK),),
    "unanswered_count": (Row(request_path("unanswered/count"), DESK),),
    "healthz": (Row(request_path("healthz"), **PUBLIC),),
    "readyz": (Row(request_path("readyz"), **PUBLIC),),
    "metrics": (Row(request_path("metrics"), **PUBLIC),),
    # programs come with a token: tests/web/test_api.py has their scopes and sites; nobody's session opens the API
    "create_request": (
        Row(
            request_path("api/v1/requests"),
            frozenset(),
            method="post",
            refused=(401,),
            stranger=(401,),
            data=lambda scene: {"site": "demo", "text": "灯"},
        ),
    ),
    "list_requests": (Row(request_path("api/v1/requests?site=demo"), frozenset(), refused=(401,), stranger=(401,)),),
    "read_request": (Row(request_path("api/v1/requests/{request}"), frozenset(), refused=(401,), stranger=(401,)),),
    "openapi-json": (Row(request_path("api/v1/openapi.json"), **PUBLIC),),
    "api-root": (Row(request_path("api/v1/"), allowed=frozenset(), stranger=(401, 404), refused=(401, 404)),),
}
#: Addresses of one view, found by the first of its names.
SAME = {"list_requests": "create_request"}


def names(resolver: URLResolver | None = None) -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)
        else:
            yield from names(pattern)


def test_every_address_has_its_row() -> None:
    known = set(ROWS) | set(SAME.values())
    assert {name for name in names() if name not in known} == set()


@pytest.fixture
def scene(house: House, tmp_path: Any, settings: LazySettings) -> Scene:
    settings.FILES_ROOT = tmp_path
    settings.DEMO = False
    inside.forget()
    away = ground.set_up_site(code="away", name="别院", actor=engine("setup"), at=MONDAY_NINE).id
    house.accounts["away"] = ground.open_accounts(
        site_id=away,
        people=[
            NewAccount(
                username="away", name="外院人", holdings=tuple(NewHolding(role, away) for role in ("DK", "WK", "HO"))
            )
        ],
        actor=engine("setup"),
        at=MONDAY_NINE,
        prepared_password="!",
    ).keys[0]
    token = (
        ground.issue_tokens(site_id=house.site_id, place_codes=["S7-ORT"], actor=engine("setup"), at=MONDAY_NINE)
        .tokens[0]
        .token
    )
    return Scene(house, at_work(house, sent(house, asked(house))), token)


@cache
def cases() -> list[tuple[str, int]]:
    return [(name, number) for name, rows in ROWS.items() for number in range(len(rows))]


def call(client: Client, row: Row, scene: Scene) -> tuple[int, str, int]:
    """Return status, where it leads, and how many facts were recorded; nothing of it stays."""
    before = Entry.objects.count()
    with transaction.atomic():
        answer = getattr(client, row.method)(row.path(scene), row.data(scene))
        if answer.streaming:
            b"".join(answer)  # type: ignore[arg-type]
        n_recorded = Entry.objects.count() - before
        transaction.set_rollback(True)
    return answer.status_code, answer.headers.get("Location", ""), n_recorded


@pytest.mark.parametrize(("name", "number"), cases())
def test_an_address_opens_to_the_right_people_and_to_no_other(scene: Scene, name: str, number: int) -> None:
    row = ROWS[name][number]
    wrong = []
    for who in PEOPLE:
        status, _, n_recorded = call(signed_in(scene.house, who), row, scene)
        expected = row.ok if who in row.allowed else row.refused
        if status not in expected:
            wrong.append((who, status, expected))
        if who not in row.allowed and n_recorded:
            wrong.append((who, status, f"recorded {n_recorded}"))
    status, location, n_recorded = call(Client(), row, scene)
    if row.stranger == "sign-in":
        if status != 302 or not location.startswith("/sign-in"):
            wrong.append(("stranger", status, location))
        if n_recorded:
            wrong.append(("stranger", status, f"recorded {n_recorded}"))
    elif status not in row.stranger:
        wrong.append(("stranger", status, row.stranger))
    assert not wrong, wrong


#: A form with every field that some act reads.
FULL = {
    "word": "马上来",
    "text": "好的",
    "question": "哪一间？",
    "reason": "wrong_request",
    "priority": "1",
    "alternative": "请打总机",
    "number": "1",
    "receiver": "equipment",
    "contact": "李",
    "item": "plb.faucet",
    "place": "S7-ORT",
    "minutes": "5",
    "stars": "5",
    "step": "x",
    "value": "1",
}


def form(scene: Scene) -> dict[str, str]:
    request = str(scene.job.request.uid)
    return {**FULL, "worker": str(uid(scene.house, "leader")), "request": request, "job": str(scene.job.uid)}


#: Who has nothing to do with the request: another ward, another company, another hospital, and who only looks.
OUTSIDERS = ("other_nurse", "family", "contractor", "lift_manager", "auditor", "administrator", "away")


@pytest.mark.parametrize("state", ["in_progress", "finished"])
def test_an_outsider_changes_nothing_by_any_act_of_any_page(scene: Scene, state: str) -> None:
    if state == "finished":
        scene.job = done(scene.house, scene.job)
    paths = [
        *(f"/desk/requests/{scene.job.request.uid}/{act}" for act in REQUEST_ACTS),
        *(f"/desk/jobs/{scene.job.uid}/{act}" for act in JOB_ACTS),
        *(f"/ours/{scene.job.request.uid}/do/{act}" for act in ASKER_ACTS),
        *(f"/my-work/{scene.job.uid}/{act}" for act in WORKER_ACTS),
    ]
    before = Entry.objects.count()
    for who in OUTSIDERS:
        client = signed_in(scene.house, who)
        for path in paths:
            status = client.post(path, form(scene)).status_code
            assert status in {403, 404, 409, 422}, (who, path, status)
            assert Entry.objects.count() == before, (who, path, status)


def test_a_stranger_changes_nothing_by_any_act_of_any_page(scene: Scene) -> None:
    before = Entry.objects.count()
    for path in (
        *(f"/desk/requests/{scene.job.request.uid}/{act}" for act in REQUEST_ACTS),
        *(f"/desk/jobs/{scene.job.uid}/{act}" for act in JOB_ACTS),
        *(f"/ours/{scene.job.request.uid}/do/{act}" for act in ASKER_ACTS),
        *(f"/my-work/{scene.job.uid}/{act}" for act in WORKER_ACTS),
    ):
        assert Client().post(path, form(scene)).status_code in {302, 403}, path
    assert Entry.objects.count() == before


def test_a_private_link_reaches_no_other_requests_job(scene: Scene) -> None:
    other = asked(scene.house, at=1)
    before = Entry.objects.count()
    for act in ("good", "bad", "again"):
        path = f"/f/{links.follow_code(other.request.uid)}/do/{act}"
        assert Client().post(path, form(scene)).status_code in {403, 404}, act
    assert Entry.objects.count() == before

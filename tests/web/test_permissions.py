"""Every address: who gets in, who does not. A new page without a row here fails; wrong hands change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import asked, at_work, done, sent, uid
from tests.web.permission_rows import every_row
from tests.web.permission_rows.kit import PEOPLE, Row, Scene
from tests.web.test_shell import signed_in
from yingxu.ground import actions as ground
from yingxu.ground.actions import NewAccount, NewHolding
from yingxu.ground.actor import engine
from yingxu.ground.models import Entry
from yingxu.web import inside, links
from yingxu.web.desk.acts import JOB_ACTS, REQUEST_ACTS
from yingxu.web.follow.acts import ACTS as ASKER_ACTS
from yingxu.web.mywork.acts import ACTS as WORKER_ACTS

pytestmark = pytest.mark.django_db

#: Name of an address -> its rows.
ROWS = every_row()
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
    with transaction.atomic():
        path, data = row.path(scene), row.data(scene)  # may furnish what the address needs: that is not counted
        before = Entry.objects.count()
        answer = getattr(client, row.method)(path, data)
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

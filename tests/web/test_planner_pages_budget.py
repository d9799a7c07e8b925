"""What the pages of who goes ask of the database, pinned: more people and more jobs cost no more statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_crews import for_two, sent_to_two
from tests.rooms.test_work_loop import asked, uid
from tests.web.test_shell import signed_in
from yingxu.dispatch.models import Mate
from yingxu.standards.models import Item

pytestmark = pytest.mark.django_db

#: Page -> who looks, how many statements it takes, who it is included.
PINNED: dict[str, tuple[str, int]] = {
    "/who-can": ("leader", 3),
    "/who-can/expiring": ("leader", 2),
    "/who-can/rules": ("officer", 6),
    "/claims": ("plumber", 3),
    "/along": ("leader", 3),
    "/team-board": ("leader", 5),
    "/transport": ("clerk", 5),
    "/what-if": ("manager", 2),
    "/setup/upload/duties": ("manager", 2),
}


def counted(house: House, path: str, who: str) -> int:
    client = signed_in(house, who)
    client.get(path)  # what a process keeps is read once
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(seen)


@pytest.mark.parametrize("path", PINNED)
def test_a_page_of_who_goes_asks_so_much(house: House, path: str) -> None:
    who, most = PINNED[path]
    sent_to_two(house)
    few = counted(house, path, who)
    for n in range(4):
        asked(house, at=2 + n)
    assert Mate.objects.count() == 1
    many = counted(house, path, who)
    assert many == few, "rows are not asked about one by one"
    assert many == most


def test_one_person_and_one_request_with_a_crew(house: House) -> None:
    job = sent_to_two(house)
    assert counted(house, f"/who-can/{uid(house, 'plumber')}", "leader") <= 4, (
        "the person, what he or she can, the papers, the duties ahead"
    )
    alone = counted(house, f"/desk/requests/{job.request.uid}", "clerk")
    Mate.objects.all().delete()
    Item.objects.filter(site_id=house.site_id, code="plb.faucet").update(crew=1)
    assert counted(house, f"/desk/requests/{job.request.uid}", "clerk") == alone, "a crew costs no statement more"
    assert for_two(house, at=3).pk

"""The desk's view of the building: what is open stands on its floor and opens there; who was seen stands beside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import asked as job_asked
from tests.rooms.test_work_loop import at_work, sent
from tests.web.test_desk import FRAGMENT, asked
from tests.web.test_shell import signed_in
from yingxu.web import inside
from yingxu.web.clock import site_clock
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db
VIEW = "/desk?view=section"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def test_a_request_stands_on_its_floor_as_a_mark_and_in_words(house: House) -> None:
    request = asked(house, item="plb.toilet")
    html = signed_in(house, "clerk").get(VIEW).content.decode()
    assert f'id="dot-{request.uid}"' in html
    assert f'id="card-{request.uid}"' in html
    assert "7楼" in html


def test_the_filter_holds_in_the_building_too(house: House) -> None:
    toilet, light = asked(house, item="plb.toilet"), asked(house, item="ele.light", text="灯不亮")
    html = signed_in(house, "clerk").get(f"{VIEW}&line=ELE").content.decode()
    assert f'id="dot-{light.uid}"' in html
    assert str(toilet.uid) not in html.split('id="live"')[1].split("</section>")[0]


def test_a_line_manager_sees_the_own_lines_only(house: House) -> None:
    request = asked(house, item="plb.toilet")
    assert str(request.uid) not in signed_in(house, "lift_manager").get(VIEW).content.decode()


def test_who_arrived_stands_where_he_was_last_seen(house: House) -> None:
    job = at_work(house, sent(house, job_asked(house)))
    Job.objects.filter(pk=job.pk).update(arrived_at=site_clock("Asia/Shanghai"))
    html = signed_in(house, "clerk").get(VIEW).content.decode()
    assert "王水工" in html.split('class="floor-hands"')[1].split("</p>")[0]


def test_the_live_part_keeps_the_view(house: House) -> None:
    request = asked(house, item="plb.toilet")
    client = signed_in(house, "clerk")
    part = client.get("/desk/now?view=section&at_once=1&mark=0", headers=FRAGMENT).content.decode()
    assert f'id="dot-{request.uid}"' in part
    assert "view=section" in part


def test_the_building_costs_two_questions_more_than_the_board(house: House) -> None:
    for _ in range(3):
        asked(house, item="plb.faucet")
    client = signed_in(house, "clerk")
    client.get(VIEW)
    counted = []
    for address in ("/desk", VIEW):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counted.append(len(seen))
    assert counted[1] == counted[0] + 2

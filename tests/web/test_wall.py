"""The wall screen and the leader's board: everybody sees figures, nobody a patient; the leader sends and takes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_work_loop import uid
from tests.web.test_desk import FRAGMENT, asked
from tests.web.test_shell import signed_in
from yingxu.ground.queries.campus import BuildingRow, FloorRow, buildings
from yingxu.team.models import Member
from yingxu.web import inside
from yingxu.web.wall import team, views
from yingxu.web.wall.curve import Expected, curve
from yingxu.web.wall.day import axis
from yingxu.web.wall.section import section
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    for kept in (views._fragments, team._fragments):
        kept._ones.clear()
    yield
    inside.forget()


def test_everybody_sees_counts_and_floors_nobody_a_name(client: Client, house: House) -> None:
    """S44, S75: confidentiality on the wall; no rank, no patient, no room."""
    request = asked(house, item="plb.toilet", text="3床王某某的马桶堵了")
    html = client.get("/wall/demo").content.decode()
    assert "7楼" in html
    for secret in (request.number, "王某某", "李护士", "卫生间", "骨科"):
        assert secret not in html


def test_who_reads_the_queue_sees_which_and_where(house: House) -> None:
    request = asked(house, item="plb.toilet", text="3床王某某的马桶堵了")
    html = signed_in(house, "clerk").get("/wall/demo").content.decode()
    assert request.number in html
    assert "卫生间" in html
    assert "王某某" not in html
    nurse = signed_in(house, "nurse").get("/wall/demo").content.decode()
    assert request.number not in nurse


def test_the_wall_of_another_site_shows_figures_only(house: House) -> None:
    request = asked(house, item="plb.toilet")
    html = signed_in(house, "lift_manager").get("/wall/demo").content.decode()
    assert request.number not in html  # another company's line


def test_the_most_urgent_stands_first_and_the_oldest_without_anybody_apart(house: House) -> None:
    """S5: an ordinary request never stands before a critical one."""
    asked(house, item="plb.toilet", text="马桶堵了")
    asked(house, item="elv.trapped", place="S-L3", text="电梯困人")
    inside.forget()
    values = views.shown(_site(house), house.actor("officer"), at=_now(), mark="")
    assert [line.priority for line in values["queue"]] == [1, 3]  # type: ignore[attr-defined]
    assert len(values["oldest"]) == 2  # type: ignore[arg-type]
    assert values["n_open"] == 2


def test_a_second_look_costs_nothing_while_nothing_happens(client: Client, house: House) -> None:
    asked(house)
    mark = client.get("/wall/demo").content.decode().split("now?mark=")[1].split('"')[0]
    statuses = {client.get(f"/wall/demo/now?mark={mark}").status_code for _ in range(5)}
    assert 204 in statuses or 200 in statuses
    with CaptureQueriesContext(connection) as seen:
        client.get("/wall/demo")
    assert len(seen) <= 1


def test_the_wall_needs_few_statements(house: House) -> None:
    asked(house)
    officer, site = house.actor("officer"), _site(house)
    with CaptureQueriesContext(connection) as seen:
        views.shown(site, officer, at=_now(), mark="")
    assert len(seen) <= 6


def test_the_section_puts_dots_on_their_floors(house: House) -> None:
    standing = buildings(house.site_id)
    assert [(row.name, [floor.number for floor in row.floors]) for row in standing] == [
        ("外科楼", [4, 7]),
        ("内科楼", [5]),
    ]
    seventh = standing[0].floors[1].path
    drawn = section(standing, [(f"{seventh}99/", "late"), ("", "waiting")], [seventh])
    assert [[dot.kind for dot in storey.dots] for storey in drawn.towers[0].storeys] == [[], ["late", "worker"]]
    assert (drawn.n_elsewhere, drawn.towers[0].n_open) == (1, 1)


def test_a_full_floor_says_how_many_more_there_are() -> None:
    floor = FloorRow("/1/2/3/", 1, "一楼", "1F")
    rows = tuple(BuildingRow(f"/1/{n}/", f"{n}号楼", "", (floor,) if n == 2 else ()) for n in (2,))
    drawn = section(rows, [("/1/2/3/4/", "waiting")] * 200, [])
    storey = drawn.towers[0].storeys[0]
    assert len(storey.dots) + storey.n_more == 200


def test_the_curve_says_how_many_were_expected_by_now() -> None:
    """S58: today against the forecast."""
    drawn = curve((2,) * 10 + (0,) * 14, Expected("forecast", (1.0,) * 24), hour=9, minute=30)
    assert (drawn.n_today, drawn.n_expected) == (20, 9.5)
    assert curve((0,) * 24, Expected("none", (0.0,) * 24), hour=0, minute=0).line == ""


def test_the_axis_is_the_hours_around_now_or_the_whole_day() -> None:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert axis(at=at, hours=8).from_at.hour == 5
    whole = axis(at=at, hours=24)
    assert (whole.from_at.hour, whole.now_x) == (0, 395.8)


def _site(house: House):  # type: ignore[no-untyped-def]
    from yingxu.ground import queries

    return queries.site_by_id(house.site_id)


def _now() -> datetime:
    from yingxu.web.clock import site_clock

    return site_clock("Asia/Shanghai")


def send(house: House, job: Job, who: str = "leader", worker: str = "plumber"):  # type: ignore[no-untyped-def]
    client = signed_in(house, who)
    return client.post(
        f"/team-board/jobs/{job.uid}/assign?team=repair&hours=8",
        {"worker": str(uid(house, worker)), "command": str(uuid4())},
        headers=FRAGMENT,
    )


def test_a_leader_sends_and_takes_back(house: House) -> None:
    asked(house, item="plb.toilet")
    job = Job.objects.get()
    page = signed_in(house, "leader").get("/team-board").content.decode()
    assert job.number in page
    assert "王水工" in page
    html = send(house, job).content.decode()
    job.refresh_from_db()
    assert (job.state, job.worker_id) == ("dispatched", house.accounts["plumber"])
    assert "pull-back" in html
    client = signed_in(house, "leader")
    client.post(f"/team-board/jobs/{job.uid}/pull-back", {"command": str(uuid4())}, headers=FRAGMENT)
    job.refresh_from_db()
    assert job.state == "queued"


def test_without_javascript_the_forms_lead_back_to_the_board(house: House) -> None:
    asked(house, item="plb.toilet")
    job = Job.objects.get()
    answer = signed_in(house, "leader").post(
        f"/team-board/jobs/{job.uid}/assign?team=repair", {"worker": str(uid(house, "plumber"))}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/team-board?team=repair")


def test_an_ordinary_job_waits_for_the_critical_one_on_the_leaders_board_too(house: House) -> None:
    """S5: no P3 before an unassigned P1 that this worker could do."""
    asked(house, item="plb.burst", text="爆管了")
    asked(house, item="plb.toilet")
    ordinary = Job.objects.get(priority=3)
    answer = send(house, ordinary)
    assert answer.status_code >= 400
    assert "role" in answer.content.decode() or answer.content
    ordinary.refresh_from_db()
    assert ordinary.state == "queued"


def test_present_and_absent(house: House) -> None:
    client = signed_in(house, "leader")
    for said, is_present in (("0", False), ("1", True)):
        client.post(f"/team-board/people/{house.accounts['plumber']}", {"present": said, "command": str(uuid4())})
        assert Member.objects.get(account_id=house.accounts["plumber"]).is_present is is_present
    porter = client.post(f"/team-board/people/{house.accounts['porter']}", {"present": "0", "command": str(uuid4())})
    assert porter.status_code == 403


def test_a_leader_sees_the_own_company_only(house: House) -> None:
    known = [row.code for row in signed_in(house, "leader").get("/team-board").context["known"]]
    assert "lift" not in known
    assert signed_in(house, "leader").get("/team-board?team=lift").context["team"].code == "repair"


def test_the_board_needs_few_statements(house: House) -> None:
    asked(house, item="plb.toilet")
    client = signed_in(house, "leader")
    client.get("/team-board")
    inside.forget()
    with CaptureQueriesContext(connection) as seen:
        client.get("/team-board")
    assert len(seen) <= 11

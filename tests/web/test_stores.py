"""Pages of stores and costs: a person finds a part, books it, counts it, and reads what a month cost."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.stock import a_part, a_store, came
from tests.rooms.test_parts import in_work, use
from tests.rooms.test_work_loop import done
from tests.web.test_shell import signed_in
from yingxu.ground.models import Entry
from yingxu.web import inside
from yingxu.work.models import Job, Level, Movement, Part, Shortage, StockTake, Store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def post(client: Client, path: str, **said: Any) -> Any:
    return client.post(path, {"command": str(uuid4()), **said})


@pytest.fixture
def level(house: House) -> Level:
    return came(house, a_store(house), a_part(house, item_codes=["plb.faucet"]), 5)


def test_a_store_and_a_part_are_set_up_and_the_first_lot_comes_in(house: House) -> None:
    client = signed_in(house, "officer")
    assert "库房里还没有备件" in client.get("/stores").content.decode()
    assert post(client, "/stores/setup/new", code="Z", name="总库").status_code == 302
    wrong = post(client, "/stores/parts/make", code="K1", name="闭门器", unit="")
    assert wrong.status_code == 422
    assert 'value="闭门器"' in wrong.content.decode()
    assert post(client, "/stores/parts/make", code="K1", name="闭门器", unit="个", is_whole="1").status_code == 302
    part, store = Part.objects.get(code="K1"), Store.objects.get(code="Z")
    page = f"/stores/parts/{part.uid}"
    bad = post(client, f"{page}/receive", store=store.uid, quantity="1.5", price="72")
    assert bad.status_code == 422
    assert "整数" in bad.content.decode()
    assert post(client, f"{page}/receive", store=store.uid, quantity="6", price="72.5").status_code == 302
    shown = client.get(page).content.decode()
    assert "72.50" in shown
    assert "6 个" in shown
    assert client.get("/stores", {"q": "闭门"}).content.decode().count("data-row") == 1


def test_the_keeper_hands_parts_out_for_a_job_by_its_number(house: House) -> None:
    level = came(house, a_store(house, keeper="porter"), a_part(house), 5)
    job = in_work(house)
    client, page = signed_in(house, "porter"), f"/stores/parts/{level.part.uid}"
    said = {"level": level.uid, "quantity": "2"}
    assert post(client, f"{page}/issue", job="不存在", **said).status_code == 404
    assert post(client, f"{page}/issue", job=job.number, **said).status_code == 302
    assert post(client, f"{page}/return", job=job.number, **{**said, "quantity": "3"}).status_code == 409
    assert post(client, f"{page}/return", job=job.number, **said).status_code == 302
    level.refresh_from_db()
    assert level.on_hand == 5
    assert post(signed_in(house, "electrician"), f"{page}/issue", job=job.number, **said).status_code == 403


def test_a_worker_takes_what_is_usual_for_the_work_and_says_what_is_lacking(house: House, level: Level) -> None:
    job = in_work(house)
    client, page = signed_in(house, "plumber"), f"/job-parts/{job.uid}"
    assert page in client.get(f"/my-work/{job.uid}").content.decode()
    shown = client.get(page).content.decode()
    assert "陶瓷阀芯P1" in shown
    assert "12.50" not in shown  # a worker needs no prices
    assert post(client, f"{page}/take", level=level.uid, quantity="2").status_code == 302
    assert post(client, f"{page}/keep", level=level.uid, quantity="1").status_code == 302
    refused = post(client, f"{page}/take", level=level.uid, quantity="9")
    assert refused.status_code == 409
    assert "可用" in refused.content.decode() or "只有" in refused.content.decode()
    assert post(client, f"{page}/back", level=level.uid, quantity="1").status_code == 302
    lack = {"part": level.part.uid, "store": level.store.uid, "quantity": "8"}
    assert post(client, f"{page}/lack", **lack, hours="").status_code == 422
    assert post(client, f"{page}/lack", **lack, hours="24").status_code == 302
    job.refresh_from_db()
    assert job.state == "paused"
    assert "等备件" in client.get(page).content.decode()
    keeper = signed_in(house, "leader")
    row = Shortage.objects.get(job=job)
    assert job.number in keeper.get("/stores/lacking").content.decode()
    assert post(keeper, f"/stores/lacking/{row.uid}/order", supplier="", hours="4").status_code == 422
    assert post(keeper, f"/stores/lacking/{row.uid}/order", supplier="厂家", hours="4").status_code == 302
    assert post(client, f"{page}/release", level=level.uid).status_code == 302
    more = {"store": level.store.uid, "quantity": "9", "price": "12.50"}
    assert post(keeper, f"/stores/parts/{level.part.uid}/receive", **more).status_code == 302
    job.refresh_from_db()
    assert job.state == "in_progress"
    assert Movement.objects.filter(job=job).count() == 2


def test_one_counts_and_another_settles(house: House, level: Level) -> None:
    counter, second = signed_in(house, "leader"), signed_in(house, "manager")
    post(counter, "/stores/counts/begin", store=level.store.uid)
    page = f"/stores/counts/{StockTake.objects.get().uid}"
    assert post(counter, f"{page}/count", level=level.uid, counted="4").status_code == 422
    assert post(counter, f"{page}/count", level=level.uid, counted="4", reason="lost").status_code == 302
    assert "须由另一人确认" in counter.get(page).content.decode()
    assert post(counter, f"{page}/settle").status_code == 403
    assert post(second, f"{page}/settle").status_code == 302
    level.refresh_from_db()
    assert level.on_hand == 4
    assert "已确认" in second.get("/stores/counts").content.decode()


def finished(house: House, level: Level) -> Job:
    job = in_work(house)
    use(house, job, level, 2)
    return done(house, job)


def test_a_month_by_department_with_its_jobs_and_as_csv(house: House, level: Level) -> None:
    client = signed_in(house, "officer")
    assert "没有费用" in client.get("/costs", {"month": "2025-03"}).content.decode()
    job = finished(house, level)
    post(client, "/costs/rates/set", rate="40", from_on="2025-01-01", of="")
    post(client, "/costs/terms/set", line="", from_on="2025-01-01", labour="1")
    shown = client.get("/costs", {"month": "2025-03"}).content.decode()
    assert "35.00" in shown  # 15 minutes at 40 yuan, two at 12.50
    assert "25.00" in shown  # labour is included
    jobs = client.get("/costs/jobs", {"month": "2025-03", "line": "PLB", "department": house.places["S7-ORT"]})
    assert job.number in jobs.content.decode()
    answer = client.get("/costs/csv", {"month": "2025-03"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][-2:] == rows[-1][-2:] == ["35.00", "25.00"]
    page = f"/costs/requests/{job.request.uid}"
    assert f'hx-get="{page}"' in client.get(f"/requests/{job.request.uid}").content.decode()
    assert "费用" in client.get(page, headers={"HX-Request": "true"}).content.decode()
    bill = {"job": job.uid, "kind": "contractor", "on": "2025-03-03", "document": "FP-1"}
    wrong = post(client, f"{page}/bill", amount="12,345", **bill)
    assert wrong.status_code == 422
    assert 'value="12,345"' in wrong.content.decode()
    assert post(client, f"{page}/bill", amount="880", **bill).status_code == 302
    assert "880.00" in client.get(page).content.decode()
    assert Entry.objects.filter(kind="work.bill.entered", thread_id=job.request_id).count() == 1


def test_in_english_too(house: House, level: Level) -> None:
    client = signed_in(house, "officer")
    client.cookies["django_language"] = "en"
    for path in ("/stores", f"/stores/parts/{level.part.uid}", "/stores/lacking", "/stores/counts", "/costs"):
        shown = client.get(path, headers={"Accept-Language": "en"})
        assert shown.status_code == 200


def test_each_page_asks_so_much_of_the_database(house: House, level: Level) -> None:
    job = finished(house, level)
    officer, plumber = signed_in(house, "officer"), signed_in(house, "plumber")
    asked = {
        "/stores": (officer, 4),
        f"/stores/parts/{level.part.uid}": (officer, 7),
        "/stores/lacking": (officer, 3),
        "/stores/counts": (officer, 3),
        f"/job-parts/{job.uid}": (plumber, 7),
        "/costs?month=2025-03": (officer, 6),
        "/costs/jobs?month=2025-03": (officer, 6),
        f"/costs/requests/{job.request.uid}": (officer, 9),
    }
    counted = {}
    for path, (client, _n) in asked.items():
        client.get(path)  # what the process keeps
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        counted[path] = len(seen.captured_queries)
    assert counted == {path: n for path, (_client, n) in asked.items()}


def test_prices_are_for_who_reads_costs(house: House, level: Level) -> None:
    page = f"/stores/parts/{level.part.uid}"
    assert "12.50" in signed_in(house, "leader").get(page).content.decode()
    assert "12.50" not in signed_in(house, "plumber").get(page).content.decode()

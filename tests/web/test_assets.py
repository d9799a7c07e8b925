"""The register on its pages: uploaded, searched, printed; a printed code opens Ask with its asset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.rooms.test_assets import added, lift, printed
from tests.web.test_shell import signed_in
from yingxu.demand.models import Request
from yingxu.ground.models import Asset, ImportRun, PlaceToken
from yingxu.web import inside

pytestmark = pytest.mark.django_db

TABLE = (
    "设备编号,名称,设备类别,所在地点,出厂编号,状态,维保单位,启用日期\n"
    "LIFT-3,3号电梯,电梯,S-L3,NX-3,在用,乙梯业,2015年3月1日\n"
    "BED-701,701床,病床,外科楼 7楼 骨科,,停用,,2020/5\n"
)


@pytest.fixture(autouse=True)
def kept_apart(tmp_path: Any, settings: LazySettings) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path
    inside.forget()
    yield
    inside.forget()


def upload(client: Client, text: str, *, encoding: str = "utf-8") -> Any:
    file = SimpleUploadedFile("assets.csv", text.encode(encoding), content_type="text/csv")
    return client.post("/setup/upload/assets", {"file": file})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_looked_at_first_then_brought_in_and_taken_back(house: House, encoding: str) -> None:
    officer = signed_in(house, "officer")
    page = upload(officer, TABLE, encoding=encoding)
    assert page.status_code == 200, page.content.decode()
    assert not Asset.objects.exists()  # a look is no act
    done = officer.post("/setup/upload/assets", {"kept": page.context["kept"]})
    assert done["Location"] == "/setup/upload/assets?done=2"
    rows = {row.code: row for row in Asset.objects.select_related("place", "party")}
    assert str(rows["LIFT-3"].in_service_on) == "2015-03-01"
    assert (rows["LIFT-3"].place.code, rows["LIFT-3"].party.name if rows["LIFT-3"].party else "") == ("S-L3", "乙梯业")
    assert (rows["BED-701"].place.code, rows["BED-701"].state) == ("S7-ORT", "stopped")
    run = ImportRun.objects.get(table="assets")
    assert officer.get("/setup/upload/assets?done=2").status_code == 200
    taken = officer.post(f"/setup/imports/{run.uid}/take-back", {"table": "assets"})
    assert taken["Location"] == "/setup/upload/assets?taken_back=1"
    assert not Asset.objects.exists()


def test_what_is_in_use_is_not_taken_back_and_the_page_says_so(house: House) -> None:
    officer = signed_in(house, "officer")
    officer.post("/setup/upload/assets", {"kept": upload(officer, TABLE).context["kept"]})
    printed(house)
    run = ImportRun.objects.get(table="assets")
    refused = officer.post(f"/setup/imports/{run.uid}/take-back", {"table": "assets"})
    assert refused.status_code == 422
    assert Asset.objects.count() == 2


def test_faults_name_their_rows_and_nothing_is_done(house: House) -> None:
    added(house)
    wrong = (
        "设备编号,名称,设备类别,所在地点,状态,维保单位,启用日期\n"
        "LIFT-3,又一台,电梯,S-L3,,,\nX-1,,电梯,S-L3,,,\nX-2,甲,飞船,S-L3,,,\nX-3,乙,电梯,月球,,,\n"
        "X-4,丙,电梯,S-L3,飞了,,\nX-5,丁,电梯,S-L3,,无名公司,\nX-6,戊,电梯,S-L3,,,去年\nX-6,己,电梯,S-L3,,,\n"
    )
    page = upload(signed_in(house, "officer"), wrong)
    assert page.status_code == 422
    told = [(fault.row, fault.words) for fault in page.context["faults"]]
    assert [row for row, _ in told] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert all(str(row) in words for row, words in told)
    assert Asset.objects.count() == 1


def test_a_line_s_manager_uploads_what_the_line_looks_after(house: House) -> None:
    manager = signed_in(house, "line_manager")  # plumbing
    page = upload(manager, TABLE)
    assert page.status_code == 422
    assert [fault.row for fault in page.context["faults"]] == [2, 3]
    own = upload(manager, "设备编号,名称,设备类别,所在地点\nTANK-1,水箱,生活水箱,S\n")
    assert manager.post("/setup/upload/assets", {"kept": own.context["kept"]}).status_code == 302
    assert Asset.objects.get().line_code == "PLB"


def test_the_same_table_twice_is_refused_the_second_time(house: House) -> None:
    officer = signed_in(house, "officer")
    kept = upload(officer, TABLE).context["kept"]
    officer.post("/setup/upload/assets", {"kept": kept})
    again = officer.post("/setup/upload/assets", {"kept": kept})
    assert again.status_code == 422
    assert Asset.objects.count() == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_template_as_it_is_reads(house: House, ending: str) -> None:
    content = signed_in(house, "officer").get(f"/setup/template/assets.{ending}")
    assert content.status_code == 200
    file = SimpleUploadedFile(f"t.{ending}", content.content)
    page = signed_in(house, "officer").post("/setup/upload/assets", {"file": file})
    unknown = {fault.words for fault in page.context["faults"]}
    assert len(unknown) <= 2  # its example place and company are another hospital's


def test_the_list_is_empty_searched_and_costs_the_same_however_long(house: House) -> None:
    officer = signed_in(house, "officer")
    assert "/setup/upload/assets" in officer.get("/house/assets").content.decode()
    added(
        house,
        lift(house),
        *(lift(house, f"BED-{n}", name=f"{n}床", class_code="bed", line_code="FUR") for n in range(60)),
    )
    officer.get("/house/assets")
    with CaptureQueriesContext(connection) as asked:
        page = officer.get("/house/assets").content.decode()
    assert len(asked) <= 7, [one["sql"][:120] for one in asked]
    assert "BED-0" in page
    assert 'rel="next"' in page
    found = officer.get("/house/assets?q=3号电梯&class=lift").content.decode()
    assert "LIFT-3" in found
    assert "BED-0" not in found
    clerk = signed_in(house, "clerk").get("/house/assets").content.decode()
    assert "BED-0" in clerk
    assert "/house/assets/print" not in clerk


def test_an_asset_is_added_changed_and_its_history_told(house: House) -> None:
    officer = signed_in(house, "officer")
    given = {"code": "AC-1", "name": "净化机组", "class": "air_unit", "place": "S4-ICU", "state": "in_use"}
    wrong = officer.post("/house/assets/new", {**given, "place": "nowhere"})
    assert wrong.status_code == 422
    assert "净化机组" in wrong.content.decode()  # nothing typed is lost
    assert officer.post("/house/assets/new", given)["Location"] == "/house/asset/AC-1"
    assert officer.post("/house/assets/new", given).status_code == 422
    officer.post("/house/asset/AC-1", {**given, "state": "stopped", "in_service_on": "2020-01-02"})
    assert officer.post("/house/asset/AC-1", {**given, "in_service_on": "soon"}).status_code == 422
    page = officer.get("/house/asset/AC-1").content.decode()
    assert "2020-01-02" in page
    assert Asset.objects.get().state == "stopped"


@pytest.mark.parametrize("layout", ["a4-24", "a4-8", "a6", "tag"])
def test_sheets_are_printed_in_every_format(house: House, layout: str) -> None:
    added(house, lift(house), lift(house, "BED-1", name="很长的名字" * 12, class_code="bed", line_code="FUR"))
    officer = signed_in(house, "officer")
    sheet = officer.post("/house/assets/print", {"layout": layout, "codes": "keep", "which": "all"})
    assert sheet.content.startswith(b"%PDF")
    assert PlaceToken.objects.filter(asset__isnull=False, revoked_at=None).count() == 2
    assert officer.post("/house/assets/print", {"layout": "napkin"}).status_code == 422


def test_a_printed_code_asks_about_its_asset_in_ten_seconds(house: House) -> None:
    """S7: whoever stands before a lift scans, taps one chip, sends; the lift's own team has it with its place."""
    added(house)
    token = printed(house)
    phone = Client()
    with CaptureQueriesContext(connection):
        page = phone.get(f"/q/{token}")
    text = page.content.decode()
    assert "3号电梯" in text
    assert "LIFT-3" in text
    assert "外科楼 3号梯" in text
    assert text.index("elv.trapped") < text.index("elv.door")
    sent = phone.post(f"/q/{token}", {"text": "停在四楼不动", "item": "elv.stopped", "command": "one"})
    assert sent.status_code == 302
    assert (
        phone.post(f"/q/{token}", {"text": "停在四楼不动", "item": "elv.stopped", "command": "one"})["Location"]
        == sent["Location"]
    )
    request = Request.objects.get(channel="qr", text="停在四楼不动")
    assert (request.line_code, request.asset.code if request.asset else "") == ("ELV", "LIFT-3")
    assert request.place_id == house.places["S-L3"]
    assert "3号电梯" in phone.get(sent["Location"]).content.decode()
    clerk = signed_in(house, "clerk")
    assert "LIFT-3" in clerk.get(f"/desk/requests/{request.uid}").content.decode()
    phone.post(f"/q/{token}", {"text": "坏了", "command": "three"})  # the desk is offered what lifts are asked for
    unclear = Request.objects.get(text="坏了")
    assert 'data-take-item="elv.stopped"' in clerk.get(f"/desk/requests/{unclear.uid}").content.decode()
    assert request.number in clerk.get("/house/asset/LIFT-3").content.decode()


def test_a_code_that_was_withdrawn_says_so_to_whoever_scans_it(house: House) -> None:
    added(house)
    token = printed(house)
    officer = signed_in(house, "officer")
    assert officer.post("/house/asset/LIFT-3/revoke", {"reason": "丢失"}).status_code == 302
    assert Client().get(f"/q/{token}").status_code == 404
    assert "丢失" in officer.get("/house/asset/LIFT-3").content.decode()
    officer.post("/house/assets/print", {"layout": "tag", "codes": "keep", "asset": ["LIFT-3"]})
    again = PlaceToken.objects.get(asset__code="LIFT-3", revoked_at=None).token
    assert Client().get(f"/q/{again}").status_code == 200


def test_somebody_signed_in_asks_about_an_asset_from_its_page(house: House) -> None:
    added(house)
    clerk = signed_in(house, "clerk")
    page = clerk.get("/ask?asset=LIFT-3").content.decode()
    assert 'name="asset" value="LIFT-3"' in page
    clerk.post("/ask", {"text": "按钮不亮", "asset": "LIFT-3", "command": "two"})
    request = Request.objects.get(text="按钮不亮")
    assert (request.asset.code if request.asset else "", request.place_id) == ("LIFT-3", house.places["S-L3"])
    assert clerk.get("/ask?asset=NONE").status_code == 404

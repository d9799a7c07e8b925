"""Parts with opening balances from a table: looked at first, faults by row, lots and minimum levels, taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people import House
from tests.rooms.stock import a_part, a_store
from tests.rooms.test_parts import derived
from tests.web.test_papers_upload import brought_in, looked_at, sheet, taken_back
from tests.web.test_shell import signed_in
from yingxu.ground.models import Entry, ImportRun
from yingxu.work.models import Level, Lot, Movement, Part

pytestmark = pytest.mark.django_db

TABLE = (
    "备件编码,名称,规格型号,单位,是否整数,适用项目,仓库,安全库存,数量,单价,批号,供应商,到货日期,有效期\n"
    "PLB-001,陶瓷阀芯,35 mm,个,是,plb.faucet,A库,20,46,8.50,2409-01,某某五金,2024-09-01,\n"
    "PLB-001,陶瓷阀芯,35 mm,个,,,A库,,10,9.00,2502-01,,2025/2/1,\n"
    'ELE-900,电缆,3×2.5,米,否,,B,0,"1,200.5",4.2,,,,2030-01-01\n'
    "PLB-002,电磁阀,,个,,,a库,6,,,,,,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_parts_lots_and_minimums_come_in_and_leave_again_by_the_book(house: House, encoding: str) -> None:
    a_store(house)
    a_store(house, "B", party=None)
    client = signed_in(house, "officer")
    looked_at(client, "parts", sheet(TABLE, encoding))
    assert not Part.objects.exists(), "looking writes nothing"
    brought_in(client, "parts", sheet(TABLE, encoding))
    tap = Level.objects.get(part__code="PLB-001")
    assert (tap.on_hand, tap.minimum, tap.part.item_codes) == (Decimal(56), Decimal(20), ["plb.faucet"])
    lots = list(Lot.objects.filter(level=tap).order_by("received_on").values_list("batch", "price_fen", "received_on"))
    assert lots == [("2409-01", 850, date(2024, 9, 1)), ("2502-01", 900, date(2025, 2, 1))]
    cable = Level.objects.get(part__code="ELE-900")
    assert (cable.store.code, cable.on_hand, cable.part.is_whole) == ("B", Decimal("1200.5"), False)
    empty = Level.objects.get(part__code="PLB-002")
    assert (empty.on_hand, empty.minimum, empty.is_low) == (Decimal(0), Decimal(6), True)
    assert taken_back(client, "parts")[0] == 302
    for level in Level.objects.all():
        assert (level.on_hand, level.minimum) == (Decimal(0), Decimal(0))
        assert derived(level)
    assert not Part.objects.filter(is_active=True).exists()
    assert Movement.objects.filter(note="taken back").count() == 3  # nothing of the book is deleted
    brought_in(client, "parts", sheet(TABLE, encoding))  # and it may come again
    assert Level.objects.get(part__code="PLB-001").on_hand == Decimal(56)


def test_every_fault_is_told_with_its_row_and_nothing_is_done(house: House) -> None:
    a_store(house)
    a_part(house, "P1")
    rows = (
        "备件编码,名称,单位,库房,期初数量,单价,入库日期,有效期至,最低库存\n"
        ",无编码,个,A,1,1,,,\n"
        "X1,阀,个,没有的库,1,1,,,\n"
        "X2,阀,个,A,1.5,1,,,\n"
        "X3,阀,个,A,3,,,,\n"
        "X4,阀,个,A,-3,1,,,\n"
        "X5,阀,个,A,三,1,,,\n"
        "X6,阀,个,A,3,1.005,,,\n"
        "X7,阀,个,A,3,1,2099-01-01,,\n"
        "X8,阀,个,A,3,1,2024-01-02,2024-01-01,\n"
        "P1,另一个名字,个,A,3,1,,,\n"
        "X9,阀,个,A,3,1,,,\n"
        "X9,阀,只,A,3,1,,,\n"
        "X9,阀,个,A,3,1,,,\n"
    )
    client = signed_in(house, "officer")
    html = looked_at(client, "parts", sheet(rows), 422)
    for row in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14):
        assert f"第 {row} 行：" in html, row
    assert "第 12 行：" not in html
    assert 'name="kept"' not in html
    assert Part.objects.count() == 1
    assert not Entry.objects.filter(kind="work.stock.received").exists()


def test_what_was_used_since_is_not_taken_back(house: House) -> None:
    a_store(house)
    client = signed_in(house, "officer")
    brought_in(client, "parts", sheet("编码,名称,单位,库房,数量,单价\nX1,阀,个,A,5,1\n"))
    Lot.objects.update(left=4)
    Level.objects.update(on_hand=4)
    status, html = taken_back(client, "parts")
    assert status == 422
    assert "撤回" in html
    assert ImportRun.objects.latest("made_at").undone_at is None
    assert Part.objects.get().is_active


def test_a_company_brings_in_its_own_stores_only(house: House) -> None:
    a_store(house)
    a_store(house, "B", party=None)
    client = signed_in(house, "manager")
    html = looked_at(client, "parts", sheet("编码,名称,单位,库房,数量,单价\nX1,阀,个,A,5,1\nX2,阀,个,B,5,1\n"), 422)
    assert "第 3 行：库房 B 不归您管" in html
    brought_in(client, "parts", sheet("编码,名称,单位,库房,数量,单价\nX1,阀,个,A,5,1\n"))
    assert signed_in(house, "nurse").get("/setup/upload/parts").status_code == 403


def test_the_template_is_read_again_as_it_is(house: House) -> None:
    a_store(house, "工程备件库")
    client = signed_in(house, "officer")
    answer = client.get("/setup/template/parts.xlsx")
    assert answer.status_code == 200
    file = SimpleUploadedFile("备件.xlsx", BytesIO(answer.content).read())
    brought_in(client, "parts", file)
    assert Level.objects.get().on_hand == Decimal(46)
    assert "/setup/upload/parts" in client.get("/stores").content.decode()

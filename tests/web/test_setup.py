"""The first hour (S60, X6): from an empty database to printed codes; uploads with faults in words, taken back whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.people import MONDAY_NINE, House
from tests.web.test_shell import signed_in
from yingxu.ground import actions as ground
from yingxu.ground import queries
from yingxu.ground.actions import NewAccount, NewHolding
from yingxu.ground.actor import engine
from yingxu.ground.importing import template_csv, template_xlsx
from yingxu.ground.models import Account, Entry, ImportRun, Place, PlaceToken, Site
from yingxu.standards import queries as standards
from yingxu.team.models import Member, Team
from yingxu.web import inside

pytestmark = pytest.mark.django_db

PLACES = (
    "编码,上级编码,类型,名称,区域类别,别名\n"
    "N1,,院区,新院区,,\nN1-A,N1,楼宇,门诊楼,,1号楼\nN1-A-2,N1-A,楼层,2楼,,\nN1-A-2-O,N1-A-2,科室,眼科,病区,\n"
)
PEOPLE = (
    "账号,姓名,角色,单位,班组,条线,所属地点,电话\n"
    "newchief,何处长,后勤处长,,,,,8001\nnewnurse,李护士,报修人,,,,眼科,8002\n"
    "newfitter,王师傅,作业人员,安心物业公司,维修班,给排水;供配电照明,,8003\n"
)


@pytest.fixture(autouse=True)
def kept_apart(tmp_path: Any, settings: LazySettings) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path
    inside.forget()
    yield
    inside.forget()


@pytest.fixture
def boss(db: None) -> Client:
    """An administrator of the whole installation, as ``yingxu createadmin`` makes one."""
    opened = ground.open_accounts(
        site_id=None,
        people=[NewAccount(username="boss", name="管理员", holdings=(NewHolding(role="AD"),))],
        actor=engine("setup"),
        at=MONDAY_NINE,
        prepared_password="!",
    )
    return client_of(opened.keys[0])


def client_of(key: int) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=key), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def upload(client: Client, table: str, text: str, *, encoding: str = "utf-8", site: str = "new") -> Any:
    file = SimpleUploadedFile(f"{table}.csv", text.encode(encoding), content_type="text/csv")
    return client.post(f"/setup/upload/{table}?site={site}", {"file": file})


def bring_in(client: Client, table: str, text: str, *, encoding: str = "utf-8", site: str = "new") -> Any:
    page = upload(client, table, text, encoding=encoding, site=site)
    assert page.status_code == 200, page.content.decode()
    return client.post(f"/setup/upload/{table}?site={site}", {"kept": page.context["kept"]})


def new_site(client: Client) -> Site:
    given = {"name": "新建医院", "code": "new", "name_en": "", "desk_phone": "8000"}
    assert client.post("/setup/site", given).status_code == 302
    assert client.post("/setup/lines?site=new", {"line": ["PLB", "ELE", "ESC", "GEN"]}).status_code == 302
    return Site.objects.get(code="new")


def test_s60_from_nothing_to_printed_codes(boss: Client) -> None:
    site = new_site(boss)
    assert bring_in(boss, "places", PLACES).status_code == 302
    assert bring_in(boss, "people", PEOPLE, encoding="gb18030").status_code == 302
    page = boss.get("/setup?site=new")
    assert {code for code, step in page.context["steps"].items() if step.is_done} == {
        "site",
        "lines",
        "places",
        "people",
    }
    assert not page.context["steps"]["open"].is_open  # the hospital opens, not the administrator
    sheet = boss.post("/house/codes/print?site=new", {"layout": "a4-24", "codes": "keep", "which": "all"})
    assert sheet.status_code == 200
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")
    assert PlaceToken.objects.filter(place__site=site, revoked_at=None).count() == 4
    assert Entry.objects.filter(kind="ground.qr.printed", site_id=site.pk).count() == 1
    listed = boss.post("/setup/first-passwords?site=new").content.decode("utf-8-sig")
    first = {row[1]: row[2] for row in list(csv.reader(io.StringIO(listed)))[1:]}
    assert set(first) == {"newchief", "newnurse", "newfitter"}
    chief = Client()
    came = chief.post("/sign-in", {"username": "newchief", "password": first["newchief"]})
    assert came.status_code == 302
    assert chief.post("/setup/open").status_code == 302
    site.refresh_from_db()
    assert site.state == "open"
    assert "newchief" not in boss.post("/setup/first-passwords?site=new").content.decode("utf-8-sig")


def test_what_the_first_hour_made_can_be_asked_for(boss: Client) -> None:
    new_site(boss)
    bring_in(boss, "places", PLACES)
    boss.post("/house/codes/print?site=new", {"layout": "a6", "codes": "keep", "place": ["N1-A-2-O"]})
    token = PlaceToken.objects.get(place__code="N1-A-2-O").token
    sent = Client().post(f"/q/{token}", {"text": "水龙头滴水", "item": "plb.faucet", "command": "a-first-one"})
    assert sent.status_code == 302


def test_a_places_code_is_withdrawn_and_printed_anew(boss: Client) -> None:
    new_site(boss)
    bring_in(boss, "places", PLACES)
    boss.post("/house/codes/print?site=new", {"layout": "a6", "codes": "keep", "place": ["N1-A-2-O"]})
    first = PlaceToken.objects.get(place__code="N1-A-2-O").token
    assert "/house/places/N1-A-2-O/revoke" in boss.get("/house/places/N1-A-2-O?site=new").content.decode()
    gone = boss.post("/house/places/N1-A-2-O/revoke?site=new", {"reason": "被撕走"})
    assert gone.status_code == 302
    assert Client().get(f"/q/{first}").status_code == 404
    assert "被撕走" in boss.get("/house/places/N1-A-2-O?site=new").content.decode()
    boss.post("/house/codes/print?site=new", {"layout": "a6", "codes": "keep", "place": ["N1-A-2-O"]})
    assert PlaceToken.objects.filter(place__code="N1-A-2-O", revoked_at=None).exclude(token=first).count() == 1


def test_faults_name_their_rows_and_nothing_is_done(boss: Client) -> None:
    new_site(boss)
    wrong = "编码,上级编码,类型,名称\nA,,院区,甲\nB,X,楼宇,乙\nA,,楼宇,丙\nC,A,塔楼,\n"
    page = upload(boss, "places", wrong)
    assert page.status_code == 422
    words = [fault.words for fault in page.context["faults"]]
    assert [fault.row for fault in page.context["faults"]] == [3, 4, 5, 5]
    assert all(f"第 {row} 行" in said or f"Row {row}" in said for row, said in zip([3, 4, 5, 5], words, strict=True))
    assert page.context["kept"] == ""
    assert not Place.objects.filter(site__code="new").exists()


def test_s60_an_empty_house_leads_to_its_first_step_and_nothing_is_wrong_there(
    boss: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "sites_of", lambda actor: ())  # the tests' database has a hospital already
    assert boss.get("/")["Location"] == "/setup"
    for address in (reverse("web:handbook"), reverse("web:ladder"), reverse("web:doors"), "/house/people"):
        assert boss.get(address)["Location"] == "/setup", address
    for address in ("/notices/count", "/handbook/unread/count"):
        assert boss.get(address, headers={"HX-Request": "true"}).status_code == 204, address


def test_s60_who_may_open_the_house_comes_to_what_is_left_to_do(boss: Client) -> None:
    new_site(boss)
    bring_in(boss, "places", PLACES)
    bring_in(boss, "people", PEOPLE)
    listed = boss.post("/setup/first-passwords?site=new").content.decode("utf-8-sig")
    first = {row[1]: row[2] for row in list(csv.reader(io.StringIO(listed)))[1:]}
    chief = Client()
    assert chief.post("/sign-in", {"username": "newchief", "password": first["newchief"]})["Location"] == "/setup"
    assert 'href="/setup"' in chief.get("/promises").content.decode()
    chief.post("/setup/open")
    inside.forget()
    assert chief.get("/")["Location"] == "/promises"
    assert 'href="/setup"' not in chief.get("/promises").content.decode()


def test_s33_what_comes_later_is_not_promised_earlier(boss: Client) -> None:
    new_site(boss)
    page = boss.post("/setup/lines?site=new", {"line": ["ELV"], "limit-1-arrived": "500"})
    assert page.status_code == 422
    assert "特急" in page.context["trouble"]
    assert 'value="500"' in page.content.decode()


def test_a_contract_without_a_number_is_asked_for_in_words(boss: Client) -> None:
    new_site(boss)
    bring_in(boss, "places", PLACES)
    bring_in(boss, "people", PEOPLE)
    sent = boss.post("/setup/contract?site=new", {"party": "", "number": ""})
    assert sent["Location"] == "/setup?needs=contract#contract"
    assert "请选择单位，并填写合同编号。" in boss.get("/setup?site=new&needs=contract").content.decode()


def test_the_preview_shows_the_rows_that_are_wrong_and_what_a_column_takes(boss: Client) -> None:
    new_site(boss)
    rows = "".join(f"R{n},R0,房间,房间{n}\n" for n in range(1, 60))
    page = upload(boss, "places", "编码,上级编码,类型,名称\nR0,,院区,院\n" + rows + "X,R0,塔楼,甲\n")
    assert [(number, is_wrong) for number, is_wrong, _cells in page.context["shown"]] == [(62, True)]
    assert "楼宇、楼层" in page.context["faults"][0].words


def test_a_limit_that_is_no_number_is_said_to_be_none(boss: Client) -> None:
    new_site(boss)
    table = "编码,条线,名称,默认级别,完成时限,工时\nown.flags,综合,升国旗,一般,一天,9999\n"
    words = [fault.words for fault in upload(boss, "catalogue", table).context["faults"]]
    assert words == ["第 2 行：“完成时限” 一天 不是数字。", "第 2 行：“工时” 9999 超出范围（最多 1440）。"]


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0old", b"\x00\x01\x02", b"PK\x03\x04broken", b"a,b\n1,2\n"])
def test_a_file_that_is_no_table_is_told_apart_from_a_fault_of_ours(boss: Client, content: bytes) -> None:
    new_site(boss)
    page = boss.post("/setup/upload/places?site=new", {"file": SimpleUploadedFile("x.xlsx", content)})
    assert page.status_code == 422
    assert page.context["trouble"]


def test_an_upload_is_taken_back_while_nothing_depends_on_it(boss: Client) -> None:
    new_site(boss)
    bring_in(boss, "places", PLACES)
    bring_in(boss, "people", PEOPLE)
    people, places = ImportRun.objects.get(table="people"), ImportRun.objects.get(table="places")
    refused = boss.post(f"/setup/imports/{places.uid}/take-back?site=new")
    assert refused.status_code == 409  # the nurse belongs to one of the places
    assert Place.objects.filter(site__code="new").count() == 4
    assert boss.post(f"/setup/imports/{people.uid}/take-back?site=new").status_code == 302
    assert not Account.objects.filter(username="newnurse").exists()
    assert not Team.objects.filter(site__code="new").exists()
    assert not Member.objects.filter(site__code="new").exists()
    assert boss.post(f"/setup/imports/{places.uid}/take-back?site=new").status_code == 302
    assert not Place.objects.filter(site__code="new").exists()
    assert boss.post(f"/setup/imports/{places.uid}/take-back?site=new").status_code in {403, 404}
    assert bring_in(boss, "places", PLACES).status_code == 302  # and may come again


def test_own_items_come_and_go(boss: Client) -> None:
    site = new_site(boss)
    text = "编码,条线,名称,默认级别,完成时限(小时),工时\nown.flag,综合,升国旗,预约,24,20\n"
    assert bring_in(boss, "catalogue", text).status_code == 302
    assert "own.flag" in {row.code for row in standards.catalogue(site.pk)}
    run = ImportRun.objects.get(table="catalogue")
    assert boss.post(f"/setup/imports/{run.uid}/take-back?site=new").status_code == 302


def test_the_same_preview_confirmed_twice_is_done_once(boss: Client) -> None:
    new_site(boss)
    page = upload(boss, "places", PLACES)
    kept = {"kept": page.context["kept"]}
    assert boss.post("/setup/upload/places?site=new", kept).status_code == 302
    assert boss.post("/setup/upload/places?site=new", kept).status_code == 422
    assert Place.objects.filter(site__code="new").count() == 4


def test_templates_are_tables_that_the_upload_reads(boss: Client) -> None:
    new_site(boss)
    for ending, make in (("csv", template_csv), ("xlsx", template_xlsx)):
        for table in ("places", "people", "catalogue"):
            got = boss.get(f"/setup/template/{table}.{ending}?site=new")
            assert got.status_code == 200
            read = boss.post(
                f"/setup/upload/{table}?site=new",
                {"file": SimpleUploadedFile(f"t.{ending}", make(table, is_english=False))},
            )
            assert not read.context["trouble"]


def test_ten_thousand_rows_come_in_at_once(boss: Client) -> None:
    new_site(boss)
    rows = "".join(f"R{n},{f'R{n // 20}' if n else ''},房间,房间{n}\n" for n in range(1, 10_000))
    text = "编码,上级编码,类型,名称\nR0,,院区,院\n" + rows
    assert bring_in(boss, "places", text).status_code == 302
    assert Place.objects.filter(site__code="new").count() == 10_000


def test_lines_join_later_and_promises_are_as_chosen(boss: Client) -> None:
    site = new_site(boss)

    later = boss.post("/setup/lines?site=new", {"line": ["ELV"], "limit-3-arrived": "45"})
    assert later.status_code == 302
    assert {line.code for line in standards.lines(site.pk)} == {"PLB", "ELE", "ESC", "GEN", "ELV"}
    assert standards.promised_words(site.pk, "elv.wait", priority=3)["arrived"].limit_s == 45 * 60
    assert boss.post("/setup/lines?site=new", {"line": ["CLN"], "limit-3-arrived": "-1"}).status_code == 422


def test_a_stranger_furnishes_nothing(house: House) -> None:
    for name in ("nurse", "plumber", "clerk"):
        client = signed_in(house, name)
        for address in ("/setup", "/house/places", "/house/people", "/house/codes", "/house/catalogue"):
            assert client.get(address).status_code == 403, (name, address)


def test_after_opening_the_officer_keeps_the_places_and_the_administrator_the_people(house: House) -> None:
    assert signed_in(house, "officer").get("/house/places").status_code == 200
    assert signed_in(house, "administrator").get("/house/places").status_code == 403
    assert signed_in(house, "administrator").get("/house/people").status_code == 200


def test_a_place_moves_with_what_lies_in_it_and_its_history_says_so(house: House) -> None:
    client = signed_in(house, "officer")
    given = {"name": "骨科一病区", "kind": "ward", "parent": "N5", "place_class": "ward", "aliases": "骨一；七楼"}
    assert client.post("/house/places/S7-ORT", given).status_code == 302
    station = queries.place_by_code(house.site_id, "S7-ORT-ST")
    assert station.full_name == "内科楼 5楼 骨科一病区 护士站"
    assert station.path.startswith(queries.place_by_code(house.site_id, "N5").path)
    assert "骨科一病区" in client.get("/house/places/S7-ORT").content.decode()
    into_itself = client.post("/house/places/S7", {"name": "7楼", "kind": "floor", "parent": "S7"})
    assert into_itself.status_code == 422


def test_a_closed_place_is_asked_for_no_more_and_its_code_is_dead(house: House) -> None:
    client = signed_in(house, "officer")
    client.post("/house/codes/print", {"layout": "tag", "codes": "keep", "place": ["S7-ORT-WC"]})
    token = PlaceToken.objects.get(place__code="S7-ORT-WC", revoked_at=None).token
    assert Client().get(f"/q/{token}").status_code == 200
    assert client.post("/house/places/S7-ORT-WC/close", {"reason": "改建"}).status_code == 302
    assert Client().get(f"/q/{token}").status_code == 404


def test_reprinting_keeps_the_code_or_replaces_it(house: House) -> None:
    client = signed_in(house, "officer")
    data = {"layout": "a4-8", "codes": "keep", "place": ["S7-ORT"]}
    client.post("/house/codes/print", data)
    first = PlaceToken.objects.get(place__code="S7-ORT", revoked_at=None).token
    client.post("/house/codes/print", data)
    assert PlaceToken.objects.get(place__code="S7-ORT", revoked_at=None).token == first
    client.post("/house/codes/print", {**data, "codes": "renew"})
    assert Client().get(f"/q/{first}").status_code == 404


def test_codes_carry_the_configured_host(house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    import segno

    said: list[str] = []
    real = segno.make
    monkeypatch.setattr(segno, "make", lambda content, **more: (said.append(content), real(content, **more))[1])
    settings.PUBLIC_URL = "https://ask.hospital.example"
    signed_in(house, "officer").post("/house/codes/print", {"layout": "a6", "codes": "keep", "place": ["S7-ORT"]})
    token = PlaceToken.objects.get(place__code="S7-ORT", revoked_at=None).token
    assert said == [f"https://ask.hospital.example/q/{token}"]


def test_a_code_is_typed_in_any_case_with_hyphens(house: House) -> None:
    signed_in(house, "officer").post("/house/codes/print", {"layout": "a6", "codes": "keep", "place": ["S7-ORT"]})
    token = PlaceToken.objects.get(place__code="S7-ORT", revoked_at=None).token
    went = Client().get("/q", {"code": f" {token[:5].lower()}-{token[5:]} "})
    assert went["Location"] == f"/q/{token}"
    assert Client().get("/q", {"code": "NOSUCHCODE"}).status_code == 404


def test_a_person_is_opened_given_a_role_for_a_time_and_closed(house: House) -> None:
    client = signed_in(house, "administrator")
    made = client.post("/house/people/new", {"username": "late1", "name": "后来人", "role": "RQ", "place": "S7-ORT"})
    assert made.status_code == 302
    person = Account.objects.get(username="late1")
    address = f"/house/people/{person.pk}"
    assert client.post(f"{address}/role", {"role": "VS", "from": "2030-01-01", "to": "2030-02-01"}).status_code == 302
    assert client.post(f"{address}/role", {"role": "VS", "from": "2030-03-01", "to": "2030-02-01"}).status_code == 422
    reset = client.post(f"{address}/password")
    assert reset["Cache-Control"] == "no-store"
    fresh = reset.context["fresh"].password
    assert Client().post("/sign-in", {"username": "late1", "password": fresh}).status_code == 302
    assert client.post(f"{address}/close").status_code == 302
    assert Client().post("/sign-in", {"username": "late1", "password": fresh}).status_code == 403
    again = client.post("/house/people/new", {"username": "late1", "name": "又一个", "role": "RQ", "place": "S7-ORT"})
    assert again.status_code == 422


def test_an_item_is_suspended_with_a_notice_and_comes_back(house: House) -> None:

    client = signed_in(house, "officer")
    assert client.post("/house/catalogue/plb.faucet/move", {"to": "held"}).status_code == 422
    assert client.post("/house/catalogue/plb.faucet/move", {"to": "held", "notice": "周六停水检修"}).status_code == 302
    assert "plb.faucet" not in {row.code for row in standards.catalogue(house.site_id)}
    assert client.post("/house/catalogue/plb.faucet/move", {"to": "active"}).status_code == 302
    assert "plb.faucet" in {row.code for row in standards.catalogue(house.site_id)}

"""Certificates, skills, duties from a table: tried by the verbs first, every fault with its row, taken back whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.people import House
from tests.web.test_shell import signed_in
from yingxu.ground.importing.papers import read_clock, read_day
from yingxu.ground.models import Entry, ImportRun
from yingxu.team.models import Certificate, Duty, Member

pytestmark = pytest.mark.django_db

CERTIFICATES = "人员,证书,证书编号,发证日期,有效期至\n王水工,低压电工,T-1,2024-05-01,2030/4/30\n陈电工,LV,T-2,,\n"


def sheet(text: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("表.csv", text.encode(encoding), content_type="text/csv")


def workbook(rows: list[list[object]]) -> SimpleUploadedFile:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = BytesIO()
    book.save(out)
    return SimpleUploadedFile("排班.xlsx", out.getvalue())


def member(house: House, name: str) -> Member:
    return Member.objects.get(account_id=house.accounts[name])


def looked_at(client: Client, table: str, file: SimpleUploadedFile, status: int = 200) -> str:
    answer = client.post(f"/setup/upload/{table}", {"file": file})
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def brought_in(client: Client, table: str, file: SimpleUploadedFile) -> None:
    page = looked_at(client, table, file)
    kept = page.split('name="kept" value="')[1].split('"')[0]
    answer = client.post(f"/setup/upload/{table}", {"kept": kept})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert f"/setup/upload/{table}?done=" in answer["Location"]


def taken_back(client: Client, table: str) -> tuple[int, str]:
    run = ImportRun.objects.latest("made_at")
    answer = client.post(f"/setup/imports/{run.uid}/take-back", {"table": table})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_certificates_come_in_unverified_and_go_again(house: House, encoding: str) -> None:
    client = signed_in(house, "manager")
    looked_at(client, "certificates", sheet(CERTIFICATES, encoding))
    assert not Certificate.objects.exists(), "looking writes nothing"
    brought_in(client, "certificates", sheet(CERTIFICATES, encoding))
    first = Certificate.objects.get(number="T-1")
    assert (first.kind_code, first.valid_to, first.verified_at) == ("LV", date(2030, 4, 30), None)
    assert member(house, "plumber").papers["LV"] == [False, "2030-04-30", "2027-04-30"], "reviewed every three years"
    assert "表.csv" in client.get("/setup/upload/certificates?done=2").content.decode()
    assert taken_back(client, "certificates")[0] == 302
    assert not Certificate.objects.filter(withdrawn_at=None).exists()
    assert member(house, "plumber").papers == {}
    assert Entry.objects.filter(kind="team.certificate.withdrawn").count() == 2


def test_a_verified_certificate_keeps_its_upload_from_being_taken_back(house: House) -> None:
    client = signed_in(house, "manager")
    brought_in(client, "certificates", sheet(CERTIFICATES))
    Certificate.objects.filter(number="T-1").update(verified_at=datetime(2025, 3, 3, tzinfo=ZoneInfo("Asia/Shanghai")))
    status, said = taken_back(client, "certificates")
    assert status == 422
    assert 'role="alert"' in said
    assert Certificate.objects.filter(withdrawn_at=None).count() == 2


def test_every_fault_is_told_with_its_row_and_nothing_is_done(house: House) -> None:
    client = signed_in(house, "manager")
    said = looked_at(
        client,
        "certificates",
        sheet(
            "人员,证书,证书编号,发证日期,有效期至\n"
            "没有此人,低压电工,A,,\n"
            "王水工,驾照,B,,\n"
            "王水工,低压电工,C,2030-01-01,2024-01-01\n"
            "王水工,低压电工,,不知道,\n"
            "陈电工,低压电工,D,,\n"
            "陈电工,低压电工,D,,\n"
        ),
        422,
    )
    for words in ("第 2 行", "没有此人", "第 3 行", "驾照", "第 4 行", "第 5 行", "不知道", "第 7 行"):
        assert words in said, words
    assert not Certificate.objects.exists()


def test_what_a_verb_would_refuse_is_a_fault_of_the_preview(house: House) -> None:
    client = signed_in(house, "manager")
    brought_in(client, "certificates", sheet(CERTIFICATES))
    said = looked_at(client, "certificates", sheet(CERTIFICATES), 422)
    assert "第 2 行" in said
    assert "第 3 行" in said
    assert Certificate.objects.count() == 2


def test_a_leader_brings_in_only_people_of_the_own_company(house: House) -> None:
    client = signed_in(house, "leader")
    said = looked_at(client, "skills", sheet("人员,技能,级别\n王水工,给排水,3\n吴梯工,plumbing,2\n"), 422)
    assert "第 3 行" in said
    assert "第 2 行" not in said


def test_skills_change_only_what_is_named_and_go_back(house: House) -> None:
    client = signed_in(house, "manager")
    before = dict(member(house, "plumber").skills)
    brought_in(client, "skills", sheet("姓名,技能,等级\n王水工,electrical,2级\n王水工,plumbing,4\n"))
    assert member(house, "plumber").skills == {**before, "electrical": 2, "plumbing": 4}
    assert taken_back(client, "skills")[0] == 302
    assert member(house, "plumber").skills == before


def test_who_was_changed_since_keeps_the_upload(house: House) -> None:
    client = signed_in(house, "manager")
    brought_in(client, "skills", sheet("姓名,技能,等级\n王水工,electrical,2\n"))
    Member.objects.filter(account_id=house.accounts["plumber"]).update(skills={"plumbing": 1})
    assert taken_back(client, "skills")[0] == 422
    assert member(house, "plumber").skills == {"plumbing": 1}


def test_duties_come_from_a_workbook_over_midnight_with_breaks(house: House) -> None:
    client = signed_in(house, "manager")
    rows: list[list[object]] = [
        ["某某医院排班表"],
        ["姓名", "日期", "上班", "下班", "休息"],
        ["王水工", date(2026, 3, 2), "20:00", "06:00", "00:30-01:00"],
        ["陈电工", "2026年3月2日", "8:00", "17：00", "12:00-12:30；15:00-15:10"],
    ]
    brought_in(client, "duties", workbook(rows))
    plumber, zone = member(house, "plumber"), ZoneInfo("Asia/Shanghai")
    assert plumber.duty_from == datetime(2026, 3, 2, 20, tzinfo=zone)
    assert plumber.duty_to == datetime(2026, 3, 3, 6, tzinfo=zone)
    assert len(member(house, "electrician").breaks) == 2
    assert taken_back(client, "duties")[0] == 302
    assert member(house, "plumber").duty_from is None


def test_a_roster_brings_many_duties_a_person_and_goes_back_to_what_it_replaced(house: House) -> None:
    """Seen: a person could stand in a table once, so a week's roster could not be brought in."""
    client = signed_in(house, "manager")
    brought_in(client, "duties", sheet("姓名,日期,上班,下班\n王水工,2027-03-02,09:00,16:00\n"))
    week = "姓名,日期,上班,下班,班别\n" + "".join(f"王水工,2027-03-0{n},08:00,17:00,\n" for n in (1, 2, 3))
    brought_in(client, "duties", sheet(week + "王水工,2027-03-03,18:00,08:00,听班\n"))
    plumber = member(house, "plumber")
    assert len(plumber.later) == 3
    assert Duty.objects.filter(account_id=plumber.account_id, ended_at=None).count() == 4
    assert taken_back(client, "duties")[0] == 302
    left = Duty.objects.get(account_id=plumber.account_id, ended_at=None)
    assert left.starts_at == datetime(2027, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai")), "the replaced one stands again"
    assert member(house, "plumber").later == []


def test_duties_that_overlap_in_a_table_are_a_fault_and_so_is_an_unknown_kind(house: House) -> None:
    client = signed_in(house, "manager")
    said = looked_at(
        client,
        "duties",
        sheet(
            "姓名,日期,上班,下班,班别\n王水工,2027-03-02,08:00,17:00,\n"
            "王水工,2027-03-02,16:00,20:00,\n王水工,2027-03-03,08:00,17:00,早班\n"
        ),
        422,
    )
    for words in ("第 3 行", "第 4 行", "早班"):
        assert words in said, words
    assert not Duty.objects.exists()


def test_rest_and_length_are_faults_before_anything_is_done(house: House) -> None:
    client = signed_in(house, "manager")
    brought_in(client, "duties", sheet("姓名,日期,上班,下班\n王水工,2026-03-02,08:00,17:00\n"))
    wrong = "姓名,日期,上班,下班\n王水工,2026-03-02,20:00,23:00\n陈电工,2026-03-02,06:00,20:00\n"
    said = looked_at(client, "duties", sheet(wrong), 422)
    assert "第 2 行" in said
    assert "第 3 行" in said
    assert member(house, "electrician").duty_from is None


def test_who_may_not_sees_nothing(house: House) -> None:
    for name in ("nurse", "plumber", "clerk"):
        assert signed_in(house, name).get("/setup/upload/certificates").status_code == 403
    brought_in(signed_in(house, "manager"), "skills", sheet("姓名,技能,等级\n王水工,electrical,2\n"))
    assert taken_back(signed_in(house, "leader"), "skills")[0] == 403, "only whoever brought it in takes it back"


def test_templates_are_there_in_both_kinds(house: House) -> None:
    client = signed_in(house, "leader")
    for table in ("certificates", "skills", "duties"):
        for ending in ("csv", "xlsx"):
            assert client.get(f"/setup/template/{table}.{ending}").status_code == 200
    page = client.get("/setup/upload/duties").content.decode()
    assert "/setup/upload/skills" in page


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("2026.3.1", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("2026年3月1日", date(2026, 3, 1)),
        ("2026-03-01 00:00:00", date(2026, 3, 1)),
        ("2026-02-30", None),
        ("昨天", None),
    ],
)
def test_days_as_people_write_them(said: str, meant: date | None) -> None:
    assert read_day(said) == meant


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("08:00", 480), ("8：30", 510), ("8点", 480), ("24:00", 1440), ("08:00:00", 480), ("25:00", None), ("早", None)],
)
def test_clocks_as_people_write_them(said: str, minutes: int | None) -> None:
    assert read_clock(said) == (None if minutes is None else timedelta(minutes=minutes))

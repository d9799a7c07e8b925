"""Uploaded tables (X6): any encoding and order of columns, titles above the header, faults by the file's own rows."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from yingxu.ground.importing import KnownHouse, Unreadable, read_catalogue, read_people, read_places, read_table
from yingxu.ground.importing.columns import names_of, parts

PLACES = names_of("places")
TEXT = "地点清单,,\n名称,编码*,类型（必填）,上级编码,多余的列\n门诊楼,A,楼宇,HQ,x\n本部,HQ,院区,,y\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_titles_and_order_do_not_matter(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding), PLACES)
    assert table.unknown == ("多余的列",)
    read = read_places(table, known=(), classes={})
    assert read.faults == ()
    assert [line.code for line in read.lines] == ["HQ", "A"]  # parents first, whatever the file's order


def test_a_workbook_with_numbers_and_empty_rows_keeps_its_row_numbers() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["编码", "类型", "名称", "楼层号"], [], [101, "房间", 101.0, 3], ["X", "塔", "丙", "三"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    read = read_places(read_table(out.getvalue(), PLACES), known=(), classes={})
    assert [(line.code, line.name, line.floor_no) for line in read.lines] == [("101", "101", 3)]
    assert [(fault.row, fault.column) for fault in read.faults] == [(4, "kind"), (4, "floor_no")]


def test_places_that_lie_in_each_other_are_named() -> None:
    read = read_places(
        read_table("编码,上级编码,类型,名称\nA,B,楼宇,甲\nB,A,楼宇,乙\n".encode(), PLACES), known=(), classes={}
    )
    assert {fault.problem for fault in read.faults} == {"circle"}


def test_people_need_what_their_roles_need() -> None:
    known = KnownHouse(taken={"old"}, places={"W": 7}, lines={"给排水": "PLB"}, hospital_names={"本院"})
    text = (
        "账号,姓名,角色,班组,条线,所属地点\nold,甲,调度员,,,\nw1,乙,作业人员,,给排水,\nn1,丙,护士,,,\nx y,丁,国王,,,\n"
        "ok,戊,班长;作业人员,水工班,给排水,W\n"
    )
    read = read_people(read_table(text.encode("gb18030"), names_of("people")), known=known)
    assert {(fault.row, fault.column, fault.problem) for fault in read.faults} == {
        (2, "username", "taken"),
        (3, "team", "missing"),
        (4, "place", "missing"),
        (5, "username", "letters"),
        (5, "roles", "unknown"),
    }
    assert read.lines[0].roles == ("TL", "WK")


def test_items_keep_within_their_ranges() -> None:
    text = "编码,条线,名称,默认级别,完成时限(小时),工时\nown.a,综合,甲,紧急,0.5,10\nOwn,综合,乙,一般,0,10\n"
    read = read_catalogue(read_table(text.encode(), names_of("catalogue")), known=(), lines={"综合": "GEN"})
    assert [(line.code, line.priority, line.limit_s) for line in read.lines] == [("own.a", 2, 1800)]
    assert {(fault.row, fault.column) for fault in read.faults} == {(3, "code"), (3, "limit_h")}


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        table = read_table(content, PLACES)
    except Unreadable:
        return
    read_places(table, known=(), classes={})


def test_several_in_one_cell_are_parted_by_any_mark() -> None:
    assert parts("a；b,c、 d") == ("a", "b", "c", "d")


FLAT = """楼宇,楼层,房间,编码
外科楼,7,701,
外科楼,7,护士站,S7-NS
外科楼,B1,配电间,
门诊楼,,,
"""


def test_a_flat_list_of_rooms_makes_each_building_and_floor_once() -> None:
    table = read_table(FLAT.encode("gb18030"), PLACES)
    read = read_places(table, known=(), classes={})
    assert not read.faults
    made = {place.code: (place.kind, place.parent_code, place.name, place.floor_no) for place in read.lines}
    assert made == {
        "外科楼": ("building", "", "外科楼", None),
        "外科楼-7": ("floor", "外科楼", "7楼", 7),
        "外科楼-7-701": ("room", "外科楼-7", "701", None),
        "S7-NS": ("room", "外科楼-7", "护士站", None),
        "外科楼-B1": ("floor", "外科楼", "B1", -1),
        "外科楼-B1-配电间": ("room", "外科楼-B1", "配电间", None),
        "门诊楼": ("building", "", "门诊楼", None),
    }
    # read again: buildings and floors are there, rooms are told to be taken
    again = read_places(table, known=made, classes={})
    assert {fault.problem for fault in again.faults} == {"taken"}


def test_a_flat_list_says_which_row_has_no_building() -> None:
    table = read_table(FLAT.replace("外科楼,B1", ",B1").encode(), PLACES)
    assert {fault.row for fault in read_places(table, known=(), classes={}).faults} == {4}

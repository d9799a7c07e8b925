"""Reading any log: encodings, delimiters, dates, zones, names in two languages, events, contradictions."""

import gzip
import io
import zipfile
from datetime import UTC, datetime

import numpy as np
import pytest
from openpyxl import Workbook

from yingxu.connect.assess.log import MISSING
from yingxu.connect.assess.mapping import Mapping
from yingxu.connect.assess.measure import promise_states, promises_of
from yingxu.connect.assess.reading import read_log
from yingxu.connect.assess.workbook import workbook_rows
from yingxu.connect.refusal import BadInput

UTC_MAP = Mapping(timezone="UTC")


def write(tmp_path, text, *, name="log.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def read(tmp_path, text, mapping=UTC_MAP, **how):
    return read_log(write(tmp_path, text, **how), mapping)


def at(seconds):
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M:%S")


def opened(log):
    return [at(one) for one in log.opened_s]


PLAIN = "id,opened,target,closed,category\n" + "".join(
    f"{n},2024-03-{n:02d} 08:00:00,2024-03-{n:02d} 12:00:00,2024-03-{n:02d} {10 + n % 4}:00:00,{'abc'[n % 3]}x\n"
    for n in range(1, 13)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_logs_read_the_same_in_every_encoding(tmp_path, encoding):
    text = "工单号,报修时间,要求完成时间,完成时间,报修类别,报修地点,班组,是否及时\n" + "".join(
        f"W{n},2024年3月{n}日 8时30分,2024年3月{n}日 10时,2024年3月{n}日 9时{n}分,"
        f"{'水电木'[n % 3]}工维修,{n % 2}号楼东侧,{'一二'[n % 2]}组,是\n"
        for n in range(1, 10)
    )
    log = read(tmp_path, text, encoding=encoding)
    assert log.columns == {
        "id": "工单号",
        "opened": "报修时间",
        "target": "要求完成时间",
        "closed": "完成时间",
        "line": "报修类别",
        "place": "报修地点",
        "department": "班组",
        "kept": "是否及时",
    }
    assert opened(log)[0] == "2024-03-01 08:30:00"
    assert set(log.line.values) == {"水工维修", "电工维修", "木工维修"}
    assert (log.flag == 1).all()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path, delimiter):
    log = read(tmp_path, PLAIN.replace(",", delimiter))
    assert len(log) == 12
    assert set(log.columns) == {"id", "opened", "target", "closed", "line"}


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_as_they_like(tmp_path, end):
    path = tmp_path / "log.csv"
    path.write_bytes(PLAIN.replace("\n", end).encode())
    assert len(read_log(path, UTC_MAP)) == 12


def test_gzip_is_known_by_its_content_not_its_name(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.compress(PLAIN.encode()))
    assert len(read_log(path, UTC_MAP)) == 12


def test_a_workbook_reads_the_same_as_its_csv(tmp_path):
    book = Workbook()
    for row in PLAIN.splitlines():
        book.active.append(row.split(","))
    book.create_sheet("notes").append(["nothing here"])
    book.save(tmp_path / "log.xlsx")
    ours, theirs = read_log(tmp_path / "log.xlsx", UTC_MAP), read(tmp_path, PLAIN)
    assert list(ours.cases()) == list(theirs.cases())
    assert ours.columns == theirs.columns


def test_a_workbook_written_in_another_hand_reads_the_same(tmp_path):
    """Prefixes, spaces, rich text and left-out empty rows are all legal; then the XML is parsed as such."""
    plain, odd = tmp_path / "plain.xlsx", tmp_path / "odd.xlsx"
    book = Workbook()
    for row in PLAIN.splitlines():
        book.active.append([*row.split(",")[:4], "", "a < b & c"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(odd, "w") as target:
        for name in source.namelist():
            blob = source.read(name)
            if name.endswith("sheet1.xml"):
                blob = blob.replace(b"<c r=", b"<c  r=")
            if name.endswith("sharedStrings.xml"):
                blob = blob.replace(b"<t>2024-03-01 08:00:00</t>", b"<r><t>2024-03-01</t></r><r><t> 08:00:00</t></r>")
            target.writestr(name, blob)
    assert workbook_rows(plain, plain.read_bytes()) == workbook_rows(odd, odd.read_bytes())
    assert workbook_rows(odd, odd.read_bytes())[1][1:6] == [*PLAIN.splitlines()[1].split(",")[1:4], "", "a < b & c"]


def test_a_workbook_with_a_title_above_the_header_and_true_dates(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["后勤报修统计表"])
    sheet.append(["单号", "报修日期", "完成日期", "报修类型"])
    day = datetime(2024, 3, 1)  # noqa: DTZ001  a workbook knows clock readings only
    for n in range(1, 9):
        sheet.append([n, day.replace(day=n, hour=8, minute=15), day.replace(day=n, hour=9), "水电木"[n % 3]])
    blob = io.BytesIO()
    book.save(blob)
    path = tmp_path / "log.xlsx"
    path.write_bytes(blob.getvalue())
    log = read_log(path, UTC_MAP)
    assert opened(log)[0] == "2024-03-01 08:15:00"
    assert log.rows[0] == 3
    assert log.columns["line"] == "报修类型"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-05 08:30:00", "2024-03-05 08:30:00"),
        ("2024-03-05T08:30:00Z", "2024-03-05 08:30:00"),
        ("2024-03-05T08:30:00+08:00", "2024-03-05 00:30:00"),
        ("2024-03-05 08:30:00.123", "2024-03-05 08:30:00"),
        ("2024/3/5 8:30", "2024-03-05 08:30:00"),
        ("2024.3.5 8:30", "2024-03-05 08:30:00"),
        ("2024年3月5日 下午3时05分", "2024-03-05 15:05:00"),
        ("2024年3月5日", "2024-03-05 00:00:00"),
        ("5-Mar-2024 08:30", "2024-03-05 08:30:00"),
        ("Mar 5, 2024 8:30 PM", "2024-03-05 20:30:00"),
        ("20240305083000", "2024-03-05 08:30:00"),
        ("45356.354166666664", "2024-03-05 08:30:00"),
        ("1709627400", "2024-03-05 08:30:00"),
        ("1709627400000", "2024-03-05 08:30:00"),
        ("２０２４年３月５日 ８：３０", "2024-03-05 08:30:00"),
    ],
)
def test_ways_to_write_a_time(tmp_path, written, meant):
    log = read(tmp_path, f'id,opened,type\n1,"{written}",a\n2,"{written}",b\n')
    assert opened(log) == [meant, meant]


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        (["3/4/2024 09:00", "25/4/2024 09:00"], "2024-04-03 09:00:00"),
        (["3/4/2024 09:00", "4/25/2024 09:00"], "2024-03-04 09:00:00"),
        (["03/04/2024 12:05:00 AM", "03/05/2024 01:00:00 PM"], "2024-03-04 00:05:00"),
        (["01/02/2024", "02/02/2024", "03/02/2024", "04/02/2024", "01/03/2024", "02/03/2024"], "2024-02-01 00:00:00"),
        (["02/01/2024", "02/02/2024", "02/03/2024", "02/04/2024", "03/01/2024", "03/02/2024"], "2024-02-01 00:00:00"),
    ],
)
def test_day_or_month_first_is_decided_from_the_data(tmp_path, rows, first):
    log = read(tmp_path, "id,opened,x\n" + "".join(f"{n},{row},a\n" for n, row in enumerate(rows)))
    assert opened(log)[0] == first


def test_one_column_that_proves_the_order_decides_for_all(tmp_path):
    log = read(tmp_path, "id,opened,closed\n1,3/4/2024 09:00,25/4/2024 09:00\n2,4/4/2024 09:00,5/4/2024 10:00\n")
    assert opened(log)[0] == "2024-04-03 09:00:00"
    assert not log.date_order_is_assumed


def test_date_and_time_in_two_columns_are_one_moment(tmp_path):
    log = read(tmp_path, "单号,报修日期,报修时间,完成时间\n1,2024-03-05,08:30,2024-03-05 09:00\n2,2024-03-06,18:05,\n")
    assert opened(log) == ["2024-03-05 08:30:00", "2024-03-06 18:05:00"]


def test_a_target_by_day_lasts_until_the_end_of_that_day(tmp_path):
    text = "id,opened,due date,closed\n"
    text += "1,2024-03-05 08:00,2024-03-06,2024-03-06 17:00\n2,2024-03-05 08:00,2024-03-06,2024-03-07 00:00\n"
    log = read(tmp_path, text)
    promises = promises_of(promise_states(log, log.now_s))
    assert (promises["kept"], promises["broken"], log.by_day) == (1, 1, ("target",))


def test_closed_on_its_day_is_not_closed_before_it(tmp_path):
    log = read(tmp_path, "id,opened,closed\n1,2024-03-05 08:00,2024-03-05\n2,2024-03-05 08:00,2024-03-04\n")
    assert log.problem("closed_before_opened") == 1
    assert log.closed_s[0] == log.opened_s[0]


def test_a_time_that_the_clock_skips_moves_forward_and_is_counted(tmp_path):
    text = "id,opened,closed\n1,2024-03-10 02:30:00,2024-03-10 03:30:00\n2,2024-03-10 01:30:00,2024-03-10 03:00:00\n"
    log = read(tmp_path, text, Mapping(timezone="America/New_York"))
    assert opened(log) == ["2024-03-10 07:30:00", "2024-03-10 06:30:00"]
    assert at(log.closed_s[1]) == "2024-03-10 07:00:00"
    assert log.problem("skipped_by_clock_change") == 1
    assert datetime.fromtimestamp(int(log.opened_local_s[0]), UTC).hour == 3


def test_missing_unreadable_and_implausible_values_each_have_one_reason(tmp_path):
    text = (
        "id,opened,target,closed,type\n"
        "1,2024-03-05 08:00,2024-03-05 09:00,2024-03-05 08:30,a\n"
        "2,,2024-03-05 09:00,2024-03-05 08:30,a\n"
        "3,?,2024-03-05 09:00,2024-03-05 08:30,a\n"
        "4,soon,2024-03-05 09:00,2024-03-05 08:30,b\n"
        "5,1900-01-01 00:00,2024-03-05 09:00,2024-03-05 08:30,b\n"
        "6,2024-03-05 08:00,N/A,无,b\n"
        "7,2024-03-05 08:00,2024-03-05 09:00,2024-03-05 08:30,c,extra\n"
        "8,2024-03-05 08:00,2024-03-05 09:00\n"
        "\n"
        "9,2024-03-05 08:00,2024-03-05 09:00,0000-00-00 00:00:00,c\n"
    ) + "".join(f"{n},2024-03-06 08:00,2024-03-06 09:00,2024-03-06 08:30,a\n" for n in range(10, 30))
    log = read(tmp_path, text)
    rejected = {one.code: (one.n, one.first_row) for one in log.problems if one.is_rejecting}
    assert rejected == {
        "opened_missing": (2, 3),
        "opened_unreadable": (1, 5),
        "opened_implausible": (1, 6),
        "too_many_cells": (1, 8),
    }
    assert log.rows_read == 29
    assert log.rows_used + sum(n for n, _ in rejected.values()) == log.rows_read
    assert (log.closed_s == MISSING).sum() == 3


def test_contradictions_are_kept_and_counted(tmp_path):
    text = "id,opened,target,closed,ontime\n" + "".join(
        f"{n},2024-03-0{n} 08:00,2024-03-0{n} 12:00,2024-03-0{n} 10:00,ONTIME\n" for n in range(1, 8)
    )
    text += "8,2024-03-08 08:00,2024-03-08 07:00,2024-03-08 09:00,OVERDUE\n"
    text += "9,2024-03-09 08:00,2024-03-09 12:00,2024-03-09 07:00,ONTIME\n"
    text += "10,2024-03-09 08:00,2024-03-09 12:00,2024-03-09 13:00,ONTIME\n"
    log = read(tmp_path, text)
    assert {one.code: one.n for one in log.problems} == {
        "target_before_opened": 1,
        "closed_before_opened": 1,
        "flag_contradicts_times": 1,
    }
    promises = promises_of(promise_states(log, log.now_s))
    assert (promises["kept"], promises["broken"]) == (8, 2)


def test_promises_stand_in_exactly_one_place(tmp_path):
    text = (
        "id,opened,due,closed\n"
        "1,2024-03-05 08:00,2024-03-05 10:00,2024-03-05 10:00\n"  # at its target: kept
        "2,2024-03-05 08:00,2024-03-05 10:00,2024-03-05 10:01\n"
        "3,2024-03-05 08:00,2024-03-05 10:00,\n"
        "4,2024-03-05 08:00,2024-03-09 10:00,\n"
        "5,2024-03-05 08:00,,2024-03-05 09:00\n"
    )
    log = read(tmp_path, text)
    promises = promises_of(promise_states(log, log.now_s))
    del promises["attainment"]["low"], promises["attainment"]["high"]
    # The latest time of the log is 10:01, so row 3 is open past its target and row 4 has its target ahead.
    assert promises == {
        "with_target": 4,
        "kept": 1,
        "broken": 1,
        "running": 1,
        "running_late": 1,
        "attainment": {"share": 1 / 3, "n": 3},
    }


EVENTS = (
    "number,opened_at,sys_updated_at,incident_state,made_sla,category,closed_at,reopen_count\n"
    "A,1/3/2024 08:00,1/3/2024 08:00,New,true,net,?,0\n"
    "B,1/3/2024 09:00,1/3/2024 09:00,New,true,net,?,0\n"
    "A,1/3/2024 08:00,3/3/2024 08:00,Closed,false,mail,3/3/2024 08:00,1\n"
    "A,1/3/2024 08:00,2/3/2024 08:00,Active,true,print,?,0\n"
    "C,31/3/2024 09:00,31/3/2024 10:00,Closed,true,mail,31/3/2024 10:00,0\n"
    "?,1/3/2024 09:00,1/3/2024 09:00,New,true,net,?,0\n"
)


def test_several_rows_are_one_case_as_of_its_last_event(tmp_path):
    log = read(tmp_path, EVENTS)
    assert log.is_event_log
    assert log.ids == ["A", "B", "C"]
    assert log.rows.tolist() == [2, 3, 6]
    assert log.n_rows_of.tolist() == [3, 1, 1]
    assert (log.rows_read, log.rows_used) == (6, 5)
    assert [log.line.of(n) for n in range(3)] == ["mail", "net", "mail"]
    promises = promises_of(promise_states(log, log.now_s))
    assert (promises["kept"], promises["broken"], promises["running"]) == (1, 1, 1)


def test_a_plain_timeline_opens_with_its_first_event_and_closes_with_its_last(tmp_path):
    text = "case_id,activity,timestamp\n" + "".join(
        f"{case},{step},2024-03-0{case} {10 + at}:00:00\n"
        for case in range(1, 5)
        for at, step in enumerate(["Create", "Work", "Closed"])
        if (case, step) != (4, "Closed")
    )
    log = read(tmp_path, text)
    assert log.is_event_log
    assert opened(log)[0] == "2024-03-01 10:00:00"
    assert at(log.closed_s[0]) == "2024-03-01 12:00:00"
    assert log.closed_s[3] == MISSING


def test_an_identifier_that_starts_again_is_no_case(tmp_path):
    text = "序号,报修时间,完成时间\n" + "".join(
        f"{n},2024-0{month}-0{n} 08:00,2024-0{month}-0{n} 09:00\n" for month in (3, 4) for n in range(1, 8)
    )
    log = read(tmp_path, text)
    assert len(log) == 14
    assert not log.is_event_log
    assert log.problem("id_repeated") == 7


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [
        ("made_sla", "true", "false"),
        ("overdue", "N", "Y"),
        ("SLA Breached", "no", "yes"),
        ("是否超时", "否", "是"),
        ("是否及时", "是", "否"),
        ("完成情况", "按时", "逾期"),
        ("sla_status", "Met", "Breached"),
    ],
)
def test_flags_mean_what_their_words_and_names_mean(tmp_path, column, yes, no):
    log = read(
        tmp_path, f"id,opened,{column}\n1,2024-03-05 08:00,{yes}\n2,2024-03-05 08:00,{no}\n3,2024-03-05 08:00,\n"
    )
    assert log.flag.tolist() == [1, 0, -1]


def test_columns_without_telling_names_are_found_by_content(tmp_path):
    rng = np.random.default_rng(7)
    text = "c1,c2,c3,c4,c5\n"
    for n in range(300):
        start = 1_709_600_000 + n * 3000
        took, allowed = int(rng.exponential(40_000)), int(rng.choice([14_400, 86_400]))
        kind = ["plumbing", "lighting", "cleaning", "lifts"][n % 4]
        text += f"K{n},{at(start)},{at(start + allowed)},{at(start + took)},{kind}\n"
    log = read(tmp_path, text)
    assert log.columns == {"id": "c1", "opened": "c2", "target": "c3", "closed": "c4", "line": "c5"}


def test_the_broadest_of_several_categories_is_the_line(tmp_path):
    text = "id,opened,type,subcategory,category,location type\n"
    text += "".join(f"{n},2024-03-05 08:00,t{n % 70},s{n % 12},c{n % 4},l{n % 3}\n" for n in range(280))
    log = read(tmp_path, text)
    assert (log.columns["line"], log.columns["item"]) == ("category", "subcategory")


def test_a_map_overrides_what_would_be_found(tmp_path):
    told = Mapping(
        columns={"closed": "done", "line": "crew"},
        timezone="Asia/Shanghai",
        datetime="%d.%m.%y %H-%M",
        delimiter=";",
        missing=frozenset({"x"}),
        kept_values=frozenset({"gut"}),
    )
    text = "id;opened;closed;done;crew;kept\n1;05.03.24 08-00;x;05.03.24 09-00;A;gut\n2;05.03.24 08-00;x;x;B;schlecht\n"
    log = read(tmp_path, text, told)
    assert opened(log) == ["2024-03-05 00:00:00"] * 2
    assert at(log.closed_s[0]) == "2024-03-05 01:00:00"
    assert log.closed_s[1] == MISSING
    assert log.found_by["line"] == "map"
    assert log.flag.tolist() == [1, 0]


def test_first_action_is_told_from_opening_where_both_are_there(tmp_path):
    log = read(tmp_path, "单号,报修时间,受理时间,完成时间\n1,2024-03-05 08:00,2024-03-05 08:05,2024-03-05 09:00\n")
    assert (log.columns["opened"], log.columns["first_action"]) == ("报修时间", "受理时间")
    log = read(tmp_path, "单号,受理时间,完成时间\n1,2024-03-05 08:00,2024-03-05 09:00\n")
    assert log.columns["opened"] == "受理时间"


def test_cases_can_be_walked_one_by_one(tmp_path):
    case = next(read(tmp_path, PLAIN).cases())
    assert (case.id, case.row, case.line, case.flagged_kept) == ("1", 2, "bx", None)
    assert case.closed_s - case.opened_s == 3 * 3600


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("\n\n  \n", "empty"),
        ("id,opened\n", "no rows below"),
        ("id\n1\n2\n", "only one column"),
        ("1,2024-03-05 08:00,a\n2,2024-03-05 09:00,b\n", "no header"),
        ("id,colour,shape\n1,red,round\n2,blue,square\n", "no column with opening times"),
        ("id,opened,x\n1,never,a\n2,soon,b\n", "no column with opening times"),
    ],
)
def test_what_is_no_log_is_refused_in_one_line(tmp_path, text, says):
    with pytest.raises(BadInput, match=says) as refusal:
        read(tmp_path, text)
    assert "\n" not in str(refusal.value)


def test_broken_files_are_refused(tmp_path):
    binary = tmp_path / "a.csv"
    binary.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(BadInput, match="binary"):
        read_log(binary)
    cut = tmp_path / "b.csv.gz"
    cut.write_bytes(gzip.compress(PLAIN.encode() * 20)[:-30])
    with pytest.raises(BadInput, match="gzip"):
        read_log(cut)
    book = tmp_path / "c.xlsx"
    book.write_bytes(b"PK\x03\x04" + b"junk" * 50)
    with pytest.raises(BadInput, match="XLSX"):
        read_log(book)
    old = tmp_path / "d.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(BadInput, match=r"\.xlsx"):
        read_log(old)
    with pytest.raises(BadInput, match="no such file"):
        read_log(tmp_path / "nowhere.csv")
    with pytest.raises(BadInput, match="folder"):
        read_log(tmp_path)


def test_a_map_that_names_an_absent_column_says_which_was_near(tmp_path):
    with pytest.raises(BadInput, match="did you mean 'closed'"):
        read(tmp_path, PLAIN, Mapping(columns={"closed": "closde"}))


def test_an_unknown_zone_or_encoding_is_refused(tmp_path):
    with pytest.raises(BadInput, match="time zone"):
        read(tmp_path, PLAIN, Mapping(timezone="Mars/Olympus"))
    with pytest.raises(BadInput, match="encoding"):
        read(tmp_path, PLAIN, Mapping(encoding="klingon"))

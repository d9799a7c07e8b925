"""`yingxu assess` from outside: three reports or none, the contract's keys, and the real logs."""

import gzip
import json
import re
from collections import Counter
from csv import DictReader
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree

import numpy as np
import pytest

from yingxu.connect.assess.command import OUTPUTS
from yingxu.connect.assess.log import NOTING, REJECTING
from yingxu.connect.assess.mapping import ROLES
from yingxu.connect.assess.phrases import PHRASES
from yingxu.connect.cli import main

BOSTON = "data/service_log_boston311/boston311_2011_jul_oct.csv.gz"
ITSM = "data/service_log_itsm_uci/incident_events_to_2016_04.csv.gz"
NYC = "data/nyc311_hour/nyc311_20220501.csv.gz"


def made_up(n=900, seed=3):
    """A small hospital's log: three lines, one of which keeps its promises badly, in one ward again and again."""
    rng = np.random.default_rng(seed)
    start = np.datetime64("2024-01-01T00:00:00")
    rows = ["单号,报修时间,要求完成时间,完成时间,报修类别,报修地点,描述"]
    for at in range(n):
        opened = start + np.timedelta64(int(at * 12_000 + rng.integers(0, 9000)), "s")
        line, mean = [("水电维修", 4000), ("电梯", 20_000), ("保洁<b>&", 3000)][at % 3]
        closed = opened + np.timedelta64(int(rng.exponential(mean)), "s")
        place = "3号楼 卫生间" if at % 30 == 0 else f"{at % 57}室"
        times = [str(one).replace("T", " ") for one in (opened, opened + np.timedelta64(4, "h"), closed)]
        if at > n - 8:
            times[2] = ""
        rows.append(",".join([str(at), *times, line, place, "灯不亮<script>alert(1)</script>"]))
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Both languages of the report on the made-up log."""
    folder = tmp_path_factory.mktemp("assess")
    (folder / "log.csv").write_text(made_up(), encoding="utf-8")
    (folder / "map.toml").write_text('[format]\ntimezone = "Asia/Shanghai"\n', encoding="utf-8")
    for locale in ("zh", "en"):
        words = ["assess", str(folder / "log.csv"), "--map", str(folder / "map.toml"), "--locale", locale]
        assert main([*words, "--out", str(folder / locale)]) == 0
    return folder


def report_of(folder):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_it_leaves_exactly_three_files(reported):
    assert sorted(path.name for path in (reported / "zh").iterdir()) == sorted(OUTPUTS)
    assert (reported / "zh" / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_the_report_has_the_shape_of_the_contract(reported):
    report = report_of(reported / "zh")
    assert report["format"] == "service-assessment/1"
    rows, promises = report["rows"], report["promises"]
    assert rows["used"] + rows["rejected"] == rows["read"] == 900
    assert sum(promises[key] for key in ("kept", "broken", "running", "running_late")) == promises["with_target"]
    due = promises["kept"] + promises["broken"] + promises["running_late"]
    assert promises["attainment"]["share"] == pytest.approx(promises["kept"] / due)
    assert promises["attainment"]["n"] == due
    assert set(report["response"]) == {"n", "median_s", "p90_s", "mean_s"}
    assert len(report["demand"]["by_hour"]) == 24
    assert sum(report["demand"]["by_hour"]) == pytest.approx(1)
    assert sum(report["demand"]["by_weekday"]) == pytest.approx(1)
    assert len(report["demand"]["forecast"]) == 14
    assert all(day["low"] <= day["mean"] <= day["high"] for day in report["demand"]["forecast"])
    assert report["period"]["from"].endswith("+08:00")
    ranked = sorted(report["lines"], key=lambda line: line["gap_rank"])
    assert ranked[0]["name"] == "电梯"
    for line in ranked:
        assert line["gap"] == pytest.approx((1 - line["attainment"]["share"]) * line["n"])
    assert sum(line["n"] for line in ranked) == 900
    assert all(one["would_have_kept"] >= one["percentile"] for one in report["suggested_promises"])
    assert report["repeat"][0]["place"] == "3号楼 卫生间"
    assert report["repeat"][0]["within_days"] == 30


def test_figures_are_the_same_in_both_languages(reported):
    zh, en = report_of(reported / "zh"), report_of(reported / "en")
    for key in ("promises", "response", "demand", "repeat"):
        assert zh[key] == en[key]
    assert [one["code"] for one in zh["limits"]] == [one["code"] for one in en["limits"]]
    assert not re.search("[\u4e00-\u9fff]", "".join(one["sentence"] for one in en["limits"]))


class Page(HTMLParser):
    """Collects what a page loads, runs and says."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.words = Counter(), [], []

    def handle_starttag(self, tag, attributes):
        self.tags[tag] += 1
        self.links += [value for name, value in attributes if name in {"src", "href", "srcset", "data"}]

    def handle_data(self, words):
        self.words.append(words)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_page_stands_alone_runs_nothing_and_escapes_what_it_read(reported, locale):
    html = (reported / locale / "report.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(html)
    assert page.links == []
    assert page.tags["script"] == 0
    assert "保洁<b>&" in "".join(page.words)
    assert page.tags["h1"] == 1
    assert f'lang="{"zh-Hans" if locale == "zh" else "en"}"' in html


def test_every_chart_is_well_formed_and_described(reported):
    html = (reported / "zh" / "report.html").read_text(encoding="utf-8")
    charts = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(charts) >= 6
    for chart in charts:
        root = ElementTree.fromstring(chart)
        titles = [child.text for child in root if child.tag.endswith(("title", "desc"))]
        assert len(titles) == 2
        assert all(titles)


def test_every_phrase_has_both_languages_with_the_same_facts():
    for key, (zh, en) in PHRASES.items():
        told = [set(re.findall(r"{(\w+)}", words)) for words in (zh, en)]
        assert told[0] == told[1], key


def test_every_finding_and_every_role_can_be_said():
    assert {f"x_{code}" for code in (*REJECTING, *NOTING)} <= set(PHRASES)
    assert {f"role_{role}" for role in ROLES} <= set(PHRASES)


def test_an_existing_folder_keeps_its_other_files(reported, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    assert main(["assess", str(reported / "log.csv"), "--locale", "en", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*OUTPUTS, "note.txt"])


def test_json_goes_to_standard_output_too_and_nothing_to_standard_error(reported, tmp_path, capsys):
    assert main(["assess", str(reported / "log.csv"), "--out", str(tmp_path / "x"), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == report_of(tmp_path / "x")
    assert told.err == ""


@pytest.mark.parametrize(
    ("log", "told_map", "extra"),
    [
        (None, None, []),
        ("", None, []),
        ("id,opened\n1,2024-03-05\n", "[columns]\nopen = 'opened'\n", []),
        ("id,opened\n1,2024-03-05\n", "[colums]\nopened = 'opened'\n", []),
        ("id,opened\n1,2024-03-05\n", "[columns]\nopened = 'nothere'\n", []),
        ("id,opened\n1,2024-03-05\n", "[columns\n", []),
        ("id,opened\n1,2024-03-05\n", "[format]\nmissing = 'x'\n", []),
        ("id,opened\n1,2024-03-05\n", "[format]\ntimezone = 'Nowhere'\n", []),
        ("id,opened\n1,2024-03-05\n", None, ["--now", "yesterday"]),
    ],
)
def test_bad_input_is_one_line_exit_two_and_nothing_written(tmp_path, capsys, log, told_map, extra):
    path = tmp_path / "log.csv"
    if log is not None:
        path.write_text(log)
    words = ["assess", str(path), "--out", str(tmp_path / "out"), *extra]
    if told_map is not None:
        (tmp_path / "map.toml").write_text(told_map)
        words += ["--map", str(tmp_path / "map.toml")]
    before = sorted(tmp_path.iterdir())
    assert main(words) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert sorted(tmp_path.iterdir()) == before


def test_a_log_of_one_row_still_makes_a_report(tmp_path):
    (tmp_path / "log.csv").write_text("id,opened,closed\n1,2024-03-05 08:00,\n")
    assert main(["assess", str(tmp_path / "log.csv"), "--out", str(tmp_path / "out")]) == 0
    report = report_of(tmp_path / "out")
    assert report["promises"]["attainment"] == {"share": None, "low": None, "high": None, "n": 0}
    assert report["demand"]["forecast"] == []


def test_a_log_of_bare_dates_promises_no_minutes(tmp_path):
    days = [f"2024-{1 + n // 28:02d}-{1 + n % 28:02d}" for n in range(84)]
    rows = "".join(f"{n},{day},{day},{'abc'[n % 3]}x\n" for n, day in enumerate(days))
    (tmp_path / "log.csv").write_text("id,opened,closed,category\n" + rows)
    assert main(["assess", str(tmp_path / "log.csv"), "--locale", "en", "--out", str(tmp_path / "out")]) == 0
    report = report_of(tmp_path / "out")
    assert [one["minutes"] for one in report["suggested_promises"]] == [1440] * 3
    assert "the same day" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "days_only" in {one["code"] for one in report["limits"]}


def test_now_decides_which_open_promises_are_late(tmp_path):
    (tmp_path / "log.csv").write_text("id,opened,target,closed\n1,2024-03-05 08:00,2024-03-06 08:00,\n")
    for now, state in (("2024-03-06T08:00", "running"), ("2024-03-06T08:00:01", "running_late")):
        assert main(["assess", str(tmp_path / "log.csv"), "--out", str(tmp_path / "out"), "--now", now]) == 0
        assert report_of(tmp_path / "out")["promises"][state] == 1


def rows_in(path):
    return list(DictReader(StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"))))


def test_city_log_kept_and_broken_are_the_recorded_flags(shared, tmp_path):
    """Every row with target, close and flag: 27,324 kept and 6,032 broken; 113 more are closed late without a flag."""
    assert main(["assess", str(shared / BOSTON), "--out", str(tmp_path / "out")]) == 0
    report = report_of(tmp_path / "out")
    rows = rows_in(shared / BOSTON)
    flags = Counter(row["ontime"] for row in rows if row["target_dt"] and row["closed_dt"])
    promises = report["promises"]
    assert promises["kept"] == flags["ONTIME"]
    assert promises["broken"] == flags["OVERDUE"] + flags[""]
    assert promises["with_target"] == sum(bool(row["target_dt"]) for row in rows)
    assert not any(reason["reason"] == "flag_contradicts_times" for reason in report["rows"]["reasons"])
    assert report["rows"]["read"] == report["rows"]["used"] == 41_827


def test_service_desk_events_are_counted_by_the_flag_of_the_last_one(shared, tmp_path):
    assert main(["assess", str(shared / ITSM), "--locale", "en", "--out", str(tmp_path / "out")]) == 0
    report = report_of(tmp_path / "out")
    last = {}
    for row in rows_in(shared / ITSM):
        last[row["number"]] = row["made_sla"]
    assert report["rows"] == {"read": 101_045, "used": 101_045, "rejected": 0, "reasons": [], "cases": 17_136}
    assert (report["promises"]["kept"], report["promises"]["broken"]) == (
        sum(flag == "true" for flag in last.values()),
        sum(flag == "false" for flag in last.values()),
    )


def test_the_messy_hour_says_that_it_cannot_speak_of_promises(shared, tmp_path):
    assert main(["assess", str(shared / NYC), "--locale", "en", "--out", str(tmp_path / "out")]) == 0
    report = report_of(tmp_path / "out")
    assert {"no_promise", "target_empty", "no_first_action", "no_confirmation"} <= {
        one["code"] for one in report["limits"]
    }
    assert report["promises"]["with_target"] == 0
    assert report["source"]["columns"]["line"] == "Complaint Type"
    assert report["period"]["from"][:19] == "2022-05-01T00:00:03"

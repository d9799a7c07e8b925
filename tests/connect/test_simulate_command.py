"""``yingxu simulate`` as people and other programs call it."""

import csv
import datetime as dt
import json
import sys

import pytest

from yingxu.connect.cli import main

SPEC = {
    "format": "simulation-spec/1",
    "days": 10,
    "warm_up_days": 2,
    "replications": 3,
    "arrivals": {"per_hour": [1] * 8 + [6] * 10 + [2] * 6},
    "service_s": {"kind": "lognormal", "mean": 1200, "cv": 1},
    "travel_s": {"kind": "constant", "mean": 120},
    "servers": {"by_hour": [1] * 8 + [4] * 10 + [2] * 6},
    "priorities": [{"share": 0.2, "respond_s": 900}, {"share": 0.8, "respond_s": 1800}],
    "patience_s": None,
    "promise": {"respond_s": 1800, "percentile": 0.9},
}


@pytest.fixture
def ask(tmp_path, capsys):
    def run(changes=(), *flags, text=None):
        path = tmp_path / "spec.json"
        told = {key: value for key, value in {**SPEC, **dict(changes)}.items() if value is not ...}
        path.write_text(json.dumps(told) if text is None else text, encoding="utf-8")
        status = main(["simulate", str(path), *flags])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_the_result_has_the_contracts_shape(ask):
    status, out, err = ask((), "--json")
    assert (status, err) == (0, "")
    result = json.loads(out)
    assert result["format"] == "simulation-result/1"
    share = result["attainment"]
    assert 0 <= share["low"] <= share["share"] <= share["high"] <= 1
    assert set(result["wait_s"]) == {"mean", "p50", "p90", "p95"}
    assert 0 < result["utilisation"] < 1
    assert [set(hour) for hour in result["by_hour"]] == [{"share", "queue"}] * 24
    assert len(result["staff_needed"]["by_hour"]) == 24
    assert all(isinstance(n, int) for n in result["staff_needed"]["by_hour"])
    assert result["staff_needed"]["attainment"] >= 0.9
    assert result["events_per_second"] > 0


def test_a_seed_repeats_the_answer_exactly(ask):
    one, same, other = (json.loads(ask((), "--json", "--seed", seed)[1]) for seed in ("7", "7", "8"))
    for result in (one, same, other):
        result.pop("events_per_second")
    assert one == same != other


def test_the_summary_speaks_chinese_by_default(ask):
    status, out, _ = ask()
    assert status == 0
    assert "达成率" in out
    assert "承诺 0.9" in out
    assert len(out.splitlines()) == 24 + 6


def test_the_summary_speaks_english_when_asked(ask):
    out = ask((), "--locale", "en")[1]
    assert "attainment" in out
    assert "can" in out


def test_teams_are_answered_team_by_team(ask):
    teams = {"teams": [{"by_hour": [2] * 24, "skills": ["lift"]}, {"by_hour": [3] * 24}]}
    classes = [{"share": 0.3, "skill": "lift"}, {"share": 0.7}]
    result = json.loads(ask({"servers": teams, "priorities": classes}, "--json")[1])
    needed = result["staff_needed"]
    assert needed["by_hour"] == [sum(hour) for hour in zip(*needed["by_team"], strict=True)]


def test_a_way_that_takes_too_long_is_said_to_be_hopeless(ask):
    changes = {"travel_s": {"kind": "constant", "mean": 4000}}
    assert json.loads(ask(changes, "--json")[1])["staff_needed"] == {"by_hour": None, "attainment": 0.0}
    assert "加多少人也守不住" in ask(changes)[1]
    assert "守不住" in ask(changes)[1].splitlines()[0]


def test_nothing_arriving_is_null_and_said(ask):
    changes = {"arrivals": {"per_hour": [0] * 24}}
    assert json.loads(ask(changes, "--json")[1])["attainment"]["share"] is None
    assert ask(changes)[1] == "没有请求到达\n"


def test_askers_who_all_give_up_leave_no_waits_to_show(ask):
    changes = {
        "servers": {"by_hour": [1] + [0] * 23},
        "arrivals": {"per_hour": [0] * 12 + [3] + [0] * 11},
        "patience_s": {"kind": "constant", "mean": 60},
    }
    assert json.loads(ask(changes, "--json")[1])["wait_s"]["mean"] is None
    assert "等待" not in ask(changes)[1]


def test_a_week_that_never_meets_its_only_shift_has_no_utilisation(ask):
    changes = {"servers": {"by_hour": [0] * 167 + [5]}, "days": 1, "warm_up_days": 0}
    assert json.loads(ask(changes, "--json")[1])["utilisation"] is None
    assert "利用率" not in ask(changes)[1]
    assert "–" in ask(changes)[1]


def test_a_terminal_sees_progress(ask, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert "3/3" in ask((), "--json")[2]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"promise": {"respond_s": 1800, "percentile": 0}}, "promise.percentile"),
        ({"arrivals": {"per_hour": [1] * 23}}, "arrivals.per_hour"),
        ({"service_s": {"kind": "lognormal", "mean": 5}}, "service_s.cv"),
        ({"arrivals": {"log": 5}}, "arrivals.log"),
        ({"arrivals": {"log": "log.csv", "line": 5}}, "arrivals.line"),
        ({"arrivals": 5}, "arrivals"),
    ],
)
def test_a_bad_field_is_one_line_with_its_key(ask, changes, key):
    status, out, err = ask(changes, "--json")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert f"spec.json: {key}: " in err


@pytest.mark.parametrize(
    "text", ["{", "[]", "", '{"days": 1' + "0" * 5_000 + "}", "[" * 100_000, '{"format": "simulation-spec/1"}']
)
def test_what_is_no_specification_is_one_line(ask, text):
    status, out, err = ask(text=text)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_a_missing_file_and_a_file_of_another_encoding_are_one_line(tmp_path, capsys):
    assert main(["simulate", str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "gbk.json").write_bytes('{"format": "应需"}'.encode("gbk"))
    assert main(["simulate", str(tmp_path / "gbk.json")]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_a_negative_seed_is_refused(ask):
    status, _, err = ask((), "--seed", "-1")
    assert status == 2
    assert "--seed" in err


@pytest.fixture
def log(tmp_path):
    """Four weeks: every day one lift job at 09:10, and one light at 14:20."""
    path = tmp_path / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["工单号", "报修时间", "完成时间", "服务类别", "位置"])
        for day in range(28):
            morning = dt.datetime(2026, 3, 2, 9, 10) + dt.timedelta(days=day)  # noqa: DTZ001  (a log's local time)
            for at, line in ((morning, "电梯"), (morning.replace(hour=14, minute=20), "照明")):
                done = at + dt.timedelta(minutes=30)
                rows.writerow(
                    [f"{line}{day}", f"{at:%Y-%m-%d %H:%M:%S}", f"{done:%Y-%m-%d %H:%M:%S}", line, f"{day % 5} 楼"]
                )
        for extra in range(12):
            at = dt.datetime(2026, 3, 10, 14, 30) + dt.timedelta(minutes=extra)  # noqa: DTZ001
            rows.writerow([f"绿化{extra}", f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%Y-%m-%d %H:%M:%S}", "绿化", "院子"])
    return path


def test_demand_comes_from_a_log_beside_the_specification(ask, log):
    status, out, err = ask({"arrivals": {"log": log.name, "line": "电梯"}, "days": 28}, "--json")
    assert (status, err) == (0, "")
    by_hour = json.loads(out)["by_hour"]
    assert len(by_hour) == 168
    assert {hour % 24 for hour in range(168) if by_hour[hour]["share"] is not None} == {9}


def test_all_lines_of_a_log(ask, log):
    by_hour = json.loads(ask({"arrivals": {"log": log.name}, "days": 28}, "--json")[1])["by_hour"]
    assert {hour % 24 for hour in range(168) if by_hour[hour]["share"] is not None} == {9, 14}


def test_an_unknown_line_is_refused_with_the_lines_there_are(ask, log):
    status, _, err = ask({"arrivals": {"log": log.name, "line": "食堂"}})
    assert status == 2
    assert "arrivals.line" in err
    assert "电梯" in err


def test_a_missing_log_is_one_line(ask):
    status, out, err = ask({"arrivals": {"log": "none.csv"}})
    assert (status, out, err.count("\n")) == (2, "", 1)

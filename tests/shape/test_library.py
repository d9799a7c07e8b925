"""The starter library holds together: the counts of the trade, no dangling codes, two languages, a standard for all."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
YINGXU = ROOT / "src" / "yingxu"
LIBRARY = YINGXU / "standards" / "library"
OCCASIONS = YINGXU / "upkeep" / "library" / "occasions.csv"
ROLES = YINGXU / "ground" / "roles"
LIFE_CYCLE = YINGXU / "work" / "life_cycle"

STEP_TYPES = {"tick", "number", "choice", "photo", "signature", "meter", "text", "scan"}
KINDS = {"repair", "escort", "specimen", "cleaning", "waste", "legal", "rescue", "other"}
MARK = re.compile(r"^(V\d+|K|E)(;(V\d+|K|E))*$")
MAX_CHINESE_CHARACTERS = 800
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(path: Path) -> set[str]:
    return {row["code"] for row in rows(path)}


def listed(cell: str) -> list[str]:
    return [code for code in re.split("[;|]", cell) if code]


ITEMS = rows(LIBRARY / "items.csv")
ROLE_CODES = codes(ROLES / "roles.csv")
PROCEDURES = sorted((LIBRARY / "procedures").glob("*.toml")) + sorted((LIBRARY / "generic_procedures").glob("*.toml"))
CSV_FILES = sorted([*LIBRARY.glob("*.csv"), *ROLES.glob("*.csv"), *LIFE_CYCLE.glob("*.csv")])


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: path.name)
def test_every_table_is_plain_utf8_with_unique_codes(path: Path) -> None:
    raw = path.read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    table = rows(path)
    assert table
    assert all(None not in row and None not in row.values() for row in table), (
        "a row has more or fewer cells than the header"
    )
    if "code" in table[0]:
        repeated = [code for code, n in Counter(row["code"] for row in table).items() if n > 1]
        assert repeated == []


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: path.name)
def test_whatever_has_a_chinese_text_has_an_english_one(path: Path) -> None:
    pairs = [(column, column[:-3] + "_en") for column in rows(path)[0] if column.endswith("_zh")]
    for row in rows(path):
        for chinese, english in pairs:
            if english in row:
                assert bool(row[chinese]) == bool(row[english]), (row, chinese)
                assert not CHINESE.search(row[english]), (row, english)


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: path.name)
def test_evidence_marks_are_v_with_a_source_k_or_e(path: Path) -> None:
    for row in rows(path):
        if "mark" in row:
            assert MARK.match(row["mark"]), row


def test_there_are_25_lines_and_166_items_and_every_line_has_items() -> None:
    lines = codes(LIBRARY / "lines.csv")
    assert len(lines) == 25
    assert len(ITEMS) == 166
    assert {item["line"] for item in ITEMS} == lines
    for item in ITEMS:
        assert item["code"].split(".")[0].upper() == item["line"]


def test_items_refer_only_to_what_exists() -> None:
    certificates = codes(LIBRARY / "certificates.csv")
    skills = codes(LIBRARY / "skills.csv")
    for item in ITEMS:
        assert set(listed(item["certificates"])) <= certificates, item["code"]
        assert set(listed(item["crew_certificates"])) <= certificates, item["code"]
        assert item["skill"] in skills, item["code"]
        assert item["kind"] in KINDS, item["code"]
        assert item["default_priority"] in {"1", "2", "3", "4"}
        assert int(item["minutes"]) > 0
        assert int(item["crew"]) >= 1
        assert not (item["crew_certificates"] and item["crew"] == "1"), item["code"]
    assert {row["line"] for row in rows(LIBRARY / "skills.csv")} == codes(LIBRARY / "lines.csv")


def test_a_question_needs_no_evidence() -> None:
    for item in ITEMS:
        if item["answered_only"] == "1":
            needs = (
                item["needs_before_photo"],
                item["needs_after_photo"],
                item["needs_arrival_scan"],
                item["evidence"],
            )
            assert needs == ("0", "0", "0", ""), item["code"]


def test_an_item_that_may_rise_says_so_in_the_words_of_the_trade() -> None:
    by_code = {item["code"]: item for item in ITEMS}
    assert by_code["elv.trapped"]["default_priority"] == "1"
    assert by_code["elv.trapped"]["certificates"] == "T"
    assert by_code["ele.outage"]["crew"] == "2"
    assert by_code["esc.exam"]["kind"] == "escort"


def test_promise_terms_refer_to_priorities_items_and_calendars() -> None:
    items = {item["code"] for item in ITEMS}
    priorities = codes(LIBRARY / "priorities.csv")
    calendars = codes(LIBRARY / "calendars.csv")
    place_classes = codes(LIBRARY / "place_classes.csv")
    for term in rows(LIBRARY / "promise_terms.csv"):
        assert term["scope"] in {"priority", "item"}
        assert (term["scope"] == "item") == bool(term["item"])
        assert not term["item"] or term["item"] in items
        assert not term["priority"] or term["priority"] in priorities
        assert not term["place_class"] or term["place_class"] in place_classes
        assert term["calendar"] in calendars
        assert int(term["limit_s"]) > 0
        assert 0 < float(term["percentile"]) <= 1
        assert term["milestone"] != "acknowledged" or term["pausable"] == "0", "acknowledged cannot be paused"
    for row in [*rows(LIBRARY / "priorities.csv"), *rows(LIBRARY / "lines.csv")]:
        assert {row.get("accept_calendar"), row.get("ordinary_calendar")} - {None} <= calendars


def test_default_promises_are_those_of_the_trade() -> None:
    limits = {
        (term["priority"], term["milestone"]): int(term["limit_s"])
        for term in rows(LIBRARY / "promise_terms.csv")
        if term["scope"] == "priority"
    }
    expected = {
        ("P1", "acknowledged"): 3 * 60,
        ("P1", "arrived"): 10 * 60,
        ("P1", "safe"): 60 * 60,
        ("P1", "done"): 120 * 60,
        ("P2", "acknowledged"): 5 * 60,
        ("P2", "arrived"): 20 * 60,
        ("P2", "done"): 240 * 60,
        ("P3", "acknowledged"): 10 * 60,
        ("P3", "arrived"): 60 * 60,
        ("P3", "done"): 1440 * 60,
        ("P4", "acknowledged"): 240 * 60,
        ("P4", "done"): 4320 * 60,
    }
    assert {key: limits[key] for key in expected} == expected
    confirm = {row["code"]: int(row["confirm_window_s"]) for row in rows(LIBRARY / "priorities.csv")}
    assert confirm == {"P1": 86400, "P2": 86400, "P3": 259200, "P4": 259200}
    assert {key[0]: value for key, value in limits.items() if key[1] == "verified"} == confirm


def test_reasons_and_escalations_name_known_roles_lines_and_states() -> None:
    states = codes(LIFE_CYCLE / "states.csv")
    lines = codes(LIBRARY / "lines.csv")
    assert codes(LIBRARY / "pause_reasons.csv") == {"R1", "R2", "R3", "W1", "W2", "W3", "W4", "W5", "W6"}
    never_stop = {r["code"] for r in rows(LIBRARY / "pause_reasons.csv") if r["stops_clock"] == "no"}
    assert never_stop == {"W4"}
    for reason in rows(LIBRARY / "pause_reasons.csv"):
        assert reason["approver"] in ROLE_CODES
    for rung in rows(LIBRARY / "escalations.csv"):
        assert set(listed(rung["notify"])) <= ROLE_CODES, rung
    for reason in rows(LIBRARY / "return_reasons.csv"):
        assert set(listed(reason["states"])) <= states
    for cause in rows(LIBRARY / "cause_codes.csv"):
        assert set(listed(cause["lines"])) <= lines
    for reason in rows(LIBRARY / "cancel_reasons.csv"):
        assert set(listed(reason["who"])) <= ROLE_CODES


def procedure(path: Path) -> dict[str, object]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def texts(value: object, language: str) -> list[str]:
    if isinstance(value, dict):
        found = [v for k, v in value.items() if isinstance(v, str) and (k == language or k.endswith("_" + language))]
        return found + [text for v in value.values() for text in texts(v, language)]
    if isinstance(value, list):
        return [text for v in value for text in texts(v, language)]
    return []


def test_no_item_is_without_a_procedure() -> None:
    generic = {path.stem for path in (LIBRARY / "generic_procedures").glob("*.toml")}
    own = {path.stem for path in (LIBRARY / "procedures").glob("*.toml")}
    assert generic == KINDS
    assert own <= {item["code"] for item in ITEMS}
    assert {"elv.trapped", "plb.faucet", "esc.exam"} <= own
    assert len(own) >= 60
    assert {code.split(".")[0].upper() for code in own} == codes(LIBRARY / "lines.csv"), "each line has one of its own"


@pytest.mark.parametrize("path", PROCEDURES, ids=lambda path: path.stem)
def test_a_procedure_is_short_bilingual_and_has_a_basis(path: Path) -> None:
    body = procedure(path)
    assert body.get("item", body.get("kind")) == path.stem
    assert body["edition"] == 1
    for key in ("title", "goal", "requirement"):
        assert body[f"{key}_zh"]
        assert body[f"{key}_en"]
    chinese, english = texts(body, "zh"), texts(body, "en")
    assert len(chinese) == len(english)
    assert sum(len(CHINESE.findall(text)) for text in chinese) <= MAX_CHINESE_CHARACTERS
    assert not any(CHINESE.search(text) for text in english)
    bases = body["basis"]
    assert isinstance(bases, list)
    assert bases
    for basis in bases:
        assert basis["kind"] in {"law", "standard", "contract", "house"}
        assert basis["name"]
        assert MARK.match(basis["mark"])


@pytest.mark.parametrize("path", PROCEDURES, ids=lambda path: path.stem)
def test_the_steps_of_a_procedure_are_typed_and_at_least_one_is_critical(path: Path) -> None:
    steps = procedure(path)["steps"]
    assert isinstance(steps, list)
    assert 3 <= len(steps) <= 12
    assert len({step["code"] for step in steps}) == len(steps)
    assert any(step["critical"] for step in steps)
    for step in steps:
        assert step["type"] in STEP_TYPES
        assert step["zh"]
        assert step["en"]
        if step["type"] in {"number", "meter"}:
            assert step["min"] <= step["max"]
            assert step["unit"]
        if step["type"] == "choice":
            assert len(step["choices"]) >= 2
            assert len({choice["code"] for choice in step["choices"]}) == len(step["choices"])
        assert not (step["critical"] and not step["mandatory"]), "what vetoes must be done"


EVIDENCE_STEPS = {"step_scan": "scan", "step_signature": "signature", "step_number": "number", "step_choice": "choice"}


@pytest.mark.parametrize("item", [i for i in ITEMS if i["answered_only"] == "0"], ids=lambda item: item["code"])
def test_what_an_item_asks_to_be_shown_can_be_shown_by_its_procedure(item: dict[str, str]) -> None:
    met_by = {row["code"]: row["met_by"] for row in rows(LIBRARY / "evidence_keys.csv")}
    own = LIBRARY / "procedures" / f"{item['code']}.toml"
    steps = procedure(own if own.exists() else LIBRARY / "generic_procedures" / f"{item['kind']}.toml")["steps"]
    assert isinstance(steps, list)
    types = {step["type"] for step in steps}
    for key in listed(item["evidence"]):
        assert met_by[key] not in EVIDENCE_STEPS or EVIDENCE_STEPS[met_by[key]] in types, key
    if own.exists():
        photos = {step["code"] for step in steps if step["type"] == "photo"}
        assert (item["needs_before_photo"] == "1") == ("before" in photos)
        assert (item["needs_after_photo"] == "1") == ("after" in photos)


def test_cycles_name_known_lines_qualifications_and_seasons() -> None:
    lines = codes(LIBRARY / "lines.csv")
    bodies = {
        "inspection_body",
        "qualified_body",
        "test_body",
        "laboratory",
        "metrology",
        "licensed_shop",
        "licensed_hauler",
    }
    qualified = codes(LIBRARY / "certificates.csv") | bodies | {""}
    seasons = {row["seed"] for row in rows(OCCASIONS)} | {""}
    for cycle in rows(LIBRARY / "cycles.csv"):
        assert cycle["line"] in lines
        assert cycle["qualification"] in qualified, cycle["code"]
        assert cycle["season"] in seasons, cycle["code"]
        assert cycle["anchor"] in {"fixed", "rolling"}
        assert cycle["basis"]
        if cycle["is_legal"] == "1":
            assert cycle["overdue_consequence"] in {"compliance_event", "out_of_use", "out_of_duty"}, cycle["code"]


def test_the_lift_checklists_have_the_counts_of_the_regulation() -> None:
    counts = Counter((row["annex"], row["depth"]) for row in rows(LIBRARY / "lift_checklists.csv"))
    assert [counts["A", depth] for depth in "1234"] == [31, 13, 15, 17]
    assert [counts["D", depth] for depth in "1234"] == [33, 5, 12, 13]


def test_holidays_cover_2017_to_2024_with_make_up_days() -> None:
    table = rows(LIBRARY / "holidays_cn.csv")
    days = [date.fromisoformat(row["date"]) for row in table]
    assert days == sorted(set(days))
    assert {day.year for day in days} >= set(range(2017, 2025))
    assert {row["is_off_day"] for row in table} == {"0", "1"}
    make_up = [day for day, row in zip(days, table, strict=True) if row["is_off_day"] == "0"]
    ended_early = date(2020, 2, 3)  # the notice of January 2020 names this Monday as the first day back
    assert [day for day in make_up if day.weekday() < 5] == [ended_early]
    assert "MIT License" in (LIBRARY / "HOLIDAYS_NOTICE.txt").read_text(encoding="utf-8")


def glossary_rows() -> list[list[str]]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    found = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ]
    return [cells for cells in found if cells[0] not in {"code", "---"}]


def test_the_glossary_gives_each_word_once_in_both_languages() -> None:
    table = glossary_rows()
    assert len(table) > 150
    for cells in table:
        assert len(cells) == 4, cells
        assert CHINESE.search(cells[1]), cells
        assert cells[2], cells
    words = [cells[0] for cells in table]
    assert [word for word, n in Counter(words).items() if n > 1] == []
    assert {row["code"] for row in rows(LIFE_CYCLE / "states.csv")} <= set(words)
    assert set(words) >= ROLE_CODES

"""The demo hospital is believable: one tree of places, 1,200 beds, people who may do the work, words for each item."""

from __future__ import annotations

import csv
import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

YINGXU = Path(__file__).resolve().parents[2] / "src" / "yingxu"
DEMO = YINGXU / "connect" / "demo" / "data"
LIBRARY = YINGXU / "standards" / "library"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(path: Path) -> set[str]:
    return {row["code"] for row in rows(path)}


def listed(cell: str) -> set[str]:
    return {code for code in cell.split(";") if code}


PLACES = rows(DEMO / "places.csv")
PEOPLE = rows(DEMO / "people.csv")
ITEMS = rows(LIBRARY / "items.csv")


@pytest.mark.parametrize("path", sorted(DEMO.glob("*.csv")), ids=lambda path: path.name)
def test_every_table_has_full_rows_and_unique_codes(path: Path) -> None:
    assert b"\r" not in path.read_bytes()
    table = rows(path)
    assert table
    assert all(None not in row and None not in row.values() for row in table)
    key = next(iter(table[0]))
    if key in {"code", "login"} and path.name not in {"person_skills.csv", "person_certificates.csv"}:
        assert [code for code, n in Counter(row[key] for row in table).items() if n > 1] == []


def test_places_form_one_tree_with_parents_first_and_known_classes() -> None:
    classes = codes(LIBRARY / "place_classes.csv")
    seen: set[str] = set()
    for place in PLACES:
        assert place["parent_code"] in seen or place["kind"] == "campus", place["code"]
        assert place["place_class"] in classes
        assert place["name_zh"]
        assert place["name_en"]
        assert re.fullmatch(r"[A-Z0-9-]+", place["code"]), place["code"]
        seen.add(place["code"])
    assert [place["code"] for place in PLACES if place["kind"] == "campus"] == ["HQ"]


def test_the_hospital_has_1200_beds_and_the_wards_count_the_same() -> None:
    assert sum(place["kind"] == "bed" for place in PLACES) == 1200
    assert sum(int(place["beds"]) for place in PLACES if place["kind"] == "ward") == 1200


def test_no_two_places_of_one_floor_share_a_name() -> None:
    names = Counter((place["parent_code"], place["name_zh"]) for place in PLACES)
    assert [key for key, n in names.items() if n > 1] == []


def test_people_teams_parties_and_contracts_refer_to_what_exists() -> None:
    places = {place["code"] for place in PLACES}
    parties = codes(DEMO / "parties.csv")
    lines = codes(LIBRARY / "lines.csv")
    roles = codes(YINGXU / "ground" / "roles" / "roles.csv")
    teams = {team["code"]: team for team in rows(DEMO / "teams.csv")}
    by_login = {person["login"]: person for person in PEOPLE}
    for person in PEOPLE:
        assert listed(person["roles"]) <= roles
        assert not person["team"] or person["team"] in teams
        assert not person["place_code"] or person["place_code"] in places
        assert person["party"] in parties
        assert listed(person["lines"]) <= lines
    patterns = codes(DEMO / "shift_patterns.csv")
    for team in teams.values():
        assert team["base_place"] in places
        assert listed(team["lines"]) <= lines
        assert by_login[team["leader_login"]]["team"] == team["code"]
        assert by_login[team["leader_login"]]["party"] == team["party"]
        assert team["shift_pattern"] in patterns
    for contract in rows(DEMO / "contracts.csv"):
        assert contract["party"] in parties
        assert listed(contract["lines"]) <= lines
        assert listed(contract["place_codes"]) <= places
    for asset in rows(DEMO / "assets.csv"):
        assert asset["place_code"] in places
        assert asset["line"] in lines


def test_every_role_is_held_and_every_line_has_a_team() -> None:
    held = {role for person in PEOPLE for role in listed(person["roles"])}
    assert held == codes(YINGXU / "ground" / "roles" / "roles.csv") - {"PF"}
    assert {line for team in rows(DEMO / "teams.csv") for line in listed(team["lines"])} == codes(LIBRARY / "lines.csv")


def usable_certificates() -> dict[str, set[str]]:
    held: dict[str, set[str]] = {person["login"]: set() for person in PEOPLE}
    for row in rows(DEMO / "person_certificates.csv"):
        in_time = all(not row[column] or int(row[column]) >= 0 for column in ("valid_in_days", "review_in_days"))
        if in_time and row["verified"] == "1":
            held[row["login"]].add(row["certificate"])
    return held


@pytest.mark.parametrize(
    "item", [item for item in ITEMS if item["answered_only"] == "0"], ids=lambda item: item["code"]
)
def test_somebody_of_the_right_line_is_skilled_and_certified_for_the_item(item: dict[str, str]) -> None:
    held = usable_certificates()
    skilled = {
        row["login"]
        for row in rows(DEMO / "person_skills.csv")
        if row["skill"] == item["skill"] and int(row["level"]) >= int(item["skill_level"])
    }
    able = [
        person["login"]
        for person in PEOPLE
        if item["line"] in listed(person["lines"])
        and person["login"] in skilled
        and all(held[person["login"]] & set(any_of.split("|")) for any_of in listed(item["certificates"]))
    ]
    assert able


def test_the_planted_certificates_show_each_state() -> None:
    table = rows(DEMO / "person_certificates.csv")
    known = codes(LIBRARY / "certificates.csv")
    assert {row["certificate"] for row in table} <= known
    assert any(row["review_in_days"] and int(row["review_in_days"]) < 0 for row in table)
    assert any(row["valid_in_days"] and int(row["valid_in_days"]) < 0 for row in table)
    assert any(row["valid_in_days"] and 0 <= int(row["valid_in_days"]) <= 60 for row in table)
    assert any(row["verified"] == "0" for row in table)


def test_every_item_has_phrases_and_a_volume() -> None:
    items = {item["code"] for item in ITEMS}
    phrases = rows(DEMO / "phrases.csv")
    assert {phrase["item"] for phrase in phrases} == items
    assert len({phrase["text"] for phrase in phrases}) == len(phrases)
    assert all(set(re.findall(r"\{(.*?)\}", phrase["text"])) <= {"place"} for phrase in phrases)
    volumes = rows(DEMO / "volumes.csv")
    assert {volume["item"] for volume in volumes} == items
    assert {volume["hour_class"] for volume in volumes} <= {row["hour_class"] for row in rows(DEMO / "hour_shapes.csv")}
    assert {volume["season"] for volume in volumes} <= {row["season"] for row in rows(DEMO / "seasons.csv")}


def test_hour_shapes_are_shares_of_a_day() -> None:
    for shape in rows(DEMO / "hour_shapes.csv"):
        assert sum(float(value) for key, value in shape.items() if key != "hour_class") == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("selector", rows(DEMO / "item_places.csv"), ids=lambda selector: selector["item"])
def test_every_item_can_happen_somewhere(selector: dict[str, str]) -> None:
    kinds, classes, patterns = (listed(selector[key]) for key in ("kinds", "classes", "code_patterns"))
    assert any(
        (not kinds or place["kind"] in kinds)
        and (not classes or place["place_class"] in classes)
        and (not patterns or any(fnmatchcase(place["code"], pattern) for pattern in patterns))
        for place in PLACES
    )


def test_there_is_a_place_selector_for_each_item() -> None:
    assert [row["item"] for row in rows(DEMO / "item_places.csv")] == [item["code"] for item in ITEMS]

"""The life cycle and the permissions as data: 48 moves, 13 roles, each row of the matrix to its roles and no other."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

YINGXU = Path(__file__).resolve().parents[2] / "src" / "yingxu"
ROLES = YINGXU / "ground" / "roles"
LIFE_CYCLE = YINGXU / "work" / "life_cycle"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(path: Path) -> set[str]:
    return {row["code"] for row in rows(path)}


def listed(cell: str) -> list[str]:
    return [code for code in re.split("[;|]", cell) if code]


ROLE_CODES = codes(ROLES / "roles.csv")
PERMISSIONS = rows(ROLES / "permissions.csv")


def test_the_life_cycle_has_16_states_and_48_legal_pairs() -> None:
    states = codes(LIFE_CYCLE / "states.csv")
    moves = rows(LIFE_CYCLE / "moves.csv")
    pairs = {(move["from_state"], move["to_state"]) for move in moves}
    assert len(states) == 16
    assert len(moves) == len(pairs) == 48
    assert {state for pair in pairs for state in pair} == states
    machines = {"auto", "rule", "system", "classifier"}
    for move in moves:
        assert set(listed(move["who"])) <= ROLE_CODES | machines, move
        assert move["who"], move


def test_nothing_reaches_closed_without_verification_or_a_receivers_answer() -> None:
    moves = rows(LIFE_CYCLE / "moves.csv")
    assert {move["from_state"] for move in moves if move["to_state"] == "closed"} == {"verified", "transferred"}
    assert {move["to_state"] for move in moves if move["from_state"] == "finished"} == {"verified", "in_progress"}
    assert "TL" not in next(
        listed(m["who"]) for m in moves if (m["from_state"], m["to_state"]) == ("finished", "verified")
    )


def test_there_are_13_roles_and_permissions_name_only_them() -> None:
    assert len(ROLE_CODES) == 13
    scopes = {"own", "department", "team", "line", "assigned", "scope", "all"}
    seen = Counter((p["action"], p["role"], p["scope"], p["condition"]) for p in PERMISSIONS)
    assert [key for key, n in seen.items() if n > 1] == []
    for permission in PERMISSIONS:
        assert permission["role"] in ROLE_CODES
        assert permission["grant"] in {"C", "R", "U", "A"}
        assert permission["scope"] in scopes
        assert permission["needs_reason"] in {"0", "1"}
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", permission["action"])
        assert (permission["added"] == "1") == (permission["matrix_row"] == "")


GRANTED_BY_MATRIX_ROW = {
    1: "RQ PF DK WK TL LM PM HO HD VS EX",
    2: "DK WK TL LM PM HO",
    3: "RQ PF DK WK TL LM PM HO HD VS AU EX AD",
    4: "DK WK TL LM HO AU EX",
    5: "DK TL HO",
    6: "RQ PF DK WK TL LM HO",
    7: "DK HO",
    8: "DK TL LM",
    9: "WK TL EX",
    10: "WK TL LM EX",
    11: "DK HO",
    12: "DK HO",
    13: "DK TL HO",
    14: "DK HO",
    15: "DK HO",
    16: "RQ PF TL HO",
    17: "RQ PF DK TL HO VS",
    18: "RQ PF VS",
    19: "DK HO",
    20: "HO HD AU",
    21: "WK TL LM PM HO",
    22: "HO HD",
    23: "TL LM PM HO",
    24: "WK HO EX",
    25: "WK TL LM PM HO HD VS AU",
    26: "WK TL LM PM HO VS EX",
    27: "PM HO HD AU",
    28: "TL LM PM HO HD AU",
    29: "WK TL LM PM HO AU EX",
    30: "DK PM HO HD VS AU",
    31: "DK WK TL LM PM HO HD VS AU EX AD",
    32: "HO HD AU",
    33: "AU AD",
    34: "HO HD AU AD",
}


@pytest.mark.parametrize("matrix_row", GRANTED_BY_MATRIX_ROW)
def test_a_row_of_the_permission_matrix_grants_to_its_roles_and_no_other(matrix_row: int) -> None:
    granted = {p["role"] for p in PERMISSIONS if p["matrix_row"] == str(matrix_row)}
    assert granted == set(GRANTED_BY_MATRIX_ROW[matrix_row].split())


def test_the_administrator_decides_no_business_and_the_auditor_changes_nothing() -> None:
    for permission in PERMISSIONS:
        if permission["role"] == "AD" and permission["grant"] != "R":
            set_up = permission["condition"] == "site_being_set_up"
            assert set_up or permission["action"] in {
                "account.manage",
                "api_token.manage",
                "webhook.manage",
                "notice.manage",
                "triage.manage",
                "door.manage",
            }, permission
        if permission["role"] == "AU" and permission["grant"] != "R":
            assert permission["action"] in {"inspection.create", "audit_finding.create"}, permission


def test_tokens_and_separation_rules_name_known_actions() -> None:
    actions = {permission["action"] for permission in PERMISSIONS}
    for scope in rows(ROLES / "token_scopes.csv"):
        assert set(listed(scope["actions"])) <= actions, scope["code"]
    later = {"letter.read", "legal_task.retime", "project.approve", "*"}
    rules = rows(ROLES / "separation.csv")
    assert {rule["rule"] for rule in rules} == {str(n) for n in range(1, 9)}
    for rule in rules:
        assert set(listed(rule["actions"])) <= actions | later, rule["code"]

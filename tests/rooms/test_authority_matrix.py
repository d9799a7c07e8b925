"""Each of the 13 × 34 cells of the permission matrix (domain 4.2), copied by hand, against the data that decides."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from yingxu.ground import authority
from yingxu.ground.actor import Actor, Held
from yingxu.ground.authority import Where
from yingxu.ground.refusals import NotAllowed, ReasonNeeded

ROLES = ("RQ", "PF", "DK", "WK", "TL", "LM", "PM", "HO", "HD", "VS", "AU", "EX", "AD")

#: One line a row of the matrix, one word a role in the order above. A word: ``-`` none; else ``act:scopes``, several
#: joined by ``+``; ``!`` only with a logged reason. Scopes: own dep(artment) team line asg (assigned) scope all.
MATRIX = """
 1 c:dep c:own c:dep c:dep c:dep c:dep c:dep c:dep c:dep c:dep - c:own -
 2 - - for:scope for:scope for:scope for:scope for:scope for:scope - - - - -
 3 r:own,dep r:own r:scope r:asg,team r:scope r:scope r:scope r:all r:all r:own,dep r:all r:asg meta:all
 4 - - see:scope see:asg see:scope see:scope - see:all - - see:all! see:asg -
 5 - - classify:scope - classify:scope - - classify:all - - - - -
 6 ask:own ask:own raise:scope raise:asg! raise:scope raise:scope - raise:all - - - - -
 7 - - lower:scope! - - - - approve:all! - - - - -
 8 - - dispatch:scope - dispatch:team dispatch:line - - - - - - -
 9 - - - perform:asg perform:team! - - - - - - perform:asg -
10 - - - request:asg request:team request:line - - - - - request:asg -
11 - - approve:scope - - - - approve:all - - - - -
12 - - merge:scope - - - - merge:all - - - - -
13 - - split:scope - split:scope - - split:all - - - - -
14 - - propose:scope - - - - decline:all - - - - -
15 - - transfer:scope - - - - transfer:all - - - - -
16 verify:own verify:own - - first:team - - verify:all - - - - -
17 reopen:own reopen:own reopen:scope - reopen:scope - - reopen:all - reopen:own - - -
18 rate:own rate:own - - - - - - - rate:own - - -
19 - - record:scope - - - - record:all - - - - -
20 - - - - - - - see:all! see:all! - see:all! - -
21 - - - suggest:line draft:line draft:line draft:line draft:all - - - - -
22 - - - - - - - publish:all publish:all+approve:all - - - -
23 - - - - draft:line draft:line draft:line approve:all - - - - -
24 - - - perform:asg - - - sign:all - - - perform:asg -
25 - - - self:asg create:scope create:scope create:scope create:all create:all find:all create:all - -
26 - - - answer:asg answer:scope answer:scope answer:scope close:all - confirm:own - answer:asg -
27 - - - - - - comment:scope draft:all approve:all - read:all - -
28 - - - - file:scope file:scope file:scope decide:all approve:all - read:all - -
29 - - - enter:own enter:scope enter:scope enter:scope verify:all - - read:all enter:own -
30 - - record:scope - - - record:scope record:all approve:all add:own read:all - -
31 - - read:own read:own read:own read:own read:own read:own read:own read:own read:own read:own read:own
32 - - - - - - - export:all! export:all! - export:all! - -
33 - - - - - - - - - - read:all - technical:all
34 - - - - - - - propose:all approve:all - read:all - manage:all
"""

#: The acts of each row, by the word that the table uses.
ACTS: dict[int, dict[str, str]] = {
    1: {"c": "request.create"},
    2: {"for": "request.create_for_another"},
    3: {"r": "request.read", "meta": "request.read_meta"},
    4: {"see": "requester.see_phone"},
    5: {"classify": "request.classify"},
    6: {"ask": "priority.ask_raise", "raise": "priority.raise"},
    7: {"lower": "priority.lower", "approve": "priority.approve_lower"},
    8: {"dispatch": "job.dispatch"},
    9: {"perform": "job.perform"},
    10: {"request": "pause.request"},
    11: {"approve": "pause.approve"},
    12: {"merge": "request.merge"},
    13: {"split": "request.split"},
    14: {"propose": "request.propose_decline", "decline": "request.decline"},
    15: {"transfer": "request.transfer"},
    16: {"verify": "job.verify", "first": "job.check_first_level"},
    17: {"reopen": "job.reopen"},
    18: {"rate": "rating.create"},
    19: {"record": "callback.record"},
    20: {"see": "rating.see_rater"},
    21: {"suggest": "standard.suggest", "draft": "standard.draft"},
    22: {"publish": "standard.publish", "approve": "standard.approve"},
    23: {"draft": "plan.draft", "approve": "plan.approve"},
    24: {"perform": "legal_task.perform", "sign": "legal_task.sign"},
    25: {"self": "inspection.self_check", "create": "inspection.create", "find": "inspection.find_fault"},
    26: {"answer": "rectification.answer", "close": "rectification.close", "confirm": "rectification.confirm"},
    27: {
        "comment": "assessment.comment",
        "draft": "assessment.draft",
        "approve": "assessment.approve",
        "read": "assessment.read",
    },
    28: {"file": "appeal.file", "decide": "appeal.decide", "approve": "appeal.approve", "read": "appeal.read"},
    29: {"enter": "certificate.enter", "verify": "certificate.verify", "read": "certificate.read"},
    30: {"record": "forum.record", "approve": "forum.approve", "add": "forum.add_opinion", "read": "forum.read"},
    31: {"read": "handbook.read"},
    32: {"export": "personal_data.export"},
    33: {"read": "audit.read", "technical": "audit.read_technical"},
    34: {
        "propose": "account.propose",
        "approve": "account.approve",
        "read": "account.read",
        "manage": "account.manage",
    },
}
SCOPE = {"dep": "department", "asg": "assigned"}

ME, SITE, PARTY, TEAM, WARD = 7, 1, 21, 31, 41
#: Somebody who holds a role at the ward, in the team of a company, for a line.
MINE = {
    "site_id": SITE,
    "party_id": PARTY,
    "line_code": "PLB",
    "place_id": WARD,
    "place_path": "/40/41/",
    "team_id": TEAM,
}
#: An object that is this person's in every way.
HERE = Where(
    SITE,
    party_ids=(PARTY,),
    line_code="PLB",
    place_path="/40/41/42/",
    department_id=WARD,
    team_ids=(TEAM,),
    worker_ids=(ME,),
    owner_ids=(ME,),
)
#: What each scope loses: an object that is the person's in all other ways and not in this one.
BESIDE: dict[str, tuple[dict[str, object], ...]] = {
    "own": ({"owner_ids": (8,)},),
    "assigned": ({"worker_ids": (8,)}, {"worker_ids": ()}),
    "department": ({"department_id": 99},),
    "team": ({"team_ids": (99,)},),
    "line": ({"line_code": "ELE"}, {"party_ids": (99,)}),
    "scope": ({"line_code": "ELE"}, {"party_ids": (99,)}, {"place_path": "/50/51/"}),
    "all": (),
}

Cell = tuple[int, str, str]


def cells() -> list[Cell]:
    found = []
    for line in MATRIX.strip().splitlines():
        number, *words = line.split()
        assert len(words) == len(ROLES), line
        found += [(int(number), role, word) for role, word in zip(ROLES, words, strict=True)]
    return found


def granted(number: int, word: str) -> set[tuple[str, str, bool]]:
    """Return (action, scope, needs a reason) of a cell's word."""
    found = set()
    for part in word.split("+"):
        if part == "-":
            continue
        act, _, scopes = part.partition(":")
        for scope in scopes.rstrip("!").split(","):
            found.add((ACTS[number][act], SCOPE.get(scope, scope), scopes.endswith("!")))
    return found


def person(role: str, **limits: object) -> Actor:
    return Actor("person", ME, "某人", holdings=(Held(role, **{**MINE, **limits}),))  # type: ignore[arg-type]


def with_(where: Where, **other: object) -> Where:
    return Where(**{**vars(where), **other})  # type: ignore[arg-type]


def test_the_table_has_13_by_34_cells() -> None:
    assert len(cells()) == 13 * 34
    assert set(authority.roles()) == set(ROLES)


@pytest.mark.parametrize(("number", "role", "word"), cells(), ids=lambda part: str(part))
def test_a_cell_of_the_matrix_is_what_the_data_decides(number: int, role: str, word: str) -> None:
    expected = granted(number, word)
    data = {
        (action, grant.scope, grant.needs_reason)
        for action in ACTS[number].values()
        for grant in authority.grants()[action].get(role, ())
        if grant.condition != authority.SET_UP  # the administrator's while a site is being set up (decision 14)
    }
    assert data == expected
    allowed = {action for action, _, _ in expected}
    for action in ACTS[number].values():
        if action not in allowed:
            assert not authority.may(person(role), action, where=HERE)
            with pytest.raises(NotAllowed):
                authority.require(person(role), action, where=HERE, reason="有理由")
            continue
        needs_reason = all(needed for name, _, needed in expected if name == action)
        authority.require(person(role), action, where=HERE, reason="有理由")
        if needs_reason:
            for nothing in (None, "", "  "):
                with pytest.raises(ReasonNeeded):
                    authority.require(person(role), action, where=HERE, reason=nothing)
        else:
            authority.require(person(role), action, where=HERE)


def scoped() -> list[tuple[str, str]]:
    """Return (role, action) with one scope only, where losing it must refuse."""
    found = []
    for number, role, word in cells():
        by_action: dict[str, set[str]] = {}
        for action, scope, _ in sorted(granted(number, word)):
            by_action.setdefault(action, set()).add(scope)
        found += [(role, action) for action, scopes in by_action.items() if len(scopes) == 1]
    return found


@pytest.mark.parametrize(("role", "action"), scoped())
def test_the_right_role_in_the_wrong_place_party_team_or_site_is_refused(role: str, action: str) -> None:
    (grant,) = authority.grants()[action][role]
    assert authority.may(person(role), action, where=HERE)
    assert not authority.may(person(role), action, where=with_(HERE, site_id=2))
    for other in BESIDE[grant.scope]:
        assert not authority.may(person(role), action, where=with_(HERE, **other)), other


def test_the_data_names_no_act_of_the_matrix_that_the_table_lacks() -> None:
    text = (resources.files("yingxu.ground") / "roles" / "permissions.csv").read_text(encoding="utf-8")
    in_matrix = {
        (int(row["matrix_row"]), row["action"]) for row in csv.DictReader(text.splitlines()) if row["matrix_row"]
    }
    assert in_matrix == {(number, action) for number, acts in ACTS.items() for action in acts.values()}


@pytest.mark.parametrize("role", ROLES)
def test_an_act_that_is_not_listed_is_refused_to_everybody(role: str) -> None:
    for action in ("request.delete", "ledger.edit", "", "request"):
        assert not authority.may(person(role), action, where=HERE)
        assert not authority.may_anywhere(person(role), action)
        with pytest.raises(NotAllowed):
            authority.require(person(role), action, where=HERE, reason="有理由")


def test_nobody_without_a_role_may_do_anything() -> None:
    nobody = Actor("person", ME, "某人")
    for action in authority.grants():
        assert not authority.may(nobody, action, where=HERE)


def test_one_of_several_roles_is_enough_and_limits_are_not_mixed() -> None:
    both = Actor("person", ME, "某人", holdings=(Held("WK", site_id=SITE, team_id=TEAM), Held("DK", site_id=2)))
    assert authority.may(both, "job.perform", where=HERE)
    assert not authority.may(both, "job.dispatch", where=HERE)
    assert authority.may(both, "job.dispatch", where=with_(HERE, site_id=2))
    assert authority.roles_for(both, "request.read", where=HERE) == {"WK"}


def test_a_holding_without_limits_reaches_every_site() -> None:
    anywhere = Actor("person", ME, "某人", holdings=(Held("AU"),))
    assert authority.may(anywhere, "audit.read", where=with_(HERE, site_id=99))
    assert authority.may(anywhere, "audit.read", where=Where(None))

"""What holds in an emergency: the library's words, marks, limits and call tree, and the site's own plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Q

from yingxu.core.clock.emergency import Level, Limit, Mark, Standing, TreeReading, Try, standing, tree_reading
from yingxu.ground.models import Account, Contract, Holding
from yingxu.standards.library import rows
from yingxu.work.models.incidents import KINDS, EmergencyPlan

BRANCHES = ("rescue", "command")
#: Lines of a log that are no marks.
WORDS = ("said", "done", "decided", "told", "command", "place", "ended")
#: Of several people who hold a role so many become levels.
_HOLDERS = 2


@dataclass(frozen=True)
class Kind:
    """A kind of emergency."""

    code: str
    name: str
    name_en: str
    icon: str
    items: tuple[str, ...]
    default_item: str
    #: The mark without which it cannot be ended as real.
    ended_by: str
    drill_months: int
    drill_basis: str
    drill_basis_en: str
    mark: str


@dataclass(frozen=True)
class MarkKind:
    """A moment that is noted in emergencies of a kind."""

    code: str
    name: str
    name_en: str
    is_repeated: bool


@dataclass(frozen=True)
class LimitRule:
    """A limit with who must keep it, who reports what to whom, and its basis."""

    code: str
    name: str
    name_en: str
    limit: Limit
    elsewhere_s: int | None
    is_legal: bool
    who: str
    who_en: str
    report: str
    report_en: str
    basis: str
    basis_en: str
    mark: str


@dataclass(frozen=True)
class Line:
    """One line of what to say, to ask, to do first, never to do."""

    text: str
    text_en: str
    mark: str


@dataclass(frozen=True)
class Step:
    """One level of a call tree. ``source``: ``role:HO``, ``role:TL:PLB``, ``line:ELV`` or empty for its own number."""

    branch: str
    name: str
    name_en: str
    source: str
    phone: str
    wait_s: int
    max_tries: int
    is_outside: bool
    sets_mark: str


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of emergency by code, in the library's order."""
    return {
        row["code"]: Kind(
            code=row["code"],
            name=row["name_zh"],
            name_en=row["name_en"],
            icon=row["icon"],
            items=tuple(row["items"].split(";")),
            default_item=row["default_item"],
            ended_by=row["ended_by"],
            drill_months=int(row["drill_months"]),
            drill_basis=row["drill_basis_zh"],
            drill_basis_en=row["drill_basis_en"],
            mark=row["mark"],
        )
        for row in rows("emergency_kinds")
    }


@cache
def kind_of_item(item_code: str) -> str:
    """Return the kind of emergency that a critical request of an item may be; empty: none."""
    return next((kind.code for kind in kinds().values() if item_code in kind.items), "")


@cache
def lines_of(kind: str) -> dict[str, tuple[Line, ...]]:
    """Return what to say, ask, do first and never do."""
    found: dict[str, list[Line]] = {part: [] for part in ("say", "ask", "first", "never")}
    for row in rows("emergency_lines"):
        if row["kind"] == kind:
            found[row["part"]].append(Line(row["text_zh"], row["text_en"], row["mark"]))
    return {part: tuple(some) for part, some in found.items()}


@cache
def marks_of(kind: str) -> dict[str, MarkKind]:
    """Return the moments that are noted, in their usual order."""
    return {
        row["mark_code"]: MarkKind(row["mark_code"], row["name_zh"], row["name_en"], row["is_repeated"] == "1")
        for row in rows("emergency_marks")
        if row["kind"] == kind
    }


@cache
def rules_of(kind: str) -> dict[str, LimitRule]:
    """Return the limits of a kind as the library states them."""
    found = {}
    for row in rows("emergency_clocks"):
        if row["kind"] != kind:
            continue
        limit_s = int(row["limit_s"]) if row["limit_s"] else None
        found[row["clock"]] = LimitRule(
            code=row["clock"],
            name=row["name_zh"],
            name_en=row["name_en"],
            limit=Limit(row["clock"], row["from_mark"], row["to_mark"], limit_s, row["until_mark"]),
            elsewhere_s=int(row["elsewhere_s"]) if row["elsewhere_s"] else None,
            is_legal=row["is_legal"] == "1",
            who=row["who_zh"],
            who_en=row["who_en"],
            report=row["report_zh"],
            report_en=row["report_en"],
            basis=row["basis_zh"],
            basis_en=row["basis_en"],
            mark=row["mark"],
        )
    return found


@cache
def starter_tree(kind: str) -> tuple[Step, ...]:
    """Return the library's call tree, which holds until the hospital makes its own."""
    return tuple(
        Step(
            branch=row["branch"],
            name=row["name_zh"],
            name_en=row["name_en"],
            source=row["source"],
            phone=row["phone"],
            wait_s=int(row["wait_s"]),
            max_tries=int(row["max_tries"]),
            is_outside=row["is_outside"] == "1",
            sets_mark=row["sets_mark"],
        )
        for row in rows("emergency_calls")
        if row["kind"] == kind
    )


@dataclass(frozen=True)
class Plan:
    """What holds at a site for a kind: its call tree and its limits in seconds. ``made_at`` None: the library's."""

    tree: tuple[Step, ...]
    limits: Mapping[str, int]
    made_at: datetime | None = None


def plan_of(site_id: int, kind: str) -> Plan:
    """Return the newest plan of a site. Budget: one query."""
    own = EmergencyPlan.objects.filter(site_id=site_id, kind=kind).order_by("-made_at", "-id").first()
    limits = {code: rule.limit.limit_s for code, rule in rules_of(kind).items() if rule.limit.limit_s is not None}
    if own is None:
        return Plan(starter_tree(kind), limits)
    return Plan(tuple(Step(**step) for step in own.tree), {**limits, **own.limits}, own.made_at)


@dataclass(frozen=True)
class Reachable:
    """A level with the number and the account behind it."""

    step: Step
    name: str
    name_en: str
    phone: str
    account_id: int | None


def reachable(site_id: int, tree: Sequence[Step], at: datetime) -> tuple[Reachable, ...]:
    """Return the levels with who stands behind them; a role becomes the people who hold it. Budget: two queries."""
    lines = sorted({step.source.split(":")[1] for step in tree if step.source.startswith("line:")})
    contracts = Contract.objects.filter(
        Q(line_code__in=lines) | Q(line_code=""), site_id=site_id, period__contains=at.date()
    ).order_by("line_code", "id")
    phones: dict[str, tuple[int, str]] = {}
    for line, party, phone in contracts.values_list("line_code", "party_id", "party__phone"):
        phones.setdefault(line, (party, phone))
    roles = sorted({step.source.split(":")[1] for step in tree if step.source.startswith("role:")})
    held = Holding.objects.filter(
        Q(site_id=site_id) | Q(site=None),
        Q(ends_at=None) | Q(ends_at__gt=at),
        role__in=roles,
        starts_at__lte=at,
        account__is_active=True,
    ).order_by("account_id", "id")
    people = list(held.values_list("role", "party_id", "line_code", "account_id"))
    accounts = Account.objects.in_bulk({row[3] for row in people}) if people else {}
    found: list[Reachable] = []
    for step in tree:
        found += _behind(step, phones, people, accounts)
    return tuple(found)


def _behind(
    step: Step,
    phones: Mapping[str, tuple[int, str]],
    people: Iterable[tuple[str, int | None, str, int]],
    accounts: Mapping[int, Account],
) -> list[Reachable]:
    if step.phone or not step.source:
        return [Reachable(step, step.name, step.name_en, step.phone, None)]
    sort, _, rest = step.source.partition(":")
    if sort == "line":
        phone = phones.get(rest, phones.get("", (0, "")))[1]
        return [Reachable(step, step.name, step.name_en, phone, None)]
    role, _, line = rest.partition(":")
    party = phones[line][0] if line in phones else None
    fits = [
        account_id
        for held, of_party, of_line, account_id in people
        if held == role and (not line or (of_party == party if party else of_line in ("", line)))
    ]
    fits = list(dict.fromkeys(fits)) or list(dict.fromkeys(row[3] for row in people if row[0] == role))
    found = []
    for account_id in fits[:_HOLDERS]:
        who = accounts[account_id]
        name_en = f"{step.name_en}: {who.name_en or who.name}"
        found.append(Reachable(step, f"{step.name}：{who.name}", name_en, who.phone, account_id))
    return found or [Reachable(step, step.name, step.name_en, "", None)]


def standings(
    kind: str,
    limits: Mapping[str, int],
    marks: Iterable[tuple[str, datetime]],
    at: datetime,
    *,
    ended_at: datetime | None = None,
) -> dict[str, Standing]:
    """Return how each limit of a kind stands; ``limits``: the seconds that hold for this incident."""
    known = [Mark(code, moment) for code, moment in marks]
    found = {}
    for code, rule in rules_of(kind).items():
        own = rule.limit
        limit = Limit(code, own.from_code, own.to_code, limits.get(code, own.limit_s), own.until_code)
        found[code] = standing(limit, known, at, ended_at=ended_at)
    return found


def next_due(found: Iterable[Standing], at: datetime) -> datetime | None:
    """Return the next instant at which a running limit is passed."""
    return min(
        (one.due_at for one in found if one.state == "running" and one.due_at is not None and one.due_at >= at),
        default=None,
    )


def tree_of(
    calls: Iterable[tuple[int, int, int]],
    tries: Iterable[tuple[int, datetime, str]],
    opened_at: datetime,
    at: datetime,
) -> TreeReading:
    """Return how one branch stands. ``calls``: key, wait, most tries, in order; ``tries``: key, moment, outcome."""
    made = [Try(key, moment, outcome == "answered") for key, moment, outcome in tries]
    return tree_reading([Level(*call) for call in calls], opened_at, made, at)


def is_kind(code: str) -> bool:
    """Tell whether there is such a kind."""
    return code in KINDS

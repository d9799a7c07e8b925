"""Questions about cost: of a request's jobs, and of a month by department and line. Every sum is a sum of jobs.

Cost of a job = minutes x rate + parts at their lots' prices + bills (domain 5.8). Labour counts in the month in which
the job was finished, parts when they were issued (or came back), bills by their own day. What the contract includes on
that day costs as much and is charged 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from yingxu.core.stock.lots import labour_fen
from yingxu.core.stock.rates import in_force
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.authority import Where
from yingxu.team.models import Posting
from yingxu.work.models import Bill, CostTerm, Job, LabourRate, Movement, OutsideOrder
from yingxu.work.queries.jobs import Page, seen_by

#: Jobs whose work is done: their minutes count.
_DONE = ("finished", "verified", "closed")


@dataclass
class JobCost:
    """What one job cost, and what of it is charged."""

    job_id: UUID
    number: str
    request_id: UUID
    item_name: str
    item_name_en: str
    line_code: str
    department_id: int | None
    department_name: str
    department_name_en: str
    minutes: int = 0
    #: Finished without its minutes being said: its labour is not known.
    is_unknown: bool = False
    labour_fen: int = 0
    parts_fen: int = 0
    bills_fen: int = 0
    charged_fen: int = 0

    @property
    def real_fen(self) -> int:
        """All that it cost."""
        return self.labour_fen + self.parts_fen + self.bills_fen


@dataclass
class CostRow:
    """A department and a line in a month."""

    department_id: int | None
    department_name: str
    department_name_en: str
    line_code: str
    n_jobs: int = 0
    n_unknown: int = 0
    labour_fen: int = 0
    parts_fen: int = 0
    bills_fen: int = 0
    charged_fen: int = 0

    @property
    def real_fen(self) -> int:
        """All that it cost."""
        return self.labour_fen + self.parts_fen + self.bills_fen

    def add(self, job: JobCost) -> None:
        """Count a job in."""
        self.n_jobs += 1
        self.n_unknown += job.is_unknown
        self.labour_fen += job.labour_fen
        self.parts_fen += job.parts_fen
        self.bills_fen += job.bills_fen
        self.charged_fen += job.charged_fen


@dataclass(frozen=True)
class ChargeBack:
    """A month's cost by department and line, the dearest department first, and its total."""

    rows: tuple[CostRow, ...]
    total: CostRow


@dataclass(frozen=True)
class Wanted:
    """Which jobs: of a line, of a department; None is all, department 0 is none."""

    line_code: str | None = None
    department_id: int | None = None


def month_span(month: date, timezone: str) -> tuple[datetime, datetime]:
    """Return the moments between which a month lies at a site."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    zone = ZoneInfo(timezone)
    return datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)


@dataclass
class _Prices:
    """What holds by date: rates of posts, teams and everybody; what the contract includes."""

    by_post: dict[int, list[tuple[date, int]]] = field(default_factory=dict)
    by_team: dict[int, list[tuple[date, int]]] = field(default_factory=dict)
    of_all: list[tuple[date, int]] = field(default_factory=list)
    #: account -> (post, from, to)
    posts: dict[int, list[tuple[int, datetime, datetime | None]]] = field(default_factory=dict)
    terms: dict[str, list[tuple[date, CostTerm]]] = field(default_factory=dict)

    def rate(self, account: int | None, team: int | None, at: datetime, on: date) -> int:
        """Return fen an hour: the post's that the person held then, else the team's, else everybody's."""
        for post, from_at, to_at in self.posts.get(account or 0, ()):
            if from_at <= at and (to_at is None or at < to_at) and post in self.by_post:
                found = in_force(self.by_post[post], on)
                if found is not None:
                    return found
        found = in_force(self.by_team.get(team or 0, ()), on)
        return found if found is not None else in_force(self.of_all, on) or 0

    def charged(self, line_code: str, on: date, kind: str, fen: int) -> int:
        """Return what is charged of a cost of a kind (labour, parts, bills)."""
        term = in_force(self.terms.get(line_code, ()), on) or in_force(self.terms.get("", ()), on)
        return 0 if term is not None and getattr(term, f"includes_{kind}") else fen


def _prices(site_id: int) -> _Prices:
    found = _Prices()
    rates = LabourRate.objects.filter(site_id=site_id).order_by("set_at", "id")
    for post, team, from_on, fen in rates.values_list("post_id", "team_id", "from_on", "fen_per_hour"):
        if post is not None:
            found.by_post.setdefault(post, []).append((from_on, fen))
        elif team is not None:
            found.by_team.setdefault(team, []).append((from_on, fen))
        else:
            found.of_all.append((from_on, fen))
    for term in CostTerm.objects.filter(site_id=site_id).order_by("set_at", "id"):
        found.terms.setdefault(term.line_code, []).append((term.from_on, term))
    if found.by_post:
        held = Posting.objects.filter(site_id=site_id, post__in=found.by_post).order_by("from_at", "id")
        for account, post, from_at, to_at in held.values_list("account_id", "post_id", "from_at", "to_at"):
            found.posts.setdefault(account, []).append((post, from_at, to_at))
    return found


_JOB = ("uid", "number", "request__uid", "item__name", "item__name_en", "line_code")
_OF = ("department_id", "department__full_name", "department__full_name_en")


def _columns(prefix: str = "") -> list[str]:
    return [f"{prefix}{name}" for name in ("id", *_JOB, *_OF)]


def _jobs(
    actor: Actor, site_id: int, timezone: str, *, done: Q, moved: Q, billed: Q, wanted: Wanted
) -> dict[int, JobCost]:
    """Return the cost of the jobs that the actor may see, by key: six queries, one less where no post has a rate."""
    prices, zone = _prices(site_id), ZoneInfo(timezone)
    seen = Job.objects.filter(seen_by(actor, "cost.read"), site_id=site_id)
    if wanted.line_code is not None:
        seen = seen.filter(line_code=wanted.line_code)
    if wanted.department_id is not None:
        seen = (
            seen.filter(department_id=wanted.department_id or None)
            if wanted.department_id
            else seen.filter(department=None)
        )
    found: dict[int, JobCost] = {}

    def of(row: Sequence[Any]) -> JobCost:
        job = found.get(row[0])
        if job is None:
            values = [*row[1:8], row[8] or "", row[9] or ""]
            job = found[row[0]] = JobCost(*values)
        return job

    n = len(_columns())
    # what an outside company finished has its labour in the company's bill, and none of ours
    by_link = Exists(OutsideOrder.objects.filter(job=OuterRef("pk"), signed_at=OuterRef("finished_at")))
    for row in (
        seen.filter(done, state__in=_DONE)
        .annotate(by_link=by_link)
        .values_list(*_columns(), "minutes", "finished_by_id", "team_id", "finished_at", "by_link")
    ):
        job, (minutes, by, team, at, is_outside) = of(row), row[n:]
        if is_outside:
            continue
        on = at.astimezone(zone).date()
        job.minutes, job.is_unknown = minutes or 0, minutes is None
        job.labour_fen = labour_fen(job.minutes, prices.rate(by, team, at, on))
        job.charged_fen += prices.charged(job.line_code, on, "labour", job.labour_fen)
    moves = Movement.objects.filter(moved, job__in=seen).annotate(on=TruncDate("moved_at", tzinfo=zone))
    for row in moves.values_list(*_columns("job__"), "on").annotate(fen=Sum("cost_fen")).order_by("job_id", "on"):
        job = of(row)
        job.parts_fen += row[-1]
        job.charged_fen += prices.charged(job.line_code, row[-2], "parts", row[-1])
    for row in Bill.objects.filter(billed, job__in=seen, struck_at=None).values_list(
        *_columns("job__"), "billed_on", "amount_fen"
    ):
        job = of(row)
        job.bills_fen += row[-1]
        job.charged_fen += prices.charged(job.line_code, row[-2], "bills", row[-1])
    return found


def _of_month(actor: Actor, site_id: int, timezone: str, month: date, wanted: Wanted) -> dict[int, JobCost]:
    authority_of(actor, site_id)
    from_at, to_at = month_span(month, timezone)
    return _jobs(
        actor,
        site_id,
        timezone,
        done=Q(finished_at__gte=from_at, finished_at__lt=to_at),
        moved=Q(moved_at__gte=from_at, moved_at__lt=to_at),
        billed=Q(billed_on__gte=from_at.date(), billed_on__lt=to_at.date()),
        wanted=wanted,
    )


def authority_of(actor: Actor, site_id: int) -> None:
    """Refuse whoever reads no costs anywhere. Refuses: NotAllowed."""
    if not authority.may_anywhere(actor, "cost.read"):
        authority.require(actor, "cost.read", where=Where(site_id=site_id))


def charge_back(actor: Actor, site_id: int, *, month: date, timezone: str, wanted: Wanted | None = None) -> ChargeBack:
    """Return a month's cost by department and line. Refuses: NotAllowed. Budget: six queries."""
    rows: dict[tuple[int | None, str], CostRow] = {}
    total = CostRow(None, "", "", "")
    of_department: dict[int | None, int] = {}
    for job in _of_month(actor, site_id, timezone, month, wanted or Wanted()).values():
        key = (job.department_id, job.line_code)
        row = rows.get(key)
        if row is None:
            row = rows[key] = CostRow(job.department_id, job.department_name, job.department_name_en, job.line_code)
        row.add(job)
        total.add(job)
        of_department[job.department_id] = of_department.get(job.department_id, 0) + job.real_fen

    def place(row: CostRow) -> tuple[bool, int, int, int, str]:
        cost = of_department[row.department_id]
        return row.department_id is None, -cost, row.department_id or 0, -row.real_fen, row.line_code

    ordered = sorted(rows.values(), key=place)  # what no department asked for comes last
    return ChargeBack(tuple(ordered), total)


def charged_jobs(
    actor: Actor,
    site_id: int,
    *,
    month: date,
    timezone: str,
    wanted: Wanted,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[JobCost]:
    """Return the jobs behind a figure, the dearest first. Refuses: NotAllowed. Budget: six queries."""
    found = _of_month(actor, site_id, timezone, month, wanted)
    rows = sorted(found.values(), key=lambda job: (-job.real_fen, job.number))
    begin = int(cursor) if cursor and cursor.isdigit() and len(cursor) < 8 else 0
    return Page(tuple(rows[begin : begin + limit]), str(begin + limit) if len(rows) > begin + limit else None)


@dataclass(frozen=True)
class BillRow:
    """A bill of a job."""

    bill_id: UUID
    job_number: str
    kind: str
    supplier: str
    document: str
    amount_fen: int
    billed_on: date
    by: str
    struck_at: datetime | None
    struck_why: str


@dataclass(frozen=True)
class RequestCost:
    """What a request's jobs cost, with their bills, struck ones too."""

    jobs: tuple[JobCost, ...]
    bills: tuple[BillRow, ...]
    total_fen: int
    charged_fen: int


def cost_of_request(actor: Actor, site_id: int, request_key: int, *, timezone: str) -> RequestCost:
    """Return what a request's jobs cost up to now, for who may read it. Budget: seven queries."""
    of_it = Q(request_id=request_key)
    of_job = Q(job__request_id=request_key)
    found = _jobs(actor, site_id, timezone, done=of_it, moved=of_job, billed=of_job, wanted=Wanted())
    bills = Bill.objects.filter(job__in=_seen(actor, site_id), job__request_id=request_key).order_by("entered_at", "id")
    return RequestCost(
        tuple(sorted(found.values(), key=lambda job: job.number)),
        tuple(
            BillRow(*row)
            for row in bills.values_list(
                "uid",
                "job__number",
                "kind",
                "supplier",
                "document",
                "amount_fen",
                "billed_on",
                "entered_by__name",
                "struck_at",
                "struck_why",
            )
        ),
        sum(job.real_fen for job in found.values()),
        sum(job.charged_fen for job in found.values()),
    )


def _seen(actor: Actor, site_id: int) -> QuerySet[Job]:
    return Job.objects.filter(seen_by(actor, "cost.read"), site_id=site_id)


@dataclass(frozen=True)
class RateRow:
    """What an hour costs from a day on; of a post, a team, or (both empty) everybody."""

    post_name: str
    post_name_en: str
    team_name: str
    team_name_en: str
    from_on: date
    fen_per_hour: int
    by: str


@dataclass(frozen=True)
class TermRow:
    """What the contract includes from a day on."""

    line_code: str
    from_on: date
    includes_labour: bool
    includes_parts: bool
    includes_bills: bool
    by: str


def rates(actor: Actor, site_id: int) -> tuple[RateRow, ...]:
    """Return the site's rates, newest first. Refuses: NotAllowed. Budget: one query."""
    authority_of(actor, site_id)
    rows = LabourRate.objects.filter(site_id=site_id).order_by("-from_on", "-set_at", "-id")
    columns = ("post__name", "post__name_en", "team__name", "team__name_en", "from_on", "fen_per_hour", "set_by__name")
    found: list[list[Any]] = [[value or "" for value in row[:4]] + list(row[4:]) for row in rows.values_list(*columns)]
    return tuple(RateRow(*row) for row in found)


def terms(actor: Actor, site_id: int) -> tuple[TermRow, ...]:
    """Return what the contract includes, newest first. Refuses: NotAllowed. Budget: one query."""
    authority_of(actor, site_id)
    rows = CostTerm.objects.filter(site_id=site_id).order_by("-from_on", "line_code", "-set_at", "-id")
    columns = ("line_code", "from_on", "includes_labour", "includes_parts", "includes_bills", "set_by__name")
    return tuple(TermRow(*row) for row in rows.values_list(*columns))


def departments(rows: Iterable[CostRow]) -> tuple[tuple[int, str, str], ...]:
    """Return the departments of a charge-back as (key, name, English name), each once."""
    named = {row.department_id or 0: (row.department_name, row.department_name_en) for row in rows}
    return tuple((key, *names) for key, names in named.items())

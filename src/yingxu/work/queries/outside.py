"""Questions about work at outside companies: what a link opens, how its order stands, what is out now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from yingxu.ground import authority
from yingxu.ground.actor import Actor, Held
from yingxu.ground.models import Holding, Party, Site
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.team.models import Member, Team
from yingxu.work.hands import HandRow, by_outside
from yingxu.work.models import Job, OutsideOrder, OutsideWord
from yingxu.work.queries.jobs import Page, read_cursor, seen_by, write_cursor
from yingxu.work.refusals import LinkEnded
from yingxu.work.snapshots import jobs, where_of

#: Who looks at a link that has died may still read what became of it for so long.
TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class WordRow:
    """A word between the company and those here."""

    is_theirs: bool
    by: str
    said_at: datetime
    text: str


@dataclass(frozen=True)
class OrderRow:
    """An order to an outside company."""

    order_id: UUID
    company: str
    contact_name: str
    phone: str
    email: str
    words: str
    sent_by: str
    sent_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    coming_name: str
    expected_at: datetime | None
    arrived_at: datetime | None
    signed_name: str
    signed_at: datetime | None
    ended_at: datetime | None
    ended_why: str
    ended_note: str
    labour_fen: int | None
    parts_fen: int | None
    cost_words: str
    document: str
    cost_stated_at: datetime | None
    is_taken: bool

    @property
    def asked_fen(self) -> int:
        """What the company asks in all."""
        return (self.labour_fen or 0) + (self.parts_fen or 0)

    def state(self, at: datetime) -> str:
        """Return sent, accepted, arrived, signed, expired, or what ended it."""
        if self.ended_why:
            return self.ended_why
        if self.expires_at <= at:
            return "expired"
        if self.signed_at is not None:
            return "signed"
        if self.arrived_at is not None:
            return "arrived"
        return "accepted" if self.accepted_at is not None else "sent"


def _row(order: OutsideOrder) -> OrderRow:
    own = {
        name: getattr(order, name)
        for name in OrderRow.__dataclass_fields__
        if name not in {"order_id", "sent_by", "is_taken"}
    }
    return OrderRow(
        order_id=order.uid,
        sent_by=order.sent_by.name if order.sent_by is not None else "",
        is_taken=order.bill_id is not None,
        **own,
    )


def _orders() -> QuerySet[OutsideOrder]:
    return OutsideOrder.objects.select_related("sent_by")


# by the link


@dataclass(frozen=True)
class ByLink:
    """What a living link opens: the order, its one job, who acts, whom to call here."""

    actor: Actor
    site_id: int
    site_timezone: str
    site_name: str
    site_name_en: str
    desk_phone: str
    order: OrderRow
    job: HandRow
    answers_name: str
    answers_name_en: str
    answers_phone: str
    words: tuple[WordRow, ...]


def by_link(order_id: UUID, *, at: datetime) -> ByLink:
    """Return what a link opens. Of the asker and of patients it tells nothing that the sender did not write.

    Refuses: NotFound, LinkEnded (with why: revoked, declined, replaced, reassigned, gone, closed, expired).
    Budget: four queries.
    """
    order = OutsideOrder.objects.select_related("site", "sent_by").filter(uid=order_id).first()
    if order is None:
        raise NotFound(kind="link", name="")
    if order.ended_at is not None or order.expires_at <= at:
        raise LinkEnded(why=order.ended_why or "expired")
    columns = ("worker_id", "worker__name", "worker__name_en", "worker__phone")
    who = Job.objects.filter(pk=order.job_id, outside_key=order.pk).values_list(*columns).first()
    job = by_outside(order.job_id, order.pk)
    if who is None or job is None:
        raise LinkEnded(why="gone")
    site: Site = order.site
    held = Held(role="EX", site_id=order.site_id)
    name = f"{order.company} · {order.coming_name or order.contact_name}"
    return ByLink(
        actor=Actor(kind="outside", id=order.pk, name=name[:64], holdings=(held,), behalf_id=who[0]),
        site_id=order.site_id,
        site_timezone=site.timezone,
        site_name=site.name,
        site_name_en=site.name_en,
        desk_phone=site.desk_phone,
        order=_row(order),
        job=job,
        answers_name=who[1],
        answers_name_en=who[2],
        answers_phone=who[3],
        words=words_of(order.pk),
    )


def words_of(order_key: int) -> tuple[WordRow, ...]:
    """Return what was said about an order, oldest first. Budget: one query."""
    rows = OutsideWord.objects.filter(order_id=order_key).order_by("said_at", "id")
    return tuple(WordRow(*row) for row in rows.values_list("is_theirs", "said_by__name", "said_at", "text")[:100])


# for those here


@dataclass(frozen=True)
class PersonRow:
    """Somebody here who may answer for a job."""

    uid: UUID
    name: str
    name_en: str
    team_name: str
    is_leader: bool
    is_present: bool


@dataclass(frozen=True)
class JobOutside:
    """A job with its orders, the newest first, and what the reader may do about them."""

    job_id: UUID
    request_id: UUID
    number: str
    state: str
    text: str
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    worker_name: str
    has_worker: bool
    orders: tuple[OrderRow, ...]
    words: tuple[WordRow, ...]
    may_send: bool
    may_say: bool
    may_bill: bool


def job_outside(actor: Actor, job_id: UUID) -> JobOutside:
    """Return a job's orders to outside companies. Refuses: NotFound, NotAllowed. Budget: three queries."""
    job = jobs().select_related("item", "worker").filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    where = where_of(job)
    may_send = _may_send(actor, job)
    if not may_send:
        authority.require(actor, "outside.read", where=where)
    orders = tuple(_orders().filter(job=job).order_by("-sent_at", "-id"))
    return JobOutside(
        job_id=job.uid,
        request_id=job.request.uid,
        number=job.number,
        state=job.state,
        text=job.text,
        item_name=job.item.name,
        item_name_en=job.item.name_en,
        place_name=job.place_name or job.request.place_words,
        place_name_en=job.place_name_en,
        worker_name=job.worker.name if job.worker is not None else "",
        has_worker=job.worker_id is not None,
        orders=tuple(_row(order) for order in orders),
        words=words_of(orders[0].pk) if orders else (),
        may_send=may_send,
        may_say=authority.may(actor, "outside.say", where=where),
        may_bill=authority.may(actor, "bill.enter", where=where),
    )


def _may_send(actor: Actor, job: Job) -> bool:
    """Tell whether the actor may send the job out; a leader also one that still waits, to answer for it."""
    where = where_of(job)
    if authority.may(actor, "job.send_outside", where=where):
        return True
    if job.worker_id is not None:
        return False
    held = [one.team_id for one in actor.holdings if one.role == "TL" and one.team_id]
    serving = Team.objects.filter(pk__in=held, line_codes__contains=[job.line_code]) if held else Team.objects.none()
    teams = tuple(serving.values_list("id", flat=True))
    return bool(teams) and authority.may(
        actor,
        "job.send_outside",
        where=authority.Where(
            where.site_id,
            party_ids=where.party_ids,
            line_code=where.line_code,
            place_path=where.place_path,
            team_ids=teams,
        ),
    )


def people_to_answer(actor: Actor, job_id: UUID) -> tuple[PersonRow, ...]:
    """Return who may answer for a job that an outside company does, of the teams that serve its line: the actor first,
    then leaders, present ones first. Somebody who may send for a team only sees that team. Budget: three queries.
    """
    site_id, line_code = Job.objects.filter(uid=job_id).values_list("site_id", "line_code").first() or (0, "")
    rows = Member.objects.filter(site_id=site_id, account__is_active=True, team__line_codes__contains=[line_code])
    rows = rows.select_related("account", "team")
    teams = [held.team_id for held in actor.holdings if held.team_id]
    if not {"DK", "LM", "HO"} & actor.roles:
        rows = rows.filter(team_id__in=teams)
    held = Holding.objects.filter(Q(ends_at=None) | Q(ends_at__gt=Now()), site_id=site_id, role="TL")
    leaders = set(held.values_list("account_id", flat=True))
    found = sorted(
        rows,
        key=lambda row: (
            row.account_id != actor.account_id,
            row.account_id not in leaders,
            not row.is_present,
            row.account.name,
        ),
    )
    return tuple(
        PersonRow(
            row.account.uid,
            row.account.name,
            row.account.name_en,
            row.team.name,
            row.account_id in leaders,
            row.is_present,
        )
        for row in found[:120]
    )


@dataclass(frozen=True)
class CompanyRow:
    """A company that work was sent to before, or that is a contractor of the site."""

    company: str
    contact_name: str
    phone: str
    email: str


def companies(actor: Actor, site_id: int, *, limit: int = 40) -> tuple[CompanyRow, ...]:
    """Return companies that can be chosen again, the last ones first. Budget: two queries."""
    if not authority.may_anywhere(actor, "job.send_outside"):
        raise NotAllowed(action="job.send_outside")
    found: dict[str, CompanyRow] = {}
    rows = OutsideOrder.objects.filter(site_id=site_id).order_by("-sent_at")
    for row in rows.values_list("company", "contact_name", "phone", "email")[:200]:
        found.setdefault(row[0], CompanyRow(*row))
    parties = Party.objects.filter(site_id=site_id, kind="contractor").order_by("name")
    for name, phone in parties.values_list("name", "phone")[:limit]:
        found.setdefault(name, CompanyRow(name, "", phone, ""))
    return tuple(found.values())[:limit]


@dataclass(frozen=True)
class ListedRow:
    """An order in the list, with its job."""

    order: OrderRow
    job_id: UUID
    number: str
    state: str
    priority: int
    item_name: str
    item_name_en: str
    place_name: str
    place_name_en: str
    worker_name: str


def orders_page(
    actor: Actor, site_id: int, *, is_open: bool, cursor: str | None = None, limit: int = 25
) -> Page[ListedRow]:
    """Return orders to outside companies, the newest first: those that live, or those that ended. Budget: one query."""
    if not authority.may_anywhere(actor, "outside.read"):
        raise NotAllowed(action="outside.read")
    seen = Job.objects.filter(seen_by(actor, "outside.read"), site_id=site_id)
    found = OutsideOrder.objects.filter(site_id=site_id, job__in=seen, ended_at__isnull=is_open)
    if cursor:
        at, key = read_cursor(cursor)
        found = found.filter(Q(sent_at__lt=at) | Q(sent_at=at, id__lt=key))
    rows = list(found.select_related("job__item", "job__worker", "sent_by").order_by("-sent_at", "-id")[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        tuple(_listed(row) for row in rows[:limit]), write_cursor(last.sent_at, last.pk) if last is not None else None
    )


def _listed(row: OutsideOrder) -> ListedRow:
    job = row.job
    return ListedRow(
        order=_row(row),
        job_id=job.uid,
        number=job.number,
        state=job.state,
        priority=job.priority,
        item_name=job.item.name,
        item_name_en=job.item.name_en,
        place_name=job.place_name,
        place_name_en=job.place_name_en,
        worker_name=job.worker.name if job.worker is not None else "",
    )


@dataclass(frozen=True)
class Invitation:
    """What the message with the link says."""

    order_id: UUID
    company: str
    contact_name: str
    phone: str
    email: str
    words: str
    place_name: str
    site_name: str
    expires_at: datetime
    timezone: str


def invitation(order_key: int, *, at: datetime) -> Invitation | None:
    """Return what to write to the company, None when the order lives no more. Budget: one query."""
    rows = OutsideOrder.objects.filter(pk=order_key, ended_at=None, expires_at__gt=at)
    row = rows.values_list(
        "uid",
        "company",
        "contact_name",
        "phone",
        "email",
        "words",
        "job__place_name",
        "site__name",
        "expires_at",
        "site__timezone",
    ).first()
    return Invitation(*row) if row is not None else None

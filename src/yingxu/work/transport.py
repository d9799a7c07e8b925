"""Questions about transport: a job's legs, its chain of custody, what stood still, which legs were walked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from yingxu.core.forecast.legs import Leg, Point, Standards
from yingxu.demand.models import Request
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.models import Account, Entry, Place
from yingxu.ground.refusals import NotFound
from yingxu.work.ends import FETCHED, LINES
from yingxu.work.events import JobHandedOver
from yingxu.work.models import CustodyScan, Job, TransportDelay
from yingxu.work.snapshots import where_of

#: Legs of so many days tell the standard times.
LEARNT = timedelta(days=90)
_MOST_LEGS = 5_000
_OPEN = ("queued", "dispatched", "accepted", "en_route", "arrived", "in_progress", "paused")


@dataclass(frozen=True)
class End:
    """An end of a leg: the place, when it is known, and the words for it."""

    place_id: int | None
    path: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Node:
    """A node of the chain of custody."""

    kind: str
    worker: str
    place: str
    place_en: str
    proof: str
    label: str
    counterpart: str
    temperature_c: str
    scanned_at: datetime


@dataclass(frozen=True)
class Delay:
    """A span in which it stood still."""

    reason_code: str
    accountable: str
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Transport:
    """A transport: from, to, how, with what; where its load is."""

    uid: UUID
    request_uid: UUID
    number: str
    state: str
    priority: int
    line_code: str
    item_code: str
    item_name: str
    item_name_en: str
    text: str
    begin: End
    end: End
    #: The form's answers that decide how it is carried: mode, isolation, oxygen … Never an identifier.
    form: Mapping[str, Any]
    is_patient: bool
    worker_id: int | None
    worker_name: str
    wanted_from: datetime | None
    next_due_at: datetime | None
    opened_at: datetime
    nodes: tuple[Node, ...]
    delays: tuple[Delay, ...]
    worker_name_en: str = ""

    @property
    def stage(self) -> str:
        """Where the load is: waiting, carried, given."""
        kinds = {node.kind for node in self.nodes}
        return "given" if "given" in kinds else "carried" if "taken" in kinds else "waiting"

    @property
    def open_delay(self) -> Delay | None:
        """What holds it up now."""
        return next((one for one in self.delays if one.ended_at is None), None)


_PERSONAL = frozenset({"patient_name", "patient_no"})
_COLUMNS = (
    "uid",
    "request__uid",
    "number",
    "state",
    "priority",
    "line_code",
    "item__code",
    "item__name",
    "item__name_en",
    "text",
    "place_id",
    "place_path",
    "place_name",
    "place_name_en",
    "request__form",
    "worker_id",
    "worker__name",
    "request__wanted_from",
    "request__next_due_at",
    "opened_at",
    "site_id",
    "request__place_id",
    "request__place_path",
    "request__place_name",
    "request__place_name_en",
    "worker__name_en",
)
#: What has legs: everything of the transport lines, and whatever says where to.
_IS_TRANSPORT = Q(line_code__in=LINES) | Q(request__form__has_key="to", line_code__in=("LIN", "GAS", "MWS", "FUR"))


def open_transports(actor: Actor, site_id: int, *, limit: int = 200) -> tuple[Transport, ...]:
    """Return the open transports that the actor's desk answers for, most urgent first. Budget: two queries."""
    seen = Request.objects.filter(authority.visible(actor, "queue.read"), site_id=site_id, is_open=True).values("pk")
    rows = Job.objects.filter(_IS_TRANSPORT, site_id=site_id, state__in=_OPEN, request__in=seen)
    return _read(rows.order_by("priority", "opened_at", "id")[:limit])


def transport(actor: Actor, job_id: UUID) -> Transport:
    """Return one transport as its worker or desk sees it, with who passed it on to whom on the way.

    Refuses: NotFound, NotAllowed. Budget: three queries; one more for what was taken.
    """
    job = Job.objects.filter(uid=job_id).first()
    if job is None:
        raise NotFound(kind="job", name=str(job_id))
    authority.require(actor, "job.read", where=where_of(job))
    row = _read(Job.objects.filter(pk=job.pk))[0]
    if not row.nodes:
        return row
    nodes = sorted((*row.nodes, *_passed_on(job, row.nodes)), key=lambda node: node.scanned_at)
    return replace(row, nodes=tuple(nodes))


def _passed_on(job: Job, nodes: tuple[Node, ...]) -> list[Node]:
    """Return the nodes at which a colleague took the load over between its two ends."""
    ends = [node.scanned_at for node in nodes]
    rows = Entry.objects.filter(
        thread_id=job.request_id, kind=JobHandedOver.kind, subject_id=job.pk, happened_at__gte=min(ends)
    ).order_by("happened_at", "id")
    is_given = any(node.kind == "given" for node in nodes)
    found = [(at, facts) for at, facts in rows.values_list("happened_at", "facts") if not is_given or at <= max(ends)]
    givers = dict(
        Account.objects.filter(pk__in=[facts["from_worker_id"] for _, facts in found]).values_list("id", "name")
    )
    return [
        Node("passed", facts["worker_name"], "", "", "", "", givers.get(facts["from_worker_id"], ""), "", at)
        for at, facts in found
    ]


def transports_of_jobs(job_ids: Iterable[UUID]) -> tuple[Transport, ...]:
    """Return the transports among these jobs, the reader's own. Budget: two queries."""
    return _read(Job.objects.filter(_IS_TRANSPORT, uid__in=list(job_ids)))


def _read(rows: Any) -> tuple[Transport, ...]:
    nodes = CustodyScan.objects.filter(job=OuterRef("pk")).order_by("scanned_at", "id")
    delays = TransportDelay.objects.filter(job=OuterRef("pk")).order_by("begun_at", "id")
    found = list(
        rows.annotate(
            node_rows=ArraySubquery(
                nodes.values(
                    row=JSONObject(
                        kind="kind",
                        worker="account__name",
                        place="place__full_name",
                        place_en="place__full_name_en",
                        proof="proof",
                        label="label",
                        counterpart="counterpart",
                        temperature_c="temperature_c",
                        at="scanned_at",
                    )
                )
            ),
            delay_rows=ArraySubquery(
                delays.values(
                    row=JSONObject(reason="reason_code", accountable="accountable", begun="begun_at", ended="ended_at")
                )
            ),
        ).values_list(*_COLUMNS, "node_rows", "delay_rows")
    )
    named = _named(
        {row[20] for row in found}, {str(row[14].get(key, "")) for row in found for key in ("to", "from_place")}
    )
    return tuple(_transport(row, named) for row in found)


def _named(site_ids: set[int], words: set[str]) -> dict[tuple[int, str], End | None]:
    """Return the places that words name, where they name just one."""
    words.discard("")
    if not words:
        return {}
    rows = Place.objects.filter(
        Q(full_name__in=words) | Q(name__in=words) | Q(code__in=words), site_id__in=site_ids, is_active=True
    )
    found: dict[tuple[int, str], End | None] = {}
    for site, key, path, code, name, full, full_en in rows.values_list(
        "site_id", "id", "path", "code", "name", "full_name", "full_name_en"
    ):
        end = End(key, path, full, full_en)
        for said in {code, name, full} & words:
            known = found.get((site, said), end)
            found[site, said] = end if known == end or said in (full, code) else None
    return found


#: The columns that are fields as they come.
_HEAD = tuple(Transport.__dataclass_fields__)[:10]


def _transport(row: tuple[Any, ...], named: Mapping[tuple[int, str], End | None]) -> Transport:
    form: dict[str, Any] = row[14]
    start, own = End(*row[10:14]), End(*row[21:25])

    def end(key: str) -> End | None:
        said = str(form.get(key, ""))
        return (named.get((row[20], said)) or End(None, "", said, said)) if said else None

    begin, to = end("from_place"), end("to")
    if to is None and (begin is not None or row[6] in FETCHED):
        begin, to = begin or End(None, "", "", ""), own  # fetched from there, back to whoever asked
    head: dict[str, Any] = dict(zip(_HEAD, row[:10], strict=True))
    return Transport(
        **head,
        begin=begin or start,
        end=to or End(None, "", "", ""),
        form={key: value for key, value in form.items() if key not in _PERSONAL},
        is_patient=bool(_PERSONAL & set(form)),
        worker_id=row[15],
        worker_name=row[16] or "",
        worker_name_en=row[25] or "",
        wanted_from=row[17],
        next_due_at=row[18],
        opened_at=row[19],
        nodes=tuple(
            Node(
                one["kind"],
                one["worker"] or "",
                one["place"] or "",
                one["place_en"] or "",
                one["proof"],
                one["label"],
                one["counterpart"],
                "" if one["temperature_c"] is None else f"{one['temperature_c']}",
                datetime.fromisoformat(one["at"]),
            )
            for one in row[26]
        ),
        delays=tuple(
            Delay(
                one["reason"],
                one["accountable"],
                datetime.fromisoformat(one["begun"]),
                datetime.fromisoformat(one["ended"]) if one["ended"] else None,
            )
            for one in row[27]
        ),
    )


@dataclass(frozen=True)
class Storeys:
    """Which building and storey each path lies on, for legs."""

    floors: tuple[tuple[str, str, int], ...]

    def point(self, place_id: int | None, path: str) -> Point:
        """Return an end of a leg as the standards compare it."""
        for floor, building, number in self.floors:
            if path.startswith(floor):
                return Point(place_id or path, building, number)
        building = "/".join(path.split("/")[:3]) + "/"
        return Point(place_id or path, building, 1)


def storeys_of(site_id: int) -> Storeys:
    """Return the site's storeys. Budget: one query."""
    rows = Place.objects.filter(site_id=site_id, kind="floor", is_active=True)
    found = rows.values_list("path", "parent__path", "floor_no")
    return Storeys(tuple((path, parent or "", number or 1) for path, parent, number in found))


def leg_standards(
    site_id: int, *, at: datetime, said: Mapping[frozenset[tuple[int, int | None]], int] | None = None
) -> Standards:
    """Return what legs of the site take, learnt from its chains of custody of the last quarter. Budget: two queries.

    ``said``: seconds on foot between (building, floor), as somebody said who knows; they stand above what was learnt.
    """
    storeys = storeys_of(site_id)
    given = CustodyScan.objects.filter(
        kind="given", scanned_at__gte=at - LEARNT, scanned_at__lt=at, job__site_id=site_id, place__isnull=False
    )
    taken = CustodyScan.objects.filter(job=OuterRef("job"), kind="taken")
    rows = given.annotate(
        begun=ArraySubquery(
            taken.values(row=JSONObject(at="scanned_at", place="place_id", path="place__path", job="job__place_path"))
        )
    ).order_by("-scanned_at")
    legs = []
    for ended_at, key, path, own, begun in rows.values_list(
        "scanned_at", "place_id", "place__path", "job__place_id", "begun"
    )[:_MOST_LEGS]:
        if not begun:
            continue
        first = begun[0]
        if first["place"] == key:
            continue  # brought back: that was no way from one place to the other
        seconds = (ended_at - datetime.fromisoformat(first["at"])).total_seconds()
        start = storeys.point(first["place"] or own, first["path"] or first["job"] or "")
        legs.append(Leg(start, storeys.point(key, path), seconds))
    paths = {
        int(building.rstrip("/").rpartition("/")[2] or 0): building for _, building, _ in storeys.floors if building
    }
    word: dict[frozenset[tuple[Hashable, int]], float] = {
        frozenset((paths.get(building, ""), floor or 1) for building, floor in pair): float(seconds)
        for pair, seconds in (said or {}).items()
    }
    return Standards(legs, said=word)


@dataclass(frozen=True)
class DelayCount:
    """How often and how long transports stood still for a reason."""

    reason_code: str
    accountable: str
    n: int
    seconds: int


def delays_counted(actor: Actor, site_id: int, *, from_at: datetime, to_at: datetime) -> tuple[DelayCount, ...]:
    """Return how often and how long transports of the actor's side stood still, longest first. Budget: one query."""
    ended = TransportDelay.objects.filter(
        job__site_id=site_id, begun_at__gte=from_at, begun_at__lt=to_at, ended_at__isnull=False
    )
    parties = authority.parties_of(actor, "queue.read", site_id)
    if parties is not None:
        ended = ended.filter(Q(job__party_id__in=parties) | Q(job__party=None))
    rows = ended.values_list("reason_code", "accountable", F("ended_at") - F("begun_at"))
    found: dict[tuple[str, str], list[float]] = {}
    for reason, accountable, span in rows:
        found.setdefault((reason, accountable), []).append(span.total_seconds())
    counts = [DelayCount(*key, len(spans), int(sum(spans))) for key, spans in found.items()]
    return tuple(sorted(counts, key=lambda one: -one.seconds))

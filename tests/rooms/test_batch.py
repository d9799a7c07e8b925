"""The bulk path leaves what the verbs leave: the same rows, the same facts, the same refusals, in few statements."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch.refusals import NotQualified
from yingxu.ground import ids
from yingxu.ground.actor import engine
from yingxu.ground.batch import Batch
from yingxu.ground.manner import retold
from yingxu.ground.models import Account, Delivery, Entry, Place
from yingxu.ground.refusals import CommandReused, NotAllowed, Refusal, Stale
from yingxu.ground.unit import IN_BATCH, CommandKey, Unit
from yingxu.standards.queries import procedure_of
from yingxu.verify import actions as verify
from yingxu.work import actions as work
from yingxu.work.models import Job
from yingxu.work.snapshots import uids_of

pytestmark = pytest.mark.django_db

BASE = 10**15
TABLES = (
    "demand_request", "demand_word", "promise_promise", "promise_hold", "work_job", "work_stepdone", "work_pause",
    "dispatch_assignment", "verify_verdict", "ground_file", "ground_delivery", "ground_command",
)  # fmt: skip
ITEMS = ("plb.faucet", "ele.light", "esc.bed", "elv.trapped")
PLACES = ("S7-ORT-WC", "S7-ORT-ST", "N5-RES", "S4-ICU")
WORKERS = ("plumber", "electrician", "porter", "lift_fitter")


class _Counter:
    def __init__(self) -> None:
        self._next = itertools.count(BASE)

    def take(self) -> int:
        return next(self._next)


@contextmanager
def counted_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hand out the same keys in every run, so that rows can be compared as they are."""
    with monkeypatch.context() as patch:
        patch.setattr(ids, "KEYS", _Counter())
        patch.setattr(ids, "NUMBERS", _Counter())
        yield


def left() -> list[str]:
    """Return every row and every fact that a run left, keys and uids named in the order in which they appear."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE id >= %s ORDER BY id", [BASE])
            found += [f"{table} {row[0]}" for row in cursor.fetchall()]
        cursor.execute(
            "SELECT (to_jsonb(t) - 'id' - 'recorded_at')::text FROM ground_entry t WHERE thread_id >= %s ORDER BY id",
            [BASE],
        )
        found += [f"entry {row[0]}" for row in cursor.fetchall()]
    names: dict[str, str] = {}
    name = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b1\d{15}\b")
    return [name.sub(lambda match: names.setdefault(match[0], f"name{len(names)}"), row) for row in found]


class Play:
    """A random afternoon: the same seed makes the same calls in the same order."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.draw = house, random.Random(seed)
        self.people = {name: house.actor(name) for name in (*WORKERS, "nurse", "clerk", "officer", "leader")}
        self.uids = {name: self._uid(name) for name in WORKERS}
        self.raised: list[tuple[int, UUID]] = []
        self.at = MONDAY_NINE
        self.refused: list[str] = []

    def _uid(self, name: str) -> UUID:
        return Account.objects.values_list("uid", flat=True).get(pk=self.house.accounts[name])

    def step(self) -> None:
        """Do one thing; a refusal is kept and the afternoon goes on."""
        self.at += timedelta(seconds=self.draw.randrange(1, 1200))
        acts: list[Callable[[], Any]] = [self.ask, self.on_request, *[self.on_job] * 6]
        act = self.draw.choice(acts) if self.raised else self.ask
        try:
            act()
        except Refusal as refusal:
            self.refused.append(refusal.code)

    def ask(self) -> None:
        draw = self.draw
        is_clear, with_command = draw.random() < 0.8, draw.random() < 0.5
        item, place, channel = draw.choice(ITEMS), draw.choice(PLACES), draw.choice(["web", "api"])
        command = CommandKey(f"c{draw.randrange(12)}", "body") if with_command else None
        raised = demand.raise_request(
            site_id=self.house.site_id,
            channel=channel,
            text="漏水了",
            item_code=item if is_clear else None,
            place_code=place if is_clear else None,
            actor=self.people["nurse"],
            at=self.at,
            command=command,
        )
        self.raised.append((raised.key, raised.id))

    def on_request(self) -> None:
        _, uid = self.draw.choice(self.raised)
        nurse, clerk, at = self.people["nurse"], self.people["clerk"], self.at
        which = self.draw.randrange(5)
        if which == 0:
            place, item = self.draw.choice(PLACES), self.draw.choice(ITEMS)
            demand.accept_request(request_id=uid, item_codes=[item], place_code=place, actor=clerk, at=at, word="好的")
        elif which == 1:
            demand.urge_request(request_id=uid, actor=nurse, at=at)
        elif which == 2:
            demand.add_word(request_id=uid, text="快一点", actor=nurse, at=at)
        elif which == 3:
            demand.acknowledge_request(request_id=uid, word="知道了", actor=clerk, at=at)
        else:
            demand.cancel_request(request_id=uid, reason_code="solved_itself", actor=nurse, at=at)

    def on_job(self) -> None:
        key, _ = self.draw.choice(self.raised)
        worker, place = self.draw.choice(WORKERS), self.draw.choice(("", *PLACES))
        which = self.draw.choice([*"aaaaaaabbccddeeffffgghhijklm"])
        held = uids_of(key)
        if not held:
            return
        job, at, clerk, nurse = held[0], self.at, self.people["clerk"], self.people["nurse"]
        actor = self.people[worker]
        if which == "a":
            self.go_on(job)
        elif which == "b":
            dispatch.assign_job(job_id=job, worker_id=self.uids[worker], word="马上", actor=clerk, at=at)
        elif which == "c":
            work.accept_job(job_id=job, actor=actor, at=at)
        elif which == "d":
            work.arrive_at_job(job_id=job, actor=actor, at=at, place_code=place)
        elif which == "e":
            work.start_job(job_id=job, actor=actor, at=at)
        elif which == "f":
            verify.confirm_job(job_id=job, actor=nurse, at=at, text=self.draw.choice(["好了", "还是漏"]))
        elif which == "g":
            verify.send_back_job(job_id=job, reason_code="not_fixed", actor=nurse, at=at)
        elif which == "h":
            verify.reopen_job(job_id=job, reason_code="same_fault", actor=nurse, at=at)
        elif which == "i":
            work.pause_job(job_id=job, reason_code="R1", expected_at=at + timedelta(hours=2), actor=actor, at=at)
        elif which == "j":
            work.approve_pause(job_id=job, actor=clerk, at=at)
        elif which == "k":
            work.resume_job(job_id=job, actor=actor, at=at)
        elif which == "l":
            dispatch.pull_back_job(job_id=job, actor=clerk, at=at)
        else:
            work.return_job(job_id=job, reason_code="too_far", actor=actor, at=at)

    def go_on(self, job: UUID) -> None:
        """Bring one job from sent to finished by somebody who may: the whole way, step by step."""
        at, worker = self.at, self.draw.choice(WORKERS)
        for name in (*WORKERS, worker):
            try:
                dispatch.assign_job(
                    job_id=job, worker_id=self.uids[name], actor=self.people["clerk"], at=at, override_reason="急"
                )
            except NotQualified:
                continue
            worker = name
            break
        actor = self.people[worker]
        work.accept_job(job_id=job, actor=actor, at=at)
        work.arrive_at_job(job_id=job, actor=actor, at=at, place_code=self.draw.choice(("", *PLACES)))
        work.start_job(job_id=job, actor=actor, at=at)
        for step in steps_of(job):
            if step["type"] == "photo":
                photo = work.NewPhoto(sha256=f"{self.draw.randrange(40)}".rjust(64, "0"), n_bytes=9, taken_at=at)
                work.add_evidence(job_id=job, photos=[photo], label=step["code"], actor=actor, at=at)
                continue
            values = {"tick": True, "number": step.get("min", 1), "meter": step.get("min", 1)}
            value = step["choices"][0]["code"] if step["type"] == "choice" else values.get(step["type"], "好")
            work.carry_out_step(job_id=job, step_code=step["code"], value=value, actor=actor, at=at)
        work.finish_job(job_id=job, actor=actor, at=at, minutes=5, result_text="修好", cause_code="wear")


def steps_of(uid: UUID) -> tuple[dict[str, Any], ...]:
    """Return the steps of a job's procedure, wherever the job is."""
    batch = IN_BATCH.get()
    held = [row.edition_id for row in batch.rows(Job) if row.uid == uid] if batch is not None else []
    return procedure_of(held[0] if held else Job.objects.values_list("edition_id", flat=True).get(uid=uid)).steps


def played(house: House, seed: int, n: int, size: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Play an afternoon, ``size`` steps a batch (0: no batch), and return what it left and refused; undone after."""
    play = Play(house, seed)
    with counted_keys(monkeypatch), transaction.atomic():
        if not size:
            for _ in range(n):
                play.step()
        for first in range(0, n if size else 0, size or 1):
            with Batch():
                for _ in range(min(size, n - first)):
                    play.step()
        rows = left()
        transaction.set_rollback(True)
    return rows, play.refused


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6), size=st.sampled_from([1, 3, 9, 60]))
def test_a_batch_leaves_the_same_rows_and_facts_as_the_verbs(
    house: House, monkeypatch: pytest.MonkeyPatch, seed: int, size: int
) -> None:
    one_by_one, refused = played(house, seed, 40, 0, monkeypatch)
    together, refused_together = played(house, seed, 40, size, monkeypatch)
    assert refused_together == refused
    assert together == one_by_one
    assert len(one_by_one) > 20


def test_the_afternoon_reaches_every_act(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: set[str] = set()
    for seed in range(4):
        rows, _ = played(house, seed, 150, 150, monkeypatch)
        kinds |= {match[1] for row in rows if (match := re.search(r'^entry .*"kind": "([^"]+)"', row))}
    assert {
        "demand.request.raised", "demand.request.cancelled", "work.job.opened", "work.job.accepted", "work.job.arrived",
        "work.job.finished", "work.job.closed", "work.job.sent_back", "verify.job.found_good",
    } <= kinds  # fmt: skip


def ask(house: House, text: str = "漏水", *, command: CommandKey | None = None, **more: Any) -> demand.Raised:
    """Raise a clear request as the nurse does."""
    return demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text=text,
        item_code="plb.faucet",
        place_code="S7-ORT-WC",
        actor=more.pop("actor", None) or house.actor("nurse"),
        at=more.pop("at", MONDAY_NINE),
        command=command,
        **more,
    )


def test_many_verbs_are_written_in_one_statement(house: House) -> None:
    nurse = house.actor("nurse")
    ask(house)  # terms and calendars are known to the process from here on
    ids.next_key(), [ids.next_number() for _ in range(25)]
    with CaptureQueriesContext(connection) as seen, Batch() as batch:
        for n in range(10):
            ask(house, f"第{n}处漏水", actor=nurse)
    assert len(seen) <= 6  # savepoint, one read of place and item, blocks of keys, the write, release
    assert (batch.counts.units, batch.counts.writes, batch.counts.early_writes) == (10, 1, 0)
    assert Request.objects.filter(text__startswith="第").count() == 10


def test_a_row_made_and_changed_in_a_batch_is_one_insert(house: House) -> None:
    clerk = house.actor("clerk")
    with Batch() as batch:
        raised = ask(house)
        demand.acknowledge_request(request_id=raised.id, word="来了", actor=clerk, at=MONDAY_NINE)
    assert batch.counts.changes == 0
    assert Request.objects.get(pk=raised.key).word_due_at is None


def test_a_refusal_contributes_nothing_and_spoils_nothing(house: House) -> None:
    with Batch():
        raised = ask(house)
        held = uids_of(raised.key)[0]
        with pytest.raises(NotAllowed):
            verify.lapse_jobs(actor=house.actor("nurse"), at=MONDAY_NINE)
        with pytest.raises(NotAllowed), Unit(actor=house.actor("nurse"), at=MONDAY_NINE) as unit:  # noqa: PT012
            batch = IN_BATCH.get()
            assert batch is not None
            job = next(row for row in batch.rows(Job) if row.uid == held)
            unit.change(job, state="closed", text="wrong")
            assert Job.objects.filter(uid=held, state="queued").exists()  # written now, and not with this
            unit.insert(Place(site_id=house.site_id, code="X", kind="room", name="X", path="/1/", full_name="X"))
            raise NotAllowed(action="x")
        assert (job.state, job.text) == ("queued", "漏水")
    assert Job.objects.get(uid=held).state == "queued"
    assert not Place.objects.filter(code="X").exists()
    assert not Entry.objects.filter(thread_id=raised.key, kind="work.job.closed").exists()


def test_a_command_that_arrives_twice_in_a_batch_is_carried_out_once(house: House) -> None:
    before = Request.objects.count()
    with Batch():
        first = ask(house, command=CommandKey("b1", "same"))
        key = CommandKey("b1", "same")
        again = ask(house, command=key)
        assert (again, key.is_replayed) == (first, True)
        with pytest.raises(CommandReused):
            ask(house, command=CommandKey("b1", "other"))
    with Batch():
        assert ask(house, command=CommandKey("b1", "same")) == first
    assert ask(house, command=CommandKey("b1", "same")) == first
    assert Request.objects.count() == before + 1


def test_expected_commands_are_looked_up_in_one_query(house: House) -> None:
    ask(house, command=CommandKey("b2", "same"))
    actor = house.actor("nurse")
    with Batch() as batch, CaptureQueriesContext(connection) as seen:
        assert batch.expect(actor.key, ["b2", "b3"]) == {"b2"}
        ask(house, command=CommandKey("b2", "same"), actor=actor)
    assert sum("ground_command" in (one["sql"] or "") for one in seen) == 1


def test_a_question_sees_what_the_batch_has_in_hand(house: House) -> None:
    with Batch() as batch:
        raised = ask(house)
        assert Request.objects.filter(pk=raised.key).exists()
        assert batch.counts.early_writes == 1
        demand.acknowledge_request(request_id=raised.id, actor=house.actor("clerk"), at=MONDAY_NINE)
    assert Entry.objects.filter(thread_id=raised.key, kind="demand.request.acknowledged").count() == 1


def test_nothing_of_a_batch_is_written_when_a_key_is_taken(house: House) -> None:
    replay, before = engine("replay"), Request.objects.count()
    told = {"site_id": house.site_id, "channel": "log", "text": "x", "actor": replay, "at": MONDAY_NINE}
    with pytest.raises(IntegrityError), Batch():  # noqa: PT012
        demand.raise_request(**told, source_ref="one")
        demand.raise_request(**told, source_ref="one")
    assert Request.objects.count() == before
    assert IN_BATCH.get() is None


def test_a_row_that_somebody_else_changed_meanwhile_makes_the_batch_stale(house: House) -> None:
    raised = ask(house)
    held = uids_of(raised.key)[0]
    worker = Account.objects.values_list("uid", flat=True).get(pk=house.accounts["plumber"])
    with pytest.raises(Stale), Batch() as batch:  # noqa: PT012
        dispatch.assign_job(job_id=held, worker_id=worker, actor=house.actor("clerk"), at=MONDAY_NINE)
        with batch.quietly(), connection.cursor() as cursor:  # as if another process did
            cursor.execute("UPDATE work_job SET state = 'cancelled' WHERE uid = %s", [held])
    assert Job.objects.get(uid=held).state == "queued"


def test_what_is_retold_says_so_and_tells_nobody(house: House) -> None:
    def when() -> datetime:
        return MONDAY_NINE

    with retold(evidence="log", is_inferred=True):
        raised = ask(house)
        worker = Account.objects.values_list("uid", flat=True).get(pk=house.accounts["plumber"])
        dispatch.assign_job(job_id=uids_of(raised.key)[0], worker_id=worker, actor=house.actor("clerk"), at=when())
    facts = Entry.objects.filter(thread_id=raised.key).values_list("facts", flat=True)
    assert {(one["evidence"], one["inferred"]) for one in facts} == {("log", True)}
    assert not Delivery.objects.filter(subject_id=raised.key).exists()


def test_batches_do_not_nest(db: None) -> None:
    with Batch(), pytest.raises(RuntimeError), Batch():
        pass

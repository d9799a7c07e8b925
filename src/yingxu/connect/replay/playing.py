"""Cases played through the verbs: in batches as fast as they go, or one act at a time at a pace."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from yingxu.connect.replay.furnishing import Ground
from yingxu.connect.replay.plan import BEGIN, CLOSE, COME, FINISH, RAISE, REOPEN, RESEND, SEND, TAKE, Act, Told
from yingxu.connect.replay.telling import place_code
from yingxu.demand import actions as demand
from yingxu.dispatch import actions as dispatch
from yingxu.ground.actor import engine
from yingxu.ground.batch import Batch
from yingxu.ground.manner import retold
from yingxu.ground.refusals import Refusal
from yingxu.ground.unit import CommandKey
from yingxu.verify import actions as verify
from yingxu.work import actions as work
from yingxu.work.snapshots import uids_of

REPLAY = engine("replay")
EVIDENCE = "log"
#: Why a case of a log waits for no other: what it says has happened already.
REASON = "log"
CASES_A_BATCH = 400


@dataclass
class Tally:
    """What became of the cases: raised now, known before, and what the house refused of them."""

    raised: int = 0
    known: int = 0
    refused: int = 0
    first_refusal: str = ""
    statements: int = 0

    def add(self, other: Tally) -> None:
        """Add another's counts."""
        self.raised += other.raised
        self.known += other.known
        self.refused += other.refused
        self.first_refusal = self.first_refusal or other.first_refusal
        self.statements += other.statements


def digest_of(act: Act) -> str:
    """Return the digest of an act's command: a log that tells another moment later tells something else."""
    return hashlib.sha256(f"{act.kind} {act.at_s}".encode()).hexdigest()


def chunks(cases: Sequence[Told], size: int) -> Iterator[Sequence[Told]]:
    """Yield the cases in parts of ``size``."""
    for first in range(0, len(cases), size):
        yield cases[first : first + size]


def play_batch(ground: Ground, cases: Sequence[Told]) -> Tally:
    """Play cases in one transaction. Whole or not at all: after a kill the next run begins where this one began."""
    try:
        return _played(ground, cases)
    except IntegrityError:
        # a process that outlived its parent wrote some of them meanwhile: they are known now
        return _played(ground, cases)


def _played(ground: Ground, cases: Sequence[Told]) -> Tally:
    tally = Tally()
    with Batch() as batch:
        known = batch.expect(REPLAY.key, (case.command_id(act) for case in cases for act in case.acts))
        for case in cases:
            done = [batch.carried_out(REPLAY.key, case.command_id(act)) for act in case.acts]
            if all(was and was[0] == digest_of(act) for was, act in zip(done, case.acts, strict=True)):
                tally.known += 1
                continue
            is_new = case.command_id(case.acts[0]) not in known
            tally.raised += is_new
            tally.known += not is_new
            player = Player(ground, case)
            for act in case.acts:
                try:
                    player.play(act)
                except Refusal as refusal:
                    tally.refused += 1
                    tally.first_refusal = tally.first_refusal or f"{case.ref}: {act.kind}: {refusal}"
                    break
    tally.statements = batch.counts.writes
    return tally


class Player:
    """Plays one case's acts; remembers what the verbs answered."""

    def __init__(self, ground: Ground, case: Told) -> None:
        self.ground, self.case = ground, case
        self.is_replayed = False
        self._request_key: int | None = None
        self._job: UUID | None = None
        self._verbs: dict[str, Callable[..., Any]] = {
            RAISE: self._raise,
            SEND: partial(self._send, dispatch.assign_job, 0),
            RESEND: self._resend,
            TAKE: partial(self._work, work.accept_job),
            COME: partial(self._work, work.arrive_at_job),
            BEGIN: partial(self._work, work.start_job),
            FINISH: partial(self._work, work.finish_job, cause_code="unknown"),
            CLOSE: partial(self._work, verify.close_from_record),
            REOPEN: partial(self._work, verify.reopen_job, reason_code="same_fault"),
        }

    def play(self, act: Act) -> None:
        """Play one act at its own time. Refuses as its verb does."""
        at = datetime.fromtimestamp(act.at_s, tz=UTC)
        key = CommandKey(self.case.command_id(act), digest_of(act))
        marks = {"target": "flag"} if act.kind == RAISE and self.case.is_target_from_flag else {}
        with retold(evidence=EVIDENCE, is_inferred=act.is_inferred, **marks):
            self._verbs[act.kind](act=act, actor=REPLAY, at=at, command=key)
        self.is_replayed = key.is_replayed

    def _raise(self, *, act: Act, **given: Any) -> None:
        case = self.case
        code = place_code(case.place) if case.place else ""
        is_known = code in self.ground.places
        raised = demand.raise_request(
            site_id=self.ground.site_id,
            channel="log",
            text=case.text,
            item_code=case.item,
            place_code=code if is_known else None,
            place_words="" if is_known else case.place,
            priority=case.priority,
            source_ref=case.ref,
            target_at=None if case.target_s is None else datetime.fromtimestamp(case.target_s, tz=UTC),
            **given,
        )
        self._request_key = raised.key

    def _send(self, verb: Callable[..., Any], hand: int, *, act: Act, **given: Any) -> None:
        worker = self.ground.hands[self.case.line][hand]
        verb(job_id=self._job_id(), worker_id=worker, override_reason=REASON, **given)

    def _resend(self, *, act: Act, **given: Any) -> None:
        self._send(dispatch.reassign_job, (act.n + 1) % 2, act=act, **given)

    def _work(self, verb: Callable[..., Any], *, act: Act, **given: Any) -> None:
        verb(job_id=self._job_id(), **given)

    def _job_id(self) -> UUID:
        if self._job is None:
            assert self._request_key is not None
            self._job = uids_of(self._request_key)[0]
        return self._job

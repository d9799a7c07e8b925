"""One site's planner: glances, answers at once what is new, plans everything again beside, writes what changed.

Two threads share the work, because a search of the whole plan takes longer than anybody should wait for a first answer:
the one that glances never searches, the one that searches (``beside``) has a connection of its own, and the kernels run
without the interpreter's lock. Without ``beside`` everything happens in turn.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, InterfaceError, OperationalError, connection

from yingxu.connect.planner.ahead import Lately, foreseen
from yingxu.connect.planner.plain import plain
from yingxu.connect.planner.problem import Ground, Posed, is_planned, pose
from yingxu.connect.planner.standing import Standing
from yingxu.connect.planner.telling import Told, heads_of, to_say
from yingxu.connect.planner.telling import proposals as _proposals
from yingxu.core.routing.plan import Plan
from yingxu.core.routing.problem import MalformedProblem, NoFeasiblePlan
from yingxu.core.routing.session import carried_routes
from yingxu.dispatch import actions, queries
from yingxu.dispatch.actions import NewProposal
from yingxu.dispatch.queries import JobNow, Walk
from yingxu.dispatch.refusals import LeaseLost
from yingxu.ground.actor import engine
from yingxu.ground.refusals import Refusal

log = logging.getLogger("yingxu.planner")

#: A lease is said again so often; it holds five seconds.
RENEW_S = 1.0
#: Everything is planned again after so long even if nothing happened: time alone makes things late.
AGAIN_S = 15.0
#: Search time for a whole plan, and for judging its first moves by what may still come.
SEARCH_S, AHEAD_S = 0.15, 0.1
#: What was asked lately is read again after so long.
LATELY_S = 60.0
#: Places are read again after so long; the ways that were walked after an hour.
GROUND_S, WALKED_S = 300.0, 3600.0
#: After a whole plan the machine is the others' for as long as it took, up to so long.
REST_S = 1.0
#: It reads the open jobs at most so often, however much is committed.
GLANCE_S = 0.025
#: So many new jobs are answered in one go; the rest of a flood in the next.
MOST_AT_ONCE = 20

PLANNER = engine("planner")


@dataclass
class SitePlanner:
    """Plans for one site while it holds the lease."""

    site_id: int
    holder: str
    is_warm: Callable[[], bool]
    beside: Executor | None = None
    lease: actions.Lease = field(default_factory=lambda: actions.Lease(False, 0, 0))
    standing: Standing | None = None
    mark: tuple[int, int] | None = None
    committed: str = ""
    renewed: float = -1e9
    planned: float = -1e9
    glanced: float = -1e9
    #: Which jobs waited at the last glance; which were put into the plan since the running search began.
    known: frozenset[int] = frozenset()
    added: list[JobNow] = field(default_factory=list)
    #: New jobs of a flood that the next turn answers.
    left: frozenset[int] = frozenset()
    #: Something changed that no whole plan has seen.
    is_behind: bool = True
    #: Seconds of the last first answer and of the last whole plan, for the log and the bench.
    quick_s: float = 0.0
    whole_s: float = 0.0
    _rests_until: float = -1e9
    _thinking: Future[Standing] | None = None
    _ground: tuple[float, Ground] | None = None
    _lately: tuple[float, Lately] | None = None
    _walked: tuple[float, tuple[Walk, ...]] | None = None
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _told: Told = field(default_factory=Told)

    @property
    def epoch(self) -> int:
        """Under which lease it plans."""
        return self.lease.epoch

    def turn(self, at: datetime) -> bool:
        """Glance whether something happened, answer what is new, plan; returns whether it planned or began to."""
        clock = time.monotonic()
        if not self._holds_lease(at, clock):
            return False
        self._take_up(clock)
        # the mark is read first: what is committed between the two is seen twice rather than never
        committed = queries.commit_mark() if self.beside else ""
        if not committed or (committed != self.committed and clock - self.glanced >= GLANCE_S):
            self._glance(at)
            self.committed, self.glanced = committed, clock
        elif self.left and self.standing is not None:
            self._answer_at_once(self.left, at)
        if clock - self.planned >= AGAIN_S:
            self.is_behind = True
        if not self.is_behind or self._thinking is not None or clock < self._rests_until:
            return False
        self.is_behind, self.planned, self.added = False, clock, []
        if self.beside is not None:
            self._thinking = self.beside.submit(self._think_apart, at, self.lease, self.standing)
            return True
        try:
            self.standing = self.think(at, self.lease, self.standing)
        except LeaseLost:
            self.lease = actions.Lease(False, 0, 0)
        return True

    def stop(self, at: datetime) -> None:
        """Let the next planner begin at once."""
        if self.lease.is_mine:
            actions.give_up_lease(site_id=self.site_id, holder=self.holder, actor=PLANNER, at=at)

    def _holds_lease(self, at: datetime, clock: float) -> bool:
        if clock - self.renewed >= RENEW_S:
            lease = actions.take_lease(site_id=self.site_id, holder=self.holder, actor=PLANNER, at=at)
            if lease.epoch != self.epoch:
                self.standing, self.mark, self.known, self.added, self.left = None, None, frozenset(), [], frozenset()
            self.lease, self.renewed = lease, clock
        return self.lease.is_mine

    def _glance(self, at: datetime) -> None:
        seen = queries.look(self.site_id)
        if seen.mark == self.mark:
            if self.left and self.standing is not None:
                self._answer_at_once(self.left, at)
            return
        new = seen.waiting - self.known
        self.mark, self.known, self.is_behind = seen.mark, seen.waiting, True
        if (new or self.left) and self.standing is not None:
            self._answer_at_once(new | (self.left & seen.waiting), at)

    def _answer_at_once(self, keys: Collection[int], at: datetime) -> None:
        """Propose for what is new against the plan that stands; of a flood the oldest, the rest next time."""
        began = time.perf_counter()
        assert self.standing is not None
        said: list[NewProposal] = []
        now, self.left = frozenset(sorted(keys)[:MOST_AT_ONCE]), frozenset(sorted(keys)[MOST_AT_ONCE:])
        for job in queries.new_jobs(PLANNER, self.site_id, now):
            if is_planned(self.standing.posed.now, job):
                self.standing, one = self.standing.with_one_more(job)
                self.added.append(job)
                said.append(one)
        if not said:
            return
        with self._writing:
            try:
                actions.propose_first(
                    site_id=self.site_id,
                    holder=self.holder,
                    lease=self.lease,
                    proposals=said,
                    actor=PLANNER,
                    at=at,
                )
            except IntegrityError:  # one of them waited before, so that it has its row
                self._propose(self.lease, said, at)
            except LeaseLost:
                self.lease = actions.Lease(False, 0, 0)
        self.quick_s = time.perf_counter() - began

    def _take_up(self, clock: float) -> None:
        """Stand on the plan that was made beside, with what came meanwhile put into it again."""
        if self._thinking is None or not self._thinking.done():
            return
        done, self._thinking = self._thinking, None
        self._rests_until = clock + min(REST_S, self.whole_s)
        try:
            standing = done.result()
        except LeaseLost:
            self.lease = actions.Lease(False, 0, 0)
            return
        except Exception:
            self.is_behind = True
            raise
        self.is_behind = self.is_behind or self.standing is None
        self.left -= {key for key in self.left if str(key) in standing.posed.jobs}
        for job in self.added:
            if str(job.key) not in standing.posed.jobs:
                standing, _ = standing.with_one_more(job)
        self.standing = standing

    def _think_apart(self, at: datetime, lease: actions.Lease, before: Standing | None) -> Standing:
        try:
            return self.think(at, lease, before)
        except (OperationalError, InterfaceError):
            connection.close()  # this thread's own
            raise

    def think(self, at: datetime, lease: actions.Lease, before: Standing | None) -> Standing:
        """Plan everything again, write what changed, send what goes by itself. Refuses: LeaseLost."""
        began = time.perf_counter()
        now = queries.situation(PLANNER, self.site_id, at=at)
        lately = self.lately(at)
        posed = pose(now, self.ground(at), lately.kinds)
        plan = self._search(posed, before, lately)
        # whoever is free goes before reasons are given: with a thousand jobs those take seconds
        heads = [job for job in heads_of(posed, plan) if posed.now.mode(job.needs.line_code).mode == "automatic"]
        first = _proposals(posed, plan, heads)
        self._send(posed, plan, {one.job_key: one for one in first}, at)
        waiting, known = to_say(posed), {one.job_key for one in first}
        said = self._told.say(posed, plan, [job for job in waiting if job.key not in known]) + first
        if said:
            with self._writing:
                self._propose(lease, said, at)
        self.whole_s = time.perf_counter() - began
        log.info(
            "site %s: %d jobs, %d people, %.0f ms", self.site_id, len(waiting), len(now.workers), 1e3 * self.whole_s
        )
        return Standing(posed, plan)

    def ground(self, at: datetime) -> Ground:
        """Return where places lie, read again every five minutes, and how long ways take, learnt again every hour."""
        clock = time.monotonic()
        # the first plan of a process waits for nothing that it can do without
        if self.standing is not None and (self._walked is None or clock - self._walked[0] > WALKED_S):
            self._walked, self._ground = (clock, queries.walks(PLANNER, self.site_id, at=at)), None
        if self._ground is None or clock - self._ground[0] > GROUND_S:
            walked = self._walked[1] if self._walked is not None else ()
            self._ground = (clock, Ground.of(queries.grounds(self.site_id), walked, queries.ways_said(self.site_id)))
        return self._ground[1]

    def lately(self, at: datetime) -> Lately:
        """Return what was asked for in the last hours; read again every minute, and only once the kernels are there."""
        if not self.is_warm():
            return Lately()
        if self._lately is None or time.monotonic() - self._lately[0] > LATELY_S:
            self._lately = (time.monotonic(), Lately.of(queries.asked_lately(PLANNER, self.site_id, at=at)))
        return self._lately[1]

    def _propose(self, lease: actions.Lease, proposals: Sequence[NewProposal], at: datetime) -> None:
        actions.propose(
            site_id=self.site_id,
            holder=self.holder,
            epoch=lease.epoch,
            proposals=proposals,
            actor=PLANNER,
            at=at,
        )

    def _search(self, posed: Posed, before: Standing | None, lately: Lately) -> Plan:
        problem = posed.problem
        try:
            # the first plan of a process is the plain one: loading the kernels takes a second, and jobs wait
            if before is None or not self.is_warm() or not problem.orders or not problem.workers:
                return plain(posed)
            from yingxu.core.routing.engine import Budget, solve

            share = min(1.0, (len(problem.orders) + 5) / 60)
            warm = carried_routes(before.plan, problem)
            plan = solve(problem, Budget(None, SEARCH_S * share, time.perf_counter), warm=warm).plan
            until = time.perf_counter() + AHEAD_S * share
            return foreseen(posed, plan, lately, in_time=lambda: time.perf_counter() < until)
        except (NoFeasiblePlan, MalformedProblem) as why:
            # promises that contradict each other are the desk's to settle; what is new is still planned around them
            log.warning("site %s: %s", self.site_id, why)
            return plain(posed)

    def _send(self, posed: Posed, plan: Plan, said: dict[int, NewProposal], at: datetime) -> None:
        """Send the next job of everybody free, on lines that do so by themselves; refused ones stay proposals."""
        now = posed.now
        held: dict[int, int] = {}
        for job in now.held:
            for key in (job.worker_id or 0, *job.mates):
                held[key] = held.get(key, 0) + 1
        for k, stops in enumerate(plan.routes):
            worker = posed.workers[plan.problem.workers[k].id]
            if stops and stops[0][0] and stops[0][2] <= plan.problem.now:
                continue  # a break begins now: what comes after it is not sent into it
            first = next((i for is_break, i, _ in stops if not is_break), None)
            job_next = posed.jobs[plan.problem.orders[first].id] if first is not None else None
            one = said.get(job_next.key) if job_next is not None and job_next.state == "queued" else None
            if job_next is None or one is None or one.worker_id != worker.key:
                continue
            mode = now.mode(job_next.needs.line_code)
            mates = [w for w in now.workers if str(w.uid) in {m["uid"] for m in one.reason.get("mates", ())}]
            n = max(held.get(w.key, 0) for w in (worker, *mates))
            is_free = n == 0 or (job_next.priority == 1 and n < mode.hold_limit)
            if mode.mode == "automatic" and is_free and job_next.may_send(worker.key):
                try:
                    actions.assign_job(
                        job_id=job_next.uid,
                        worker_id=worker.uid,
                        mate_ids=tuple(mate.uid for mate in mates),
                        actor=PLANNER,
                        at=at,
                    )
                except Refusal as why:
                    log.info("job %s stays a proposal: %s", job_next.number, why.code)

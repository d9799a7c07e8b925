"""The acts of the demo's people, each one call of the house's verbs in the person's own name."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yingxu.connect.demo.assets import meant
from yingxu.connect.demo.life import (
    OURS,
    Cast,
    Course,
    cause_for,
    human_word,
    later,
    photo_codes,
    photo_of,
    step_values,
)
from yingxu.demand import actions as demand
from yingxu.demand.actions import Raised
from yingxu.dispatch import actions as dispatch
from yingxu.ground import files
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Refusal
from yingxu.standards import library
from yingxu.standards.queries import ProcedureRow
from yingxu.verify import actions as verify
from yingxu.voice import actions as voice
from yingxu.work import actions as work
from yingxu.work.actions import NewPhoto

log = logging.getLogger("yingxu.demo")


#: What who rates low says: reasons, words (of some there is only the tap).
WHY_LOW: tuple[tuple[tuple[str, ...], str], ...] = (
    (("slow", "late"), "等了一个多小时才来。"),
    (("dirty",), "修完没收拾，地上都是水。"),
    (("no_word",), "没说原因就走了。"),
    (("not_fixed",), "用了半天又不行了。"),
    (("slow",), ""),
)


@dataclass(frozen=True)
class Rate:
    """A rating to give."""

    request_id: UUID
    stars: int
    nurse: Actor
    at: datetime

    def give(self) -> None:
        """Rate; who is not content says why."""
        reasons, text = WHY_LOW[self.request_id.int % len(WHY_LOW)] if self.stars < 3 else ((), "")
        voice.rate_request(
            request_id=self.request_id, stars=self.stars, reasons=reasons, text=text, actor=self.nurse, at=self.at
        )


@dataclass
class Play:
    """One case on the stage: its course, who plays in it, and the request and job once they exist."""

    course: Course
    cast: Cast
    site_id: int
    nurse: Actor
    clerk: Actor
    request: Raised | None = None
    job_id: UUID | None = None
    procedure: ProcedureRow | None = None
    #: What the asker will say at the end; said after the batch, because it is looked up before it is kept.
    rating: Rate | None = None

    @property
    def at(self) -> datetime:
        return self.course.saying.at

    def ask(self) -> None:
        """The request is raised: by the nurse, or by the desk for her when she phones."""
        saying, channel = self.course.saying, self.course.channel
        is_phoned = channel == "phone"
        self.request = demand.raise_request(
            site_id=self.site_id,
            channel="web" if channel in {"qr", "self_found"} else channel,
            text=saying.text,
            item_code=saying.item_code,
            place_code=saying.place_code,
            asset_id=meant(self.site_id, saying.place_code, saying.item_code),
            requester_name=self.nurse.name if is_phoned else "",
            requester_phone="84" + f"{self.course.number % 100:02d}" if is_phoned else "",
            owner_id=self.nurse.id if is_phoned else None,
            source_ref=f"{OURS}{self.course.number}",
            actor=self.clerk if is_phoned else self.nurse,
            at=self.at,
        )

    def answer(self) -> Iterator[datetime]:
        """What is answered in words alone gets its answer from the desk."""
        assert self.request is not None
        at = later(self.at, self.course.desk_s)
        yield at
        demand.answer_request(
            request_id=self.request.id,
            answer="已记录并告知班组长，当面向您说明原因和改进办法。",
            actor=self.clerk,
            at=at,
        )

    def rest(self, draw: random.Random) -> Iterator[datetime]:
        """Play the rest, yielding the moment at which each act happens; a worker's time is taken from the cast."""
        assert self.job_id is not None
        course, item = self.course, library.by_code("items")[self.course.saying.item_code]
        at = later(self.at, course.desk_s)
        yield at
        found = self.cast.worker_for(item["code"], at, draw)
        if found is None:
            return
        login, free_at = found
        worker = self.cast.actors[login]
        if free_at > later(at, 900):  # nobody is free: the desk gives its word and sends somebody later
            assert self.request is not None
            demand.acknowledge_request(
                request_id=self.request.id, actor=self.clerk, at=at, word=human_word(self.request.priority)
            )
            at = later(free_at, -60)
            yield at
        self.send(worker, at)
        # who hears of danger answers at once, though the saying itself looked harmless
        at = later(at, min(course.accept_s, 50) if self.request and self.request.priority == 1 else course.accept_s)
        yield at
        work.accept_job(job_id=self.job_id, actor=worker, at=at)
        at = max(later(at, 5), free_at)
        yield at
        work.set_out(job_id=self.job_id, actor=worker, at=at)
        at = later(at, course.walk_s)
        self.cast.free_at[login] = later(at, course.work_s + 120)
        yield at
        work.arrive_at_job(job_id=self.job_id, actor=worker, at=at, place_code=course.saying.place_code)
        work.start_job(job_id=self.job_id, actor=worker, at=later(at, 20))
        yield from self._do(worker, later(at, 20))

    def send(self, worker: Actor, at: datetime) -> None:
        """The desk sends a worker and gives the asker its word."""
        assert self.job_id is not None
        assert self.request is not None
        dispatch.assign_job(
            job_id=self.job_id,
            worker_id=self.cast.uids[worker.id or 0],
            actor=self.clerk,
            at=at,
            word=human_word(self.request.priority),
            override_reason="人手按区域分工",
        )

    def _do(self, worker: Actor, at: datetime) -> Iterator[datetime]:
        assert self.job_id is not None
        assert self.request is not None
        course, job_id = self.course, self.job_id
        if self.request.priority == 1:
            at = later(at, course.work_s * 0.2)
            yield at
            work.make_safe(job_id=job_id, actor=worker, at=at)
        at = later(at, course.work_s)
        yield at
        finish(
            job_id,
            self.procedure,
            worker,
            at,
            number=course.number,
            line=self.line,
            minutes=max(1, course.work_s // 60),
        )
        at = later(at, course.answer_s)
        if course.verdict == "silence":
            return
        yield at
        if course.verdict == "no":
            verify.send_back_job(job_id=job_id, reason_code="not_fixed", actor=self.nurse, at=at, text="还是老样子")
            at = later(at, course.work_s + course.walk_s)
            yield at
            finish(
                job_id, self.procedure, worker, at, number=-course.number, line=self.line, minutes=course.work_s // 60
            )
            at = later(at, course.answer_s)
            yield at
        verify.confirm_job(job_id=job_id, actor=self.nurse, at=at)
        if course.stars is not None:
            self.rating = Rate(self.request.id, course.stars, self.nurse, later(at, 30))

    @property
    def line(self) -> str:
        """The service line of the case."""
        return library.by_code("items")[self.course.saying.item_code]["line"]


def finish(
    job_id: UUID, procedure: ProcedureRow | None, worker: Actor, at: datetime, *, number: int, line: str, minutes: int
) -> None:
    """The worker does every step, gives the photos and says done."""
    assert procedure is not None
    for code, value in step_values(procedure.steps):
        work.carry_out_step(job_id=job_id, step_code=code, value=value, actor=worker, at=at)
    for label in photo_codes(procedure.steps, procedure.evidence):
        content = photo_of(number, label)
        kept = files.keep_picture(content)
        photo = NewPhoto(kept.sha256, kept.n_bytes, kept.media_type, taken_at=at)
        work.add_evidence(job_id=job_id, photos=[photo], label=label, actor=worker, at=at)
    cause = cause_for(line, abs(number)) if "cause_code" in procedure.evidence.get("extra", ()) or number < 0 else ""
    work.finish_job(
        job_id=job_id, actor=worker, at=at, result_text="已处理，现场已清理。", minutes=minutes, cause_code=cause
    )


def tried(act: Iterator[datetime]) -> datetime | None:
    """Take a play's next act; None when it is over or somebody refused (somebody else acted on it meanwhile)."""
    try:
        return next(act, None)
    except Refusal as refusal:
        log.info("a robot was refused: %s", refusal)
        return None

"""The demo's transport of this morning: escorts with their chains of custody, specimens that wait, a what-if."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yingxu.connect.demo.afternoon import cast_of_demo
from yingxu.connect.demo.life import Cast
from yingxu.demand import actions as demand
from yingxu.demand.wanted import Wanted
from yingxu.dispatch import actions as dispatch
from yingxu.dispatch.actions.whatif import ask_what_if
from yingxu.ground.refusals import Refusal
from yingxu.work import actions as work
from yingxu.work import queries as work_queries

#: Minutes ago, patient, number, mode, isolation, minutes carried (None: still on the way), what held it up.
_ESCORTS = (
    (152, "周文彬", "20260118", "wheelchair", "none", 9, ""),
    (128, "赵秀兰", "20260231", "stretcher", "none", 11, "lift"),
    (104, "吴建军", "20260077", "wheelchair", "contact", 8, ""),
    (83, "郑小梅", "20260305", "stretcher", "none", 12, "not_ready"),
    (61, "冯国庆", "20260152", "bed", "none", 10, ""),
    (18, "陈玉珍", "20260290", "stretcher", "droplet", None, ""),
)
_WARD, _TO = "S-07-W", "MT-01"
_SPECIMENS = ("S-07-W", "S-05", "S-09")


def carry(site_id: int, now: datetime) -> None:
    """Play this morning's transports through the verbs, and ask what last month had come to otherwise."""
    cast = cast_of_demo()
    for number, escort in enumerate(_ESCORTS):
        _escort(cast, site_id, now, *escort, draw=random.Random(number))
    for ago, place in enumerate(_SPECIMENS, start=5):
        form = {"kind": "blood", "count": "6", "to": _TO}
        _ask(cast, site_id, now - timedelta(minutes=ago), "dlv.specimen", place, "常规标本待取", form)
    director = next((actor for actor in cast.actors.values() if "HD" in actor.roles), None)
    if director is not None:
        today = now.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=0, minute=0, second=0, microsecond=0)
        ask_what_if(
            site_id=site_id, from_at=today - timedelta(days=7), to_at=today, more_hands=1, actor=director, at=now
        )


def _ask(cast: Cast, site_id: int, at: datetime, item: str, place: str, text: str, form: dict[str, str]) -> int:
    return demand.raise_request(
        site_id=site_id,
        channel="web",
        text=text,
        item_code=item,
        place_code=place,
        wanted=Wanted(form=form),
        actor=cast.actors[cast.desk[0]],
        at=at,
    ).key


def _escort(
    cast: Cast,
    site_id: int,
    now: datetime,
    ago: int,
    name: str,
    number: str,
    mode: str,
    isolation: str,
    carried: int | None,
    delay: str,
    *,
    draw: random.Random,
) -> None:
    at = now - timedelta(minutes=ago)

    def after(minutes: float) -> datetime:
        return at + timedelta(minutes=minutes)

    form = {"patient_name": name, "patient_no": number, "mode": mode, "isolation": isolation, "to": _TO}
    clerk = cast.actors[cast.desk[0]]
    key = _ask(cast, site_id, at, "esc.exam", _WARD, "送病人去做检查", form)
    found = cast.worker_for("esc.exam", at, draw)
    if found is None:
        return
    worker = cast.actors[found[0]]
    job_id = work_queries.jobs_of_request(clerk, key)[0].job_id
    try:
        dispatch.assign_job(
            job_id=job_id,
            worker_id=cast.uids[worker.id or 0],
            actor=clerk,
            at=after(1),
            word="师傅马上到",
            override_reason="按楼层分工",
        )
    except Refusal:
        return  # off duty at this hour: it waits at the desk
    work.accept_job(job_id=job_id, actor=worker, at=after(1.5))
    work.arrive_at_job(job_id=job_id, actor=worker, at=after(6), place_code=_WARD)
    work.start_job(job_id=job_id, actor=worker, at=after(6))
    if delay:
        work.note_delay(job_id=job_id, reason_code=delay, actor=worker, at=after(6.5))
    both = (name, number)
    work.take_load(job_id=job_id, identifiers=both, place_code=_WARD, actor=worker, at=after(10))
    if carried is not None:
        work.give_load(
            job_id=job_id,
            identifiers=both,
            counterpart="医技前台",
            place_code=_TO,
            actor=worker,
            at=after(10 + carried),
        )
    work.sign_in_zone(place_code="S-07", actor=worker, at=after(12))

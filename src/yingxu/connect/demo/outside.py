"""Work at outside companies in the demo: one comes with a part, one has not answered, one was sent a waiting job."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from yingxu.connect.demo.stock import actor_of, jobs_in_state
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import Refusal
from yingxu.work import actions as work
from yingxu.work.queries import outside

#: line, who sends, company, whom there, phone, what is written
_SENT = (
    ("HVA", "gaoll", "丙冷机设备厂", "石师傅", "13800008301", "冷机报低压，请带制冷剂和检漏仪上门"),
    ("PLB", "luof", "金龙阀门经营部", "黄师傅", "13900001234", "更换感应龙头电磁阀，型号见现场铭牌"),
    ("ITT", "", "丁呼叫系统厂", "苗工", "13800008302", "床头呼叫分机无声，请带 2 只备用分机"),
)
_IN_HAND = ("in_progress", "accepted", "en_route", "arrived", "paused")


def send_some_outside(site_id: int, accounts: Mapping[str, int], at: datetime) -> None:
    """Send a few running jobs to outside companies; the first comes, has a question and says what it costs."""
    for n, (line, sender, company, contact, phone, words) in enumerate(_SENT):
        actor = actor_of(accounts, sender or "yangxf")
        if actor is None:
            continue
        in_hand = [job for state in _IN_HAND for job in jobs_in_state(actor, site_id, line, state)]
        for job_id in in_hand[:4]:
            with suppress(Refusal):
                order = work.send_outside(
                    job_id=job_id,
                    company=company,
                    contact_name=contact,
                    phone=phone,
                    words=words,
                    expires_at=at + timedelta(days=3),
                    actor=actor,
                    at=at - timedelta(minutes=50),
                ).order_id
                if n == 0:
                    _come(order, actor, at)
                break


def _come(order_id: UUID, actor: Actor, at: datetime) -> None:
    who = outside.by_link(order_id, at=at).actor
    work.accept_outside(
        order_id=order_id,
        coming_name="石建国",
        expected_at=at + timedelta(minutes=40),
        actor=who,
        at=at - timedelta(minutes=42),
    )
    work.say_outside(order_id=order_id, text="冷机房门禁找谁开？", actor=who, at=at - timedelta(minutes=20))
    work.say_outside(order_id=order_id, text="到了打班长电话，带您进去。", actor=actor, at=at - timedelta(minutes=16))
    work.state_outside_cost(
        order_id=order_id,
        labour_fen=60_000,
        parts_fen=84_000,
        words="上门一次，R134a 制冷剂 6 kg",
        document="BL-1123",
        actor=who,
        at=at - timedelta(minutes=5),
    )

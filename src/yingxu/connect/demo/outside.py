"""Work at outside companies in the demo: one comes and says its cost, one waits for a part, one has not answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yingxu.connect.demo.stock import lack_a_part
from yingxu.demand import actions as demand
from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor
from yingxu.work import actions as work
from yingxu.work import queries
from yingxu.work.queries import outside

#: Item, what the ward said, where, who answers for it here, company, whom there, phone, what is written.
_SENT = (
    (
        "hva.noise",
        "空调机房冷机有异响",
        "CHL",
        "gaoll",
        "丙冷机设备厂",
        "石师傅",
        "13800008301",
        "冷机异响，请带检漏仪上门",
    ),
    (
        "plb.faucet",
        "感应龙头不出水，换了电池也没用",
        "S-04-TR",
        "luof",
        "金龙阀门经营部",
        "黄师傅",
        "13900001234",
        "更换感应龙头电磁阀",
    ),
    (
        "itt.call",
        "床头呼叫分机没有声音",
        "S-04-NS",
        "huangyb",
        "丁呼叫系统厂",
        "苗工",
        "13800008302",
        "呼叫分机无声，请带 2 只备件",
    ),
)


def send_some_outside(site_id: int, at: datetime) -> None:
    """Three jobs go to outside companies: the first comes, has a question and says what it costs; one lacks a part."""
    people = ground.actors_by_name(["yangxf", *(row[3] for row in _SENT)])
    clerk = people["yangxf"][0]
    for n, (item, text, place, leader, company, contact, phone, words) in enumerate(_SENT):
        raised = demand.raise_request(
            site_id=site_id,
            channel="phone",
            text=text,
            item_code=item,
            place_code=place,
            requester_name="病区护士",
            actor=clerk,
            at=at - timedelta(minutes=64 - 3 * n),
        )
        (job,) = queries.jobs_of_requests(clerk, [raised.key])
        order = work.send_outside(
            job_id=job.job_id,
            company=company,
            contact_name=contact,
            phone=phone,
            words=words,
            expires_at=at + timedelta(days=3),
            answers_id=people[leader][1],
            actor=clerk,
            at=at - timedelta(minutes=50),
        ).order_id
        if n == 0:
            _come(order, clerk, at)
        elif n == 1:
            lack_a_part(job.job_id, people[leader][0], at - timedelta(minutes=12))


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

"""The demo's boxes, stands, supervisors and forums: letters answered and waiting, taps, last month's promises."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from yingxu.ground import queries
from yingxu.ground.actor import Actor
from yingxu.voice.actions import answering, boxes, forums, slips, stands, supervisors
from yingxu.voice.claims import day_of, new_claim_code
from yingxu.voice.queries import boxes as letters
from yingxu.voice.queries import overseeing

_ZONE = "Asia/Shanghai"
_LETTERS = (
    ("开水间晚上十点以后没热水，夜班泡不了面", "need", "已把加热时段延到凌晨一点", "夜间开水供应", "valid", "done"),
    ("外勤师傅进病房不敲门", "appeal", "已在班前会重申敲门规范，并加入查验项", "进病房要敲门", "valid", "done"),
    ("被服送得太晚，早交班还没换完", "improve", "", "", "", ""),
    ("总是催总是催，护士也很累", "vent", "", "", "", ""),
)

_SLIPS = ("一楼大厅轮椅不够，早上排不到", "候诊椅扶手破了，刮衣服")


def _actor(accounts: Mapping[str, int], name: str) -> Actor:
    account = queries.account_with_holdings(accounts[name])
    if account is None:
        raise LookupError(name)
    return queries.actor_of_account(account)


def hear_opinions(site_id: int, accounts: Mapping[str, int], now: datetime) -> None:
    """Put up boxes and stands, appoint supervisors, hold last month's forum and plan the next."""
    officer, head, finder = (_actor(accounts, name) for name in ("hanp", "yuanq", "xuyj"))
    _letters(site_id, officer, _actor(accounts, "yangxf"), now)
    _taps(site_id, officer, now)
    today = day_of(now, _ZONE)
    for name, place in (("linsm", "S-04-ICU"), ("dingjy", "S-05-W"), ("xuyj", "S-07-W")):
        made = supervisors.nominate_supervisor(
            site_id=site_id,
            username=name,
            department_code=place,
            conscience="交接班逐项核对，发现问题当班就报",
            insight="提过两条被采纳的改进建议",
            in_touch="每周与维修、保洁、运送班组打交道十次以上",
            from_on=today - timedelta(days=60),
            to_on=today + timedelta(days=305),
            actor=officer,
            at=now - timedelta(days=60),
        )
        if name != "dingjy":
            supervisors.decide_supervisor(
                supervisor_id=made.uid, is_appointed=True, actor=head, at=now - timedelta(days=58)
            )
    for days, place in ((-3, "S-07-W"), (4, "S-05-W")):
        on = today + timedelta(days=days)
        supervisors.plan_visit(site_id=site_id, place_code=place, on=on, actor=finder, at=now - timedelta(days=6))
    _forum(site_id, officer, today, now)


def _letters(site_id: int, officer: Actor, clerk: Actor, now: datetime) -> None:
    at = now - timedelta(days=9)
    box = boxes.make_box(site_id=site_id, name="住院大厅意见箱", place_code="S-01-HALL", actor=officer, at=at)
    for n, (text, purpose, *_) in enumerate(_LETTERS):
        boxes.drop_letter(
            token=box.token,
            text=text,
            claim_code=new_claim_code(),
            purpose=purpose,
            actor=boxes.BOX,
            at=at + timedelta(days=2 * n),
        )
        if n < len(_LETTERS) - 1:
            boxes.open_box(box_id=box.uid, actor=officer, at=at + timedelta(days=2 * n, hours=3))
    found, _ = letters.letters_of(officer, letters.box_for(officer, box.uid))
    keys = {row.text: row.uid for row in found}
    # the box of wood beside it: two slips counted, one typed by both, one waits for the second
    taken_at = now - timedelta(days=1)
    slips.take_out_paper(box_id=box.uid, n=2, witnesses=("yangxf", "duxl"), actor=officer, at=taken_at)
    typed = [slips.type_slip(box_id=box.uid, text=text, actor=officer, at=taken_at) for text in _SLIPS]
    slips.confirm_slip(slip_id=typed[0].uid, text=_SLIPS[0], actor=clerk, at=now - timedelta(hours=20))
    for text, _purpose, answer, retold, verdict, fate in _LETTERS:
        if answer:
            boxes.answer_letter(
                letter_id=keys[text],
                verdict=verdict,
                fate=fate,
                answer=answer,
                retold=retold,
                actor=officer,
                at=now - timedelta(days=1),
            )


def _taps(site_id: int, officer: Actor, now: datetime) -> None:
    at, luck = now - timedelta(days=7), random.Random(1)
    for name, place, line, n in (
        ("住院大厅评议台", "S-01-HALL", "", 90),
        ("骨科护士站陪检评议码", "S-07-W", "ESC", 24),
    ):
        stand = stands.set_stand(
            site_id=site_id,
            name=name,
            place_code=place,
            line_code=line,
            most_per_hour=60,
            actor=officer,
            at=at - timedelta(days=1),
        )
        faces = luck.choices((3, 2, 1), (80, 13, 7), k=n)
        left = [
            stands.NewTap(f"{name}-{k}", face, luck.choice(("fast", "polite") if face == 3 else ("slow", "")), 6e3 * k)
            for k, face in enumerate(faces)
        ]
        stands.leave_taps(token=stand.token, taps=left, device="tablet", actor=stands.STAND, at=now)


def _forum(site_id: int, officer: Actor, today: date, now: datetime) -> None:
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    held_at = now - timedelta(days=today.day + 3)
    forum = forums.plan_forum(
        site_id=site_id, month=last, planned_at=held_at, room="行政楼三楼会议室", actor=officer, at=held_at
    )
    for text, speaker in (("夜间运送等得久", "赵护士长"), ("空调滤网多久洗一次没人说", "李主任")):
        forums.raise_remark(forum_id=forum.uid, text=text, speaker=speaker, actor=officer, at=held_at)
    row = overseeing.forum_for(officer, forum.uid)
    first, _ = overseeing.agenda(officer, row).raised
    answering.answer_remark(
        remark_id=first.uid,
        verdict="valid",
        fate="studied",
        answer="夜班增加一名运送员，试行一个月",
        owner_name="运送班长",
        due_on=today + timedelta(days=5),
        actor=officer,
        at=held_at + timedelta(hours=1),
    )
    forums.hold_forum(
        forum_id=forum.uid,
        attendance=("赵护士长", "李主任", "韩鹏", "徐雨洁"),
        minutes="先回读上月承诺，再听意见两条，均已登记责任人。",
        actor=officer,
        at=held_at + timedelta(hours=2),
    )
    forums.plan_forum(
        site_id=site_id,
        month=this,
        planned_at=now + timedelta(days=2),
        room="行政楼三楼会议室",
        actor=officer,
        at=now,
    )

"""The demo's call-backs and voices: drawn by rule, some asked already; people complained, praised, got answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor, engine
from yingxu.ground.refusals import Refusal
from yingxu.verify import actions as verify
from yingxu.verify.calls import call_list
from yingxu.voice import actions as voice
from yingxu.voice.queries.ledger import ledger

#: What askers say on the phone, in turn: the answer, their words, why not good.
_SAID = (
    ("good", "好了,来得挺快", ""),
    ("good", "可以,现场也收拾干净了", ""),
    ("try", "no_answer", ""),
    ("good", "没问题", ""),
    ("good", "修是修了,但还是有点滴水", ""),
    ("good", "很满意,师傅讲得清楚", ""),
    ("bad", "昨天又坏了", "same_fault"),
    ("try", "later", ""),
)
_SPOKEN = (
    ("dingjy", "vent", "夜班连着催了三次才有人接,真的心累。", ""),
    ("linsm", "praise", "空调组师傅凌晨两点到场,十分钟处理好,谢谢!", ""),
    ("dingjy", "complaint", "开水间地面常湿,提醒过两次还是老样子。", "done"),
    ("linsm", "complaint", "陪检预约时间总是提前不了解情况就改。", "studied"),
)
_ANSWERS = {
    "done": "已在开水间加装防滑垫,保洁改为每两小时巡视一次。",
    "studied": "已列入本月专题研究会,先试行改时间须电话确认。",
}
#: Answers to what was said with a low rating.
_OF_LOW = {
    "等了一个多小时才来。": "已核实：当时同班有两单急件。已向科室致歉，今后超过承诺时间先打电话说明。",
    "修完没收拾，地上都是水。": "已回现场清理，班前会重申“活完场清”，本周抽查三次。",
    "没说原因就走了。": "已当面说明原因和注意事项，并在报修页补了处理说明。",
    "用了半天又不行了。": "已复修并更换配件，七天后再回访。",
    "": "已电话问清：嫌来得慢。已调整该时段的值班人手。",
}


def speak_and_ask(site_id: int, now: datetime) -> None:
    """Draw this week's call-backs, ask some of them, let people speak, and answer two in public."""
    people = ground.actors_by_name(["yangxf", "hanp", "dingjy", "linsm"])
    clerk, officer = people["yangxf"][0], people["hanp"][0]
    verify.draw_calls(site_id=site_id, actor=engine("clock"), at=now - timedelta(hours=3))
    rows = call_list(clerk, site_id, at=now, limit=400)
    first = [row for row in rows if not row.after_days][:30] + [row for row in rows if row.after_days][:8]
    for place, row in enumerate(first):
        heard = _SAID[place % len(_SAID)]
        if heard[0] == "bad" and (row.finished_at is None or now - row.finished_at > timedelta(days=2)):
            heard = _SAID[0]  # nobody is asked about a month ago whether it broke again yesterday
        _ask(row.call_id, row.state, heard, clerk, now - timedelta(minutes=160 - 4 * place))
    for place, (who, kind, text, fate) in enumerate(_SPOKEN):
        at = now - timedelta(hours=26 - 5 * place)
        said = voice.speak(site_id=site_id, kind=kind, text=text, actor=people[who][0], at=at)
        if fate:
            voice.answer_voice(
                voice_id=said.id,
                fate=fate,
                answer=_ANSWERS[fate],
                is_public=True,
                actor=officer,
                at=at + timedelta(hours=2),
            )
    _answer_low(site_id, officer, now)


def _answer_low(site_id: int, officer: Actor, now: datetime) -> None:
    """Low ratings got their answer within their day, the last day's wait, and one was left lying too long."""
    waiting = ledger(officer, site_id, kind="low_rating", limit=400)
    old = [row for row in waiting if now - row.said_at > timedelta(hours=20)]
    for place, row in enumerate(old):
        if place == len(old) - 1:
            continue
        voice.answer_voice(
            voice_id=row.id,
            fate="done" if row.text else "answered",
            answer=_OF_LOW.get(row.text, _OF_LOW[""]),
            actor=officer,
            at=row.said_at + timedelta(hours=2 + 5 * (place % 4)),
        )


def _ask(call_id: UUID, state: str, said: tuple[str, str, str], clerk: Actor, at: datetime) -> None:
    kind, words, reason = said
    try:
        if kind == "try":
            verify.note_try(call_id=call_id, why=words, actor=clerk, at=at)
        else:
            why = ("not_fixed" if state == "finished" else reason) if kind == "bad" else ""
            verify.record_call(call_id=call_id, answer=kind, text=words, reason_code=why, actor=clerk, at=at)
    except Refusal:
        return  # the work was taken up again meanwhile: it waits on the list

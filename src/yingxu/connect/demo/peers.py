"""The demo's peer checks: colleagues were asked to look, most looked, some declined; what was held apart was judged."""

from __future__ import annotations

from datetime import datetime, timedelta

from yingxu.ground import queries as ground
from yingxu.ground.actor import Actor, engine
from yingxu.verify import actions as verify
from yingxu.verify import peers
from yingxu.voice.actions.apart import keep_apart, let_in
from yingxu.voice.actions.stands import STAND, NewTap, leave_taps, set_stand
from yingxu.voice.queries import apart

#: What colleagues say, in turn: the answer, how they looked, their words, the reason of a no.
_SAID = (
    ("good", "spot", "现场看过，没问题", ""),
    ("good", "record", "照片和步骤齐全", ""),
    ("decline", "busy", "", ""),
    ("good", "spot", "", ""),
    ("bad", "spot", "螺丝没拧紧，已当面说了", "not_fixed"),
    ("good", "record", "", ""),
)
_MOST = 36


def look_at_each_other(site_id: int, now: datetime) -> None:
    """Ask colleagues to look at what was finished this week, let most of them answer; judge some of the held apart."""
    verify.draw_peers(site_id=site_id, actor=engine("clock"), at=now - timedelta(hours=3))
    officer = ground.actors_by_name(["hanp"])["hanp"][0]
    for place, row in enumerate(peers.peer_list(officer, site_id, shown="open", limit=_MOST)):
        who = peers.asked(row.check_id)
        account = ground.account_with_holdings(who) if who is not None else None
        if account is not None and place % 8 != 7:  # the rest still waits
            at = now - timedelta(minutes=150 - 3 * place)
            _say(row, ground.actor_of_account(account), _SAID[place % len(_SAID)], at)
    _tap_too_often(site_id, officer, now - timedelta(minutes=40))
    for kind, judge, why in (("tap", let_in, "窗口平板多人共用"), ("sheet", keep_apart, "一路同分，没看题")):
        held = apart.held_apart(officer, site_id, kind=kind, limit=1)
        if held:
            judge(site_id=site_id, kind=kind, ids=[held[0].id], why=why, actor=officer, at=now)


def _tap_too_often(site_id: int, officer: Actor, at: datetime) -> None:
    """At a printed code, where one phone is one person, somebody touches the same face again and again."""
    stand = set_stand(site_id=site_id, name="急诊缴费窗口", line_code="CLN", actor=officer, at=at - timedelta(days=1))
    taps = [NewTap(f"again-{n}", 1, "slow", 60.0 * n) for n in range(9)]
    leave_taps(token=stand.token, taps=taps, device="one-phone", actor=STAND, at=at)


def _say(row: peers.PeerRow, actor: Actor, said: tuple[str, str, str, str], at: datetime) -> None:
    answer, way, text, reason = said
    if answer == "decline":
        verify.decline_peer_check(check_id=row.check_id, reason=way, actor=actor, at=at)
        return
    verify.answer_peer_check(
        check_id=row.check_id, answer=answer, way=way, text=text, reason_code=reason, actor=actor, at=at
    )

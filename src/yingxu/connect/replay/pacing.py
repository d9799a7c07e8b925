"""A log played in time: each act when it is due, ``speed`` times as fast as it happened."""

from __future__ import annotations

import time
from collections.abc import Sequence

from yingxu.connect.replay.furnishing import Ground
from yingxu.connect.replay.plan import Act, Told
from yingxu.connect.replay.playing import REPLAY, Player, Tally
from yingxu.ground.models import Command
from yingxu.ground.refusals import Refusal


def in_order(cases: Sequence[Told]) -> list[tuple[int, int, Act]]:
    """Return (moment, case, act) of all cases in the order of their times; a case's own order is kept."""
    due: list[tuple[int, int, int, Act]] = []
    for place, case in enumerate(cases):
        latest = case.opened_s
        for order, act in enumerate(case.acts):
            latest = max(latest, act.at_s)
            due.append((latest, place, order, act))
    due.sort(key=lambda one: one[:3])
    return [(moment, place, act) for moment, place, _, act in due]


def play_paced(ground: Ground, cases: Sequence[Told], *, speed: float) -> Tally:
    """Play act by act, sleeping until each is due; what an interrupted run played already is not waited for."""
    tally = Tally()
    players = [Player(ground, case) for case in cases]
    ids = [case.command_id(act) for case in cases for act in case.acts]
    known = set(Command.objects.filter(actor=REPLAY.key, command_id__in=ids).values_list("command_id", flat=True))
    given_up: set[int] = set()
    began: tuple[float, int] | None = None
    for moment, place, act in in_order(cases):
        case = cases[place]
        if place in given_up:
            continue
        if case.command_id(act) not in known:
            began = began or (time.monotonic(), moment)
            ahead_s = began[0] + (moment - began[1]) / speed - time.monotonic()
            if ahead_s > 0:
                time.sleep(ahead_s)
        try:
            players[place].play(act)
        except Refusal as refusal:
            tally.refused += 1
            tally.first_refusal = tally.first_refusal or f"{case.ref}: {act.kind}: {refusal}"
            given_up.add(place)
            continue
        if act is case.acts[0]:
            tally.known += players[place].is_replayed
            tally.raised += not players[place].is_replayed
    return tally

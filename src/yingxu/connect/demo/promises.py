"""The demo's promises under study: escorts on trial for a season, so that the ratchet has months; questions asked."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from yingxu.connect.demo.tables import Saying, Sayings
from yingxu.ground import queries as ground
from yingxu.ground.queries import actor_of_account
from yingxu.standards import actions as standards

#: One department's escorts were served for a season before the whole hospital came.
TRIAL_ITEM, TRIAL_DAYS, TRIAL_HOURS = "esc.exam", 124, (8, 9, 10, 14)
_SHIFTS = [1] * 8 + [4] * 8 + [2] * 8
_LIFTS = {"per_day": 3.0, "service_min": 40.0, "travel_min": 6.0, "by_hour": [2] * 24}
#: Asked before the afternoon: line or item, urgency, milestone, minutes, share, hands (None: as the records show).
_QUESTIONS = (
    ("plb.faucet", "", 3, "arrived", 45, 0.95, None),
    ("", "ESC", 3, "arrived", 30, 0.90, None),
    ("elv.trapped", "", 1, "arrived", 10, 0.95, _LIFTS),
    ("", "CLN", 3, "arrived", 20, 0.90, {"by_hour": _SHIFTS}),
)


def trial(book: Sayings, day: datetime, *, back: int, full_days: int, seed: int) -> list[Saying]:
    """Return the escort that the trial's department asked for on a day before the whole hospital came."""
    if not full_days < back <= TRIAL_DAYS:
        return []
    draw = random.Random(f"trial:{seed}:{day.date()}")
    at = day + timedelta(hours=draw.choice(TRIAL_HOURS), minutes=draw.randrange(60))
    return [book.saying(TRIAL_ITEM, at, draw)]


def ask_studies(site_id: int, accounts: dict[str, int], now: datetime) -> None:
    """Ask whether four promises can be kept; the analyst answers them as soon as the house is open."""
    account = ground.account_with_holdings(accounts["hanp"])
    if account is None:
        return
    for place, (item, line, priority, milestone, minutes, share, typed) in enumerate(_QUESTIONS):
        standards.ask_study(
            site_id=site_id,
            item_code=item,
            line_code=line,
            priority=priority,
            milestone=milestone,
            limit_s=minutes * 60,
            percentile=share,
            assumptions=typed,
            actor=actor_of_account(account),
            at=now - timedelta(minutes=30 - 5 * place),
        )

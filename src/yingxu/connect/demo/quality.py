"""Quality promises of the demo hospital from its first day on, and a change of service hours that is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yingxu.ground import queries
from yingxu.promise import actions as promise
from yingxu.promise.actions import Reading, SamplingRule
from yingxu.standards import actions as standards
from yingxu.standards.actions import Hours

#: Who answers for promises and catalogue at the demo hospital.
_OFFICER = "hanp"
_ZONE = ZoneInfo("Asia/Shanghai")


def promise_qualities(site_id: int, accounts: Mapping[str, int], at: datetime) -> None:
    """Promise what a cleaning, repair, escort and lift service of a hospital usually is held to."""
    account = queries.account_with_holdings(accounts[_OFFICER])
    if account is None:
        return
    actor, today = queries.actor_of_account(account), at.astimezone(_ZONE).date()
    by_urgency = SamplingRule(share=0.1, key="priority", shares=(("1", 1.0), ("2", 1.0)), n_least=30)
    by_place = SamplingRule(share=0.2, key="place_class", n_least=30)
    for code, name, name_en, line, measure, at_least, target, sampling in (
        ("cln_score", "保洁作业合格", "Cleaning done well", "CLN", "score", 90, 0.95, by_place),
        ("plb_right_first", "水工一次修好", "Plumbing right the first time", "PLB", "right_first", None, 0.95, None),
        ("esc_rated", "陪检满意", "Escort rated well", "ESC", "rated", 4, 0.9, None),
        (
            "plb_checked",
            "水工维修抽查合格",
            "Plumbing checked",
            "PLB",
            "checked",
            None,
            0.95,
            by_urgency,
        ),
    ):
        promise.promise_quality(
            site_id=site_id,
            code=code,
            name=name,
            name_en=name_en,
            line_code=line,
            measure=measure,
            at_least=at_least,
            target=target,
            sampling=sampling or SamplingRule(),
            from_on=today,
            actor=actor,
            at=at,
        )
    cold = Reading("hand_over", low=2, high=10)
    for code, name, name_en, item, measure, target, reading in (
        ("dlv_right", "送对地方、送对人", "Delivered to the right place and hands", "", "delivered", 0.995, None),
        ("dlv_blood_cold", "血液交接温度合格", "Blood handed over cold", "dlv.blood", "reading", 0.98, cold),
    ):
        promise.promise_quality(
            site_id=site_id,
            code=code,
            name=name,
            name_en=name_en,
            line_code="DLV",
            item_code=item,
            measure=measure,
            reading=reading,
            target=target,
            sampling=SamplingRule(),
            from_on=today,
            actor=actor,
            at=at,
        )


def change_hours(site_id: int, accounts: Mapping[str, int], now: datetime) -> None:
    """The outpatient hours change in two weeks, as they do with the season."""
    account = queries.account_with_holdings(accounts[_OFFICER])
    if account is None:
        return
    standards.edit_calendar(
        site_id=site_id,
        code="outpatient",
        from_on=now.astimezone(_ZONE).date() + timedelta(days=14),
        hours=Hours(weekday=("07:30-12:00", "13:00-17:00"), weekend=("07:30-12:00",), follows_holidays=True),
        reason="冬季作息",
        actor=queries.actor_of_account(account),
        at=now,
    )

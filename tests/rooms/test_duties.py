"""Duties (S5, domain 2.6): as many ahead as a roster has, over midnight, standing by, on call; off, passed on; hard."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import asked, sent, uid
from yingxu.dispatch.refusals import NotQualified
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.team import actions, queries
from yingxu.team.actions import NewDuty
from yingxu.team.fitness import Fitness, limits_of
from yingxu.team.models import Duty, Member, Team
from yingxu.team.refusals import DutyOver, DutyTooLong, TooLittleRest, WeekTooLong
from yingxu.team.snapshots import duties_kept, most_in_seven_days

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def at_hour(hour: float, *, day: int = 0) -> datetime:
    """A clock time of the Monday, or so many days after it."""
    return MONDAY_NINE - timedelta(hours=9) + timedelta(days=day, hours=hour)


def duty(house: House, who: str, begin: float, end: float, *, day: int = 0, **more: Any) -> NewDuty:
    return NewDuty(uid(house, who), at_hour(begin, day=day), at_hour(end, day=day), **more)


def setting(house: House, *duties: NewDuty, by: str = "leader", at: datetime = MONDAY_NINE) -> actions.DutiesSet:
    return actions.set_duties(duties=duties, actor=house.actor(by), at=at)


def member(house: House, who: str = "plumber") -> Member:
    return Member.objects.get(account_id=house.accounts[who])


def fit(house: House, who: str = "plumber") -> Fitness:
    return Fitness.of(Member.objects.filter(pk=member(house, who).pk).values().get())


def gated(house: House) -> None:
    team = Team.objects.get(code="repair", site_id=house.site_id)
    actions.start_gates(team_id=team.uid, actor=house.actor("officer"), at=MONDAY_NINE)


def test_s5_setting_tomorrows_duty_leaves_todays_standing(house: House) -> None:
    """Seen: the next duty overwrote the one that ran, and nobody could be sent for the rest of the day."""
    setting(house, duty(house, "plumber", 7, 15))
    setting(house, duty(house, "plumber", 7, 15, day=1))
    gated(house)
    assert sent(house, asked(house), at=1).state == "dispatched"
    kept = fit(house)
    assert kept.runs(at_hour(14)) == "work"
    assert kept.runs(at_hour(16)) == ""
    assert kept.runs(at_hour(8, day=1)) == "work", "without anything being set anew"
    gate = Fitness(MONDAY_NINE, duty_from=kept.duty_from, duty_to=kept.duty_to, later=kept.later)
    assert gate.lacks(certificates=(), clearances=(), at=at_hour(16))[0].startswith("duty:before")
    assert gate.lacks(certificates=(), clearances=(), at=at_hour(16, day=1))[0].startswith("duty:over")


def test_a_week_of_early_late_and_night_shifts_goes_over_midnight(house: House) -> None:
    """早中晚三班 and 四班三运转: 早早中中夜夜休休."""
    early, late, night = (7, 15), (15, 23), (23, 31)
    week = [early, early, late, late, night, night]
    setting(house, *(duty(house, "plumber", *span, day=n) for n, span in enumerate(week)))
    assert len(queries.duties_ahead(house.accounts["plumber"], at=MONDAY_NINE)) == 6
    assert fit(house).runs(at_hour(30, day=4)) == "work", "06:00 of the morning after"
    assert fit(house).runs(at_hour(32, day=4)) == ""


def test_three_crews_over_two_shifts_and_a_split_shift_fit(house: House) -> None:
    """三班两运转: day, night, off, of twelve hours; 分时段密集班: two spells with a long break between them."""
    setting(
        house,
        *(duty(house, "plumber", 8 + 12 * (n % 3), 20 + 12 * (n % 3), day=n) for n in range(6) if n % 3 < 2),
    )
    spell = ((at_hour(10.5), at_hour(14)),)
    setting(house, duty(house, "electrician", 6.5, 17, breaks=spell))
    gate = Fitness(
        MONDAY_NINE, **{k: getattr(fit(house, "electrician"), k) for k in ("duty_from", "duty_to", "breaks")}
    )
    assert gate.lacks(certificates=(), clearances=(), at=at_hour(12))[0].startswith("duty:break")
    assert not gate.lacks(certificates=(), clearances=(), at=at_hour(15))


def test_s5_twenty_four_hours_only_standing_by_and_then_off(house: House) -> None:
    with pytest.raises(DutyTooLong):
        setting(house, duty(house, "plumber", 8, 32))
    setting(house, *(duty(house, "plumber", 8, 32, day=n, kind="standby") for n in (0, 3, 6)))
    with pytest.raises(TooLittleRest) as why:
        setting(house, duty(house, "plumber", 18, 22, day=1))
    assert why.value.limit_h == 24
    setting(house, duty(house, "plumber", 8, 16, day=2))


def test_s5_rest_is_kept_to_the_duty_after_as_well(house: House) -> None:
    setting(house, duty(house, "plumber", 7, 15, day=1))
    with pytest.raises(TooLittleRest):
        setting(house, duty(house, "plumber", 16, 24))
    assert Duty.objects.filter(ended_at=None).count() == 1, "refused whole"


def test_s5_no_more_than_sixty_hours_within_seven_days(house: House) -> None:
    setting(house, *(duty(house, "plumber", 8, 20, day=n) for n in range(5)))
    with pytest.raises(WeekTooLong) as why:
        setting(house, duty(house, "plumber", 8, 20, day=5))
    assert (why.value.hours, why.value.limit_h) == (72, 60)
    with pytest.raises(WeekTooLong):
        setting(house, duty(house, "plumber", 8, 20, day=-1))
    setting(house, duty(house, "plumber", 8, 20, day=7))


def test_s5_hours_already_worked_are_not_forgotten_by_setting_a_duty_over_them(house: House) -> None:
    """Seen: at 18:59 a duty from 18:59 to 06:59 replaced the one since 07:00, and rest and length were dodged."""
    setting(house, duty(house, "plumber", 7, 19))
    with pytest.raises(DutyTooLong):
        setting(house, duty(house, "plumber", 18, 28), at=at_hour(18))
    setting(house, duty(house, "plumber", 7, 17), at=at_hour(12))
    assert member(house).duty_to == at_hour(17)


def test_on_call_is_no_work_and_needs_no_rest(house: House) -> None:
    setting(house, duty(house, "plumber", 7, 15), duty(house, "plumber", 15, 31, kind="on_call"))
    setting(house, duty(house, "plumber", 7, 15, day=1))
    assert fit(house).runs(at_hour(22)) == "on_call"
    assert fit(house).runs(at_hour(8, day=1)) == "work"
    gated(house)
    assert sent(house, asked(house), at=13 * 60).state == "dispatched", "the desk rings up"


def test_who_does_not_come_is_off_with_a_reason_and_who_goes_home_ends_now(house: House) -> None:
    first, second = setting(house, duty(house, "plumber", 7, 15), duty(house, "plumber", 7, 15, day=1)).ids
    leader = house.actor("leader")
    with pytest.raises(Malformed):
        actions.call_off_duty(duty_id=second, reason=" ", actor=leader, at=MONDAY_NINE)
    for name in ("plumber", "lift_manager", "nurse", "officer"):
        with pytest.raises(NotAllowed):
            actions.call_off_duty(duty_id=second, reason="病假", actor=house.actor(name), at=MONDAY_NINE)
    actions.call_off_duty(duty_id=second, reason="病假", actor=leader, at=MONDAY_NINE)
    actions.call_off_duty(duty_id=first, reason="身体不适", actor=leader, at=at_hour(11))
    gated_at = Fitness(MONDAY_NINE, duty_from=at_hour(7), duty_to=member(house).duty_to)
    assert gated_at.lacks(certificates=(), clearances=(), at=at_hour(11.5))[0].startswith("duty:over")
    with pytest.raises(DutyOver):
        actions.call_off_duty(duty_id=first, reason="再来", actor=leader, at=at_hour(12))
    said = Entry.objects.filter(kind="team.member.duty_called_off").values_list("facts", flat=True)
    assert {one["reason"] for one in said} == {"病假", "身体不适"}


def test_two_colleagues_swap_and_rest_is_kept_on_both_sides(house: House) -> None:
    mine, *_ = setting(house, duty(house, "plumber", 7, 15, day=1)).ids
    theirs, *_ = setting(house, duty(house, "electrician", 15, 23, day=1)).ids
    said: dict[str, Any] = {"duty_id": mine, "person_id": uid(house, "electrician"), "at": MONDAY_NINE}
    leader = house.actor("leader")
    actions.pass_duty(**said, in_exchange=theirs, actor=leader)
    assert member(house).duty_from == at_hour(15, day=1)
    assert member(house, "electrician").duty_from == at_hour(7, day=1)
    with pytest.raises(DutyOver):
        actions.pass_duty(**said, actor=leader)
    night, *_ = setting(house, duty(house, "plumber", 17, 23, day=2)).ids
    setting(house, duty(house, "electrician", 4, 10, day=3))
    with pytest.raises(TooLittleRest):
        actions.pass_duty(duty_id=night, person_id=uid(house, "electrician"), actor=leader, at=MONDAY_NINE)
    with pytest.raises(NotAllowed):
        actions.pass_duty(duty_id=night, person_id=uid(house, "lift_fitter"), actor=leader, at=MONDAY_NINE)


def test_s5_no_reason_sends_whoever_is_off_duty(house: House) -> None:
    """Whoever asks: a leader, the desk, the hospital with its override; the planner is not asked at all."""
    setting(house, duty(house, "plumber", 7, 8))
    setting(house, duty(house, "electrician", 7, 15))
    gated(house)
    job = asked(house)
    for by in ("leader", "clerk", "officer"):
        with pytest.raises(NotQualified) as why:
            sent(house, job, by=by, override_reason="人手不够")
        assert why.value.missing[0].startswith("duty:over")


def test_the_database_refuses_two_duties_at_once(house: House) -> None:
    key = house.accounts["plumber"]
    said = {"site_id": house.site_id, "account_id": key, "set_at": MONDAY_NINE}
    for begin in (7, 8):
        Duty.objects.create(**said, starts_at=at_hour(begin), ends_at=at_hour(begin + 4))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Duty.objects.all().delete()


def test_what_the_members_row_keeps_is_what_the_duties_say(house: House) -> None:
    setting(house, *(duty(house, "plumber", 7, 15, day=n) for n in range(4)))
    setting(house, duty(house, "plumber", 8, 14, day=2))
    row = member(house)
    kept = duties_kept(list(Duty.objects.filter(account_id=row.account_id, ended_at=None)), at=MONDAY_NINE)
    assert kept == {name: getattr(row, name) for name in kept}
    assert len(row.later) == 3


stretches = st.lists(
    st.tuples(st.sampled_from(["work", "standby"]), st.integers(0, 400), st.integers(1, 24)), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stretches)
def test_the_most_in_seven_days_is_what_trying_every_hour_finds(said: list[tuple[str, int, int]]) -> None:
    begin = MONDAY_NINE
    spans = [(kind, begin + timedelta(hours=a), begin + timedelta(hours=a + n)) for kind, a, n in said]
    new, others = spans[0], spans[1:]
    most = 0.0
    for hour in range(-200, 430):
        start = begin + timedelta(hours=hour)
        until = start + timedelta(days=7)
        if start <= new[2] and new[1] <= until:
            most = max(
                most,
                sum(
                    max(0.0, (min(b, until) - max(a, start)).total_seconds() / 3600)
                    * limits_of(kind)["counts_percent"]
                    / 100
                    for kind, a, b in spans
                ),
            )
    assert most_in_seven_days(new, others) == int(most)

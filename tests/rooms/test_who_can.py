"""Who can be sent: certificates, clearances, duty and rest (S12, S17, S44, S5), and the gates at sending."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import MONDAY_NINE, House
from tests.rooms.test_work_loop import asked, minutes, sent, uid
from yingxu.connect.planner.reckoning import SitePlanner
from yingxu.dispatch import queries as dispatch
from yingxu.dispatch.models import Proposal
from yingxu.dispatch.refusals import NotQualified
from yingxu.dispatch.snapshots import Needs
from yingxu.ground.actor import engine
from yingxu.ground.refusals import NotAllowed, OwnWork, ReasonNeeded, Stale
from yingxu.team import actions, queries
from yingxu.team.actions import NewDuty
from yingxu.team.fitness import Fitness, best_paper, certificate_state, dates_of
from yingxu.team.models import Certificate, Member, Team
from yingxu.team.refusals import CertificateKnown, CertificateUndated, DutyTooLong, PapersMissing, TooLittleRest
from yingxu.work import actions as work
from yingxu.work.refusals import CertificateEnded

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 3)
days = st.dates(date(2024, 1, 1), date(2027, 1, 1))


def paper(house: House, who: str, kind: str, *, until: date | None, review: date | None = None, by: str = "") -> Any:
    """A certificate on record, verified unless somebody else enters it."""
    actor: Any = house.actor(by) if by else engine("setup")
    made = actions.enter_certificate(
        person_id=uid(house, who),
        kind_code=kind,
        number=f"{kind}-1",
        valid_to=until,
        review_due=review,
        actor=actor,
        at=MONDAY_NINE,
    )
    if not by:
        actions.verify_certificate(certificate_id=made.id, actor=actor, at=MONDAY_NINE)
    return made


def on_duty(house: House, *names: str, begin: float = -60, end: float = 480, **more: Any) -> None:
    duties = [NewDuty(uid(house, name), minutes(begin), minutes(end), **more) for name in names]
    actions.set_duties(duties=duties, actor=engine("setup"), at=MONDAY_NINE)


def gated(house: House, team: str = "repair") -> None:
    actions.start_gates(
        team_id=Team.objects.get(code=team, site_id=house.site_id).uid, actor=house.actor("officer"), at=MONDAY_NINE
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.booleans(), st.none() | days, st.none() | days, days)
def test_a_certificate_counts_up_to_and_with_its_last_day(
    is_verified: bool, valid_to: date | None, review_due: date | None, on: date
) -> None:
    state = certificate_state(is_verified, valid_to, review_due, on)
    counts = is_verified and all(day is None or on <= day for day in (valid_to, review_due))
    assert (state in {"valid", "due_soon"}) == counts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.booleans(), st.none() | days, st.none() | days), min_size=1, max_size=5), days)
def test_the_best_certificate_of_a_kind_decides(papers: list[Any], on: date) -> None:
    kept = Fitness(gates_from=MONDAY_NINE, papers={"LV": best_paper(papers)})
    is_one_good = any(certificate_state(*one, on) in {"valid", "due_soon"} for one in papers)
    assert (not kept._paper("LV", on)) == is_one_good


def test_s17_as04_a_review_that_was_due_yesterday_refuses_and_names_the_certificate(house: House) -> None:
    """AS-04: the only free electrician's review was due yesterday; an override needs the hospital and its reason."""
    paper(house, "electrician", "LV", until=date(2027, 1, 1), review=TODAY - timedelta(days=1))
    on_duty(house, "electrician")
    gated(house)
    job = asked(house, "ele.outage")
    with pytest.raises(NotQualified) as why:
        sent(house, job, "electrician")
    assert why.value.missing == ("certificate:LV:review_overdue",)
    with pytest.raises(ReasonNeeded):
        sent(house, job, "electrician", by="officer")
    assert sent(house, job, "electrician", by="officer", override_reason="复审在办，现场有人监护").state == "dispatched"


def test_s17_with_the_certificate_in_date_the_same_job_goes(house: House) -> None:
    paper(house, "electrician", "LV", until=date(2027, 1, 1), review=TODAY)
    on_duty(house, "electrician")
    gated(house)
    assert sent(house, asked(house, "ele.outage"), "electrician").state == "dispatched"


def test_before_papers_decide_nothing_is_refused_for_them(house: House) -> None:
    assert sent(house, asked(house, "ele.outage"), "electrician").state == "dispatched"


def test_what_is_not_verified_does_not_count_and_nobody_verifies_the_own(house: House) -> None:
    made = paper(house, "electrician", "LV", until=None, by="electrician")
    on_duty(house, "electrician")
    gated(house)
    with pytest.raises(NotQualified) as why:
        sent(house, asked(house, "ele.outage"), "electrician")
    assert why.value.missing == ("certificate:LV:unverified",)
    for name in ("electrician", "leader", "manager"):
        with pytest.raises(NotAllowed):
            actions.verify_certificate(certificate_id=made.id, actor=house.actor(name), at=minutes(1))
    Certificate.objects.filter(uid=made.id).update(account_id=house.accounts["officer"])
    Member.objects.filter(account_id=house.accounts["electrician"]).update(account_id=house.accounts["officer"])
    with pytest.raises(OwnWork):
        actions.verify_certificate(certificate_id=made.id, actor=house.actor("officer"), at=minutes(1))


def test_the_papers_on_the_members_row_are_those_on_record(house: House) -> None:
    first = paper(house, "electrician", "LV", until=date(2026, 1, 1))
    paper(house, "electrician", "HV", until=date(2027, 1, 1))
    with pytest.raises(CertificateKnown):
        paper(house, "electrician", "LV", until=None)
    member = Member.objects.get(account_id=house.accounts["electrician"])
    assert member.papers == {"LV": [True, "2026-01-01", ""], "HV": [True, "2027-01-01", ""]}
    actions.withdraw_certificate(
        certificate_id=first.id, reason="换发新证", actor=house.actor("officer"), at=minutes(1)
    )
    member.refresh_from_db()
    assert set(member.papers) == {"HV"}


def test_s12_what_ends_within_ninety_days_is_listed(house: House) -> None:
    paper(house, "electrician", "LV", until=TODAY + timedelta(days=45))
    paper(house, "plumber", "HC", until=TODAY + timedelta(days=120))
    for within, n in ((30, 0), (60, 1), (90, 1)):
        assert len(queries.expiring(house.actor("manager"), house.site_id, at=MONDAY_NINE, days=within)) == n
    assert not queries.expiring(house.actor("lift_manager"), house.site_id, at=MONDAY_NINE), "another company's people"
    with pytest.raises(NotAllowed):
        queries.expiring(house.actor("nurse"), house.site_id, at=MONDAY_NINE)


def test_s44_without_clearance_nobody_is_offered_a_restricted_place(house: House) -> None:
    """The planner does not propose, the desk is refused, and with clearance he goes."""
    on_duty(house, "plumber", "leader")
    gated(house)
    officer = house.actor("officer")
    actions.restrict_zone(site_id=house.site_id, place_code="S7", clearance="infection", actor=officer, at=MONDAY_NINE)
    job = asked(house)
    planner = SitePlanner(house.site_id, "one", is_warm=lambda: False)
    planner.turn(minutes(0.5))
    proposal = Proposal.objects.get(job=job)
    assert proposal.worker_id is None
    assert "clearance:infection" in {one["rule"] for one in proposal.reason["barred"]}
    with pytest.raises(NotQualified) as why:
        sent(house, job)
    assert why.value.missing == ("clearance:infection",)
    actions.change_clearances(person_id=uid(house, "plumber"), clearances=["infection"], actor=officer, at=minutes(0.6))
    assert sent(house, job).state == "dispatched"


def test_s5_duty_and_rest_are_hard_even_for_the_hospital(house: House) -> None:
    """S5: beyond duty nobody is sent, whoever asks and whatever the reason."""
    rest = ((minutes(30), minutes(60)),)
    on_duty(house, "plumber", begin=-60, end=240, breaks=rest)
    on_duty(house, "leader", begin=-400, end=-10)
    gated(house)
    job = asked(house)
    for at, missing in ((40, "duty:break"), (241, "duty:over")):
        for by in ("officer", "clerk"):
            with pytest.raises(NotQualified) as why:
                sent(house, job, by=by, at=at, override_reason="急")
            assert why.value.missing[0].startswith(missing)
    with pytest.raises(NotQualified):
        sent(house, job, "leader", at=1)
    assert sent(house, job, at=61).state == "dispatched"


def test_s5_no_duty_longer_than_twelve_hours_and_eight_hours_of_rest(house: House) -> None:
    on_duty(house, "plumber", begin=0, end=480)
    with pytest.raises(DutyTooLong):
        on_duty(house, "electrician", begin=0, end=721)
    with pytest.raises(TooLittleRest):
        on_duty(house, "plumber", begin=480 + 479, end=480 + 900)
    on_duty(house, "plumber", begin=480 + 480, end=480 + 960)
    with pytest.raises(TooLittleRest):
        on_duty(house, "plumber", begin=480 + 300, end=480 + 900)


def test_s17_a_renewed_paper_with_the_old_number_waits_beside_the_old_one_and_takes_its_place(house: House) -> None:
    """Chinese certificates keep their number when renewed: the worker may be sent all the while."""
    paper(house, "electrician", "LV", until=TODAY + timedelta(days=9), review=TODAY + timedelta(days=9))
    member = Member.objects.get(account_id=house.accounts["electrician"])
    renewed = actions.enter_certificate(
        person_id=uid(house, "electrician"),
        kind_code="LV",
        number="LV-1",
        valid_to=date(2031, 3, 12),
        actor=house.actor("leader"),
        at=MONDAY_NINE,
    )
    member.refresh_from_db()
    assert member.papers["LV"][0] is True, "the old one counts until the new one is compared"
    with pytest.raises(CertificateKnown):
        actions.enter_certificate(
            person_id=uid(house, "electrician"),
            kind_code="LV",
            number="LV-1",
            valid_to=date(2031, 3, 12),
            actor=house.actor("leader"),
            at=MONDAY_NINE,
        )
    actions.verify_certificate(certificate_id=renewed.id, actor=house.actor("officer"), at=minutes(1))
    member.refresh_from_db()
    assert member.papers["LV"][1] == "2031-03-12"
    assert Certificate.objects.filter(account_id=member.account_id, withdrawn_at=None).count() == 1


def test_what_was_entered_wrongly_is_put_right_until_somebody_verified_it(house: House) -> None:
    made = paper(house, "electrician", "LV", until=date(2026, 1, 1), by="leader")
    said: dict[str, Any] = {"certificate_id": made.id, "number": "LV-2", "valid_to": date(2027, 1, 1)}
    for name in ("plumber", "lift_manager", "nurse", "clerk"):
        with pytest.raises(NotAllowed):
            actions.correct_certificate(**said, actor=house.actor(name), at=minutes(1))
    actions.correct_certificate(**said, actor=house.actor("electrician"), at=minutes(1))
    row = Certificate.objects.get(uid=made.id)
    assert (row.number, row.valid_to) == ("LV-2", date(2027, 1, 1))
    actions.verify_certificate(certificate_id=made.id, actor=house.actor("officer"), at=minutes(2))
    with pytest.raises(Stale):
        actions.correct_certificate(**said, actor=house.actor("leader"), at=minutes(3))
    with pytest.raises(NotAllowed):
        actions.withdraw_certificate(certificate_id=made.id, reason="误录", actor=house.actor("leader"), at=minutes(3))


def test_days_left_open_follow_from_the_kind_and_without_a_last_day_nothing_is_verified(house: House) -> None:
    """Domain 2.4: an electrician's card lasts six years and is reviewed every three; a health card one year."""
    made = actions.enter_certificate(
        person_id=uid(house, "electrician"),
        kind_code="LV",
        number="LV-3",
        issued_on=date(2024, 5, 1),
        actor=house.actor("leader"),
        at=MONDAY_NINE,
    )
    row = Certificate.objects.get(uid=made.id)
    assert (row.valid_to, row.review_due) == (date(2030, 4, 30), date(2027, 4, 30))
    undated = paper(house, "plumber", "HC", until=None, by="leader")
    with pytest.raises(CertificateUndated):
        actions.verify_certificate(certificate_id=undated.id, actor=house.actor("officer"), at=minutes(1))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["LV", "HC", "T", "SG"]), st.none() | days, st.none() | days, days)
def test_a_day_that_is_told_is_never_changed_and_one_that_follows_is_not_past_the_last(
    kind: str, issued_on: date | None, valid_to: date | None, on: date
) -> None:
    last, review = dates_of(kind, issued_on, valid_to, None, on=on)
    assert valid_to is None or last == valid_to
    assert review is None or (on <= review and last is not None and review < last)
    assert kind != "SG" or (last, review) == (valid_to, None), "a guard's card has no end of its own"


def test_s17_a_paper_that_ended_overnight_stops_the_start_and_is_named(house: House) -> None:
    """Accepted in the evening, begun in the morning: the phone says which certificate ended; the job goes back."""
    paper(house, "electrician", "LV", until=TODAY, review=TODAY)
    on_duty(house, "electrician", begin=-60, end=600)
    gated(house)
    job = asked(house, "ele.socket")
    sent(house, job, "electrician")
    worker = house.actor("electrician")
    work.accept_job(job_id=job.uid, actor=worker, at=minutes(2))
    work.set_out(job_id=job.uid, actor=worker, at=minutes(3))
    work.arrive_at_job(job_id=job.uid, actor=worker, at=minutes(4), place_code="S7-ORT-WC")
    with pytest.raises(CertificateEnded) as why:
        work.start_job(job_id=job.uid, actor=worker, at=minutes(24 * 60))
    assert (why.value.certificate, why.value.state) == ("LV", "expired")
    assert work.start_job(job_id=job.uid, actor=worker, at=minutes(10)).state == "in_progress"


def test_s17_as04_who_is_on_call_with_a_valid_certificate_is_offered(house: House) -> None:
    """AS-04: the one at work may not go, the one at home who may is offered to the desk, and goes."""
    paper(house, "electrician", "LV", until=date(2027, 1, 1), review=TODAY - timedelta(days=1))
    on_duty(house, "electrician")
    paper(house, "leader", "LV", until=date(2027, 1, 1), review=TODAY)
    actions.set_duties(
        duties=[NewDuty(uid(house, "leader"), minutes(-60), minutes(23 * 60), kind="on_call")],
        actor=engine("setup"),
        at=MONDAY_NINE,
    )
    leader = Member.objects.filter(account_id=house.accounts["leader"])
    leader.update(is_present=False, skills={"electrical": 3})
    gated(house)
    job = asked(house, "ele.outage")
    found = dispatch.candidates(
        dispatch.workers(house.actor("clerk"), house.site_id),
        Needs("ELE", "electrical", 2, None, certificates=("LV",)),
        at=MONDAY_NINE,
    )
    assert [one.worker.id for one in found if not one.missing] == [house.accounts["leader"]]
    assert sent(house, job, "leader").state == "dispatched"


def test_papers_decide_only_once_somebody_has_a_duty(house: House) -> None:
    with pytest.raises(PapersMissing):
        gated(house)
    team = Team.objects.get(code="repair", site_id=house.site_id)
    for name in ("leader", "manager", "clerk"):
        with pytest.raises(NotAllowed):
            actions.start_gates(team_id=team.uid, actor=house.actor(name), at=MONDAY_NINE)

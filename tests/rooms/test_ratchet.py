"""The ratchet (issue 3): three months kept propose a tighter promise; people decide; loosening needs the hospital."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms.standards_texts import text
from yingxu.connect.analyst import ratchet
from yingxu.demand.models import Request
from yingxu.ground.models import Entry
from yingxu.ground.refusals import NotAllowed, OwnWork, ReasonNeeded
from yingxu.promise.models import Promise
from yingxu.standards import actions, queries
from yingxu.standards.models import Edition, Item, PromiseProposal, Term
from yingxu.standards.refusals import AlreadyDecided, NothingPromised, NotLooser, OnTrialOnly, StudyNeeded

pytestmark = pytest.mark.django_db

ZONE = "Asia/Shanghai"
#: The three whole months before are December, January and February.
AT = MONDAY_NINE
MONTHS = (
    datetime(2024, 12, 10, 2, tzinfo=UTC),
    datetime(2025, 1, 10, 2, tzinfo=UTC),
    datetime(2025, 2, 10, 2, tzinfo=UTC),
)


def kept(house: House, *, used_min: float, n: int = 25, months=MONTHS, n_late: int = 0) -> Term:
    """Let so many P2 arrivals of the leaking tap be reached within minutes, in each month."""
    item = Item.objects.get(site_id=house.site_id, code="plb.faucet")
    term = Term.objects.get(
        edition__item=item, edition__state="in_force", priority=2, milestone="arrived", place_class=""
    )
    for month in months:
        for at in range(n):
            started = month + timedelta(minutes=7 * at)
            request = Request.objects.create(
                site_id=house.site_id,
                number=f"R{month:%y%m}-{at}",
                channel="web",
                text="漏水",
                priority=2,
                created_at=started,
                changed_at=started,
            )
            is_late = at < n_late
            due = started + timedelta(seconds=term.limit_s)
            Promise.objects.create(
                site_id=house.site_id,
                request=request,
                milestone="arrived",
                priority=2,
                line_code="PLB",
                item=item,
                edition=term.edition,
                calendar=term.calendar,
                limit_s=term.limit_s,
                percentile=term.percentile,
                is_pausable=True,
                started_at=started,
                due_at=due,
                state="broken" if is_late else "kept",
                reached_at=due + timedelta(minutes=5) if is_late else started + timedelta(minutes=used_min),
                broken_at=due if is_late else None,
            )
    return term


def run(house: House, at: datetime = AT) -> int:
    return ratchet.run(house.site_id, timezone=ZONE, at=at)


def test_three_months_kept_propose_a_tighter_limit_with_their_figures_and_once(house):
    term = kept(house, used_min=12)
    assert run(house) == 1
    assert run(house) == 0, "a second round of the month adds nothing"
    [row] = queries.proposals(house.actor("officer"), house.site_id)
    assert (row.kind, row.limit_s, row.percentile) == ("tighten", term.limit_s, float(term.percentile))
    assert row.to_limit_s == 900, "a quarter shorter at most: 20 minutes become 15"
    assert [month["code"] for month in row.figures["months"]] == ["2024-12", "2025-01", "2025-02"]
    assert {month["n"] for month in row.figures["months"]} == {25}
    assert row.rule == "three-months/1"
    assert Entry.objects.filter(kind="standards.proposal.made").count() == 1


@pytest.mark.parametrize("case", ["missed", "few", "two months"])
def test_what_was_not_kept_three_months_proposes_nothing(house, case):
    if case == "missed":
        kept(house, used_min=12, n_late=6)
    elif case == "few":
        kept(house, used_min=12, n=19)
    else:
        kept(house, used_min=12, months=MONTHS[1:])
    assert run(house) == 0


def test_a_proposal_becomes_a_draft_and_is_published_only_with_its_study(house):
    kept(house, used_min=12)
    run(house)
    [row] = queries.proposals(house.actor("officer"), house.site_id)
    with pytest.raises(NotAllowed):
        actions.adopt_proposal(proposal_id=row.id, actor=house.actor("manager"), at=AT)
    done = actions.adopt_proposal(proposal_id=row.id, actor=house.actor("officer"), at=AT)
    draft = Edition.objects.get(item__code="plb.faucet", number=done.draft_number)
    assert draft.state == "draft"
    [term] = [t for t in text(draft.uid)["terms"] if (t["priority"], t["milestone"]) == (2, "arrived")]
    assert term["limit_s"] == 900
    assert "2025-02" in draft.why
    with pytest.raises(AlreadyDecided):
        actions.adopt_proposal(proposal_id=row.id, actor=house.actor("officer"), at=AT)
    draft.refresh_from_db()
    actions.submit_edition(edition_id=draft.uid, revision=draft.revision, actor=house.actor("officer"), at=AT)
    actions.approve_edition(edition_id=draft.uid, revision=draft.revision, actor=house.actor("director"), at=AT)
    with pytest.raises(StudyNeeded) as refused:
        actions.publish_edition(edition_id=draft.uid, actor=house.actor("officer"), at=AT)
    assert (refused.value.milestone, refused.value.limit_s) == ("arrived", 900)
    asked = actions.ask_study(
        site_id=house.site_id,
        item_code="plb.faucet",
        priority=2,
        milestone="arrived",
        limit_s=900,
        percentile=0.95,
        assumptions={"per_day": 5.0, "service_min": 20.0, "travel_min": 4.0, "by_hour": [3] * 24},
        actor=house.actor("officer"),
        at=AT,
    )
    with pytest.raises(StudyNeeded):
        actions.publish_edition(edition_id=draft.uid, actor=house.actor("officer"), at=AT)
    from yingxu.connect.analyst import studies

    assert studies.turn(lambda: AT)
    with pytest.raises(OnTrialOnly):
        actions.publish_edition(edition_id=draft.uid, actor=house.actor("officer"), at=AT)
    actions.publish_edition(edition_id=draft.uid, trial_reason="先试三个月", actor=house.actor("officer"), at=AT)
    told = Entry.objects.get(kind="standards.promise.tightened")
    assert told.facts["study_id"] == str(asked.id)
    assert (told.facts["standing"], told.facts["reason"]) == ("assumed", "先试三个月")


def test_declining_needs_a_reason_and_the_next_month_may_propose_again(house):
    kept(house, used_min=12)
    run(house)
    [row] = queries.proposals(house.actor("officer"), house.site_id)
    with pytest.raises(ReasonNeeded):
        actions.decline_proposal(proposal_id=row.id, reason=" ", actor=house.actor("officer"), at=AT)
    actions.decline_proposal(proposal_id=row.id, reason="先看一个季度", actor=house.actor("officer"), at=AT)
    assert run(house) == 0, "the same month is not asked twice"
    [decided] = queries.proposals(house.actor("officer"), house.site_id, is_open=False)
    assert decided.decision_reason == "先看一个季度"


def loosen(house: House, *, by: str = "line_manager", reason: str = "夜间只有一人", **more):
    values = {
        "item_code": "plb.faucet",
        "priority": 3,
        "milestone": "arrived",
        "to_limit_s": 5_400,
        "to_percentile": 0.9,
    }
    values.update(more)
    return actions.propose_looser(
        site_id=house.site_id, reason=reason, month=AT.date(), actor=house.actor(by), at=AT, **values
    )


def test_loosening_needs_a_reason_and_the_hospitals_approval(house):
    with pytest.raises(ReasonNeeded):
        loosen(house, reason="")
    with pytest.raises(NotAllowed):
        loosen(house, by="leader")
    said = loosen(house)
    assert Edition.objects.filter(item__code="plb.faucet").count() == 1, "nothing changes by proposing"
    for stranger in ("manager", "officer", "line_manager"):
        with pytest.raises(NotAllowed):
            actions.adopt_proposal(proposal_id=said.id, reason="好", actor=house.actor(stranger), at=AT)
    with pytest.raises(ReasonNeeded):
        actions.adopt_proposal(proposal_id=said.id, actor=house.actor("director"), at=AT)
    done = actions.adopt_proposal(proposal_id=said.id, reason="先补人再收紧", actor=house.actor("director"), at=AT)
    assert done.draft_number == 2
    with pytest.raises(AlreadyDecided):
        actions.decline_proposal(proposal_id=said.id, reason="晚了", actor=house.actor("director"), at=AT)


def test_nobody_approves_a_loosening_of_their_own(house):
    said = loosen(house)
    PromiseProposal.objects.filter(uid=said.id).update(proposed_by_id=house.accounts["director"])
    with pytest.raises(OwnWork):
        actions.adopt_proposal(proposal_id=said.id, reason="好", actor=house.actor("director"), at=AT)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"to_limit_s": 1_800}, NotLooser),
        ({"to_limit_s": 5_400, "to_percentile": 0.99}, NotLooser),
        ({"priority": 4}, NothingPromised),
    ],
)
def test_what_is_not_looser_or_not_promised_is_refused(house, change, refusal):
    with pytest.raises(refusal):
        loosen(house, **change)
    assert not PromiseProposal.objects.exists()

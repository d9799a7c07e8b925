"""Editions of a standard: begun, written, reviewed by another, in force from their moment, pinned by each job.

Domain 1.5: S45 (every demand its standard), S46 (concise), S48 (by law), S50 (procedure, goal, requirement).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people import MONDAY_NINE, House
from tests.rooms import test_work_loop as loop
from tests.rooms.standards_texts import approved, clock_turn, drafted, edited, in_force, text, tick
from yingxu.demand import actions as demand
from yingxu.ground.models import Entry
from yingxu.ground.refusals import NotAllowed, NotFound, OwnWork, ReasonNeeded
from yingxu.standards import actions, queries
from yingxu.standards.models import Edition, Term
from yingxu.standards.refusals import (
    AlreadyUnderWay,
    BeforeApproval,
    EditedMeanwhile,
    NotApproved,
    NothingChanged,
    StandardMissing,
    TextRefused,
    WrongStage,
)
from yingxu.work import actions as work
from yingxu.work.models import Job
from yingxu.work.refusals import EvidenceMissing

pytestmark = pytest.mark.django_db

#: The three that are carried first: a person trapped in a lift, a dripping tap, a patient brought to an examination.
ITEMS = ("elv.trapped", "plb.faucet", "esc.exam")
LATER = MONDAY_NINE + timedelta(hours=2)
TOMORROW = MONDAY_NINE + timedelta(days=1)


def asked(house: House, item_code: str, at: Any, place: str = "S7-ORT-WC") -> Job:
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="phone",
        text="请来看看",
        item_code=item_code,
        place_code=place,
        actor=house.actor("clerk"),
        at=at,
    )
    return Job.objects.select_related("edition").get(request__uid=raised.id)


def kinds(house: House, since: int) -> list[str]:
    """Return what this room recorded since; others react to it as they will."""
    rows = Entry.objects.filter(site_id=house.site_id, id__gt=since, kind__startswith="standards.").order_by("id")
    return list(rows.values_list("kind", flat=True))


def by_case(terms: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(tuple(sorted(term.items())) for term in terms)


def newest(house: House) -> int:
    return Entry.objects.order_by("-id").values_list("id", flat=True)[0]


@pytest.mark.parametrize("item_code", ITEMS)
def test_an_edition_goes_from_draft_over_review_into_force_and_the_one_before_ends(
    house: House, item_code: str
) -> None:
    before, since = queries.edition_in_force(house.site_id, item_code, at=MONDAY_NINE), newest(house)
    writer = "manager" if item_code != "elv.trapped" else "lift_manager"
    done = in_force(house, item_code, at=MONDAY_NINE, writer=writer, requirement="动作要轻，话要说清。")
    old, new = Edition.objects.get(pk=before), Edition.objects.get(uid=done.id)
    assert (old.state, new.state, new.number) == ("superseded", "in_force", 2)
    assert old.to_at == new.from_at == MONDAY_NINE
    assert new.approved_by_id == house.accounts["director"]
    assert Term.objects.filter(edition=new).count() == Term.objects.filter(edition=old).count()
    assert kinds(house, since) == [
        f"standards.edition.{what}" for what in ("drafted", "edited", "submitted", "approved", "put_in_force")
    ]
    fact = Entry.objects.filter(kind="standards.edition.put_in_force").latest("id").facts
    assert fact["changed"] == ["requirement"]
    assert fact["why"] == "改进"


def test_a_draft_is_a_copy_of_the_edition_in_force(house: House) -> None:
    now = Edition.objects.get(pk=queries.edition_in_force(house.site_id, "plb.faucet"))
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE)
    assert text(draft.id)["steps"] == text(now.uid)["steps"]
    assert by_case(text(draft.id)["terms"]) == by_case(text(now.uid)["terms"])


def test_s6_only_jobs_opened_after_an_edition_began_stand_under_it(house: House) -> None:
    first = asked(house, "plb.faucet", MONDAY_NINE)
    terms = [{**term, "limit_s": term["limit_s"] // 2} for term in text(first.edition.uid)["terms"]]
    done = in_force(house, "plb.faucet", at=MONDAY_NINE + timedelta(minutes=5), terms=terms)
    second = asked(house, "plb.faucet", MONDAY_NINE + timedelta(minutes=6))
    first.refresh_from_db()
    assert first.edition.number == 1
    assert second.edition.uid == done.id
    from yingxu.promise.models import Promise

    limits = {job.pk: Promise.objects.get(job_key=job.pk, milestone="arrived").limit_s for job in (first, second)}
    assert limits[first.pk] == 2 * limits[second.pk]


def test_an_edition_that_begins_tomorrow_begins_by_itself(house: House) -> None:
    done = in_force(house, "plb.faucet", at=MONDAY_NINE, from_at=TOMORROW, requirement="轻。")
    assert done.state == "approved"
    assert asked(house, "plb.faucet", TOMORROW - timedelta(seconds=1)).edition.number == 1
    # no worker has turned yet: the moment alone decides
    assert asked(house, "plb.faucet", TOMORROW).edition.uid == done.id
    assert clock_turn(TOMORROW - timedelta(seconds=1)) == 0
    assert clock_turn(TOMORROW + timedelta(minutes=3)) == 1
    assert clock_turn(TOMORROW + timedelta(minutes=3)) == 0
    assert Edition.objects.get(uid=done.id).state == "in_force"
    told = Entry.objects.filter(kind="standards.edition.put_in_force").latest("id")
    assert told.happened_at == TOMORROW
    assert told.actor_name == "clock"


def test_a_moment_that_lies_ahead_can_be_set_anew_and_given_up(house: House) -> None:
    said = in_force(house, "plb.faucet", at=MONDAY_NINE, from_at=TOMORROW, requirement="轻。")
    officer, first = house.actor("officer"), queries.edition_in_force(house.site_id, "plb.faucet", at=MONDAY_NINE)
    later = TOMORROW + timedelta(days=2)
    actions.publish_edition(edition_id=said.id, from_at=later, actor=officer, at=LATER)
    assert queries.edition_in_force(house.site_id, "plb.faucet", at=TOMORROW) == first
    assert Edition.objects.get(pk=first).to_at == later
    with pytest.raises(ReasonNeeded):
        actions.withdraw_edition(edition_id=said.id, actor=officer, at=LATER)
    actions.withdraw_edition(edition_id=said.id, reason="再议", actor=officer, at=LATER)
    assert Edition.objects.get(pk=first).to_at is None
    assert queries.edition_in_force(house.site_id, "plb.faucet", at=later) == first
    assert clock_turn(later) == 0


@pytest.mark.parametrize("from_at", [MONDAY_NINE - timedelta(days=1), MONDAY_NINE + timedelta(minutes=59)])
def test_no_edition_is_in_force_before_its_approval_or_in_the_past(house: House, from_at: Any) -> None:
    said = approved(house, "plb.faucet", at=MONDAY_NINE + timedelta(minutes=30), requirement="轻。")
    since = newest(house)
    with pytest.raises(BeforeApproval):
        actions.publish_edition(
            edition_id=said.id, from_at=from_at, actor=house.actor("officer"), at=MONDAY_NINE + timedelta(hours=1)
        )
    assert Edition.objects.get(uid=said.id).from_at is None
    assert newest(house) == since


def test_the_database_too_refuses_an_edition_before_its_approval_and_two_at_one_time(house: House) -> None:
    said = approved(house, "plb.faucet", at=MONDAY_NINE, requirement="轻。")
    for values in ({"from_at": MONDAY_NINE - timedelta(days=1)}, {"from_at": TOMORROW, "state": "in_force"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(uid=said.id).update(**values)


def test_what_is_not_approved_is_not_published(house: House) -> None:
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE)
    with pytest.raises(NotApproved):
        actions.publish_edition(edition_id=draft.id, actor=house.actor("officer"), at=MONDAY_NINE)


def test_who_wrote_does_not_approve_and_who_only_saved_a_word_wrote(house: House) -> None:
    """Domain 4.3.1: separation of duty holds for everybody who wrote in it."""
    from yingxu.ground import actions as ground
    from yingxu.ground.actions import NewAccount, NewHolding
    from yingxu.ground.actor import engine

    both = NewAccount(
        username="both",
        name="兼任",
        phone="1",
        holdings=tuple(NewHolding(role=role, site_id=house.site_id) for role in ("HO", "HD")),
    )
    keys = ground.open_accounts(
        site_id=house.site_id, people=[both], actor=engine("setup"), at=MONDAY_NINE, prepared_password="!"
    ).keys
    house.accounts["both"] = keys[0]
    draft = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, by="both", goal="不滴水。")
    actions.submit_edition(
        edition_id=draft.id, revision=draft.revision, actor=house.actor("line_manager"), at=MONDAY_NINE
    )
    with pytest.raises(OwnWork):
        actions.approve_edition(edition_id=draft.id, revision=draft.revision, actor=house.actor("both"), at=MONDAY_NINE)
    assert Edition.objects.get(uid=draft.id).state == "review"


@pytest.mark.parametrize(
    ("who", "may"),
    [("officer", False), ("manager", False), ("line_manager", False), ("administrator", False), ("director", True)],
)
def test_only_the_director_approves_once_the_site_is_open(house: House, who: str, may: bool) -> None:
    draft = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, goal="不滴水。")
    actions.submit_edition(
        edition_id=draft.id, revision=draft.revision, actor=house.actor("line_manager"), at=MONDAY_NINE
    )
    command = {"edition_id": draft.id, "revision": draft.revision, "actor": house.actor(who), "at": MONDAY_NINE}
    if may:
        assert actions.approve_edition(**command).state == "approved"
    else:
        with pytest.raises(NotAllowed):
            actions.approve_edition(**command)


def test_before_the_site_is_open_its_administrator_does_it_alone(house: House) -> None:
    from yingxu.ground.models import Site

    Site.objects.filter(pk=house.site_id).update(state="setup")
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE, by="administrator")
    draft = edited(house, draft, at=MONDAY_NINE, by="administrator", goal="不滴水。")
    admin = house.actor("administrator")
    actions.submit_edition(edition_id=draft.id, revision=draft.revision, actor=admin, at=MONDAY_NINE)
    actions.approve_edition(edition_id=draft.id, revision=draft.revision, actor=admin, at=MONDAY_NINE)
    assert actions.publish_edition(edition_id=draft.id, actor=admin, at=MONDAY_NINE).state == "in_force"


def test_a_line_manager_drafts_for_that_line_only(house: House) -> None:
    with pytest.raises(NotAllowed):
        drafted(house, "elv.trapped", at=MONDAY_NINE)
    with pytest.raises(NotAllowed):
        drafted(house, "plb.faucet", at=MONDAY_NINE, by="plumber")
    with pytest.raises(NotFound):
        drafted(house, "plb.nothing", at=MONDAY_NINE)


def test_a_draft_that_somebody_else_saved_is_not_overwritten(house: House) -> None:
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE)
    edited(house, draft, at=MONDAY_NINE, by="manager", goal="经理的目标。")
    with pytest.raises(EditedMeanwhile) as refused:
        edited(house, draft, at=LATER, by="line_manager", goal="主管的目标。")
    assert refused.value.name == "钱经理"
    assert Edition.objects.get(uid=draft.id).goal == "经理的目标。"


def test_saving_what_is_there_already_records_nothing(house: House) -> None:
    draft = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, goal="不滴水。")
    since = newest(house)
    again = edited(house, draft, at=LATER)
    assert (again.revision, newest(house)) == (draft.revision, since)


def test_one_edition_at_a_time_is_on_its_way(house: House) -> None:
    drafted(house, "plb.faucet", at=MONDAY_NINE)
    with pytest.raises(AlreadyUnderWay) as refused:
        drafted(house, "plb.faucet", at=MONDAY_NINE, by="manager")
    assert (refused.value.number, refused.value.state) == (2, "draft")


def test_a_draft_that_says_what_is_in_force_has_nothing_to_review(house: House) -> None:
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE)
    with pytest.raises(NothingChanged):
        actions.submit_edition(
            edition_id=draft.id, revision=draft.revision, actor=house.actor("line_manager"), at=MONDAY_NINE
        )


def _term(**changes: Any) -> dict[str, Any]:
    term = {
        "priority": 3,
        "milestone": "done",
        "place_class": "",
        "limit_s": 3600,
        "percentile": 0.9,
        "calendar": "always",
        "is_pausable": True,
        "is_legal": False,
    }
    return {**term, **changes}


_NUMBER = {"type": "number", "unit": "℃", "min": 10, "max": 20}
_CHOICES = [{"code": "a", "zh": "甲", "en": "A"}, {"code": "b", "zh": "乙", "en": "B"}]

WRONG = [
    ("percentile_out_of_range", {"terms": [_term(percentile=0)]}),
    ("percentile_out_of_range", {"terms": [_term(percentile=1.01)]}),
    ("limit_not_positive", {"terms": [_term(limit_s=0)]}),
    ("term_twice", {"terms": [_term(), _term()]}),
    ("unknown_calendar", {"terms": [_term(calendar="never")]}),
    ("milestones_out_of_order", {"terms": [_term(milestone="arrived", limit_s=7200), _term()]}),
    ("acknowledged_is_never_paused", {"terms": [_term(milestone="acknowledged")]}),
    ("limits_reversed", {"steps": [tick("a", **{**_NUMBER, "min": 30})]}),
    ("number_without_limits", {"steps": [tick("a", type="number", unit="℃")]}),
    ("number_without_unit", {"steps": [tick("a", type="meter", min=1)]}),
    ("choice_without_options", {"steps": [tick("a", type="choice", choices=[])]}),
    ("choice_option_twice", {"steps": [tick("a", type="choice", choices=[_CHOICES[0], _CHOICES[0]])]}),
    ("step_code_twice", {"steps": [tick("a"), tick("a")]}),
    ("unknown_step_type", {"steps": [tick("a", type="dance")]}),
    ("step_without_text", {"steps": [tick("a", zh=" ")]}),
    ("critical_but_optional", {"steps": [tick("a", critical=True, mandatory=False)]}),
    ("hole_in_steps", {"steps": [tick("a", only_if={"step": "gone", "is": ["yes"]})]}),
    ("hole_in_steps", {"steps": [tick("b", only_if={"step": "c", "is": ["yes"]}), tick("c")]}),
    (
        "hole_in_steps",
        {"steps": [tick("c", type="choice", choices=_CHOICES), tick("d", only_if={"step": "c", "is": ["z"]})]},
    ),
    ("basis_without_edition", {"basis": [{"kind": "law", "name": "特种设备安全法", "edition": ""}]}),
    ("too_long", {"goal": "好" * 1001}),
]


@pytest.mark.parametrize(("name", "change"), WRONG, ids=[f"{name}-{at}" for at, (name, _) in enumerate(WRONG)])
def test_what_is_wrong_as_such_is_refused_by_name_and_nothing_is_saved(
    house: House, name: str, change: dict[str, Any]
) -> None:
    draft, since = drafted(house, "plb.faucet", at=MONDAY_NINE), newest(house)
    before = Edition.objects.get(uid=draft.id)
    with pytest.raises(TextRefused) as refused:
        edited(house, draft, at=MONDAY_NINE, **{"goal": "半截", **change})
    assert name in {finding.code for finding in refused.value.findings}
    after = Edition.objects.get(uid=draft.id)
    assert (after.goal, after.procedure, after.draft_terms, after.revision) == (
        before.goal,
        before.procedure,
        before.draft_terms,
        0,
    )
    assert newest(house) == since


LACKING = [
    ("goal_missing", {"goal": ""}),
    ("requirement_missing", {"requirement": ""}),  # S45: publishing an item with an empty requirement fails
    ("no_steps", {"steps": []}),
    ("no_terms", {"terms": []}),
    ("no_basis", {"basis": []}),  # S48: each rule has its basis
    ("over_budget_characters", {"requirement": "轻" * 2000}),  # S46: a 2,000-character rule is refused
]


@pytest.mark.parametrize(("name", "change"), LACKING, ids=[name for name, _ in LACKING])
def test_s45_s46_s48_what_is_not_whole_can_be_kept_but_not_reviewed(
    house: House, name: str, change: dict[str, Any]
) -> None:
    draft = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, **change)
    with pytest.raises(TextRefused) as refused:
        actions.submit_edition(
            edition_id=draft.id, revision=draft.revision, actor=house.actor("line_manager"), at=MONDAY_NINE
        )
    assert name in {finding.code for finding in refused.value.findings}
    assert Edition.objects.get(uid=draft.id).state == "draft"


def test_s46_a_long_standard_passes_with_a_reason_that_is_kept(house: House) -> None:
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE)
    saved = actions.edit_draft(
        edition_id=draft.id,
        revision=draft.revision,
        text={**text(draft.id), "requirement": "轻" * 2000},
        length_reason="手术部要求全文张贴",
        actor=house.actor("line_manager"),
        at=MONDAY_NINE,
    )
    done = actions.submit_edition(
        edition_id=saved.id, revision=saved.revision, actor=house.actor("line_manager"), at=MONDAY_NINE
    )
    assert done.state == "review"
    assert Entry.objects.filter(kind="standards.edition.submitted").latest("id").facts["length_reason"]


def test_in_review_nobody_writes_until_it_comes_back_with_a_word(house: House) -> None:
    draft = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, goal="不滴水。")
    manager, director = house.actor("line_manager"), house.actor("director")
    actions.submit_edition(edition_id=draft.id, revision=draft.revision, actor=manager, at=MONDAY_NINE)
    with pytest.raises(WrongStage):
        edited(house, draft, at=MONDAY_NINE, goal="另一个。")
    with pytest.raises(ReasonNeeded):
        actions.return_edition(edition_id=draft.id, note=" ", actor=director, at=MONDAY_NINE)
    actions.return_edition(edition_id=draft.id, note="目标要能量", actor=director, at=MONDAY_NINE)
    assert Edition.objects.get(uid=draft.id).review_note == "目标要能量"
    edited(house, draft, at=MONDAY_NINE, goal="开关20次不滴。")


def test_the_director_approves_what_was_read_and_not_what_came_after(house: House) -> None:
    draft = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, goal="不滴水。")
    manager = house.actor("line_manager")
    actions.submit_edition(edition_id=draft.id, revision=draft.revision, actor=manager, at=MONDAY_NINE)
    actions.take_back_edition(edition_id=draft.id, actor=manager, at=MONDAY_NINE)
    again = edited(house, draft, at=MONDAY_NINE, goal="换一个目标。")
    actions.submit_edition(edition_id=draft.id, revision=again.revision, actor=manager, at=MONDAY_NINE)
    with pytest.raises(EditedMeanwhile):
        actions.approve_edition(
            edition_id=draft.id, revision=draft.revision, actor=house.actor("director"), at=MONDAY_NINE
        )


def test_a_withdrawn_draft_makes_room_and_its_number_is_not_used_again(house: House) -> None:
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE)
    actions.withdraw_edition(edition_id=draft.id, actor=house.actor("line_manager"), at=MONDAY_NINE)
    assert drafted(house, "plb.faucet", at=MONDAY_NINE).number == 3
    with pytest.raises(WrongStage):
        actions.withdraw_edition(edition_id=draft.id, actor=house.actor("line_manager"), at=MONDAY_NINE)


def test_an_unknown_edition_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        actions.withdraw_edition(edition_id=uuid4(), actor=house.actor("officer"), at=MONDAY_NINE)


def test_asking_still_takes_one_read(house: House) -> None:
    in_force(house, "plb.faucet", at=MONDAY_NINE, requirement="轻。")
    with CaptureQueriesContext(connection) as run:
        asked_for = queries.asking(
            house.site_id, on=LATER.date(), at=LATER, item_code="plb.faucet", place_code="S7-ORT-WC"
        )
    assert len(run) == 1
    assert asked_for.item is not None
    assert Edition.objects.get(pk=asked_for.item.edition_id).number == 2
    nothing = queries.asking(house.site_id, on=LATER.date(), at=LATER)
    assert nothing.item is None
    assert nothing.default_edition_id == queries.edition_in_force(house.site_id, "gen.unclear", at=LATER)


def test_s50_a_step_asked_only_after_an_answer_is_needed_only_then(house: House) -> None:
    """A leak that stays asks for its part; a dry joint does not."""
    steps = [tick("leak"), tick("part", only_if={"step": "leak", "is": ["no"]}), tick("dry")]
    in_force(house, "plb.faucet", at=MONDAY_NINE - timedelta(minutes=5), steps=steps)
    job = loop.at_work(house, loop.sent(house, loop.asked(house)))
    plumber = house.actor("plumber")

    def carry_out(code: str, value: bool, n: int) -> None:
        work.carry_out_step(job_id=job.uid, step_code=code, value=value, actor=plumber, at=loop.minutes(10 + n))

    def missing() -> set[str]:
        with pytest.raises(EvidenceMissing) as refused:
            work.finish_job(job_id=job.uid, actor=plumber, at=loop.minutes(19), minutes=15)
        return {part.code for part in refused.value.missing if part.kind == "step"}

    carry_out("dry", True, 1)
    assert missing() == {"leak"}
    carry_out("leak", False, 2)
    assert missing() == {"part"}
    carry_out("leak", True, 3)
    assert "part" not in missing()


def test_s45_an_item_is_offered_only_with_a_standard_in_force(house: House) -> None:
    from yingxu.ground.unit import Unit
    from yingxu.standards.models import Item, Line

    line = Line.objects.get(site_id=house.site_id, code="PLB")
    with Unit(actor=house.actor("officer"), at=MONDAY_NINE) as unit:
        unit.insert(
            Item(
                site_id=house.site_id,
                line=line,
                code="plb.new",
                name="饮水点",
                kind="repair",
                default_priority=3,
                state="draft",
            )
        )
    move = {"site_id": house.site_id, "code": "plb.new", "to": "active", "actor": house.actor("officer")}
    with pytest.raises(StandardMissing):
        actions.move_item(**move, at=MONDAY_NINE)
    basis = [{"kind": "house", "name": "饮水规程", "edition": "1"}]
    said = in_force(
        house, "plb.new", at=MONDAY_NINE, goal="水清。", requirement="先放水。", steps=[tick("a")], basis=basis
    )
    assert said.number == 1
    assert actions.move_item(**move, at=MONDAY_NINE).state == "active"
    assert asked(house, "plb.new", LATER).edition.uid == said.id

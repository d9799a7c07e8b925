"""Domain 1.5: the rules of standards as a hospital would try them, each under its number (S45, S46, S48, S50)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms import test_work_loop as loop
from tests.rooms.standards_texts import drafted, edited, text, tick
from yingxu.standards import actions
from yingxu.standards.models import Edition, Item
from yingxu.standards.refusals import StandardMissing, TextRefused
from yingxu.work import actions as work
from yingxu.work.models import Job, StepDone
from yingxu.work.refusals import EvidenceMissing
from yingxu.work.usefulness import item_figures

pytestmark = pytest.mark.django_db


def test_S45_an_item_without_a_standard_is_not_offered(house: House) -> None:
    """Every demand has its standard: an item whose standard is gone cannot be offered."""
    item = Item.objects.get(site_id=house.site_id, code="plb.faucet")
    Item.objects.filter(pk=item.pk).update(state="draft")
    Edition.objects.filter(item=item).update(state="draft", from_at=None, to_at=None)
    with pytest.raises(StandardMissing):
        actions.move_item(
            site_id=house.site_id, code=item.code, to="active", actor=house.actor("officer"), at=MONDAY_NINE
        )
    item.refresh_from_db()
    assert item.state == "draft"


@pytest.mark.parametrize(
    ("number", "changes", "code"),
    [
        ("S45", {"requirement": ""}, "requirement_missing"),
        ("S46", {"requirement": "轻" * 2_000}, "over_budget_characters"),
        ("S48", {"basis": []}, "no_basis"),
        ("S50", {"goal": ""}, "goal_missing"),
        ("S50", {"steps": []}, "no_steps"),
    ],
)
def test_S45_S46_S48_S50_a_text_that_lacks_is_not_reviewed(
    house: House, number: str, changes: dict[str, Any], code: str
) -> None:
    said = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, **changes)
    with pytest.raises(TextRefused) as refused:
        actions.submit_edition(
            edition_id=said.id, revision=said.revision, actor=house.actor("line_manager"), at=MONDAY_NINE
        )
    assert code in {one.code for one in refused.value.findings}, number
    assert Edition.objects.get(uid=said.id).state == "draft"


def test_S46_a_long_rule_passes_with_its_reason(house: House) -> None:
    draft = drafted(house, "plb.faucet", at=MONDAY_NINE)
    said = actions.edit_draft(
        edition_id=draft.id,
        revision=draft.revision,
        text={**text(draft.id), "requirement": "轻" * 2_000},
        why="改进",
        length_reason="法规条文须照录",
        actor=house.actor("line_manager"),
        at=MONDAY_NINE,
    )
    done = actions.submit_edition(
        edition_id=said.id, revision=said.revision, actor=house.actor("line_manager"), at=MONDAY_NINE
    )
    assert done.state == "review"


def test_S50_a_step_that_must_be_done_is_not_skipped(house: House) -> None:
    """The job stays open, and everything that is missing is named."""
    job = loop.at_work(house, loop.sent(house, loop.asked(house)))
    skipped = next(step["code"] for step in job.edition.procedure if step["mandatory"] and step["type"] == "tick")
    loop.carry_out(house, job, but=(skipped,))
    with pytest.raises(EvidenceMissing) as refused:
        work.finish_job(
            job_id=job.uid,
            actor=house.actor("plumber"),
            at=loop.minutes(20),
            result_text="换了密封圈",
            minutes=15,
            cause_code="wear",
        )
    assert skipped in {one.code for one in refused.value.missing}
    assert Job.objects.get(pk=job.pk).state == "in_progress"


def test_S50_a_deviation_is_kept_with_its_reason_and_counted(house: House) -> None:
    """A step that did not come out as required is stored as such, with why; the item's figures count it."""
    job = loop.at_work(house, loop.sent(house, loop.asked(house)))
    loop.carry_out(house, job)
    step = next(row["code"] for row in job.edition.procedure if row["type"] == "tick")
    work.carry_out_step(
        job_id=job.uid,
        step_code=step,
        value=False,
        note="总阀锈死，关了楼层阀",
        actor=house.actor("plumber"),
        at=loop.minutes(12),
    )
    kept = StepDone.objects.filter(job=job, step_code=step).latest("id")
    assert (kept.is_ok, kept.note) == (False, "总阀锈死，关了楼层阀")
    work.finish_job(
        job_id=job.uid,
        actor=house.actor("plumber"),
        at=loop.minutes(20),
        result_text="换了密封圈",
        minutes=15,
        cause_code="wear",
    )
    assert item_figures(job.item_id, since=MONDAY_NINE - timedelta(days=1)).steps[step].n_failed == 1


def test_S50_steps_keep_their_order_kind_and_critical_mark(house: House) -> None:
    steps = [tick("one", critical=True), tick("two")]
    said = edited(house, drafted(house, "plb.faucet", at=MONDAY_NINE), at=MONDAY_NINE, steps=steps)
    kept = Edition.objects.get(uid=said.id).procedure
    assert [(step["code"], step["type"], step["critical"]) for step in kept] == [
        ("one", "tick", True),
        ("two", "tick", False),
    ]

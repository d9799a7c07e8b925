"""S8: a new or tighter promise is adopted on the site's own record, or on trial with a reason; never silently."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms.standards_texts import approved, text
from yingxu.connect.analyst import studies as analyst
from yingxu.demand.models import Request
from yingxu.ground.models import Entry, Site
from yingxu.ground.refusals import Malformed, NotAllowed
from yingxu.promise.models import Hold, Promise
from yingxu.standards import actions, queries
from yingxu.standards.models import Edition, Item, PromiseAdoption, PromiseStudy, Term
from yingxu.standards.refusals import OnTrialOnly, StudyNeeded

pytestmark = pytest.mark.django_db

ITEM = "plb.faucet"
#: A Monday at nine; the record lies in the weeks before.
AT = MONDAY_NINE
RECORDED = ("acknowledged", "safe", "verified")


def terms_with(
    house: House, milestone: str, *, share: float = 0.5, level: int = 3, **more: Any
) -> list[dict[str, Any]]:
    """Return the terms in force with one promise of that urgency sooner, or made anew where there is none."""
    edition = Edition.objects.get(item__code=ITEM, item__site_id=house.site_id, state="in_force")
    found = [dict(term) for term in text(edition.uid)["terms"]]
    for term in found:
        if (term["priority"], term["milestone"], term["place_class"]) == (level, milestone, ""):
            term.update({"limit_s": int(term["limit_s"] * share), **more})
            return found
    new = {"priority": level, "milestone": milestone, "place_class": "", "limit_s": 1_800, "percentile": 0.9}
    return [*found, {**new, "calendar": "always", "is_pausable": True, "is_legal": False, **more}]


def ready(house: House, milestone: str, at: datetime = AT, **more: Any) -> Any:
    """Carry an edition with one promise sooner up to its approval."""
    return approved(house, ITEM, at=at, terms=terms_with(house, milestone, **more))


def publish(house: House, said: Any, at: datetime = AT, **more: Any) -> Any:
    return actions.publish_edition(edition_id=said.id, actor=house.actor("officer"), at=at, **more)


def record(
    house: House,
    milestone: str,
    *,
    minutes: float,
    n: int = 30,
    item_code: str = ITEM,
    n_late: int = 0,
    late_min: float = 10_000,
    hour: int = 10,
    held_min: float = 0,
    level: int = 3,
) -> None:
    """Let a milestone have been reached within minutes, once a day back from the Monday, the first ones late."""
    item = Item.objects.select_related("line").get(site_id=house.site_id, code=item_code)
    edition = Edition.objects.get(item=item, state="in_force")
    calendar = Term.objects.filter(edition=edition).first().calendar
    for day in range(n):
        started = (AT - timedelta(days=day + 1)).replace(hour=hour - 8, minute=0)  # the site is eight hours ahead
        reached = started + timedelta(minutes=late_min if day < n_late else minutes)
        request = Request.objects.create(
            site_id=house.site_id,
            number=f"{milestone[:4]}{level}{item_code[-4:]}{day}",
            channel="web",
            text="漏水",
            priority=level,
            created_at=started,
            changed_at=started,
        )
        row = Promise.objects.create(
            site_id=house.site_id,
            request=request,
            milestone=milestone,
            priority=level,
            line_code=item.line.code,
            item=item,
            edition=edition,
            calendar=calendar,
            limit_s=3_600,
            percentile="0.9",
            is_pausable=True,
            started_at=started,
            due_at=started + timedelta(hours=1),
            state="kept",
            reached_at=reached,
        )
        if held_min:
            begun = started + timedelta(minutes=1)
            Hold.objects.create(
                promise=row,
                reason_code="PARTS",
                started_at=begun,
                ended_at=begun + timedelta(minutes=held_min),
            )


def studied(house: House, said: Any, at: datetime = AT) -> list[PromiseStudy]:
    """Ask for all that the edition needs, and let the analyst answer."""
    actions.ask_edition_studies(edition_id=said.id, actor=house.actor("line_manager"), at=at)
    while analyst.turn(lambda: at + timedelta(seconds=5)):
        pass
    return list(PromiseStudy.objects.filter(item__code=ITEM).order_by("id"))


@pytest.mark.parametrize("milestone", RECORDED)
def test_S8_a_word_made_safe_and_found_good_are_not_tightened_unstudied(house: House, milestone: str) -> None:
    said = ready(house, milestone)
    with pytest.raises(StudyNeeded) as refused:
        publish(house, said)
    assert refused.value.milestone == milestone
    assert Edition.objects.get(uid=said.id).state == "approved"
    assert not PromiseAdoption.objects.exists()


@pytest.mark.parametrize("milestone", RECORDED)
def test_the_record_answers_and_the_decision_keeps_what_it_said(house: House, milestone: str) -> None:
    record(house, milestone, minutes=4, n_late=3)
    said = ready(house, milestone)
    [study] = studied(house, said)
    assert study.state == "done"
    assert study.result["format"] == "record-result/1"
    assert study.result["attainment"]["n"] == 30
    assert study.result["attainment"]["share"] == pytest.approx(27 / 30)
    assert 0.7 < study.result["attainment"]["low"] < 0.9 < study.result["attainment"]["high"]
    assert study.result["weak_hours"] in ([10], []), "all were asked for at ten"
    assert study.evidence["scope"] == "item"
    assert study.evidence["from_at"] < study.evidence["to_at"]
    assert study.spec["limit_s"] == study.limit_s
    assert study.version
    publish(house, said, at=AT + timedelta(minutes=1))
    kept = PromiseAdoption.objects.get()
    assert (kept.standing, kept.study_id, kept.reason) == ("history", study.pk, "")
    told = Entry.objects.get(kind="standards.promise.tightened")
    assert (told.facts["standing"], told.facts["study_id"]) == ("history", str(study.uid))
    [shown] = queries.adoptions(Edition.objects.get(uid=said.id).pk)
    assert (shown.standing, shown.is_on_trial, shown.result["attainment"]["n"]) == ("history", False, 30)


def test_few_of_the_item_are_judged_by_its_line_and_it_says_so(house: House) -> None:
    record(house, "safe", minutes=5, n=4)
    record(house, "safe", minutes=5, n=26, item_code="plb.drain")
    [study] = studied(house, ready(house, "safe"))
    assert (study.state, study.evidence["scope"]) == ("done", "line")
    assert (study.evidence["n_item"], study.evidence["n_line"]) == (4, 30)


def test_thin_history_lets_a_promise_in_on_trial_only_and_with_a_reason(house: House) -> None:
    record(house, "verified", minutes=5, n=7)
    said = ready(house, "verified")
    [study] = studied(house, said)
    assert study.state == "too_little"
    assert (study.why["code"], study.why["n"], study.why["needed"]) == ("cases", 7, 20)
    assert study.why["record"]["attainment"]["n"] == 7
    with pytest.raises(OnTrialOnly) as refused:
        publish(house, said)
    assert refused.value.standing == "thin"
    with pytest.raises(OnTrialOnly):
        publish(house, said, trial_reason="   ")
    assert not PromiseAdoption.objects.exists()
    publish(house, said, trial_reason="新院区先试三个月", at=AT + timedelta(minutes=1))
    kept = PromiseAdoption.objects.get()
    assert (kept.standing, kept.reason) == ("thin", "新院区先试三个月")
    assert Entry.objects.get(kind="standards.promise.tightened").facts["reason"] == "新院区先试三个月"


def test_service_hours_and_pauses_are_the_promises_own(house: House) -> None:
    """Asked at five in the afternoon, reached at nine: an hour of daily hours, sixteen by the wall."""
    record(house, "safe", minutes=16 * 60, hour=17)
    by_hours = ready(house, "safe", limit_s=7_200, calendar="daily_0800_1800")
    [study] = studied(house, by_hours)
    assert study.result["median_s"] == 2 * 3_600, "17 to 18, and 8 to 9"
    asked = actions.ask_study(
        site_id=house.site_id,
        item_code=ITEM,
        priority=3,
        milestone="safe",
        limit_s=7_200,
        percentile=0.9,
        calendar_code="always",
        weeks=13,
        actor=house.actor("officer"),
        at=AT,
    )
    assert analyst.turn(lambda: AT)
    assert PromiseStudy.objects.get(uid=asked.id).result["median_s"] == 16 * 3_600


@pytest.mark.parametrize(("stops", "median_s"), [(True, 50 * 60), (False, 80 * 60)])
def test_approved_pauses_are_taken_out_where_they_stop_the_clock(house: House, stops: bool, median_s: int) -> None:
    record(house, "safe", minutes=80, held_min=30)
    asked = actions.ask_study(
        site_id=house.site_id,
        item_code=ITEM,
        priority=3,
        milestone="safe",
        limit_s=3_600,
        percentile=0.9,
        calendar_code="always",
        is_pausable=stops,
        weeks=13,
        actor=house.actor("officer"),
        at=AT,
    )
    assert analyst.turn(lambda: AT)
    assert PromiseStudy.objects.get(uid=asked.id).result["median_s"] == median_s


@pytest.mark.parametrize(
    "change",
    [
        {"limit_s": 3_600, "percentile": 0.95},  # tighter
        {"limit_s": 1_800, "percentile": 0.9},  # judged by a looser study
        {"limit_s": 3_600, "percentile": 0.9, "calendar": "always"},  # another clock
        {"limit_s": 3_600, "percentile": 0.9, "is_pausable": False},  # through pauses
    ],
)
def test_a_study_stands_only_for_its_own_promise_and_clock(house: House, change: dict[str, Any]) -> None:
    item = Item.objects.select_related("line").get(site_id=house.site_id, code=ITEM)
    daily = queries.calendar_keys(house.site_id)["daily_0800_1800"]
    PromiseStudy.objects.create(
        site_id=house.site_id,
        item=item,
        line_code=item.line.code,
        priority=3,
        milestone="safe",
        limit_s=3_600,
        percentile="0.9",
        calendar_id=daily,
        seed=1,
        state="done",
        asked_at=AT,
        finished_at=AT,
    )
    own = {"limit_s": 3_600, "percentile": 0.9, "calendar": "daily_0800_1800", "is_pausable": True}
    edition = Edition.objects.get(item=item, state="in_force")

    def standing(terms: list[dict[str, Any]], at: datetime = AT) -> str:
        [row] = queries.tightened(item.pk, edition.pk, terms, at=at)
        return row.standing

    assert standing(terms_with(house, "safe", **own)) == "history"
    assert standing(terms_with(house, "safe", **own), at=AT + timedelta(days=93)) == "", "too old to tell"
    assert standing(terms_with(house, "safe", **{**own, **change})) == ""


def test_what_stays_or_gets_looser_asks_for_nothing(house: House) -> None:
    said = ready(house, "arrived", share=2)
    publish(house, said)
    assert not PromiseAdoption.objects.exists()


def test_another_clock_of_the_same_limit_is_judged_anew(house: House) -> None:
    said = ready(house, "arrived", share=1, calendar="always")
    with pytest.raises(StudyNeeded):
        publish(house, said)


def test_a_class_of_places_that_falls_back_on_a_sooner_general_promise_is_judged(house: House) -> None:
    item = Item.objects.get(site_id=house.site_id, code="plb.toilet")
    edition = Edition.objects.get(item=item, state="in_force")
    terms = [dict(term) for term in text(edition.uid)["terms"]]
    ward = next(term for term in terms if term["place_class"] == "ward")
    general = {**ward, "place_class": ""}
    others = [
        term
        for term in terms
        if (term["priority"], term["milestone"]) != (ward["priority"], ward["milestone"]) and term is not ward
    ]
    [row] = queries.tightened(item.pk, edition.pk, [*others, {**general, "limit_s": 600}], at=AT)
    assert (row.place_class, row.limit_s, row.change) == ("", 600, "tighter")


def test_the_first_edition_of_an_item_makes_new_promises(house: House) -> None:
    item = Item.objects.get(site_id=house.site_id, code=ITEM)
    edition = Edition.objects.get(item=item, state="in_force")
    found = queries.tightened(item.pk, None, text(edition.uid)["terms"], at=AT)
    assert found
    assert {row.change for row in found} == {"new"}


def test_while_a_site_is_being_set_up_it_has_no_history_and_the_decision_says_so(house: House) -> None:
    said = ready(house, "safe")
    Site.objects.filter(pk=house.site_id).update(state="setup")
    actions.publish_edition(edition_id=said.id, actor=house.actor("administrator"), at=AT)
    assert PromiseAdoption.objects.get().standing == "setup"
    assert Entry.objects.get(kind="standards.promise.tightened").facts["standing"] == "setup"


def test_all_of_an_edition_is_asked_for_at_once_and_only_once(house: House) -> None:
    said = ready(house, "safe")
    assert actions.ask_edition_studies(edition_id=said.id, actor=house.actor("officer"), at=AT).n == 1
    assert actions.ask_edition_studies(edition_id=said.id, actor=house.actor("officer"), at=AT).n == 0
    in_force = Edition.objects.get(item__code=ITEM, item__site_id=house.site_id, state="in_force")
    assert actions.ask_edition_studies(edition_id=in_force.uid, actor=house.actor("officer"), at=AT).n == 0
    with pytest.raises(NotAllowed):
        actions.ask_edition_studies(edition_id=said.id, actor=house.actor("nurse"), at=AT)


def test_a_line_too_small_for_a_model_is_answered_by_its_record(house: House) -> None:
    """Thirty arrivals make no queue, but they are the site's own history: the record answers, and says that it does."""
    record(house, "arrived", minutes=20)
    [study] = studied(house, ready(house, "arrived"))
    assert study.state == "done"
    assert study.result["format"] == "record-result/1"
    assert study.evidence["no_model"] == "arrivals"


def test_assumptions_are_no_part_of_a_record(house: House) -> None:
    with pytest.raises(Malformed) as refused:
        actions.ask_study(
            site_id=house.site_id,
            item_code=ITEM,
            priority=3,
            milestone="safe",
            limit_s=3_600,
            percentile=0.9,
            assumptions={"per_day": 3.0},
            actor=house.actor("officer"),
            at=AT,
        )
    assert (refused.value.field, refused.value.problem) == ("per_day", "from_record")

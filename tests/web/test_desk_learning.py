"""Reading learns from the desk's decisions: judged before it is used, used by a person, taken back at any time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.people import MONDAY_NINE, House
from tests.rooms.requests import ask
from tests.web.test_shell import signed_in
from yingxu.connect.learning import Learner, learn_once
from yingxu.demand import triage
from yingxu.demand.actions import Proposed, use_version
from yingxu.demand.models import TriageProposal, TriageVersion
from yingxu.demand.queries import learned
from yingxu.demand.refusals import VersionIsWorse, VersionOfOtherRelease
from yingxu.ground.refusals import NotAllowed, NotFound
from yingxu.web import inside

pytestmark = pytest.mark.django_db
#: What this house means by its own words, which no release knows.
OWN_WORD, MEANS = "小蜜蜂", "cln.spill"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def decisions(house: House, n: int, *, word: str = OWN_WORD, item: str = MEANS) -> None:
    """The desk corrects the same word again and again."""
    clerk = house.actor("clerk")
    for place in range(n):
        text = f"{word}坏在{place}号柜旁边第{place * 7}次"
        proposed = Proposed(0, "itt.printer", 3, "", is_danger=False, confidence=0.2, words=())
        at = MONDAY_NINE + timedelta(minutes=place)
        given = {"text": text, "item_code": item, "channel": "phone", "actor": clerk, "at": at}
        ask(house, **given, proposed=proposed)


def learn_now(house: House) -> TriageVersion:
    (lessons,) = learned.lessons(at_least_new=20)
    kept = learn_once(lessons)
    assert kept is not None
    return TriageVersion.objects.get(uid=kept.id)


def proposed_for(house: House, text: str) -> str:
    from yingxu.core.language import propose

    return propose(text, triage.table_in_use(house.site_id).table).item


def test_a_correction_changes_what_is_proposed_once_a_person_uses_it(house: House) -> None:
    decisions(house, 60)
    version = learn_now(house)
    assert version.state == "ready"
    assert version.figures["after"]["item"] > version.figures["before"]["item"]
    assert version.n_lessons + version.n_held_out == 60
    asked = "二楼小蜜蜂坏在99号柜旁边"
    before = proposed_for(house, asked)
    assert before != MEANS, "nothing is used before a person said so"
    use_version(site_id=house.site_id, number=version.number, actor=house.actor("officer"), at=MONDAY_NINE)
    assert proposed_for(house, asked) == MEANS
    use_version(site_id=house.site_id, number=0, actor=house.actor("officer"), at=MONDAY_NINE)
    assert proposed_for(house, asked) == before


def test_what_sets_it_aside_is_never_learned_from(house: House) -> None:
    decisions(house, 60)
    (lessons,) = learned.lessons(at_least_new=20)
    assert not {one.text for one in lessons.learn} & {one.text for one in lessons.held_out}
    assert len(lessons.held_out) == TriageProposal.objects.filter(is_held_out=True).count() > 0


def test_a_version_that_is_not_better_is_kept_but_never_used(house: House) -> None:
    decisions(house, 60, word="马桶堵了", item="plb.toilet")
    version = learn_now(house)
    assert (version.state, version.worse) == ("refused", ["item"])
    with pytest.raises(VersionIsWorse):
        use_version(site_id=house.site_id, number=version.number, actor=house.actor("officer"), at=MONDAY_NINE)


def test_a_version_of_another_release_is_not_used(house: House) -> None:
    decisions(house, 60)
    version = learn_now(house)
    officer = house.actor("officer")
    use_version(site_id=house.site_id, number=version.number, actor=officer, at=MONDAY_NINE)
    TriageVersion.objects.update(base="0" * 64)
    assert triage.table_in_use(house.site_id).number == 0
    TriageVersion.objects.update(state="retired")
    with pytest.raises(VersionOfOtherRelease):
        use_version(site_id=house.site_id, number=version.number, actor=officer, at=MONDAY_NINE)


def test_who_decides_and_on_what(house: House) -> None:
    with pytest.raises(NotAllowed):
        use_version(site_id=house.site_id, number=0, actor=house.actor("clerk"), at=MONDAY_NINE)
    with pytest.raises(NotFound):
        use_version(site_id=house.site_id, number=9, actor=house.actor("officer"), at=MONDAY_NINE)


def test_a_later_version_takes_the_place_of_the_one_in_use(house: House) -> None:
    decisions(house, 60)
    first = learn_now(house)
    officer = house.actor("officer")
    use_version(site_id=house.site_id, number=first.number, actor=officer, at=MONDAY_NINE)
    second = TriageVersion.objects.get(pk=first.pk)
    values = {f.attname: getattr(second, f.attname) for f in TriageVersion._meta.fields}
    values.update(id=first.pk + 1, uid="00000000-0000-0000-0000-000000000001", number=2, state="ready")
    TriageVersion.objects.create(**values)
    use_version(site_id=house.site_id, number=2, actor=officer, at=MONDAY_NINE)
    states = dict(TriageVersion.objects.values_list("number", "state"))
    assert states == {1: "retired", 2: "in_use"}


def test_the_worker_starts_one_thread_and_learns_nothing_twice() -> None:
    ran: list[int] = []
    lessons = learned.Lessons(7, (), (), 5, 40)
    learner = Learner(run=lambda given: ran.append(given.site_id))
    learner._work([lessons])
    assert (ran, learner._done) == ([7], {7: 5})

    def fails(given: object) -> object:
        raise ValueError("x")

    broken = Learner(run=fails)
    broken._work([lessons])
    with pytest.raises(ValueError, match="x"):
        broken.turn()


def test_the_page_shows_figures_before_and_after_and_acts(house: House) -> None:
    decisions(house, 60)
    version = learn_now(house)
    officer = signed_in(house, "officer")
    html = officer.get("/desk/learning").content.decode()
    assert "0 / 60" in html
    assert "/desk/learning/use" in html
    assert OWN_WORD not in html, "figures, never texts"
    officer.post("/desk/learning/use", {"number": str(version.number)})
    assert TriageVersion.objects.get().state == "in_use"
    officer.post("/desk/learning/use", {"number": "0"})
    assert TriageVersion.objects.get().state == "retired"
    assert "/desk/learning/use" not in signed_in(house, "clerk").get("/desk/learning").content.decode()


@pytest.mark.parametrize(("said", "kept", "urgency"), [("yes", True, 2), ("no", False, 3), ("", None, 3)])
def test_what_the_desk_says_about_danger_is_kept_and_makes_it_urgent(
    house: House, said: str, kept: bool | None, urgency: int
) -> None:
    form = {"text": "7楼骨科卫生间马桶堵了", "item": "plb.toilet", "place": "S7-ORT-WC", "seen": "1", "danger": said}
    signed_in(house, "clerk").post("/desk/call", {**form, "command": "d1"}, headers={"HX-Request": "true"})
    row = TriageProposal.objects.select_related("request").get()
    assert (row.decided_is_danger, row.decided_priority, row.request.priority) == (kept, urgency, urgency)


@pytest.mark.parametrize("said", ["yes", "no"])
def test_what_a_rule_makes_critical_stays_critical_whatever_is_said(house: House, said: str) -> None:
    form = {"text": "7楼骨科卫生间插座冒烟", "item": "ele.socket", "place": "S7-ORT-WC", "seen": "1", "danger": said}
    signed_in(house, "clerk").post("/desk/call", {**form, "command": "d2"}, headers={"HX-Request": "true"})
    assert TriageProposal.objects.get().request.priority == 1


def test_the_read_back_says_the_urgency_of_danger(house: House) -> None:
    client = signed_in(house, "clerk")
    plain = client.get("/desk/read-back", {"item": "plb.toilet"}).content.decode()
    danger = client.get("/desk/read-back", {"item": "plb.toilet", "danger": "yes"}).content.decode()
    assert plain != danger
    # what a rule makes critical when it is sent is read back as critical
    smoke = {"item": "ele.socket", "text": "插座冒烟了", "danger": "yes"}
    assert "特急" in client.get("/desk/read-back", smoke).content.decode()
    assert "特急" not in client.get("/desk/read-back", {**smoke, "priority": "2"}).content.decode()


def test_danger_that_was_said_is_a_lesson(house: House) -> None:
    decisions(house, 60)
    TriageProposal.objects.update(decided_is_danger=True)
    (lessons,) = learned.lessons(at_least_new=20)
    assert {one.danger for one in (*lessons.learn, *lessons.held_out)} == {True}
    assert (learned.decided(house.actor("officer"), house.site_id).n_danger) == 60


def test_the_empty_page_says_how_to_begin(house: House) -> None:
    assert signed_in(house, "administrator").get("/desk/learning").status_code == 200

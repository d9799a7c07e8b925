"""S8, "can we keep it?": a study is asked for, answered from the site's own history, killed without loss, kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.people import MONDAY_NINE, House
from yingxu.connect.analyst import studies as analyst
from yingxu.connect.analyst.past import ANALYST
from yingxu.ground.models import Entry
from yingxu.ground.refusals import Malformed, NotAllowed, NotFound
from yingxu.standards import actions, queries
from yingxu.standards.models import PromiseStudy

pytestmark = pytest.mark.django_db

TYPED = {"per_day": 30.0, "service_min": 20.0, "travel_min": 6.0, "by_hour": [3] * 24}


def ask(house: House, *, by: str = "officer", at: datetime = MONDAY_NINE, **more):
    values = {
        "item_code": "esc.wheelchair",
        "priority": 3,
        "milestone": "arrived",
        "limit_s": 1_800,
        "percentile": 0.9,
        "assumptions": TYPED,
    }
    values.update(more)
    return actions.ask_study(site_id=house.site_id, actor=house.actor(by), at=at, **values).id


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Small runs: what is tested is the way of a study, not the engine."""
    monkeypatch.setattr(analyst, "_JOBS_A_REPLICATION", 800)
    monkeypatch.setattr(analyst, "_REPLICATIONS", 4)


@pytest.fixture
def item(house: House) -> str:
    return queries.catalogue(house.site_id)[0].code


def run(at: datetime = MONDAY_NINE) -> bool:
    return analyst.turn(lambda: at + timedelta(seconds=5))


def test_a_typed_study_is_answered_by_formula_and_by_simulation_and_kept_with_all_that_it_rests_on(house, item):
    study_id = ask(house, item_code=item)
    assert run()
    row = queries.study(house.actor("officer"), study_id)
    assert row.state == "done"
    assert 0.5 < row.instant["share"] <= 1
    attained = row.result["attainment"]
    assert attained["low"] <= attained["share"] <= attained["high"]
    assert attained["n"] > 500
    assert abs(attained["share"] - row.instant["share"]) < 0.1
    assert len(row.result["by_hour"]) == 168 or len(row.result["by_hour"]) == 24
    assert row.seed == 1
    assert row.version
    assert row.evidence["typed"] == ["by_hour", "per_day", "service_min", "travel_min"]
    kinds = list(Entry.objects.filter(subject_kind="study").order_by("id").values_list("kind", flat=True))
    assert kinds == ["standards.study.asked", "standards.study.estimated", "standards.study.finished"]
    assert not run()


def test_the_same_question_gets_the_same_answer(house, item):
    first, second = ask(house, item_code=item), ask(house, item_code=item)
    run(), run()
    rows = [queries.study_to_run(one) for one in (first, second)]
    assert rows[0].result == rows[1].result


def test_too_little_history_says_so_with_its_numbers(house, item):
    study_id = ask(house, item_code=item, assumptions={})
    run()
    row = queries.study(house.actor("officer"), study_id)
    assert row.state == "too_little"
    assert {name: row.why[name] for name in ("code", "n", "needed")} == {"code": "arrivals", "n": 0, "needed": 100}
    assert row.finished_at is not None


def test_an_analyst_that_was_killed_loses_nothing(house, item, monkeypatch):
    """Killed in the simulation: the model and the formula's answer stay; when its time is over another one goes on."""
    study_id = ask(house, item_code=item)

    def killed(*_args, **_names):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(analyst, "_simulated", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    half = queries.study_to_run(study_id)
    assert half.state == "estimated"
    assert half.instant["share"] is not None
    assert not run(), "the first analyst's time is not over"
    assert queries.n_studies_waiting(at=MONDAY_NINE + timedelta(minutes=5)) == 1
    assert run(MONDAY_NINE + timedelta(minutes=5))
    done = queries.study_to_run(study_id)
    assert (done.state, done.spec, done.instant) == ("done", half.spec, half.instant)


def test_what_fails_three_times_is_given_up_and_says_so(house, item, monkeypatch):
    study_id = ask(house, item_code=item)
    for turn in range(3):
        actions.take_study(actor=ANALYST, at=MONDAY_NINE + timedelta(minutes=10 * turn))
    assert run(MONDAY_NINE + timedelta(hours=1))
    row = queries.study_to_run(study_id)
    assert (row.state, row.why) == ("failed", {"code": "tries", "n": 3})


def test_two_analysts_never_take_the_same_study(house, item):
    ask(house, item_code=item)
    first = actions.take_study(actor=ANALYST, at=MONDAY_NINE)
    second = actions.take_study(actor=ANALYST, at=MONDAY_NINE)
    assert first.id is not None
    assert second.id is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"priority": 5}, "priority"),
        ({"milestone": "paid"}, "milestone"),
        ({"milestone": "verified"}, "by_hour"),  # judged by the record: nothing typed is used
        ({"limit_s": 10}, "limit_min"),
        ({"percentile": 1.01}, "percent"),
        ({"percentile": 0.3}, "percent"),
        ({"weeks": 5}, "weeks"),
        ({"assumptions": {"by_hour": [1] * 23}}, "by_hour"),
        ({"assumptions": {"by_hour": [0] * 24}}, "by_hour"),
        ({"assumptions": {"per_day": -1.0}}, "per_day"),
        ({"assumptions": {"service_min": float("nan")}}, "service_min"),
    ],
)
def test_nonsense_is_refused_by_its_field_and_nothing_is_kept(house, item, change, field):
    with pytest.raises(Malformed) as refused:
        ask(house, **{"item_code": item, **change})
    assert refused.value.field == field
    assert not PromiseStudy.objects.exists()


def test_who_may_ask_and_who_may_read(house, item):
    with pytest.raises(NotAllowed):
        ask(house, by="nurse", item_code=item)
    with pytest.raises(NotAllowed):
        ask(house, by="line_manager", item_code="", line_code="ESC")
    with pytest.raises(NotFound):
        ask(house, item_code="no.such")
    study_id = ask(house, item_code="", line_code="ESC")
    assert queries.study(house.actor("director"), study_id).line_code == "ESC"
    for stranger in ("nurse", "line_manager"):
        with pytest.raises(NotFound):
            queries.study(house.actor(stranger), study_id)
    assert [row.id for row in queries.studies_page(house.actor("officer"), house.site_id)] == [study_id]
    assert queries.studies_page(house.actor("line_manager"), house.site_id) == ()

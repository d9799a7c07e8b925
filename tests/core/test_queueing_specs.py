"""What can be asked of a simulation, and that everything else is refused by the name of its key."""

import math

import pytest

from yingxu.core.queueing import BadSpec, Constant, Empirical, Exponential, JobClass, Lognormal, read_spec


def spec(**changes):
    told = {
        "format": "simulation-spec/1",
        "days": 20,
        "warm_up_days": 2,
        "replications": 3,
        "arrivals": {"per_hour": [6] * 24},
        "service_s": {"kind": "exponential", "mean": 600},
        "servers": {"by_hour": [2] * 24},
        "promise": {"respond_s": 900, "percentile": 0.9},
        **changes,
    }
    return {key: value for key, value in told.items() if value is not ...}


def test_the_least_that_must_be_said():
    read = read_spec(spec(days=..., warm_up_days=..., replications=...))
    assert (read.days, read.warm_up_days, read.replications) == (200, 10, 20)
    assert read.classes == (JobClass(1.0, 900.0),)
    assert read.travel is None
    assert read.patience is None
    assert read.per_day == pytest.approx(144)


def test_a_class_without_a_limit_has_the_promises():
    read = read_spec(spec(priorities=[{"share": 0.25, "respond_s": 300}, {"share": 0.75, "respond_s": None}]))
    assert [one.respond_s for one in read.classes] == [300, 900]


def test_no_priorities_are_one_class():
    assert read_spec(spec(priorities=[])) == read_spec(spec(priorities=None)) == read_spec(spec())


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"kind": "constant", "mean": 60}, Constant(60.0)),
        ({"kind": "exponential", "mean": 60, "cv": 3}, Exponential(60.0)),
        ({"kind": "lognormal", "mean": 60, "cv": 0.5}, Lognormal(60.0, 0.5)),
        ({"kind": "empirical", "values": [1, 2.5]}, Empirical((1.0, 2.5))),
    ],
)
def test_four_kinds_of_time(told, kind):
    read = read_spec(spec(service_s=told, travel_s=told, patience_s=told))
    assert read.service == read.travel == read.patience == kind


def test_a_day_and_a_week_are_brought_to_the_same_length():
    read = read_spec(spec(servers={"by_hour": [1] * 120 + [2] * 48}))
    assert read.period_h == 168
    assert read.per_hour == (6.0,) * 168
    assert read.per_day == pytest.approx(144)


def test_teams_with_skills():
    read = read_spec(
        spec(
            servers={"teams": [{"by_hour": [1] * 24, "skills": ["lift"]}, {"by_hour": [2] * 168}]},
            priorities=[{"share": 0, "skill": "gas"}, {"share": 0.5, "skill": "lift"}, {"share": 0.5}],
        )
    )
    assert [len(team.by_hour) for team in read.teams] == [168, 168]
    assert read.teams[0].skills == {"lift"}


def test_unknown_keys_are_nobodys_business():
    assert read_spec(spec(remark="for the meeting")) == read_spec(spec())


def test_no_arrivals_need_no_servers():
    assert read_spec(spec(arrivals={"per_hour": [0] * 24}, servers={"by_hour": [0] * 24})).per_day == 0


TIME = "service_s"
REFUSED = [
    ("format", {"format": "simulation-spec/2"}),
    ("format", {"format": ...}),
    ("arrivals", {"arrivals": ...}),
    ("arrivals", {"arrivals": [6] * 24}),
    ("arrivals.per_hour", {"arrivals": {}}),
    ("arrivals.per_hour", {"arrivals": {"per_hour": [6] * 23}}),
    ("arrivals.per_hour", {"arrivals": {"per_hour": 6}}),
    ("arrivals.per_hour", {"arrivals": {"per_hour": "666666666666666666666666"}}),
    ("arrivals.per_hour[3]", {"arrivals": {"per_hour": [6, 6, 6, -1] + [6] * 20}}),
    ("arrivals.per_hour[0]", {"arrivals": {"per_hour": [math.nan] * 24}}),
    ("arrivals.per_hour[0]", {"arrivals": {"per_hour": [True] * 24}}),
    ("arrivals.per_hour[0]", {"arrivals": {"per_hour": [10**400] * 24}}),
    ("arrivals.per_hour[0]", {"arrivals": {"per_hour": [10**9] * 24}}),
    ("arrivals.per_hour", {"arrivals": {"per_hour": [10**6] * 24}}),
    ("days", {"arrivals": {"per_hour": [20_000] * 24}, TIME: {"kind": "constant", "mean": 1}, "days": 2_000}),
    ("days", {"days": 0}),
    ("days", {"days": 1.5}),
    ("days", {"days": "200"}),
    ("warm_up_days", {"warm_up_days": -1}),
    ("replications", {"replications": 0}),
    (TIME, {TIME: ...}),
    (TIME, {TIME: 600}),
    (f"{TIME}.kind", {TIME: {"kind": "weibull", "mean": 600}}),
    (f"{TIME}.kind", {TIME: {"mean": 600}}),
    (f"{TIME}.kind", {TIME: {"kind": ["constant"] * 50}}),
    (f"{TIME}.mean", {TIME: {"kind": "exponential"}}),
    (f"{TIME}.mean", {TIME: {"kind": "exponential", "mean": 0}}),
    (f"{TIME}.mean", {TIME: {"kind": "exponential", "mean": None}}),
    (f"{TIME}.mean", {TIME: {"kind": "exponential", "mean": -600}}),
    (f"{TIME}.cv", {TIME: {"kind": "lognormal", "mean": 600}}),
    (f"{TIME}.cv", {TIME: {"kind": "lognormal", "mean": 600, "cv": -1}}),
    (f"{TIME}.values", {TIME: {"kind": "empirical", "values": []}}),
    (f"{TIME}.values", {TIME: {"kind": "empirical"}}),
    (f"{TIME}.values", {TIME: {"kind": "empirical", "values": [0, 0]}}),
    (f"{TIME}.values[1]", {TIME: {"kind": "empirical", "values": [5, "x"]}}),
    ("travel_s", {"travel_s": 300}),
    ("travel_s.mean", {"travel_s": {"kind": "lognormal", "mean": 0, "cv": 1}}),
    ("patience_s.kind", {"patience_s": {}}),
    ("servers", {"servers": ...}),
    ("servers", {"servers": {"by_hour": [0] * 24}}),
    ("servers.by_hour", {"servers": {}}),
    ("servers.by_hour", {"servers": {"by_hour": [2] * 25}}),
    ("servers.by_hour[1]", {"servers": {"by_hour": [2, 2.5] + [2] * 22}}),
    ("servers.by_hour[0]", {"servers": {"by_hour": [-1] + [2] * 23}}),
    ("servers.teams", {"servers": {"teams": []}}),
    ("servers.teams", {"servers": {"teams": "lift"}}),
    ("servers.teams[0]", {"servers": {"teams": [3]}}),
    ("servers.teams[0].by_hour", {"servers": {"teams": [{"by_hour": [1]}]}}),
    ("servers.teams[0].skills", {"servers": {"teams": [{"by_hour": [1] * 24, "skills": "lift"}]}}),
    ("priorities", {"priorities": {"share": 1}}),
    ("priorities", {"priorities": [{"share": 0.5}, {"share": 0.4}]}),
    ("priorities[0]", {"priorities": [1]}),
    ("priorities[0].share", {"priorities": [{"respond_s": 5}]}),
    ("priorities[0].share", {"priorities": [{"share": 1.5}]}),
    ("priorities[0].respond_s", {"priorities": [{"share": 1, "respond_s": -5}]}),
    ("priorities[0].skill", {"priorities": [{"share": 1, "skill": 7}]}),
    ("priorities[0].skill", {"priorities": [{"share": 1, "skill": "lift"}]}),
    ("promise", {"promise": ...}),
    ("promise.respond_s", {"promise": {"percentile": 0.9}}),
    ("promise.respond_s", {"promise": {"percentile": 0.9, "respond_s": -1}}),
    ("promise.percentile", {"promise": {"respond_s": 900}}),
    ("promise.percentile", {"promise": {"respond_s": 900, "percentile": 0}}),
    ("promise.percentile", {"promise": {"respond_s": 900, "percentile": 90}}),
]


@pytest.mark.parametrize(("key", "changes"), REFUSED)
def test_what_cannot_be_meant_is_refused_by_its_key(key, changes):
    with pytest.raises(BadSpec) as refusal:
        read_spec(spec(**changes))
    assert refusal.value.key == key
    assert str(refusal.value).startswith(f"{key}: ")
    assert "\n" not in str(refusal.value)


def test_a_list_is_not_a_specification():
    with pytest.raises(BadSpec, match="spec: must be a JSON object"):
        read_spec([])

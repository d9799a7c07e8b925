"""What the authority shows and what it allows agree, whatever somebody holds and wherever an object stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import House
from tests.rooms.requests import ask, row
from yingxu.demand.models import Request
from yingxu.demand.reads import where_of
from yingxu.ground import authority
from yingxu.ground.actor import Actor, Held
from yingxu.ground.models import Place
from yingxu.ground.refusals import NotAllowed, ReasonNeeded
from yingxu.work import queries as work
from yingxu.work.models import Job
from yingxu.work.snapshots import where_of as where_of_job

pytestmark = pytest.mark.django_db

#: Acts that questions filter by.
SHOWN = ("request.read", "promise.read", "job.read", "queue.read", "unanswered.read", "ledger.read_timeline")
#: Shown with a condition or a reason as well.
BOUND = ("requester.see_phone", "personal_data.export", "rating.see_rater", "place.manage")
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def holdings(house: House) -> st.SearchStrategy[tuple[Held, ...]]:
    wards = [(house.places[code], path_of(house, code)) for code in ("S7-ORT", "N5-RES", "S")]

    def held(role: str, here: bool, limits: tuple[Any, ...]) -> Held:
        party, line, ward, team, has_place = limits
        return Held(
            role=role,
            site_id=house.site_id if here else house.site_id + 1,
            party_id=party,
            line_code=line,
            place_id=ward[0] if has_place else None,
            place_path=ward[1] if has_place else "",
            team_id=team,
        )

    limits = st.tuples(
        st.sampled_from([None, house.parties["jia"], house.parties["yi"]]),
        st.sampled_from(["", "PLB", "ELV"]),
        st.sampled_from(wards),
        st.sampled_from([None, *house.teams.values()]),
        st.booleans(),
    )
    one = st.builds(
        held, st.sampled_from(sorted(authority.roles())), st.sampled_from([True, True, True, False]), limits
    )
    return st.lists(one, max_size=3).map(tuple)


def path_of(house: House, code: str) -> str:
    return Place.objects.values_list("path", flat=True).get(pk=house.places[code])


def standing(house: House) -> st.SearchStrategy[dict[str, Any]]:
    people = [house.accounts["nurse"], house.accounts["plumber"]]
    places = [(house.places[code], path_of(house, code)) for code in ("S7-ORT", "N5-RES")]

    def values(
        parties: list[int], teams: list[int], workers: list[int], rest: tuple[str, int | None, tuple[int, str] | None]
    ) -> dict[str, Any]:
        line, owner, place = rest
        return {
            "party_keys": parties,
            "team_keys": teams,
            "worker_keys": workers,
            "line_code": line,
            "owner_id": owner,
            "department_id": place[0] if place else None,
            "place_path": place[1] if place else "",
        }

    def some(keys: list[int]) -> st.SearchStrategy[list[int]]:
        return st.lists(st.sampled_from(keys), max_size=2, unique=True)

    return st.builds(
        values,
        some([house.parties["jia"], house.parties["yi"]]),
        some(list(house.teams.values())),
        some(people),
        st.tuples(
            st.sampled_from(["", "PLB", "ELV"]), st.sampled_from([None, *people]), st.sampled_from([None, *places])
        ),
    )


def allows(actor: Actor, action: str, request: Request) -> bool:
    """Tell whether ``require`` lets it pass without a reason."""
    try:
        authority.require(actor, action, where=where_of(request))
    except (NotAllowed, ReasonNeeded):
        return False
    return True


@FEW
@given(st.data())
def test_a_row_is_in_the_filter_exactly_when_the_act_is_allowed(house: House, data: st.DataObject) -> None:
    request = row(ask(house))
    Request.objects.filter(pk=request.pk).update(**data.draw(standing(house)))
    request.refresh_from_db()
    account = data.draw(st.sampled_from([house.accounts["nurse"], house.accounts["plumber"], 0]))
    actor = data.draw(
        st.one_of(
            holdings(house).map(lambda held: Actor("person", account, "某人", held)),
            st.sampled_from([0, 1]).map(lambda off: Actor("link", request.pk + off, "", (Held("PF"),))),
        )
    )
    for action in (*SHOWN, *BOUND):
        seen = Request.objects.filter(authority.visible(actor, action), pk=request.pk).exists()
        assert seen == allows(actor, action, request), (action, actor, vars(where_of(request)))


@FEW
@given(st.data())
def test_with_a_reason_what_needs_one_is_shown(house: House, data: st.DataObject) -> None:
    request = row(ask(house))
    actor = Actor("person", house.accounts["nurse"], "某人", data.draw(holdings(house)))
    for action in BOUND:
        seen = Request.objects.filter(authority.visible(actor, action, reason="核对"), pk=request.pk).exists()
        assert seen == authority.may(actor, action, where=where_of(request)), action


PEOPLE = (
    *("nurse", "other_nurse", "clerk", "company_clerk", "plumber", "porter", "lift_fitter", "leader", "line_manager"),
    *("manager", "lift_manager", "officer", "director", "supervisor", "auditor", "administrator", "family"),
)


@pytest.mark.parametrize("who", PEOPLE)
def test_jobs_are_listed_to_whom_the_request_may_be_read(house: House, who: str) -> None:
    request = row(ask(house))
    job = Job.objects.get(request=request)
    actor = house.actor(who)
    listed = bool(work.jobs_of_request(actor, request.pk))
    assert listed == authority.may(actor, "job.read", where=where_of_job(job))
    if not listed:
        with pytest.raises(NotAllowed):
            authority.require(actor, "job.read", where=where_of_job(job))

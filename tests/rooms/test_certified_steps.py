"""A step for holders of a certificate only is carried out by such a person, or in the worker's name by one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import MONDAY_NINE, House
from yingxu.standards import texts
from yingxu.team.models import Member, Team
from yingxu.work.certified import require_certificate
from yingxu.work.refusals import CertificateNeeded

pytestmark = pytest.mark.django_db

STEP = {"code": "open_door", "type": "tick", "zh": "盘车", "certificate": "T"}


def given(house: House, who: str, papers: dict[str, list[object]]) -> int:
    Member.objects.filter(account_id=house.accounts[who]).update(papers=papers)
    return house.accounts[who]


def gated(house: House) -> None:
    Team.objects.filter(site_id=house.site_id).update(gates_from=MONDAY_NINE - timedelta(days=1))


@pytest.mark.parametrize(
    ("papers", "state"),
    [
        ({}, "none"),
        ({"T": [False, "2026-01-01", ""]}, "unverified"),
        ({"T": [True, "2025-03-02", ""]}, "expired"),
        ({"T": [True, "2027-01-01", "2025-03-02"]}, "review_overdue"),
    ],
)
def test_without_the_certificate_the_step_is_refused_by_name(
    house: House, papers: dict[str, list[object]], state: str
) -> None:
    gated(house)
    person = given(house, "lift_fitter", papers)
    with pytest.raises(CertificateNeeded) as refused:
        require_certificate(STEP, person, at=MONDAY_NINE)
    assert (refused.value.certificate, refused.value.state) == ("T", state)


def test_with_it_in_date_the_step_is_carried_out_and_either_of_two_will_do(house: House) -> None:
    gated(house)
    person = given(house, "electrician", {"HV": [True, "2025-03-03", ""]})
    require_certificate({**STEP, "certificate": "LV|HV"}, person, at=MONDAY_NINE)  # the last day still counts
    require_certificate({"code": "tidy", "type": "tick"}, person, at=MONDAY_NINE)


def test_papers_decide_from_the_day_on_which_the_teams_do(house: House) -> None:
    require_certificate(STEP, given(house, "plumber", {}), at=MONDAY_NINE)


def test_a_text_keeps_known_certificates_and_names_unknown_ones() -> None:
    text = {"steps": [{**STEP, "mandatory": True}, {**STEP, "code": "b", "certificate": "NONE"}]}
    assert [step["certificate"] for step in texts.cleaned(text)["steps"]] == ["T", "NONE"]
    assert "certificate" not in texts.cleaned({"steps": [{**STEP, "certificate": ""}]})["steps"][0]
    found = [one for one in texts.faults(text, calendars=()) if one.code == "unknown_certificate"]
    assert [(one.at, one.said) for one in found] == [(2, "NONE")]

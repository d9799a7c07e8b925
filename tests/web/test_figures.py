"""Screen 18, demand analysis (D11): figures that open their jobs, downloads, the same filters in every address."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.people import House
from tests.web.test_studies import signed_in
from yingxu.connect.analyst import rounds
from yingxu.demand.models import Request
from yingxu.improve.models import Outlook, TextGroup
from yingxu.improve.queries import SiteDay, sites_without_outlook

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(house: House) -> Client:
    return signed_in(house, "officer")


@pytest.fixture
def asked(house: House) -> int:
    """Six weeks of taps in the mornings, and six askings that nothing fits."""
    from yingxu.standards.models import Item

    faucet = Item.objects.get(site_id=house.site_id, code="plb.faucet")
    now, made = timezone.now(), 0
    for back in range(42):
        for n in range(3):
            at = (now - timedelta(days=back)).replace(hour=1, minute=10 * n, second=0)
            if at < now:
                made += 1
                _request(house, f"F{back}-{n}", at, "水龙头漏水", item=faucet, line_code="PLB")
    for n in range(6):
        made += 1
        _request(house, f"U{n}", now - timedelta(days=n, hours=1), f"18楼单间要24小时热水，第{n}次说")
    return made


def _request(house: House, number: str, at, text: str, **more) -> None:
    Request.objects.create(
        site_id=house.site_id,
        number=number,
        channel="web",
        text=text,
        priority=3,
        created_at=at,
        changed_at=at,
        place_id=house.places["S7-ORT-WC"],
        department_id=house.places["S7-ORT"],
        **more,
    )


def work_out(house: House) -> None:
    now = timezone.now()
    [day] = [one for one in sites_without_outlook(at=now) if one.site_id == house.site_id]
    rounds.work_out(day, at=now)


def test_the_figures_equal_the_hand_count_and_open_their_requests(officer, asked):
    """S8: the top-item table equals the hand count; S18: each number equals its drill-down list."""
    csv = officer.get("/figures?figure=item&as=csv").content.decode().splitlines()
    by_code = {row.split(",")[0]: int(row.split(",")[2]) for row in csv[1:]}
    midnight = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=27)
    assert by_code["plb.faucet"] == Request.objects.filter(item__code="plb.faucet", created_at__gte=since).count()
    listed = officer.get("/figures/jobs?item=plb.faucet").content.decode()
    assert listed.count("data-row") == min(50, by_code["plb.faucet"])
    assert officer.get("/figures/jobs?line=-").content.decode().count("data-row") == by_code[""] == 6


def test_a_cell_of_the_week_counts_what_its_list_shows(officer, asked):
    rows = officer.get("/figures?figure=hours&as=csv").content.decode().splitlines()[1:]
    counts = [int(row.split(",")[2]) for row in rows]
    assert len(counts) == 168
    cell = max(range(168), key=counts.__getitem__)
    shown = officer.get(f"/figures/jobs?weekday={cell // 24}&hour={cell % 24}").content.decode()
    assert shown.count("data-row") == counts[cell]


def test_filters_stay_in_every_address(officer, asked):
    page = officer.get("/figures?line=PLB&priority=3&from=2025-01-01&to=2030-01-01").content.decode()
    for part in ("/figures/forecast?", "/figures/supply?", "/figures/unfamiliar?", "/figures/jobs?"):
        link = page.split(part)[1].split('"')[0]
        assert "line=PLB" in link
        assert "priority=3" in link


@pytest.mark.parametrize("odd", ["from=x&to=y", "priority=9", "weekday=12", "month=2025-13", "after=-1", "line=%00"])
def test_an_odd_address_is_no_fault_of_ours(officer, asked, odd):
    for path in ("/figures", "/figures/jobs", "/figures/forecast", "/figures/supply", "/figures/unfamiliar"):
        assert officer.get(f"{path}?{odd}").status_code in (200, 404, 422)


def test_downloads(officer, asked):
    svg = officer.get("/figures?figure=hours&as=svg")
    assert svg["Content-Type"].startswith("image/svg+xml")
    assert svg.content.startswith(b"<svg")
    assert b"style=" not in svg.content
    assert officer.get("/figures?figure=none&as=csv").status_code == 404


def test_nothing_asked_for_teaches(officer):
    assert 'class="empty-state"' in officer.get("/figures?from=2001-01-01&to=2001-01-02").content.decode()
    assert 'class="empty-state"' in officer.get("/figures/forecast").content.decode()
    assert 'class="empty-state"' in officer.get("/figures/supply").content.decode()


def test_the_round_keeps_a_forecast_and_the_group_that_nothing_fits_once_a_day(officer, asked, house):
    """S19: shared words of five and more unclassified askings raise one candidate."""
    work_out(house)
    assert [one for one in sites_without_outlook(at=timezone.now()) if one.site_id == house.site_id] == []
    whole = Outlook.objects.get(line_code="", site_id=house.site_id)
    assert len(whole.forecast["mean"]) == 14 * 24
    assert whole.forecast["measured"]["n_weeks"] >= 3
    assert whole.forecast["measured"]["mae"] <= whole.forecast["measured"]["naive_mae"] + 0.05
    [group] = TextGroup.objects.filter(site_id=house.site_id)
    assert group.n == 6
    assert any("热水" in word for word in group.words)
    page = officer.get("/figures/forecast").content.decode()
    assert page.count('<svg class="chart"') == 3
    unfit = officer.get("/figures/unfamiliar").content.decode()
    assert "热水" in unfit
    assert officer.get("/figures/unfamiliar/1").content.decode().count("data-row") == 6
    rounds.work_out(SiteDay(house.site_id, "Asia/Shanghai", whole.made_on), at=timezone.now())
    assert Outlook.objects.filter(site_id=house.site_id, line_code="").count() == 1


def test_three_askings_that_the_standard_does_not_give_are_one_gap_with_its_three_evidences(officer, asked, house):
    """S4: three in 30 days for hot water around the clock, each answered with no; two of them are not a gap yet."""
    Request.objects.filter(number__startswith="U").delete()
    now = timezone.now()
    for n in range(3):
        _request(
            house,
            f"D{n}",
            now - timedelta(days=9 * n + 1),
            "18楼单间24小时热水",
            state="declined",
            final_answer="declined",
        )
    found = rounds.found_groups(house.site_id, at=now)
    assert [(len(group.request_keys), group.n_unfit) for group in found] == [(3, 3)]
    assert any("热水" in word for word in found[0].words)
    Request.objects.filter(number="D0").update(created_at=now - timedelta(days=40))
    assert rounds.found_groups(house.site_id, at=now) == []


def test_demand_against_hands_flags_what_is_short(officer, house):
    """S2: demand 200 minutes, capacity 120, short by 80, flagged."""
    now = timezone.now()
    demand, hands = [0.0] * 168, [60.0] * 168
    demand[9], hands[9] = 200.0, 120.0
    supply = {"minutes_each": 20.0, "demand_min": demand, "capacity_min": hands, "weeks": 4, "n_handled": 280}
    for line, given in (("", {}), ("ESC", supply)):
        Outlook.objects.create(
            site_id=house.site_id, line_code=line, made_on=now.date(), made_at=now, n=10, supply=given
        )
    page = officer.get("/figures/supply").content.decode()
    assert "c-late" in page
    rows = officer.get("/figures/supply?figure=shortfall&as=csv").content.decode().splitlines()
    assert rows[10].endswith("200.0,120.0,80.0")
    assert "weekday=0&amp;hour=9" in page


def test_statement_counts(officer, asked, house):
    work_out(house)
    for path, most in (
        ("/figures", 8),
        ("/figures/forecast", 5),
        ("/figures/supply", 5),
        ("/figures/unfamiliar", 6),
        ("/figures/jobs", 4),
    ):
        officer.get(path)
        with CaptureQueriesContext(connection) as seen:
            officer.get(path)
        assert len(seen) <= most, [query["sql"][:90] for query in seen]

"""The promise board: public, counted as the rooms count, with its interval; few are not a share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from tests.people import House
from tests.web.test_desk import asked
from tests.web.test_shell import signed_in
from yingxu.core.quality.share import attainment
from yingxu.demand import actions as demand
from yingxu.promise.models import Promise, QualityPromise
from yingxu.promise.queries import AttainmentRow
from yingxu.web import inside
from yingxu.web.board.figures import figure, month_of
from yingxu.web.clock import site_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def answered(house: House, n: int = 1) -> None:
    for _ in range(n):
        request = asked(house)
        demand.acknowledge_request(
            request_id=request.uid, word="好的", actor=house.actor("clerk"), at=site_clock("Asia/Shanghai")
        )


def test_everybody_reads_the_board_without_a_name_on_it(client: Client, house: House) -> None:
    answered(house, 6)
    html = client.get("/promises/demo").content.decode()
    assert "100%" in html
    assert "n=6" in html
    assert "李护士" not in html
    assert "/promises/demo/jobs" not in html
    assert client.get("/promises/demo/wall").status_code == 200
    assert "n=6" in client.get("/promises").content.decode()


def test_the_public_page_counts_last_months_kept_and_missed_as_the_house_does(client: Client, house: House) -> None:
    """S33: what everybody reads is what the promises' own rows say, kept and missed, by the same question."""
    answered(house, 5)
    late = Promise.objects.filter(milestone="acknowledged").order_by("id")[0]
    Promise.objects.filter(pk=late.pk).update(state="broken")
    page = client.get("/promises/demo")
    said = page.content.decode()
    stored = Promise.objects.filter(milestone="acknowledged", state__in=["kept", "broken"])
    assert (stored.filter(state="kept").count(), stored.count()) == (4, 5)
    assert "n=5" in said
    month = f"{timezone.now().astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m}"
    assert client.get(f"/promises/demo?month={month}").content.decode().count("n=5") == said.count("n=5")


def test_S49_a_lines_speed_never_stands_without_its_quality(client: Client, house: House) -> None:
    """S49: speed and quality side by side, also where no quality is promised yet: then the row says so."""
    answered(house, 6)
    for_line = '<div class="promise-quality">'
    page = client.get("/promises/demo").content.decode()
    assert page.count(for_line) == page.count('class="promise-line"') >= 1
    assert "还没有质量承诺" in page
    today = site_clock("Asia/Shanghai").date()
    QualityPromise.objects.create(
        site_id=house.site_id,
        code="tap",
        name="龙头一次修好",
        line_code=Promise.objects.filter(milestone="acknowledged").first().line_code,
        measure="right_first",
        target="0.950",
        from_on=today.replace(day=1),
        made_at=timezone.now(),
    )
    inside.forget()
    page = client.get("/promises/demo").content.decode()
    row = page[page.index(for_line) : page.index("</li>", page.index(for_line))]
    assert "龙头一次修好" in row
    assert "龙头一次修好" in client.get("/promises/demo/wall").content.decode()


def test_figures_lead_to_their_jobs_for_those_who_may_see_them(house: House) -> None:
    answered(house, 2)
    client = signed_in(house, "officer")
    assert "/promises/demo/jobs?month=" in client.get("/promises/demo").content.decode()
    assert len(client.get("/promises/demo/jobs?milestone=acknowledged&outcome=kept").context["rows"]) == 2
    assert len(client.get("/promises/demo/jobs?milestone=acknowledged&outcome=broken").context["rows"]) == 0
    stranger = signed_in(house, "other_nurse").get("/promises/demo/jobs?milestone=acknowledged&outcome=kept")
    assert len(stranger.context["rows"]) == 0


def test_strangers_are_sent_to_sign_in_before_the_jobs(client: Client, house: House) -> None:
    assert client.get("/promises/demo/jobs").status_code == 302


def test_an_empty_month_teaches(client: Client, house: House) -> None:
    assert "empty-state" in client.get("/promises/demo?month=2001-01").content.decode()


def test_an_unknown_site_is_not_there(client: Client, house: House) -> None:
    assert client.get("/promises/nowhere").status_code == 404


def test_few_are_counts_not_a_share() -> None:
    few = figure(AttainmentRow("PLB", "arrived", 3, 1, 0, 0, 0, attainment(3, 4)), promised=0.9)
    assert (few.is_few, few.tone) == (True, "muted")
    many = figure(AttainmentRow("PLB", "arrived", 90, 8, 2, 1, 3, attainment(90, 100)), promised=0.95)
    assert (many.said, many.interval, many.n_broken, many.n_reported_late, many.tone) == (
        "90%",
        "83–94%",
        10,
        1,
        "late",
    )


@pytest.mark.parametrize("text", ["", "2025-13", "x", "2025-1", "9999-99", "2031-01"])
def test_a_month_that_is_none_is_the_present_one(text: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    month = month_of(text, zone=zone, at=datetime(2025, 3, 31, 17, tzinfo=UTC))
    assert (month.code, month.previous, month.following) == ("2025-04", "2025-03", "")
    assert month.from_at == datetime(2025, 4, 1, tzinfo=zone)


def test_the_jobs_are_those_of_the_hospital_in_the_address(house: House) -> None:
    """The address named a hospital, and the list showed the reader's first one."""
    from tests.people import furnish

    answered(house, 2)
    other = furnish("other", prefix="o_")
    client = signed_in(house, "officer")
    assert client.get("/promises/other/jobs?milestone=acknowledged").status_code == 404
    stranger = signed_in(other, "officer")
    assert stranger.get("/promises/demo/jobs?milestone=acknowledged").status_code == 404
    assert len(stranger.get("/promises/other/jobs?milestone=acknowledged").context["rows"]) == 0
    html = client.get("/promises/demo").content.decode()
    assert "/promises/other?month=" in html


def test_a_milestone_without_a_case_says_so(house: House, client: Client) -> None:
    """The ring of "made safe" was grey and did not say why."""
    answered(house, 6)
    shown = {figure.milestone: figure for figure in client.get("/promises/demo").context["overall"]}
    assert shown["safe"].is_none
    assert (shown["acknowledged"].is_none, shown["acknowledged"].target) == (False, "95%")
    assert "暂无样本" in client.get("/promises/demo").content.decode()


def test_each_promise_of_a_line_has_its_target_and_verdict(house: House, client: Client) -> None:
    answered(house, 6)
    Promise.objects.update(line_code="PLB")
    page = client.get("/promises/demo/line/PLB")
    (target,) = page.context["targets"]
    assert (target.tone, target.figure.n) == ("ok", 6)
    assert client.get("/promises/demo/line/XXX").status_code == 404


def test_verdicts() -> None:
    from yingxu.promise.queries import verdict_of

    assert [verdict_of(attainment(*counts), 0.9) for counts in ((0, 0), (9, 10), (8, 10), (80, 100))] == [
        *("none", "kept", "open", "missed"),
    ]


def quality_form(**more: str) -> dict[str, str]:
    return {
        "code": "plb_checked",
        "name": "维修抽查合格率",
        "line": "PLB",
        "measure": "checked",
        "target": "95",
        "share": "10",
        "stratum_key": "priority",
        "share_1": "100",
        "from_on": f"{timezone.localtime(site_clock('Asia/Shanghai')):%Y-%m-%d}",
        "n_least": "5",
        **more,
    }


def test_quality_is_promised_seen_by_everybody_and_ended(house: House, client: Client) -> None:
    officer = signed_in(house, "officer")
    assert officer.post("/promises/demo/quality", quality_form()).status_code == 302
    for path in ("/promises/demo", "/promises/demo/wall", "/promises/demo/quality", "/promises/demo/line/PLB"):
        assert "维修抽查合格率" in client.get(path).content.decode(), path
    page = client.get("/promises/demo/quality")
    (one,) = page.context["quality"]
    assert "10%" in one.rule
    assert one.tone == "muted"
    assert 'name="target"' not in page.content.decode()
    assert officer.get("/promises/demo/quality/plb_checked/jobs").status_code == 200
    assert officer.get("/promises/demo/quality/plb_checked/jobs?only=unmeasured").status_code == 200
    assert officer.post("/promises/demo/quality/plb_checked/end").status_code == 302
    assert officer.post("/promises/demo/quality/plb_checked/end").status_code == 404


def test_a_temperature_at_the_hand_over_is_promised_in_words(house: House, client: Client) -> None:
    form = quality_form(line="DLV", measure="reading", step="hand_over", low="2", high="10℃")
    assert signed_in(house, "officer").post("/promises/demo/quality", form).status_code == 302
    (one,) = client.get("/promises/demo/quality").context["quality"]
    assert "2\u201310 °C" in one.said
    assert "交接时的温度" in one.said


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "reading", "step": "temp", "low": "warm"},
        {"measure": "reading"},
        {"target": ""},
        {"target": "viel"},
        {"target": "0"},
        {"measure": "score"},
        {"n_least": "x"},
        {"code": ""},
    ],
)
def test_a_quality_promise_that_is_none_is_said_and_nothing_is_lost(house: House, wrong: dict[str, str]) -> None:
    page = signed_in(house, "officer").post("/promises/demo/quality", quality_form(**wrong))
    assert page.status_code == 422
    assert page.context["trouble"]
    assert "维修抽查合格率" in page.content.decode()


def test_only_the_officer_promises_quality(house: House, client: Client) -> None:
    assert client.post("/promises/demo/quality", quality_form()).status_code == 403
    assert signed_in(house, "nurse").post("/promises/demo/quality", quality_form()).status_code == 403

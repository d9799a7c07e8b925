"""Rating stands (domain S65, AS-18): two taps, a queue that may arrive twice, too many held apart, figures with n."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.people import MONDAY_NINE, House
from tests.web.test_shell import signed_in
from yingxu.ground.refusals import Malformed
from yingxu.team.models import Duty, Member
from yingxu.voice.actions.stands import STAND, NewTap, TapsKept, leave_taps, set_stand
from yingxu.voice.models import Tap
from yingxu.voice.queries.stands import stand_scores
from yingxu.web.clock import site_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(house: House) -> str:
    return set_stand(site_id=house.site_id, name="门诊大厅", actor=house.actor("officer"), at=MONDAY_NINE).token


def leave(token: str, *taps: NewTap, device: str = "d1", after: timedelta = timedelta()) -> TapsKept:
    return leave_taps(token=token, taps=taps, device=device, actor=STAND, at=MONDAY_NINE + after)


def test_nine_votes_of_one_device_in_one_hour_count_three(house: House, token: str) -> None:
    """AS-18."""
    kept = [leave(token, NewTap(f"t{n}", 1, "slow", 0), after=timedelta(minutes=5 * n)) for n in range(9)]
    assert [one.n_apart for one in kept] == [0, 0, 0, 1, 1, 1, 1, 1, 1]
    assert Tap.objects.count() == 9
    assert set(Tap.objects.filter(quarantine="too_many").values_list("client_id", flat=True)) == {
        f"t{n}" for n in range(3, 9)
    }
    (score,) = stand_scores(
        house.actor("officer"), house.site_id, since=MONDAY_NINE, until=MONDAY_NINE + timedelta(hours=1)
    )
    assert (score.n_bad, score.good.n, score.n_apart) == (3, 3, 6)
    # another device, and the same one after the hour, count
    assert leave(token, NewTap("x", 3, "", 0), device="d2", after=timedelta(minutes=50)).n_apart == 0
    assert leave(token, NewTap("y", 3, "", 0), after=timedelta(minutes=61)).n_apart == 0


def test_a_queue_that_arrives_twice_counts_once_at_its_own_moments(token: str) -> None:
    queue = [NewTap("a", 3, "fast", 7200), NewTap("b", 2, "", 60), NewTap("a", 3, "fast", 7200)]
    assert leave(token, *queue).n == 2
    assert leave(token, *queue, after=timedelta(minutes=1)).n == 0
    assert Tap.objects.get(client_id="a").tapped_at == MONDAY_NINE - timedelta(hours=2)


def test_the_device_is_a_digest_of_its_day(token: str) -> None:
    leave(token, NewTap("a", 3, "", 0), device="TELLTALE")
    leave(token, NewTap("b", 3, "", 0), device="TELLTALE", after=timedelta(days=1))
    first, second = Tap.objects.order_by("tapped_at")
    assert "TELLTALE" not in first.device
    assert first.device != second.device


def test_what_is_no_face_is_refused(token: str) -> None:
    for tap in (NewTap("a", 4, "", 0), NewTap("a", 3, "x", 0), NewTap("", 3, "", 0)):
        with pytest.raises(Malformed):
            leave(token, tap)


def sent(client: Client, token: str, body: Any) -> int:
    return client.post(f"/t/{token}/taps", json.dumps(body), content_type="application/json").status_code


def test_the_page_takes_a_queue_and_refuses_nonsense(token: str, client: Client) -> None:
    good = {"device": "d", "taps": [{"id": "1", "face": 3, "reason": "fast", "ago_s": 5}]}
    assert sent(client, token, good) == 200
    assert sent(client, token, {"device": "d"}) == 422
    assert sent(client, token, [1]) == 422
    assert sent(client, token, {"device": "d", "taps": [{"id": "1", "face": "x"}]}) == 422
    assert client.post("/t/guess/taps", "{}", content_type="application/json").status_code == 404
    assert Tap.objects.count() == 1


def test_without_a_script_one_touch_is_a_rating(token: str, client: Client) -> None:
    assert 'name="face"' in client.get(f"/t/{token}").content.decode()
    page = client.post(f"/t/{token}", {"face": "1", "tap": "t-1"}).content.decode()
    assert 'content="8;' in page
    assert Tap.objects.get().face == 1


def test_figures_say_their_n(house: House, token: str, client: Client) -> None:
    officer = signed_in(house, "officer")
    sent(client, token, {"device": "d", "taps": [{"id": str(n), "face": 3, "reason": "fast"} for n in range(2)]})
    page = officer.get("/stands").content.decode()
    assert "n = 2" in page
    assert officer.post("/stands", {"name": "", "most": "3"}).status_code == 422


def test_o2_the_stand_shows_who_is_on_duty_for_its_line(house: House, client: Client) -> None:
    made = set_stand(
        site_id=house.site_id, name="维修窗口", line_code="PLB", actor=house.actor("officer"), at=MONDAY_NINE
    )
    Member.objects.filter(account_id=house.accounts["plumber"]).update(is_present=True)
    Member.objects.filter(account_id=house.accounts["porter"]).update(is_present=True)
    name, other = (house.actor(who).name for who in ("plumber", "porter"))
    page = client.get(f"/t/{made.token}").content.decode()
    assert name in page
    assert other not in page
    Member.objects.filter(account_id=house.accounts["plumber"]).update(is_present=False)
    assert name not in client.get(f"/t/{made.token}/duty").content.decode()


def test_a_tablet_that_is_switched_on_without_a_network_finds_its_page(client: Client, house: House) -> None:
    """The stand's own worker keeps its page under a name of its own, apart from the kiosks'."""
    worker = client.get("/t/sw.js")
    text = worker.content.decode()
    assert worker.headers["Service-Worker-Allowed"] == "/t/"
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert '"yingxu-stand"' in text
    assert "stand.js" in text
    assert "__" not in text.split("self.addEventListener")[0].replace("__proto__", "")
    assert '"yingxu-kiosk"' in client.get("/k/sw.js").content.decode()


def test_what_is_wrong_with_a_new_stand_is_said_beside_its_fields(house: House) -> None:
    officer = signed_in(house, "officer")
    html = officer.post("/stands", {"name": "门诊大厅", "place": "NOPE", "most": "3", "command": "s1"}).content.decode()
    assert html.index("form-wrong") > html.index("设立评议台")
    assert 'value="门诊大厅"' in html


def test_a_tap_keeps_which_team_was_on_duty_and_nobodys_name(house: House) -> None:
    """Figures by team are those of the moment: who is on duty today changes nothing of what was touched yesterday."""
    made = set_stand(
        site_id=house.site_id, name="水电窗口", line_code="PLB", actor=house.actor("officer"), at=MONDAY_NINE
    )
    member = Member.objects.get(account_id=house.accounts["plumber"])
    Duty.objects.create(
        site_id=house.site_id, account_id=member.account_id, set_at=MONDAY_NINE,
        starts_at=MONDAY_NINE - timedelta(hours=8), ends_at=MONDAY_NINE - timedelta(hours=1),
    )  # fmt: skip
    Member.objects.update(is_present=False)
    late = [NewTap("night", 1, "", 2 * 3600.0), NewTap("now", 3, "", 0.0)]
    leave_taps(token=made.token, taps=late, device="d", actor=STAND, at=MONDAY_NINE)
    duty = {tap.client_id: [one[0] for one in tap.duty] for tap in Tap.objects.all()}
    assert duty == {"night": [member.team_id], "now": []}
    Member.objects.filter(pk=member.pk).update(is_present=True)
    leave_taps(token=made.token, taps=[NewTap("here", 3, "", 5.0)], device="d", actor=STAND, at=MONDAY_NINE)
    assert Tap.objects.get(client_id="here").duty == [[member.team_id, "", ""]]
    Member.objects.filter(pk=member.pk).update(team_id=house.teams["escort"])  # moved since: the past stays
    rows = stand_scores(
        house.actor("officer"),
        house.site_id,
        since=MONDAY_NINE - timedelta(days=1),
        until=MONDAY_NINE + timedelta(days=1),
    )
    [team] = rows[0].teams
    assert (team.good.hits, team.good.n) == (1, 2)
    Tap.objects.update(tapped_at=site_clock("Asia/Shanghai"))
    html = signed_in(house, "officer").get("/stands").content.decode()
    assert "按被点时当班的班组" in html
    assert team.name in html

"""The desk proposes: live while typing, in the drawer; by one key; previews say who is told what before anybody is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import House
from tests.web.test_desk import FRAGMENT, asked
from tests.web.test_shell import signed_in
from yingxu.demand import actions as demand
from yingxu.demand.models import Request, TriageProposal
from yingxu.web import inside, links
from yingxu.web.clock import site_clock
from yingxu.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    inside.forget()
    yield
    inside.forget()


def test_what_is_typed_is_proposed_with_the_words_that_decided(house: House) -> None:
    client = signed_in(house, "clerk")
    html = client.get("/desk/proposal", {"text": "7楼骨科卫生间马桶堵了"}, headers=FRAGMENT).content.decode()
    assert 'data-item="plb.toilet"' in html
    assert 'data-place="S7-ORT-WC"' in html
    assert "马桶堵了”" in html
    assert "data-apply" in html


def test_one_question_asks_for_what_is_missing_and_blocks_nothing(house: House) -> None:
    client = signed_in(house, "clerk")
    html = client.get("/desk/proposal", {"text": "灯不亮"}, headers=FRAGMENT).content.decode()
    assert 'data-item="ele.light"' in html
    assert "proposal-ask" in html


def test_danger_words_turn_the_proposal_red(house: House) -> None:
    client = signed_in(house, "clerk")
    html = client.get("/desk/proposal", {"text": "3号电梯困人了"}, headers=FRAGMENT).content.decode()
    assert "is-critical" in html
    assert 'role="alert"' in html
    # the item's own urgency is critical already: nothing has to be set
    assert 'data-item="elv.trapped"' in html


def test_nothing_typed_is_nothing_proposed(house: House) -> None:
    assert "data-proposal" not in signed_in(house, "clerk").get("/desk/proposal?text=").content.decode()


@pytest.mark.parametrize(("name", "status"), [("clerk", 200), ("leader", 200), ("nurse", 403), ("auditor", 403)])
def test_who_takes_calls_is_proposed_to(house: House, name: str, status: int) -> None:
    assert signed_in(house, name).get("/desk/proposal?text=灯", headers=FRAGMENT).status_code == status


def test_a_call_keeps_what_was_shown_beside_what_was_sent(house: House) -> None:
    client = signed_in(house, "clerk")
    said = {
        "text": "7楼骨科卫生间马桶堵了",
        "item": "plb.drain",
        "place": "S7-ORT-WC",
        "seen": "1",
        "phone": "13700002222",
    }
    client.post("/desk/call", {**said, "command": "p1"}, headers=FRAGMENT)
    kept = TriageProposal.objects.get(request__requester_phone="13700002222")
    assert (kept.item_code, kept.decided_item_code) == ("plb.toilet", "plb.drain")
    assert kept.place_code == kept.decided_place_code == "S7-ORT-WC"


def test_a_call_that_was_shown_nothing_keeps_nothing(house: House) -> None:
    signed_in(house, "clerk").post("/desk/call", {"text": "马桶堵了", "item": "plb.toilet", "place": "S7-ORT-WC"})
    assert not TriageProposal.objects.exists()


def test_an_unread_request_is_proposed_in_its_drawer_and_taken_on_by_one_key(house: House) -> None:
    request, client = asked(house, text="骨科卫生间水龙头关不上", place=None), signed_in(house, "clerk")
    html = client.get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    assert 'name="item" value="plb.faucet"' in html
    assert 'name="place" value="S7-ORT-WC"' in html
    assert 'data-key="a"' in html
    client.post(
        f"/desk/requests/{request.uid}/accept",
        {"item": "plb.faucet", "place": "S7-ORT-WC", "seen": "1", "said": request.text},
        headers=FRAGMENT,
    )
    assert TriageProposal.objects.get(request=request).decided_item_code == "plb.faucet"
    assert Job.objects.filter(request=request).exists()


def test_a_critical_request_by_rule_sounds_at_the_desk_whatever_is_filtered(house: House) -> None:
    request = asked(house, text="病房插座冒烟着火了", place="S7-ORT-ST")
    client = signed_in(house, "clerk")
    for view in ("/desk", "/desk?line=CLN"):
        html = client.get(view).content.decode()
        assert "data-alarm" in html
        assert str(request.uid) in html
    job = Job.objects.filter(request=request).first()
    assert job is None, "a rule makes it critical; what is done and who goes a person decides"
    client.post(f"/desk/requests/{request.uid}/transfer", {"receiver": "equipment", "word": "x"})
    assert "data-alarm" not in client.get("/desk").content.decode()


def test_the_callers_page_of_a_critical_request_shows_the_number_to_call(house: House) -> None:
    request = asked(house, text="病房插座冒烟着火了", place="S7-ORT-ST")
    html = signed_in(house, "nurse").get(f"/f/{links.follow_code(request.uid)}").content.decode()
    assert 'href="tel:6666"' in html
    calm = asked(house, text="灯不亮")
    assert 'class="emergency' not in signed_in(house, "nurse").get(f"/f/{links.follow_code(calm.uid)}").content.decode()


def test_the_likely_same_incident_is_shown_and_merged_with_a_preview(house: House) -> None:
    """AS-11: the preview says who is told what; the second caller keeps own number; it can be taken back."""
    first = asked(house, item="plb.toilet", text="骨科卫生间马桶堵了")
    second = asked(house, text="7楼骨科厕所堵了,马桶漫水")
    client = signed_in(house, "clerk")
    html = client.get(f"/desk/requests/{second.uid}", headers=FRAGMENT).content.decode()
    assert f"/desk/requests/{second.uid}/merge-into/{first.number}" in html
    assert 'data-key="m"' in html
    preview = client.get(f"/desk/requests/{second.uid}/merge-into/{first.number}", headers=FRAGMENT).content.decode()
    assert "李护士" in preview
    assert second.number in preview
    assert "data-confirm" in preview
    second.refresh_from_db()
    assert second.is_open, "a preview changes nothing"
    client.post(f"/desk/requests/{second.uid}/merge", {"number": first.number}, headers=FRAGMENT)
    second.refresh_from_db()
    assert second.master_id == first.pk
    client.post(f"/desk/requests/{second.uid}/unmerge", {}, headers=FRAGMENT)
    second.refresh_from_db()
    assert second.is_open


def test_a_merge_that_cannot_be_is_refused_in_words(house: House) -> None:
    request, client = asked(house), signed_in(house, "clerk")
    assert client.get(f"/desk/requests/{request.uid}/merge-into/{request.number}", headers=FRAGMENT).status_code >= 400
    assert client.get(f"/desk/requests/{request.uid}/merge-into/999999", headers=FRAGMENT).status_code == 404


def test_one_text_is_split_into_several_jobs_with_a_preview(house: House) -> None:
    """AS-12: one demand, two jobs, one number."""
    request = asked(house, item="plb.toilet", text="马桶堵了灯也不亮")
    client = signed_in(house, "clerk")
    html = client.get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    assert f"/desk/requests/{request.uid}/preview/split" in html
    preview = client.get(f"/desk/requests/{request.uid}/preview/split", headers=FRAGMENT).content.decode()
    assert f"{request.number}-2" in preview
    client.post(f"/desk/requests/{request.uid}/split", {"items": ["ele.light"]}, headers=FRAGMENT)
    assert Job.objects.filter(request=request).count() == 2
    again = client.get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    assert "/preview/split" not in again


def test_an_unread_text_is_split_by_taking_it_on_with_all_its_kinds(house: House) -> None:
    request = asked(house, text="马桶堵了灯也不亮")
    client = signed_in(house, "clerk")
    preview = client.get(f"/desk/requests/{request.uid}/preview/split").content.decode()
    assert f"{request.number}-1" in preview
    client.post(f"/desk/requests/{request.uid}/accept", {"items": ["plb.toilet", "ele.light"]})
    assert Job.objects.filter(request=request).count() == 2


def test_after_sending_merging_and_splitting_are_one_key_away(house: House) -> None:
    asked(house, item="plb.toilet", text="骨科卫生间马桶堵了")
    client = signed_in(house, "clerk")
    said = {"text": "骨科卫生间马桶堵了灯也不亮", "item": "plb.toilet", "place": "S7-ORT-WC", "phone": "13700003333"}
    html = client.post("/desk/call", said, headers=FRAGMENT).content.decode()
    request = Request.objects.get(requester_phone="13700003333")
    assert f"/desk/requests/{request.uid}/merge-into/" in html
    assert f"/desk/requests/{request.uid}/preview/split" in html


def test_empty_columns_take_no_width(house: House) -> None:
    asked(house)
    html = signed_in(house, "clerk").get("/desk").content.decode()
    assert html.count('class="board-column"') == 1
    assert "board-empty" in html


def test_proposing_asks_the_database_little(house: House) -> None:
    asked(house, item="plb.toilet", text="骨科卫生间马桶堵了")
    client = signed_in(house, "clerk")
    client.get("/desk/proposal?text=马桶堵了", headers=FRAGMENT)
    with CaptureQueriesContext(connection) as asked_for:
        client.get("/desk/proposal?text=骨科马桶堵了", headers=FRAGMENT)
    # who it is; the recent requests. Places, catalogue and the table in use are kept for half a minute
    assert len(asked_for) == 2


def test_a_known_callers_place_decides_between_two_alike(house: House) -> None:
    demand.raise_request(
        site_id=house.site_id,
        channel="phone",
        text="灯不亮",
        place_code="S7-ORT-ST",
        requester_phone="13711112222",
        requester_name="护士站",
        actor=house.actor("clerk"),
        at=site_clock("Asia/Shanghai"),
    )
    client = signed_in(house, "clerk")
    html = client.get("/desk/caller?phone=13711112222", headers=FRAGMENT).content.decode()
    assert 'name="near"' in html
    assert 'value="S7-ORT-ST"' in html


def test_what_others_own_is_proposed_to_be_carried_to_them(house: House) -> None:
    """S32: 呼吸机黑屏 is not rejected; its owner stands first, the form is open; the asker sees who has it."""
    request, client = asked(house, text="呼吸机黑屏", place="S4-ICU"), signed_in(house, "clerk")
    html = client.get(f"/desk/requests/{request.uid}", headers=FRAGMENT).content.decode()
    form = html.split(f"/desk/requests/{request.uid}/transfer")[0].rsplit("<details", 1)[1]
    assert form.startswith(' class="act" open')
    client.post(f"/desk/requests/{request.uid}/transfer", {"receiver": "equipment", "word": "设备科来处理"})
    page = client.get(f"/f/{links.follow_code(request.uid)}").content.decode()
    assert "设备科" in page


def test_nothing_is_carried_to_a_department_that_nobody_chose(house: House) -> None:
    """Where no owner is likely no department stands first: one press would have sent it to the first of the list."""
    leaking, breathing = asked(house), asked(house, text="呼吸机黑屏", place="S4-ICU")
    client = signed_in(house, "clerk")
    html = client.get(f"/desk/requests/{leaking.uid}", headers=FRAGMENT).content.decode()
    for name in ("transfer-receiver", "cancel-reason"):
        assert f'id="{name}" name="{name.split("-")[1]}" required><option value="">请选择</option>' in html
    answer = client.post(f"/desk/requests/{leaking.uid}/transfer", {"receiver": "", "word": ""})
    assert answer.status_code == 422
    html = client.get(f"/desk/requests/{breathing.uid}", headers=FRAGMENT).content.decode()
    assert 'name="receiver"><option value="equipment">' in html


@pytest.mark.parametrize("text", ["谢谢", "test", "???"])
def test_a_bare_word_is_shown_as_nothing_to_do(house: House, text: str) -> None:
    html = signed_in(house, "clerk").get("/desk/proposal", {"text": text}).content.decode()
    assert "没有读出要办的事" in html
    assert "proposal-ask" in html
    assert 'class="urgency' not in html
    assert 'data-item=""' in html

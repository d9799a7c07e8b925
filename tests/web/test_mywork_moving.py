"""Parts, loads and voices from a phone without signal: once, at their moment; what the shelf cannot give is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.people import House
from tests.rooms.stock import a_part, a_store, came
from tests.rooms.test_work_loop import uid
from tests.web.test_desk import asked
from tests.web.test_mywork_sync import PNG, Phone, ms, now, offered, results, state
from tests.web.test_transport import PATIENT
from yingxu.demand import actions as demand
from yingxu.demand.models import Request
from yingxu.demand.wanted import Wanted
from yingxu.dispatch import actions as dispatch
from yingxu.ground.models import Delivery, Entry, File
from yingxu.web import inside
from yingxu.work.actions import parts
from yingxu.work.models import (
    CustodyScan,
    Job,
    Level,
    Movement,
    Pause,
    Reservation,
    SetAside,
    Shortage,
    TransportDelay,
    ZoneSignIn,
)

pytestmark = pytest.mark.django_db
VOICE = b"\x1aE\xdf\xa3" + b"\x00" * 90


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, settings: LazySettings) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path
    inside.forget()
    yield
    inside.forget()


def shelf(house: House, n: int = 5, *, keeper: str | None = None) -> Level:
    part = a_part(house, item_codes=["plb.faucet"])
    return came(house, a_store(house, keeper=keeper), part, n, at=now() - timedelta(days=1))


def begun(house: House, phone: Phone) -> Job:
    job = offered(house)
    found = phone.send(
        phone.act("accept", job, 40), phone.act("arrive", job, 35, code="S7-ORT"), phone.act("start", job, 34)
    )
    assert results(found) == ["done"] * 3
    return job


def left(level: Level) -> tuple[Decimal, Decimal]:
    level.refresh_from_db()
    return level.on_hand, level.reserved


def test_parts_taken_kept_and_given_back_without_signal_are_booked_once_at_their_moment(house: House) -> None:
    phone, level = Phone(house), shelf(house)
    job = begun(house, phone)
    named = {"level": str(level.uid)}
    commands = [
        phone.act("part-keep", job, 30, quantity="2", **named),
        phone.act("part-take", job, 28, quantity="3", **named),
        phone.act("part-back", job, 20, quantity="1", **named),
    ]
    assert results(phone.send(*commands)) == ["done"] * 3
    assert results(phone.send(*commands)) == ["already"] * 3
    assert left(level) == (3, 0)
    moves = Movement.objects.filter(job=job).order_by("id")
    assert [(row.kind, row.quantity) for row in moves] == [("issued", -3), ("returned", 1)]
    assert abs(now() - timedelta(minutes=28) - moves[0].moved_at) < timedelta(seconds=10)
    entry = Entry.objects.get(kind="work.part.issued")
    assert entry.facts["phone_late_s"] > 27 * 60
    [held] = phone.client.get("/my-work/carried").json()["jobs"][0]["parts"]
    assert held == {"level": str(level.uid), "used": "2", "kept": "0"}


def test_what_was_kept_is_let_go_without_signal(house: House) -> None:
    phone, level = Phone(house), shelf(house)
    job = begun(house, phone)
    named = {"level": str(level.uid)}
    sent = phone.send(phone.act("part-keep", job, 9, quantity="2", **named), phone.act("part-release", job, 8, **named))
    assert results(sent) == ["done", "done"]
    assert left(level) == (5, 0)
    assert Reservation.objects.get().ended_how == "released"


def test_what_the_shelf_had_given_away_meanwhile_is_told_to_worker_desk_and_keeper_and_never_dropped(
    house: House,
) -> None:
    """The rule: the store's book wins; what is in the worker's hand is kept as a report until somebody has looked."""
    phone, level = Phone(house), shelf(house, 1, keeper="porter")
    job = begun(house, phone)
    other = offered(house)
    Phone(house).send(phone.act("accept", other, 30))
    parts.reserve_part(
        job_id=other.uid, level_id=level.uid, quantity=Decimal(1), actor=house.actor("plumber"), at=now()
    )
    taken = phone.act("part-take", job, 20, level=str(level.uid), quantity="1")
    [told] = phone.send(taken)
    assert told["result"] == "conflict"
    assert "陶瓷阀芯" in told["words"]
    assert left(level) == (1, 1)
    report = SetAside.objects.get()
    assert (report.kind, report.problem, report.said["quantity"]) == ("conflict", "not_enough_stock", "1")
    asked = Delivery.objects.filter(kind="work.report.set_aside").values_list("to_account_id", flat=True)
    assert {house.accounts[name] for name in ("clerk", "leader", "porter")} <= set(asked)
    assert phone.client.get("/my-work/carried").json()["reports"][0]["act"] == "part-take"
    assert results(phone.send(taken)) == ["conflict"]
    assert SetAside.objects.count() == 1


def test_a_quantity_that_is_none_is_refused_and_the_next_of_that_part_settles_it(house: House) -> None:
    phone, level = Phone(house), shelf(house)
    job = begun(house, phone)
    wrong = phone.act("part-take", job, 20, level=str(level.uid), quantity="1.5")
    assert results(phone.send(wrong)) == ["refused"]
    other = came(house, a_store(house, "B"), a_part(house, "P2"), 3, at=now() - timedelta(days=1))
    assert results(phone.send(phone.act("part-take", job, 19, level=str(other.uid), quantity="1"))) == ["done"]
    assert SetAside.objects.get().settled_at is None  # another part settles nothing
    assert results(phone.send(phone.act("part-take", job, 18, level=str(level.uid), quantity="2"))) == ["done"]
    assert SetAside.objects.get().settled_how == "again"


def test_another_steps_success_does_not_settle_a_refused_step(house: House) -> None:
    phone = Phone(house)
    job = begun(house, phone)
    card = phone.client.get("/my-work/carried").json()["jobs"][0]
    first, second = [step for step in card["steps"] if step["kind"] == "tick"][:2]
    assert results(phone.send(phone.act("step", job, 9, step=first["code"], value="perhaps"))) == ["refused"]
    assert results(phone.send(phone.act("step", job, 8, step=second["code"], value=True))) == ["done"]
    assert SetAside.objects.get().settled_at is None
    assert results(phone.send(phone.act("step", job, 7, step=first["code"], value=True))) == ["done"]
    assert SetAside.objects.get().settled_how == "again"


def test_a_part_that_lacks_rests_the_work_from_the_moment_it_was_said(house: House) -> None:
    phone, level = Phone(house), shelf(house, 1)
    job = begun(house, phone)
    lack = phone.act(
        "part-lack", job, 30, part=str(level.part.uid), store=str(level.store.uid), quantity="4", hours=1, note="急"
    )
    assert results(phone.send(lack)) == ["done"]
    assert state(job) == "paused"
    pause, row = Pause.objects.get(job=job), Shortage.objects.get()
    assert abs(now() - timedelta(minutes=30) - pause.asked_at) < timedelta(seconds=10)
    assert pause.asked_at == row.asked_at
    [lacking] = phone.client.get("/my-work/carried").json()["jobs"][0]["lacking"]
    assert (lacking["id"], lacking["quantity"]) == (str(row.uid), "4")
    assert results(phone.send(phone.act("part-drop", job, 5, shortage=lacking["id"]))) == ["done"]
    assert results(phone.send(phone.act("part-drop", job, 4, shortage=lacking["id"]))) == ["conflict"]


@pytest.mark.parametrize("hours", [0, True, "24", None, 10_000])
def test_hours_that_are_none_are_refused(house: House, hours: object) -> None:
    phone, level = Phone(house), shelf(house, 1)
    job = begun(house, phone)
    said = {"part": str(level.part.uid), "store": str(level.store.uid), "quantity": "4", "hours": hours}
    assert results(phone.send(phone.act("part-lack", job, 30, **said))) == ["refused"]


def test_the_phone_carries_what_the_stores_hold_the_usual_parts_first_and_no_prices(house: House) -> None:
    phone, level = Phone(house), shelf(house)
    came(house, a_store(house, "B"), a_part(house, "A0"), 3, at=now() - timedelta(days=1))
    assert [row["code"] for row in phone.client.get("/my-work/shelves").json()["shelves"]] == ["A0", "P1"]
    begun(house, phone)
    answer = phone.client.get("/my-work/shelves")
    rows = answer.json()["shelves"]
    assert [row["code"] for row in rows] == ["P1", "A0"]
    assert (rows[0]["level"], rows[0]["free"], rows[0]["items"]) == (str(level.uid), "5", ["plb.faucet"])
    assert "1250" not in answer.content.decode()


def test_the_chips_of_a_defect_are_what_the_line_is_asked_for_most(house: House) -> None:
    """Not the codes' order: what a thumb looks for stands first; what workers found themselves counts twice."""
    phone = Phone(house)
    by_code = [code for code, _ in phone.client.get("/my-work/carried").json()["kinds"]]
    assert by_code == sorted(by_code)
    second, last = by_code[1], by_code[-1]
    for item in (second, second, last):
        asked(house, item=item)
    inside.forget()
    assert [code for code, _ in phone.client.get("/my-work/carried").json()["kinds"]][:2] == [second, last]
    found = [
        phone.act("defect", None, 3, text="坏了", item=last, place="S7-ORT-ST"),
        phone.act("defect", None, 2, text="坏了", item=last, place="S7-ORT-ST"),
    ]
    assert results(phone.send(*found)) == ["done", "done"]
    inside.forget()
    assert [code for code, _ in phone.client.get("/my-work/carried").json()["kinds"]][:2] == [last, second]


def test_finishing_without_signal_is_refused_with_all_that_is_missing_and_what_failed_goes_on(house: House) -> None:
    """The gate is the server's for the phone too: the list, then a step that failed opens its own follow-up."""
    phone = Phone(house)
    job = begun(house, phone)
    card = phone.client.get("/my-work/carried").json()["jobs"][0]
    done = {"result": "换了", "minutes": 15, "cause": "wear"}
    [told] = phone.send(phone.act("finish", job, 30, **done))
    must = [step["text"] for step in card["steps"] if step["mandatory"] and step["code"] != "place"]
    assert told["result"] == "refused"
    assert all(text in told["words"] for text in must)
    phone.upload()
    acts, bad = [], ""
    for step in card["steps"]:
        if step["kind"] == "photo":
            named = [{"sha256": hashlib.sha256(PNG).hexdigest(), "taken_at": ms(now() - timedelta(minutes=20))}]
            acts.append(phone.act("photo", job, 20, label=step["code"], photos=named))
        elif step["code"] != "place":
            value = step["choices"][0][0] if step["choices"] else step["min"] or step["kind"] == "tick" or "好"
            if step["kind"] == "tick" and not step["critical"] and not bad:
                bad, value = step["code"], None
            note = "阀门锈死" if value is None else ""
            acts.append(phone.act("step", job, 20, step=step["code"], value=value, note=note))
    assert results(phone.send(*acts, phone.act("finish", job, 10, **done))) == ["done"] * (len(acts) + 1)
    assert SetAside.objects.get(act="finish").settled_how == "again"
    assert bad
    assert "阀门锈死" in Request.objects.get(channel="follow_up").text


# loads


def carried_to(house: House, phone: Phone) -> Job:
    at = now()
    raised = demand.raise_request(
        site_id=house.site_id,
        channel="web",
        text="送检查",
        item_code="esc.exam",
        place_code="S7-ORT-ST",
        wanted=Wanted(form=PATIENT),
        actor=house.actor("nurse"),
        at=at - timedelta(hours=1),
    )
    job = Job.objects.get(request__uid=raised.id)
    dispatch.assign_job(
        job_id=job.uid, worker_id=uid(house, "porter"), actor=house.actor("clerk"), at=at - timedelta(minutes=59)
    )
    Job.objects.filter(pk=job.pk).update(accept_by=at + timedelta(hours=1))
    found = phone.send(
        phone.act("accept", job, 40), phone.act("arrive", job, 35, code="S7-ORT-ST"), phone.act("start", job, 34)
    )
    assert results(found) == ["done"] * 3
    return job


def mark(job: Job, name: str, said: str) -> str:
    return hashlib.sha256(f"{job.uid}:{name}:{said}".encode()).hexdigest()[:16]


def test_a_patient_is_taken_and_handed_over_without_signal(house: House) -> None:
    phone = Phone(house, "porter")
    job = carried_to(house, phone)
    answer = phone.client.get("/my-work/carried")
    load = answer.json()["jobs"][0]["load"]
    assert (load["stage"], load["patient"], load["to"][-3:]) == ("waiting", True, "呼吸科")
    assert load["marks"] == [mark(job, "first", "赵一鸣"), mark(job, "second", "zy20250381")]
    assert "赵一鸣" not in answer.content.decode()
    who = {"first": "赵一鸣", "second": "ZY20250381"}
    sent = phone.send(
        phone.act("load-take", job, 30, code="S7-ORT-ST", **who),
        phone.act("load-delay", job, 28, reason_code="lift"),
        phone.act("load-go-on", job, 25),
        phone.act("load-give", job, 20, counterpart="林技师", code="N5-RES", **who),
    )
    assert results(sent) == ["done"] * 4
    taken, given = CustodyScan.objects.order_by("id")
    assert abs(now() - timedelta(minutes=30) - taken.scanned_at) < timedelta(seconds=10)
    assert (given.kind, given.proof, given.counterpart) == ("given", "code", "林技师")
    stood = TransportDelay.objects.get()
    assert stood.ended_at is not None
    assert abs(stood.ended_at - stood.begun_at - timedelta(minutes=3)) < timedelta(seconds=5)


def test_another_patient_is_not_taken_and_the_desk_hears_of_it_without_the_name(house: House) -> None:
    phone = Phone(house, "porter")
    job = carried_to(house, phone)
    [told] = phone.send(phone.act("load-take", job, 30, first="钱二", second="ZY20250381"))
    assert told["result"] == "conflict"
    assert not CustodyScan.objects.exists()
    report = SetAside.objects.get()
    assert (report.problem, report.said["first"], report.said["second"]) == ("identifiers_differ", "•••", "•••")
    told_to = Delivery.objects.filter(kind="work.report.set_aside").values_list("to_account_id", flat=True)
    assert house.accounts["clerk"] in set(told_to)


@pytest.mark.parametrize("code", ["S4-ICU", "NO-SUCH"])
def test_a_wrong_label_at_the_other_end_keeps_the_handing_over_without_its_proof(house: House, code: str) -> None:
    phone = Phone(house, "porter")
    job = carried_to(house, phone)
    who = {"first": "赵一鸣", "second": "ZY20250381"}
    phone.send(phone.act("load-take", job, 30, **who))
    given = phone.act("load-give", job, 20, counterpart="林技师", code=code, **who)
    assert results(phone.send(given)) == ["bent"]
    assert CustodyScan.objects.get(kind="given").proof == "none"


def test_a_zone_is_signed_in_to_without_signal_at_its_moment_once_and_a_later_one_stands(house: House) -> None:
    """Before, signing in to a zone needed a signal: who works in basements was nowhere for the desk."""
    phone, porter = Phone(house, "porter"), house.actor("porter")
    first, second = phone.act("zone", None, 30, zone="S7"), phone.act("zone", None, 20, zone="n5")
    assert results(phone.send(first, second)) == ["done", "done"]
    assert results(phone.send(first, second)) == ["already", "already"]
    carried = phone.client.get("/my-work/carried").json()
    assert carried["zone"]["name"]
    assert ["N", "内科楼"] in carried["zones"]
    stays = list(ZoneSignIn.objects.filter(account_id=porter.account_id).order_by("signed_at"))
    assert [row.place.code for row in stays] == ["S7", "N5"]
    assert [ms(row.signed_at) for row in stays] == [
        first["device_at"] + first["offset_ms"],
        second["device_at"] + second["offset_ms"],
    ]
    assert (stays[0].left_at, stays[1].left_at) == (stays[1].signed_at, None)
    late = phone.act("zone", None, 25, zone="S4")
    assert results(phone.send(late)) == ["done"]
    assert ZoneSignIn.objects.get(left_at=None).place.code == "N5"
    [told] = phone.send(phone.act("zone", None, 5, zone="NO-SUCH"))
    assert told["result"] == "refused"
    assert "地点" in told["words"]
    assert ZoneSignIn.objects.get(left_at=None).place.code == "N5"
    assert SetAside.objects.get().act == "zone"


def test_the_phone_knows_which_steps_taking_and_giving_carry_out(house: House) -> None:
    phone = Phone(house, "porter")
    job = carried_to(house, phone)
    [card] = phone.client.get("/my-work/carried").json()["jobs"]
    assert card["load"]["nodes"] == ["from", "to"]
    typed = phone.act("step", job, 20, step="from", value="ZY20250381")
    [told] = phone.send(typed)
    assert told["result"] == "refused"
    assert "两个标识" in told["words"]


# voices


def test_a_defect_may_be_said_aloud(house: House) -> None:
    phone = Phone(house)
    phone.upload(VOICE)
    sha = hashlib.sha256(VOICE).hexdigest()
    found = phone.act("defect", None, 9, text="（语音：请听）", place="S7-ORT-ST", photos=[{"sha256": sha}])
    assert results(phone.send(found)) == ["done"]
    assert File.objects.get(sha256=sha).media_type == "audio/webm"
    assert Request.objects.get(channel="self_found").text == "（语音：请听）"


def test_a_voice_note_is_no_photo_of_the_work(house: House) -> None:
    phone = Phone(house)
    job = begun(house, phone)
    phone.upload(VOICE)
    named = [{"sha256": hashlib.sha256(VOICE).hexdigest()}]
    assert results(phone.send(phone.act("photo", job, 6, label="before", photos=named))) == ["refused"]

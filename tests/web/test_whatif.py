"""What if: asked by a page, answered by the analyst from the site's own past, shown with intervals."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.people import House
from tests.rooms.test_work_loop import asked, at_work, done, minutes, sent
from tests.web.test_shell import signed_in
from yingxu.connect.analyst import whatif
from yingxu.connect.analyst.past import ANALYST
from yingxu.dispatch.actions.whatif import ask_what_if, cancel_what_if, note_what_if
from yingxu.dispatch.models import WhatIf
from yingxu.dispatch.queries.whatif import PastRow, n_what_ifs_waiting, what_if_to_run
from yingxu.ground.refusals import Malformed, NotAllowed, Stale
from yingxu.work.transport import storeys_of

pytestmark = pytest.mark.django_db


def past(house: House, n: int) -> None:
    for number in range(n):
        done(
            house,
            at_work(house, sent(house, asked(house, at=40 * number), at=40 * number + 1), at=40 * number + 2),
            at=40 * number + 20,
        )


def question(house: House, *, more_hands: int = 1, further: tuple[str, ...] = ()) -> UUID:
    found = ask_what_if(
        site_id=house.site_id,
        from_at=minutes(-60),
        to_at=minutes(24 * 60),
        more_hands=more_hands,
        further=further,
        actor=house.actor("officer"),
        at=minutes(25 * 60),
    )
    assert found.id is not None
    return found.id


def test_the_analyst_plays_the_past_again(house: House) -> None:
    """P7: compare policies and staffing, with intervals, promises kept by class."""
    past(house, 11)
    key = question(house)
    assert n_what_ifs_waiting(at=minutes(25 * 60)) == 1
    assert whatif.turn(lambda: minutes(25 * 60))
    row = WhatIf.objects.get(uid=key)
    assert (row.state, row.result["n_jobs"]) == ("done", 11)
    assert len(row.result["scenarios"]) == 8
    share = row.result["scenarios"][1]["by_class"]["0"]
    assert share["difference_low"] <= share["difference"] <= share["difference_high"]
    assert not whatif.turn(lambda: minutes(25 * 60))
    html = signed_in(house, "officer").get(f"/what-if/{key}").content.decode()
    assert "n=11" in html


def test_too_little_past_says_so(house: House) -> None:
    key = question(house)
    whatif.turn(lambda: minutes(25 * 60))
    assert WhatIf.objects.get(uid=key).state == "too_little"


def test_a_killed_analysts_question_waits_again_and_is_given_up_after_three_tries(house: House) -> None:
    question(house)
    from yingxu.connect.analyst.past import ANALYST
    from yingxu.dispatch.actions.whatif import take_what_if

    at = minutes(25 * 60)
    for _ in range(3):
        assert take_what_if(actor=ANALYST, at=at).state == "asked"
        assert take_what_if(actor=ANALYST, at=at).id is None
        at += timedelta(minutes=6)
    assert take_what_if(actor=ANALYST, at=at).state == "failed"


def test_the_future_and_strangers_are_refused(house: House) -> None:
    given = {"site_id": house.site_id, "from_at": minutes(0), "at": minutes(10)}
    with pytest.raises(Malformed):
        ask_what_if(**given, to_at=minutes(20), actor=house.actor("officer"))
    with pytest.raises(NotAllowed):
        ask_what_if(**given, to_at=minutes(5), actor=house.actor("nurse"))


def test_the_pages(house: House) -> None:
    client = signed_in(house, "officer")
    assert client.get("/what-if").status_code == 200
    sent_ = client.post("/what-if/ask", {"span": "yesterday", "more_hands": "2"})
    assert sent_.status_code == 302
    page = client.get(sent_.headers["Location"])
    assert page.status_code == 200
    assert client.get(f"{sent_.headers['Location']}/answer?seen=asked-0").status_code == 204
    assert client.post("/what-if/ask", {"span": "tomorrow"}).status_code >= 400


def test_the_planner_is_played_when_it_is_asked_for_and_its_row_repeats(house: House) -> None:
    past(house, 11)
    rows = []
    for _ in range(2):
        key = question(house, more_hands=0, further=("planner",))
        assert whatif.turn(lambda: minutes(25 * 60))
        row = WhatIf.objects.get(uid=key)
        assert row.state == "done"
        rows.append(row.result["scenarios"][-1])
    assert rows[0]["name"] == "planner:0"
    assert rows[0]["replications"] == 20
    assert rows[0] == rows[1]
    html = signed_in(house, "officer").get(f"/what-if/{key}").content.decode()
    assert "智能派单一行" in html


def test_how_far_it_is_is_shown_and_it_can_be_called_off(house: House) -> None:
    key = question(house, further=("planner",))
    at = minutes(25 * 60)
    client = signed_in(house, "officer")
    note_what_if(what_if_id=key, done=3, total=20, left_s=70.0, actor=ANALYST, at=at)
    html = client.get(f"/what-if/{key}/answer?seen=asked-0").content.decode()
    assert "3 / 20" in html
    assert client.get(f"/what-if/{key}/answer?seen=asked-3").status_code == 204
    assert client.post(f"/what-if/{key}/cancel", {}).status_code == 302
    assert "已取消" in client.get(f"/what-if/{key}").content.decode()
    with pytest.raises(Stale):
        note_what_if(what_if_id=key, done=4, total=20, left_s=60.0, actor=ANALYST, at=at)
    with pytest.raises(Stale):
        cancel_what_if(what_if_id=key, actor=house.actor("officer"), at=at)
    with pytest.raises(NotAllowed):
        cancel_what_if(what_if_id=question(house), actor=house.actor("clerk"), at=at)


def test_an_analyst_that_hears_nobody_wants_it_stops_without_a_fault(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    past(house, 11)
    key = question(house, further=("planner",))
    monkeypatch.setattr(whatif, "_SAY_S", 0.0)

    def played(row: object, told: object) -> tuple[str, dict[str, object]]:
        cancel_what_if(what_if_id=key, actor=house.actor("officer"), at=minutes(25 * 60))
        told(1, 20)  # type: ignore[operator]
        raise AssertionError("it was called off")

    monkeypatch.setattr(whatif, "answered", played)
    assert whatif.turn(lambda: minutes(25 * 60))
    row = WhatIf.objects.get(uid=key)
    assert row.state == "cancelled"


def test_a_rule_that_is_none_is_refused(house: House) -> None:
    with pytest.raises(Malformed):
        question(house, further=("lottery",))


def lived(*, worker: int, at: float, accepted: float, finished: float | None, line: str = "ELE") -> PastRow:
    began = minutes(0)
    hours = [None if one is None else began + timedelta(hours=one) for one in (accepted, accepted, finished)]
    return PastRow(line, 3, None, "", worker, began + timedelta(hours=at), *hours)


def present(house: House, *past_: PastRow) -> list[tuple[float, float]]:
    row = what_if_to_run(question(house))
    zero = (minutes(0) - row.from_at).total_seconds()
    skills = {code: key for key, code in enumerate(sorted({one.line_code for one in past_}))}
    hands = whatif._hands(past_, row, skills, storeys_of(house.site_id))
    return [((one.from_s - zero) / 3600, (one.to_s - zero) / 3600) for one in hands]


def test_a_night_is_one_shift_and_nobody_is_there_twice(house: House) -> None:
    """Seen: a night's work counted as the ends of two days, each made a shift, so the same person was there twice."""
    night = [lived(worker=1, at=h, accepted=h, finished=h + 0.5) for h in (22.0, 23.5, 25.0, 28.0)]
    assert present(house, *night) == [(21.25, 29.25)]
    next_night = [lived(worker=1, at=h, accepted=h, finished=h + 0.5) for h in (46.0, 52.0)]
    spans = sorted(present(house, *night, *next_night))
    assert len(spans) == 2
    assert spans[0][1] <= spans[1][0]


def test_a_job_left_for_days_keeps_nobody_there_at_night(house: House) -> None:
    left = lived(worker=1, at=8.0, accepted=9.0, finished=60.0)
    never = lived(worker=2, at=8.0, accepted=9.0, finished=None)
    assert sorted(present(house, left, never)) == [(5.0, 13.0), (5.0, 13.0), (56.0, 64.0)]


def test_one_more_is_as_those_with_most_to_do_and_one_fewer_is_without_those_with_least(house: House) -> None:
    """Seen: the one with the lowest key was copied, whatever he did."""
    past_ = [lived(worker=1, at=8.0, accepted=9.0, finished=10.0, line="CAR")]
    past_ += [lived(worker=2, at=8.0, accepted=9.0 + x, finished=9.5 + x) for x in range(4)]
    row = what_if_to_run(question(house))
    hands = whatif._hands(past_, row, {"CAR": 0, "ELE": 1}, storeys_of(house.site_id))
    assert [sorted(one.skills) for one in hands] == [[1], [0]]
    assert [sorted(one.skills) for one in whatif._with(hands, 1)] == [[1], [0], [1]]
    assert [sorted(one.skills) for one in whatif._with(hands, -1)] == [[1]]

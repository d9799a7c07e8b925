"""Fragments of many screens: rendered once for all who see the same, at once for who acted, shared no further."""

from __future__ import annotations

import gzip
import re
from threading import Thread

import pytest
from django.middleware.csrf import _does_token_match as does_token_match
from django.test import Client

from tests.people import House
from tests.rooms.test_work_loop import asked
from tests.web.test_shell import signed_in
from yingxu.ground import authority
from yingxu.web import live
from yingxu.web.desk import views
from yingxu.web.fragments import FRESH_S, MARK_S, PAUSES, Fragments, Marks


def test_it_is_rendered_once_a_mark_and_not_again_within_its_time() -> None:
    moment = [0.0]
    kept = Fragments(clock=lambda: moment[0])
    texts = iter("abcdef")
    assert [kept.get("k", "1", lambda: next(texts)) for _ in range(3)] == ["a"] * 3
    assert kept.get("k", "2", lambda: next(texts)) == "a"  # changed meanwhile, but too fresh to render again
    assert kept.get("k", "2", lambda: next(texts), at_once=True) == "b"
    moment[0] += FRESH_S
    assert kept.get("k", "3", lambda: next(texts)) == "c"
    assert kept.get("other", "3", lambda: next(texts)) == "d"
    assert kept.n_made == 4


def test_many_at_once_render_it_once() -> None:
    kept, seen = Fragments(), []
    threads = [Thread(target=lambda: seen.append(kept.get("k", "1", lambda: "text"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["text"] * 16
    assert kept.n_made == 1


def test_what_nobody_asks_for_is_forgotten() -> None:
    kept = Fragments()
    for key in range(200):
        kept.get(key, "1", lambda: "x")
    assert kept.get(0, "1", lambda: "anew") == "anew"


def test_a_mark_is_asked_for_a_few_times_a_second() -> None:
    moment, asked_for = [0.0], []
    marks = Marks(lambda site: asked_for.append(site) or str(len(asked_for)), clock=lambda: moment[0])
    assert [marks.of(1), marks.of(1), marks.of(2)] == ["1", "1", "2"]
    assert marks.of(1, at_once=True) == "3"
    moment[0] += MARK_S
    assert marks.of(1) == "4"


@pytest.mark.django_db
def test_people_share_a_board_only_if_they_see_the_same(house: House) -> None:
    key = {name: authority.seen_alike(house.actor(name), "queue.read") for name in ("clerk", "other_clerk", "officer")}
    assert key["clerk"] == key["other_clerk"]
    assert key["clerk"] != key["officer"]
    assert authority.seen_alike(house.actor("company_clerk"), "queue.read") != key["clerk"]


@pytest.mark.django_db
def test_who_acted_sees_it_at_once_and_a_colleague_soon(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_fragments", Fragments())
    clerk, colleague = signed_in(house, "clerk"), signed_in(house, "other_clerk")
    first = asked(house)

    def board(client: Client, how: str) -> str:
        return client.get(f"/desk/now?{how}").content.decode()

    assert first.request.number in board(clerk, "at_once=1")
    second = asked(house, at=1)
    assert second.request.number in board(clerk, "at_once=1")
    assert second.request.number in board(colleague, "mark=old")
    assert views._fragments.n_made == 2


def test_what_is_dear_to_make_is_made_less_often() -> None:
    moment, worked = [0.0], [0.0]
    kept = Fragments(clock=lambda: moment[0], worked=lambda: worked[0])

    def slowly() -> str:
        moment[0] += 0.1
        worked[0] += 0.1
        return str(moment[0])

    first = kept.get("k", "1", slowly)
    moment[0] += PAUSES * 0.1 - 0.01
    assert kept.get("k", "2", slowly) == first
    moment[0] += 0.02
    assert kept.get("k", "2", slowly) != first


def test_what_only_waited_for_its_turn_rests_no_longer() -> None:
    """Seen at the flood: 15 ms of work took 120 by the clock and rested 0.7 s, just when most changed."""
    moment, worked = [0.0], [0.0]
    kept = Fragments(clock=lambda: moment[0], worked=lambda: worked[0])

    def behind_others() -> str:
        moment[0] += 0.12
        worked[0] += 0.015
        return str(moment[0])

    first = kept.get("k", "1", behind_others)
    moment[0] += FRESH_S - 0.01
    assert kept.get("k", "2", behind_others) == first
    moment[0] += 0.02
    assert kept.get("k", "2", behind_others) != first


def test_a_mark_is_the_same_until_something_is_recorded_or_it_is_old() -> None:
    assert live.is_same("9.1.2.1000", f"9.1.2.{1000 + live.OLD_S - 1}")
    assert not live.is_same("9.1.2.1000", f"9.1.2.{1000 + live.OLD_S}")
    assert not live.is_same("9.1.2.1000", "9.2.2.1000")
    assert not live.is_same("9.1.2.1001", "9.1.2.1000")  # a moment that has not been is nobody's screen
    assert not live.is_same("", "9.1.2.1000")
    assert not live.is_same("9.1.2.x", "9.1.2.1000")


@pytest.mark.django_db
def test_a_stranger_learns_no_more_than_that_nothing_happened(house: House, client: Client) -> None:
    clerk = signed_in(house, "clerk")
    mark = clerk.get("/desk").context["mark"]
    said = client.get("/desk/now", {"mark": mark})
    assert (said.status_code, said.content) == (204, b"")
    asked(house)
    live.marks._known.clear()
    assert client.get("/desk/now", {"mark": mark}).status_code in {302, 403}
    for odd in ("1.1.999999.1", "1.1..", "a.b.c.d", "1.1.1", f"{mark}&at_once=1"):
        assert client.get(f"/desk/now?mark={odd}").status_code in {302, 403}


@pytest.mark.django_db
def test_an_old_screen_is_told_again_although_nothing_was_recorded(house: House) -> None:
    clerk = signed_in(house, "clerk")
    what, _, made_at = clerk.get("/desk").context["mark"].rpartition(".")
    assert clerk.get("/desk/now", {"mark": f"{what}.{int(made_at) - live.OLD_S}"}).status_code == 200


@pytest.mark.django_db
def test_a_fragment_goes_packed_to_whoever_unpacks_it(house: House) -> None:
    asked(house)
    clerk = signed_in(house, "clerk")
    plain = clerk.get("/desk/now?mark=old")
    packed = clerk.get("/desk/now?mark=old", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content


@pytest.mark.django_db
def test_each_browser_of_the_team_board_has_forms_of_its_own(house: House) -> None:
    """A form that another browser's look had made carried that browser's token, and was refused."""
    asked(house, item="plb.faucet")
    tokens = set()
    for name in ("leader", "leader"):
        client = signed_in(house, name)
        client.get("/team-board")
        found = re.search(
            r'csrfmiddlewaretoken" value="(\w+)"', client.get("/team-board/now?mark=old").content.decode()
        )
        assert found is not None
        assert does_token_match(found.group(1), client.cookies["yingxu_csrf"].value)
        tokens.add(found.group(1))
    assert len(tokens) == 2


@pytest.mark.django_db
def test_a_screen_that_shows_what_is_kept_is_not_sent_it_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a fragment rests, looks for what changed meanwhile got the same kilobytes once more."""
    moment = [0.0]
    monkeypatch.setattr(views, "_fragments", Fragments(clock=lambda: moment[0]))
    monkeypatch.setattr(live.marks, "_clock", lambda: moment[0])
    asked(house)
    clerk = signed_in(house, "clerk")
    said = clerk.get("/desk/now?mark=old").content.decode()
    mark = said.split("now?mark=")[1].split('"')[0].split("&")[0]
    changed = asked(house, at=1)
    moment[0] += MARK_S
    assert clerk.get("/desk/now", {"mark": mark}).status_code == 204
    moment[0] += FRESH_S
    assert changed.request.number in clerk.get("/desk/now", {"mark": mark}).content.decode()

"""Fragments of many screens: rendered once for all who see the same, at once for who acted, shared no further."""

from __future__ import annotations

from threading import Thread

import pytest
from django.test import Client

from tests.people import House
from tests.rooms.test_work_loop import asked
from tests.web.test_shell import signed_in
from yingxu.ground import authority
from yingxu.web.desk import views
from yingxu.web.fragments import FRESH_S, MARK_S, Fragments, Marks


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

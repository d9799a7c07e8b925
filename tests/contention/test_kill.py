"""Killed with -9 at random moments, the house loses nothing that it acknowledged, and does nothing twice."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.contention.served import Served, served

#: ``YINGXU_KILLS=full`` is the size of the promise: a thousand requests.
N_REQUESTS = 1000 if os.environ.get("YINGXU_KILLS") == "full" else 150
N_CLIENTS = 6
N_KILLS = 12 if N_REQUESTS == 1000 else 5
_PATIENCE_S = 90


def _send_until_acknowledged(one: Served, place: int, seen: Counter[str]) -> str:
    """Send the same command until it is acknowledged; return the request's id."""
    body = {"site": "demo", "place": "S7-ORT-WC", "item": "plb.faucet", "text": f"水龙头滴水 {place}"}
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        try:
            status, answer = one.post(body, f"kill-{place}")
        except (OSError, ValueError):
            seen["cut off"] += 1
            time.sleep(0.05)
            continue
        seen[str(status)] += 1
        if status == 201:
            return str(answer["id"])
        assert status == 503, answer
        time.sleep(0.1)
    raise AssertionError(f"request {place} was not acknowledged in {_PATIENCE_S} s: {dict(seen)}")


def test_whoever_is_killed_every_acknowledged_request_is_there_exactly_once() -> None:
    chance = random.Random(20_250_303)
    with served() as one:
        seen: Counter[str] = Counter()
        done = threading.Event()

        moments = sorted(chance.sample(range(5, N_REQUESTS - 20), N_KILLS))

        def kill_now_and_then() -> None:
            for turn, n_before in enumerate(moments):
                while seen["201"] < n_before and not done.wait(0.002):
                    pass
                time.sleep(chance.uniform(0, 0.02))
                if turn % 2 == 0:
                    one.kill_a_web_process(chance.randrange(8))
                else:
                    one.kill_the_database()

        one.post({"site": "demo", "text": "先来一条"}, "first")
        killer = threading.Thread(target=kill_now_and_then)
        killer.start()
        with ThreadPoolExecutor(N_CLIENTS) as clients:
            acknowledged = list(clients.map(lambda n: _send_until_acknowledged(one, n, seen), range(N_REQUESTS)))
        done.set()
        killer.join()
        print(dict(seen))
        assert seen["cut off"] + seen["503"] > 0, "nobody was hit: the kills came too late"

        deadline = time.monotonic() + 30
        while True:  # the last kill may have been the database's
            try:
                kept = Counter(str(uid) for (uid,) in one.rows("SELECT uid FROM demand_request WHERE number <> ''"))
                break
            except Exception:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert len(set(acknowledged)) == N_REQUESTS
        assert all(kept[uid] == 1 for uid in acknowledged)
        assert sum(kept.values()) == N_REQUESTS + 1
        raised = one.rows(
            "SELECT r.uid, count(*) FROM demand_request r JOIN ground_entry e ON e.subject_id = r.id"
            " AND e.kind = 'demand.request.raised' GROUP BY r.uid"
        )
        assert {str(uid): n for uid, n in raised} == dict.fromkeys(kept, 1)
        assert one.rows("SELECT count(*) FROM work_job") == [(N_REQUESTS,)]
        verdict = one.command("audit", "verify")
        assert verdict.returncode == 0, verdict.stderr
        assert verdict.stdout.startswith("whole")


def test_one_key_from_eight_threads_makes_one_request_and_eight_equal_answers() -> None:
    with served() as one:
        barrier = threading.Barrier(8)

        def send(_: int) -> tuple[int, dict[str, object]]:
            barrier.wait(20)
            return one.post({"site": "demo", "place": "S7-ORT-WC", "item": "plb.faucet", "text": "滴水"}, "same")

        with ThreadPoolExecutor(8) as clients:
            answers = list(clients.map(send, range(8)))
        assert [status for status, _ in answers] == [201] * 8
        assert all(answer == answers[0][1] for _, answer in answers)
        assert one.rows("SELECT count(*) FROM demand_request") == [(1,)]

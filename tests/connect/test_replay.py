"""`yingxu replay`: the log's cases in the product, the board equal to assess, once however often run or killed."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from tests.people import House
from tests.rooms.test_batch import counted_keys, left
from yingxu.connect.assess.measure import promise_states, promises_of
from yingxu.connect.assess.reading import read_log
from yingxu.connect.replay.furnishing import furnish, site_for
from yingxu.connect.replay.pacing import play_paced
from yingxu.connect.replay.playing import Player, Tally, chunks, play_batch
from yingxu.connect.replay.reckoning import as_text, reckon
from yingxu.connect.replay.telling import told_cases
from yingxu.demand.models import Request
from yingxu.ground.models import Delivery, Entry
from yingxu.promise import queries as promises
from yingxu.verify.models import Verdict
from yingxu.work.models import Job

BOSTON = "data/service_log_boston311/boston311_2011_jul_oct.csv.gz"
ITSM = "data/service_log_itsm_uci/incident_events_to_2016_04.csv.gz"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STANDINGS = ("kept", "broken", "running", "running_late")

MESSY = """id,opened,due,done,type,detail,place,description
a,2024-03-01 08:00,2024-03-01 12:00,2024-03-01 11:00,Lifts,Stuck,Tower,Lift stuck
b,2024-03-01 08:05,2024-03-01 12:00,2024-03-01 13:00,Lifts,Stuck,Tower,Lift stuck again
c,2024-03-01 09:00,2024-02-01 09:00,2024-03-01 09:30,Cleaning,Floor,Tower,target before it was asked
d,2024-03-02 09:00,2024-03-03 09:00,2024-03-01 09:30,Cleaning,Floor,Ward 3,closed before it was opened
e,2024-03-03 10:00,2024-03-09 10:00,,Cleaning,Floor,,open and ahead
f,2024-03-03 10:00,2024-03-03 11:00,,Water,Tap,Ward 3,open and late
g,2024-03-04 10:00,,2024-03-04 11:00,Water,Tap,Ward 3,no target
h,2024-03-04 10:00,,,Water,,Ward 3,
,not a time,,,Water,Tap,Ward 3,nothing to use
a,2024-03-05 10:00,2024-03-05 12:00,2024-03-05 11:00,Water,Tap,Ward 3,the identifier came back
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "log.csv"
    path.write_text(text, encoding="utf-8")
    return path


def replayed(path: Path, code: str = "logsite", size: int = 4) -> tuple[dict[str, Any], Any]:
    """Play a log in this process, in batches of ``size`` cases; returns the reconciliation and the log."""
    log = read_log(path)
    site, is_made = site_for(code, log, at=NOW)
    ground = furnish(site, log, at=NOW)
    cases, tally = list(told_cases(log, log.now_s, site=code)), Tally()
    for part in chunks(cases, size):
        tally.add(play_batch(ground, part))
    found = reckon(
        log, tally, site=code, site_id=site.id, line_codes=list(ground.hands), now_s=log.now_s, is_made=is_made,
        n_flag_targets=sum(case.is_target_from_flag for case in cases), seconds=1.0,
    )  # fmt: skip
    return found.report, log


@pytest.mark.django_db
def test_the_board_says_what_assess_says_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    report, log = replayed(written(tmp_path, MESSY))
    assert report["equal"]
    assert report["board"] == {"kept": 3, "broken": 2, "running": 1, "running_late": 1}
    rows = report["rows"]
    assert (rows["read"], rows["used"], rows["rejected"]) == (10, 9, 1)
    assert (report["cases"]["raised"], report["cases"]["known"], report["cases"]["refused"]) == (9, 0, 0)
    assert {one["reason"] for one in rows["reasons"]} >= {"target_before_opened", "closed_before_opened", "id_repeated"}
    assert as_text(report).splitlines()[-1] == "equal"
    assert set(Request.objects.filter(channel="log").values_list("source_ref", flat=True)) == {*"abcdefgh", "a#2"}
    assert len(log) == 9


@pytest.mark.django_db
def test_the_promise_boards_own_question_agrees(tmp_path: Path) -> None:
    report, log = replayed(written(tmp_path, MESSY))
    request = Request.objects.filter(channel="log").first()
    assert request is not None
    from yingxu.connect.replay.playing import REPLAY

    rows = promises.by_milestone(
        promises.attainment(
            REPLAY, request.site_id, from_at=datetime(2000, 1, 1, tzinfo=UTC), to_at=datetime(2100, 1, 1, tzinfo=UTC),
            at=datetime.fromtimestamp(log.now_s, tz=UTC),
        )
    )  # fmt: skip
    assert [(row.milestone, row.n_kept, row.n_broken, row.n_late) for row in rows] == [("done", 3, 2, 1)]
    assert report["board"]["kept"] == 3


@pytest.mark.django_db
def test_a_second_run_adds_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, MESSY)
    replayed(path)
    before = (Entry.objects.count(), Request.objects.count(), Job.objects.count())
    report, _ = replayed(path, size=3)
    assert (report["cases"]["raised"], report["cases"]["known"], report["equal"]) == (0, 9, True)
    assert not report["site_made"]
    assert (Entry.objects.count(), Request.objects.count(), Job.objects.count()) == before


@pytest.mark.django_db
def test_a_later_export_of_the_same_log_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    replayed(written(tmp_path, MESSY))
    later = MESSY.replace("2024-03-09 10:00,,Cleaning", "2024-03-09 10:00,2024-03-04 10:00,Cleaning")
    report, _ = replayed(written(tmp_path, later))
    assert (report["cases"]["raised"], report["equal"], report["board"]["kept"]) == (0, True, 4)


@pytest.mark.django_db
def test_acts_stand_at_their_own_times_and_say_where_they_come_from(tmp_path: Path) -> None:
    replayed(written(tmp_path, MESSY))
    request = Request.objects.get(channel="log", source_ref="a")
    entries = list(Entry.objects.filter(thread_id=request.pk).order_by("id"))
    assert {entry.facts["evidence"] for entry in entries} == {"log"}
    assert {entry.actor_name for entry in entries} == {"replay"}
    inferred = {entry.kind for entry in entries if entry.facts.get("inferred")}
    assert {"dispatch.job.assigned", "work.job.accepted", "work.job.arrived", "work.job.started"} <= inferred
    assert not {"demand.request.raised", "work.job.finished", "work.job.closed"} & inferred
    job = Job.objects.get(request=request)
    assert (job.opened_at, job.closed_at) == (datetime(2024, 3, 1, 8, tzinfo=UTC), datetime(2024, 3, 1, 11, tzinfo=UTC))
    assert list(Verdict.objects.filter(job=job).values_list("ground", "is_good")) == [("log", True)]
    assert not Delivery.objects.filter(subject_id__in=Request.objects.filter(channel="log").values("id")).exists()


@pytest.mark.django_db
def test_open_cases_stay_open_and_rare_places_stay_in_words(tmp_path: Path) -> None:
    replayed(written(tmp_path, MESSY))
    shown = dict(Request.objects.filter(channel="log").values_list("source_ref", "shown_state"))
    assert {ref for ref, state in shown.items() if state == "queued"} == {"e", "f", "h"}
    by_ref = {row.source_ref: row for row in Request.objects.filter(channel="log")}
    assert (by_ref["a"].place_name, by_ref["a"].place_words) == ("Tower", "")
    assert by_ref["h"].text == "Water"


@pytest.mark.django_db
def test_batches_leave_the_same_rows_and_facts_as_the_verbs(
    house: House, monkeypatch: pytest.MonkeyPatch, shared: Path, tmp_path: Path
) -> None:
    with gzip.open(shared / BOSTON, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    random.Random(1).shuffle(rows := lines[1:])
    log = read_log(written(tmp_path, "\n".join([lines[0], *rows[:60]])))
    site, _ = site_for(house.code, log, at=NOW)
    ground = furnish(site, log, at=NOW)
    cases = list(told_cases(log, log.now_s, site=house.code))

    def one_by_one() -> None:
        for case in cases:
            player = Player(ground, case)
            for act in case.acts:
                player.play(act)

    def together() -> None:
        for part in chunks(cases, 25):
            play_batch(ground, part)

    found = []
    for play in (one_by_one, together):
        with counted_keys(monkeypatch), transaction.atomic():
            play()
            found.append(left())
            transaction.set_rollback(True)
    assert len(found[0]) > 20 * len(cases)
    assert found[0] == found[1]


@pytest.mark.django_db
def test_played_in_time_it_leaves_the_same_standings(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, MESSY))
    site, _ = site_for("paced", log, at=NOW)
    ground = furnish(site, log, at=NOW)
    cases = list(told_cases(log, log.now_s, site="paced"))
    for expected in ((9, 0), (0, 9)):
        tally = play_paced(ground, cases, speed=1e9)
        assert (tally.raised, tally.known, tally.refused) == (*expected, 0)
    at = datetime.fromtimestamp(log.now_s, tz=UTC)
    from yingxu.connect.replay.playing import REPLAY

    found = promises.standings(REPLAY, site.id, milestone="done", line_codes=list(ground.hands), at=at)
    assert (found.n_kept, found.n_broken, found.n_running, found.n_late) == (3, 2, 1, 1)


@pytest.mark.django_db
def test_an_event_logs_reopenings_and_reassignments_are_played(shared: Path, tmp_path: Path) -> None:
    with gzip.open(shared / ITSM, "rt", encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    by_case: dict[str, list[str]] = {}
    for row in rows:
        by_case.setdefault(row.split(",")[0], []).append(row)
    at = header.split(",").index("reopen_count")
    again = [case for case, own in by_case.items() if any(row.split(",")[at] not in "0?" for row in own)][:15]
    chosen = [row for case in (*list(by_case)[:40], *again) for row in by_case[case]]
    report, log = replayed(written(tmp_path, "\n".join([header, *dict.fromkeys(chosen)])), size=30)
    assert log.is_event_log
    assert report["equal"], report
    assert report["cases"]["refused"] == 0
    assert report["promises"]["targets_from_flag"] > 0
    assert sum(Job.objects.filter(request__channel="log").values_list("n_reopens", flat=True)) == int(
        log.counts["reopens"].sum()
    )
    kinds = Counter(Entry.objects.filter(facts__evidence="log").values_list("kind", flat=True))
    assert kinds["work.job.reopened"] == int(log.counts["reopens"].sum()) > 0
    assert kinds["dispatch.job.pulled_back"] > 0
    assert promises_of(promise_states(log, log.now_s))["kept"] == report["board"]["kept"]


# from outside, in a database of its own


@pytest.fixture(scope="module")
def outside(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """An empty database and the environment in which the command finds it."""
    with django_db_blocker.unblock():
        settings = connection.settings_dict
    name = f"yingxu_replay_{os.getpid()}"
    server = {"user": settings["USER"], "host": settings["HOST"], "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as server_connection:
        server_connection.execute(f"CREATE DATABASE {name}")
    url = f"postgresql://{settings['USER']}@/{name}?host={settings['HOST']}"
    yield {**os.environ, "DATABASE_URL": url, "PYTHONPATH": "src"}
    with psycopg.connect(**server, autocommit=True) as server_connection:
        server_connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def command(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yingxu.connect.cli", "replay", *words],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def many(n: int) -> str:
    """Return a log of ``n`` cases, every third late."""
    rows = ["id,opened,due,done,type,place"]
    for at in range(n):
        day, closed = f"2024-03-{at % 28 + 1:02d}", "10:00" if at % 3 else "15:00"
        rows.append(f"c{at},{day} 08:00,{day} 12:00,{day} {closed},Lifts,Room {at % 50}")
    return "\n".join(rows) + "\n"


def test_a_new_database_gets_its_tables_and_a_kill_in_the_middle_costs_nothing(
    outside: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, many(2400))
    words = [sys.executable, "-m", "yingxu.connect.cli", "replay", str(path), "--site", "killed", "--processes", "2"]
    running = subprocess.Popen(words, env=outside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen = 0
    for _ in range(600):
        time.sleep(0.1)
        seen = raised(outside)
        if seen or running.poll() is not None:
            break
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 0 < seen < 2400
    time.sleep(1.5)  # helpers end with their parent; an open batch is rolled back
    left_over = raised(outside)
    assert left_over % 400 == 0
    done = command(outside, str(path), "--site", "killed", "--json", "--processes", "1")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert report["cases"]["known"] == left_over
    assert report["cases"]["raised"] == 2400 - left_over
    assert report["board"] == {"kept": 1600, "broken": 800, "running": 0, "running_late": 0}
    assert raised(outside) == 2400


def raised(env: dict[str, str]) -> int:
    """Return how many requests of a log stand in the database."""
    with psycopg.connect(env["DATABASE_URL"]) as asking:
        there = asking.execute("SELECT to_regclass('demand_request')").fetchone()
        if there is None or there[0] is None:
            return 0
        try:
            row = asking.execute("SELECT count(*) FROM demand_request WHERE channel = 'log'").fetchone()
        except psycopg.Error:
            return 0
        return 0 if row is None else int(row[0])


def test_the_text_is_for_people_and_an_unequal_board_is_a_negative_answer(
    outside: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, MESSY)
    done = command(outside, str(path), "--site", "text")
    assert (done.returncode, done.stderr) == (0, "")
    assert "(made now)" in done.stdout
    assert done.stdout.rstrip().endswith("equal")
    changed = written(tmp_path, MESSY.replace("2024-03-01 11:00,Lifts", "2024-03-01 12:30,Lifts"))
    again = command(outside, str(changed), "--site", "text")
    assert again.returncode == 1
    assert "command_reused" in again.stdout
    assert again.stdout.rstrip().endswith("NOT EQUAL")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["nowhere.csv", "--site", "x"], "nowhere.csv"),
        (["{log}", "--site", "no such code!"], "a site's code is"),
        (["{log}", "--site", "x", "--speed", "fast"], "--speed"),
        (["{log}", "--site", "x", "--processes", "0"], "--processes"),
        (["{bad}", "--site", "x"], "open"),
        (["{log}"], "--site"),
    ],
)
def test_bad_input_is_refused_in_one_line(outside: dict[str, str], tmp_path: Path, words: list[str], why: str) -> None:
    log, bad = written(tmp_path, MESSY), tmp_path / "bad.csv"
    bad.write_text("name,colour\nx,red\ny,blue\n")
    done = command(outside, *(word.format(log=log, bad=bad) for word in words))
    assert done.returncode == 2, done.stdout
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert why in done.stderr


@pytest.mark.django_db
def test_furnishing_beside_a_real_hospital_leaves_its_own_catalogue_alone(house: House, tmp_path: Path) -> None:
    before = Request.objects.filter(site_id=house.site_id).count()
    report, _ = replayed(written(tmp_path, MESSY), code=house.code)
    assert report["equal"]
    assert not report["site_made"]
    assert Request.objects.filter(site_id=house.site_id).count() == before + 9

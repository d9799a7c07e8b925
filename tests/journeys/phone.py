"""A worker's phone with the app open: what a thumb does on it, what it keeps, and what the ledger says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg

from tests.journeys import acts
from tests.journeys.conftest import PATIENCE_MS, Open
from tests.journeys.hospital import PLACE, Hospital

CLERK = "yangxf"
#: What each act of the phone is called in the ledger.
FACTS = {
    "accept": "work.job.accepted",
    "set-out": "work.job.set_out",
    "arrive": "work.job.arrived",
    "start": "work.job.started",
    "safe": "work.job.made_safe",
    "step": "work.step.carried_out",
    "photo": "work.job.evidence_added",
    "pause": "work.pause.asked",
    "resume": "work.job.resumed",
    "help": "work.job.help_asked",
    "finish": "work.job.finished",
    "defect": "demand.request.raised",
}
_MOST_STEPS = 30


@dataclass(frozen=True)
class Kept:
    """An act as it waits on the phone."""

    id: str
    act: str
    job: str
    device_at: int
    offset_ms: float | None

    @property
    def by_server_ms(self) -> float:
        """When it was, by the server's clock, as far as the phone knew it."""
        return self.device_at + (self.offset_ms or 0)


class Phone:
    """The app in a browser of its own; it may be cut off, reloaded, closed and opened again."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.context = page.context

    def open(self, login: str) -> None:
        """Be that worker and open the app until it says that it works without signal."""
        acts.become(self.page, login)
        self.page.goto("/my-work/app")
        self.page.locator("html[data-ready]").wait_for(state="attached")
        self.page.locator(".work-foot").wait_for()

    def cut(self, *, off: bool) -> None:
        """Take the signal away, or give it back."""
        self.context.set_offline(off)

    def reload(self) -> None:
        """Load the app again: from the phone, where there is no signal."""
        self.page.reload()
        self.page.locator(".work-foot").wait_for()

    def reopen(self) -> None:
        """Close the app and open it anew."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto("/my-work/app")
        self.page.locator(".work-foot").wait_for()

    def n_waiting(self) -> int:
        """Return how many acts the strip says are not sent."""
        return int(self.page.locator("#strip").get_attribute("data-n") or 0)

    def waits(self, n: int) -> None:
        """Wait until the strip says so many."""
        self.page.locator(f"#strip[data-n='{n}']").wait_for(state="attached", timeout=4 * PATIENCE_MS)

    def kept(self) -> list[Kept]:
        """Return the acts that wait, in order."""
        rows = self.page.evaluate("YingxuStore.all()")
        return [Kept(row["id"], row["act"], row["job"] or "", row["device_at"], row["offset_ms"]) for row in rows]

    def choose(self, number: str) -> None:
        """Open the job of that number among those in hand."""
        shown = self.page.locator("#now .job-number", has_text=number)
        if not shown.count():
            job = self.page.evaluate(
                "async (number) => (await YingxuStore.get(`carried:${await YingxuStore.get('account')}`))"
                ".jobs.find((job) => job.number === number).id",
                number,
            )
            self.page.locator(f"[data-choose='{job}']").click()
        shown.wait_for()

    def press(self, act: str, then: str) -> None:
        """Press the button of an act and wait for the state that the card then shows."""
        self.page.locator(f"button[data-act={act}]").first.click()
        self.page.locator(f"#now[data-state={then}]").wait_for()

    def arrive(self, code: str = PLACE) -> None:
        """Type the code on the place's label."""
        self.page.locator("#code").fill(code)
        self.press("arrive", "arrived")

    def take_steps(self) -> int:
        """Answer each step of the procedure that is not done; returns how many."""
        for n in range(_MOST_STEPS):
            step = self.page.locator(".work-steps > li:not(.is-done):not(.is-bad)").first
            if not step.count():
                return n
            self.take_step(step, n)
        raise AssertionError("the steps do not end")

    def take_step(self, step: Any, n: int) -> None:
        """Answer one step as its kind asks."""
        code, kind = step.get_attribute("data-step"), step.get_attribute("data-kind")
        if not step.locator(f"details#step-{code}[open]").count():
            step.locator("summary").first.click()
        if kind == "photo":
            step.locator("input[type=file]").set_input_files(acts.photo(f"s{n}", shade=30 + n))
        elif kind in {"tick", "choice"}:
            step.locator("[data-value]").first.click()
        else:
            field = step.locator("input").first
            low = (field.get_attribute("placeholder") or "").split("–")[0].strip()
            field.fill(low if low.replace(".", "", 1).isdigit() else PLACE if kind == "scan" else "1")
            step.locator("[data-sign], .row button").last.click()
        self.page.locator(f"li[data-step='{code}'].is-done, li[data-step='{code}'].is-bad").wait_for()

    def pause(self, minutes: int = 30) -> None:
        """Open the fold, say how long, pause."""
        self.page.locator("#pause > summary").click()
        self.page.locator("#pause-minutes").fill(str(minutes))
        self.press("pause", "paused")

    def finish(self, number: str) -> None:
        """Say what was done and press done; the card leaves the hand."""
        self.page.locator("#result").fill("换了阀芯，试水不漏")
        if self.page.locator("#cause option").count() > 1:
            self.page.locator("#cause").select_option(index=1)
        self.page.locator("#minutes").fill("15")
        self.page.locator("button[data-act=finish]").click()
        self.page.locator("#now .job-number", has_text=number).wait_for(state="detached")

    def send_now(self) -> None:
        """Press the strip's button, unless the phone sends by itself at that moment."""
        self.page.evaluate("document.querySelector('#strip button:not([disabled])')?.click()")

    def until(self, is_so: Callable[[], object]) -> None:
        """Wait for what happens beside the page, as long as a person is patient."""
        for _ in range(4 * PATIENCE_MS // 50):
            if is_so():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"it did not happen: {self.page.locator('body').inner_text()[:1500]}")


def asked_for(open_page: Open, hospital: Hospital, *texts: str) -> list[str]:
    """Let a nurse ask for each; returns the numbers."""
    nurse = open_page(390, 844)
    return [acts.ask(nurse, hospital, text, chip="*") for text in texts]


def send_named(desk: Any, number: str, name: str, *, but: bool = False) -> str:
    """At the desk send the worker of that name, or (``but``) the first other one; returns the name."""
    acts.open_at_desk(desk, number)
    offers = desk.locator("#drawer-body form.offers button.offer")
    offer = offers.filter(has_not=desk.get_by_text(name, exact=True)) if but else offers.filter(has_text=name)
    sent = str(offer.first.locator("strong").inner_text()).strip()
    offer.first.click()
    answered(desk)
    desk.locator("#drawer-body section.job .sheet-line", has_text=sent).first.wait_for()
    close_drawer(desk)
    return sent


def answered(desk: Any) -> None:
    """Wait for the desk's answer in the drawer, until it is settled there; it must not be a refusal."""
    answer = desk.locator(
        "#drawer-body .sheet > .kept, #drawer-body .refusal, #drawer-notice .refusal, #notice .refusal"
    ).first
    answer.wait_for()
    assert "refusal" not in str(answer.get_attribute("class")), answer.inner_text()
    desk.locator("#drawer[open] #drawer-title:focus").wait_for()


def close_drawer(desk: Any) -> None:
    """Press Escape until the drawer is shut."""
    desk.keyboard.press("Escape")
    desk.locator("#drawer:not([open])").wait_for(state="attached")


def rows(hospital: Hospital, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return what the hospital's database holds."""
    with psycopg.connect(host=str(hospital.home / "postgres"), user="postgres", dbname="yingxu") as link:
        return link.execute(statement.encode(), values).fetchall()


def n_known(hospital: Hospital, ids: Iterable[str]) -> int:
    """Return how many of these commands the server has carried out."""
    [(n,)] = rows(hospital, "SELECT count(*) FROM ground_command WHERE command_id = ANY(%s)", list(ids))
    return int(n)


def compare(hospital: Hospital, done: list[Kept], *, since: datetime, until: datetime) -> None:
    """Each act is in the ledger once, in the phone's order, at its own moment, carried out under its id once."""
    ids = [one.id for one in done]
    found = rows(
        hospital,
        "SELECT command_id, kind, happened_at, recorded_at, facts FROM ground_entry"
        " WHERE command_id = ANY(%s) ORDER BY id",
        ids,
    )
    kinds = {one.id: FACTS[one.act] for one in done}
    own = [row for row in found if row[1] == kinds[row[0]]]
    assert [row[0] for row in own] == ids, [(row[0], row[1]) for row in found]
    assert n_known(hospital, ids) == len(ids)
    moments = [row[2] for row in own]
    # the phone's idea of its clock may be mended by a second or two between two acts
    assert all(later >= earlier - timedelta(seconds=2) for earlier, later in pairwise(moments)), moments
    for (_, kind, happened_at, recorded_at, facts), one in zip(own, done, strict=True):
        assert abs(happened_at.timestamp() * 1000 - one.by_server_ms) < 2500, (kind, happened_at, one)
        assert since - timedelta(seconds=3) <= happened_at <= until + timedelta(seconds=3), (kind, happened_at)
        assert recorded_at >= happened_at
        facts = json.loads(facts) if isinstance(facts, str) else facts
        assert "phone_late_s" in facts, (kind, facts)

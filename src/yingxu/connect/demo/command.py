"""``yingxu demo``: one command to a living hospital; Ctrl-C stops all of it cleanly."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.utils import timezone

from yingxu.connect import house, serve
from yingxu.connect.keeping import Keeper
from yingxu.connect.refusal import BadInput


def configure(parser: argparse.ArgumentParser) -> None:
    """Port, seed, days of past."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same past")
    parser.add_argument("--days", type=int, default=365, help="days of past (a pilot ward before the last month)")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--still", action="store_true", help="without the robots' afternoon")


def run(args: argparse.Namespace) -> int:
    """Furnish the hospital if it is not there, then serve it with its robots; refuses: BadInput."""
    if not 0 <= args.days <= 3660:
        raise BadInput("--days: from 0 to 3660")
    os.environ["YINGXU_DEMO"] = "1"
    with house.database_up():
        serve.prepare()
        token = _stand(args.days, args.seed)
        address = f"http://{args.host}:{args.port}"
        with serve.background_worker(wanted=True), _robots(args.seed, wanted=not args.still):
            _tell(address, token)
            serve.serve(host=args.host, port=args.port, workers=args.workers)
    return 0


def _stand(days: int, seed: int) -> str:
    """Return the example place's token; builds hospital and past the first time, whole or not at all."""
    from django.db import connection, transaction

    from yingxu.connect.demo.assets import keep_register
    from yingxu.connect.demo.desk import ring
    from yingxu.connect.demo.doors import open_doors
    from yingxu.connect.demo.editions import change_early, furnish_editions
    from yingxu.connect.demo.emergencies import live_through_emergencies
    from yingxu.connect.demo.furnish import EXAMPLE_PLACE, SITE, furnish
    from yingxu.connect.demo.handbook import change_standards
    from yingxu.connect.demo.lookahead import look_ahead
    from yingxu.connect.demo.opinions import hear_opinions
    from yingxu.connect.demo.outside import send_some_outside
    from yingxu.connect.demo.peers import look_at_each_other
    from yingxu.connect.demo.people_can import furnish_papers, keep_duties
    from yingxu.connect.demo.projects import propose_some
    from yingxu.connect.demo.promises import ask_studies
    from yingxu.connect.demo.quality import change_hours, promise_qualities
    from yingxu.connect.demo.rounds import set_rounds
    from yingxu.connect.demo.stock import stock_stores
    from yingxu.connect.demo.surveys import ask_around
    from yingxu.connect.demo.transport import carry
    from yingxu.connect.demo.voices import speak_and_ask
    from yingxu.connect.demo.warnings import decide_ladder, warn_up_to
    from yingxu.ground import queries
    from yingxu.ground.refusals import NotFound

    try:
        site = queries.site_by_code(SITE)
    except NotFound:
        if queries.has_sites():
            raise BadInput(
                "this database holds another hospital; set YINGXU_HOME or DATABASE_URL to a new one"
            ) from None
    else:
        keep_duties(timezone.now())
        token = queries.live_token(site.id, EXAMPLE_PLACE)
        connection.close()
        house.close_pool()
        return token
    now = timezone.now()
    with transaction.atomic():
        built = furnish(now - timedelta(days=days + 1), holidays=holidays(now.year))
        keep_register(built.site_id, now - timedelta(days=days + 1))
        change_early(built.site_id, built.accounts, now - timedelta(days=days, hours=12))
        decide_ladder(built.site_id, now - timedelta(days=days))
        promise_qualities(built.site_id, built.accounts, now - timedelta(days=days, hours=6))
        _past(built.site_id, days, seed)
        change_hours(built.site_id, built.accounts, now)
        warn_up_to(now)
        change_standards(built.site_id, built.accounts, now)
        furnish_editions(built.site_id, built.accounts, now)
        ring(built.site_id, built.accounts, now)
        ask_studies(built.site_id, built.accounts, now)
        open_doors(built.site_id, now)
        hear_opinions(built.site_id, built.accounts, now)
        ask_around(built.site_id, built.accounts, now)
        carry(built.site_id, now)
        speak_and_ask(built.site_id, now)
        look_at_each_other(built.site_id, now)
        furnish_papers(built.site_id, now)
        set_rounds(built.site_id, now)
        stock_stores(built.site_id, built.accounts, now)
        send_some_outside(built.site_id, now)
        live_through_emergencies(built.site_id, now)
        look_ahead(built.site_id, now, days=days)
        propose_some(built.site_id, now)
    connection.close()
    house.close_pool()
    return built.example_token


def _past(site_id: int, days: int, seed: int) -> None:
    from yingxu.connect.demo import history
    from yingxu.connect.demo.afternoon import cast_of_demo

    is_terminal = sys.stderr.isatty()

    def tell(n: int) -> None:
        if is_terminal:
            print(f"\rmaking the hospital's past: {n} requests …", end="", file=sys.stderr, flush=True)

    n = history.play(site_id, cast_of_demo(), timezone.now(), days=days, seed=seed, tell=tell)
    if is_terminal:
        print(f"\rmade the hospital's past: {n} requests, each through the loop's own verbs", file=sys.stderr)


def holidays(year: int) -> list[tuple[date, str, bool]]:
    """Return the statutory days off and make-up days of the library, and of the years that the package knows."""
    import chinese_calendar
    from chinese_calendar import constants

    from yingxu.standards import library

    known = {
        date.fromisoformat(row["date"]): (row["name"], row["is_off_day"] == "1") for row in library.rows("holidays_cn")
    }
    for on, name in constants.holidays.items():
        if year - 1 <= on.year <= year + 1:
            known.setdefault(on, (chinese_calendar.Holiday(name).chinese, True))
    for on, name in constants.workdays.items():
        if year - 1 <= on.year <= year + 1:
            known.setdefault(on, (chinese_calendar.Holiday(name).chinese, False))
    return [(on, name, is_off) for on, (name, is_off) in sorted(known.items())]


@contextmanager
def _robots(seed: int, *, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    keeper = Keeper.of((), robots=("-m", "yingxu.connect.demo", str(seed)))
    try:
        yield
    finally:
        keeper.stop()


def _tell(address: str, token: str) -> None:
    from yingxu.connect.demo.furnish import EXAMPLE_PLACE, PASSWORD

    print(
        f"\n  Yingxu 应需: {address}\n\n"
        f"  sign in   any account of the role bar (password {PASSWORD})\n"
        f"  ask       {address}/q/{token}   (the printed code of place {EXAMPLE_PLACE})\n"
        f"  API       site demo, place {EXAMPLE_PLACE}; yingxu token create --scope requests:write --site demo\n"
        "  stop      Ctrl-C\n",
        flush=True,
    )

"""The reconciliation: every row accounted for, and the promise board against ``assess``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yingxu.connect.assess.log import ServiceLog
from yingxu.connect.assess.measure import promise_states, promises_of, rows_of
from yingxu.connect.replay.playing import REPLAY, Tally
from yingxu.promise import queries as promises

FORMAT = "log-replay/1"
STANDINGS = ("kept", "broken", "running", "running_late")


@dataclass(frozen=True)
class Reckoning:
    """What was played, and what the board says of it beside what ``assess`` says."""

    report: dict[str, Any]

    @property
    def is_equal(self) -> bool:
        """Say whether board and ``assess`` agree in every number and nothing was refused."""
        return bool(self.report["equal"])


def reckon(
    log: ServiceLog, tally: Tally, *, site: str, site_id: int, line_codes: list[str], now_s: int, is_made: bool,
    n_flag_targets: int, seconds: float,
) -> Reckoning:  # fmt: skip
    """Ask the board and compare. ``now_s``: the moment as of which open cases are judged."""
    assessed = promises_of(promise_states(log, now_s))
    at = datetime.fromtimestamp(now_s, tz=UTC)
    found = promises.standings(REPLAY, site_id, milestone="done", line_codes=line_codes, at=at)
    board = {
        "kept": found.n_kept,
        "broken": found.n_broken,
        "running": found.n_running,
        "running_late": found.n_late,
    }
    wanted = {name: assessed[name] for name in STANDINGS}
    accounted = tally.raised + tally.known
    report = {
        "format": FORMAT,
        "source": log.name,
        "site": site,
        "site_made": is_made,
        "now": log.zone.iso(now_s),
        "rows": rows_of(log),
        "cases": {
            "in_log": len(log),
            "raised": tally.raised,
            "known": tally.known,
            "refused": tally.refused,
            "first_refusal": tally.first_refusal,
            "statements": tally.statements,
        },
        "promises": {"with_target": assessed["with_target"], "targets_from_flag": n_flag_targets},
        "board": board,
        "assess": wanted,
        "equal": board == wanted and accounted == len(log) and not tally.refused,
        "seconds": round(seconds, 2),
    }
    return Reckoning(report)


def as_text(report: dict[str, Any]) -> str:
    """Return the reconciliation as lines for a terminal."""
    rows, cases = report["rows"], report["cases"]
    lines = [
        f"{report['source']} -> site {report['site']}" + (" (made now)" if report["site_made"] else ""),
        f"rows      read {rows['read']}, used {rows['used']}, rejected {rows['rejected']}",
    ]
    for reason in rows["reasons"]:
        kind = "rejected" if reason["rejected"] else "used, noted"
        lines.append(f"          {reason['reason']}: {reason['n']} ({kind}; first row {reason['first_row']})")
    rate = f", {cases['raised'] / report['seconds']:.0f} a second" if cases["raised"] and report["seconds"] else ""
    lines.append(
        f"cases     {cases['in_log']} = raised now {cases['raised']} + known before {cases['known']}"
        f" ({report['seconds']} s{rate})"
    )
    if cases["refused"]:
        lines.append(f"          refused in part: {cases['refused']}; the first: {cases['first_refusal']}")
    if report["promises"]["targets_from_flag"]:
        lines.append(
            f"          {report['promises']['targets_from_flag']} targets inferred from the log's own flag,"
            " because it states none"
        )
    lines.append(f"promises  {report['promises']['with_target']}, as of {report['now']}")
    lines.append(f"{'':10}{'kept':>10}{'broken':>10}{'running':>10}{'late':>10}")
    lines += [f"{name:<10}" + "".join(f"{report[name][one]:>10}" for one in STANDINGS) for name in ("board", "assess")]
    lines.append("equal" if report["equal"] else "NOT EQUAL")
    return "\n".join(lines)

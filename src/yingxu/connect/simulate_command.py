"""``yingxu simulate SPEC.json``: can a promise be kept by a team? Formats in docs/simulate.md."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from yingxu.connect.refusal import BadInput
from yingxu.core.queueing import (
    BadSpec,
    SimulationResult,
    SimulationSpec,
    StaffNeeded,
    StopAfter,
    find_staff,
    measure_promise,
    read_spec,
)

FORMAT = "simulation-result/1"

_SENTENCES = {
    "zh": {
        "attainment": "达成率 {share}(95 % 区间 {low}–{high},{n} 单),承诺 {percentile}:{verdict}",
        "kept": "守得住",
        "broken": "守不住",
        "unsure": "在界上,须多算几天",
        "nothing": "没有请求到达",
        "wait": "等待:平均 {mean};一半在 {p50}内,九成在 {p90}内,九成五在 {p95}内",
        "minutes": "{:.1f} 分钟",
        "utilisation": "人员利用率 {:.1%}",
        "hours": "时段  达成率   排队   现有  需要",
        "needed": "按时段最少人手合计 {total} 人时(现有 {present}),届时达成率 {share}",
        "impossible": "加多少人也守不住:单是路上就超时,最多 {share}",
        "speed": "每秒 {:,.0f} 个事件",
    },
    "en": {
        "attainment": "attainment {share} (95 % interval {low}–{high}, {n} jobs), promised {percentile}: {verdict}",
        "kept": "it can be kept",
        "broken": "it cannot be kept",
        "unsure": "on the line, simulate more days",
        "nothing": "no job arrived",
        "wait": "wait: mean {mean}, half within {p50}, 90 % within {p90}, 95 % within {p95}",
        "minutes": "{:.1f} min",
        "utilisation": "utilisation {:.1%}",
        "hours": "hour  attained  queue  staff needed",
        "needed": "least staff {total} server-hours (now {present}), then attainment {share}",
        "impossible": "no number of servers keeps it: the way there alone takes too long, at best {share}",
        "speed": "{:,.0f} events a second",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("spec", metavar="SPEC.json", help="a simulation-spec/1 file")
    parser.add_argument("--seed", type=int, default=1, help="the same seed repeats the same answer (default 1)")
    parser.add_argument("--json", action="store_true", help="print simulation-result/1")
    parser.add_argument("--locale", choices=("zh", "en"), default="zh", help="language of the summary (default zh)")


def run(args: argparse.Namespace) -> int:
    """Simulate, search for the least staff, print."""
    if args.seed < 0:
        raise BadInput(f"--seed: must be 0 or more, found {args.seed}")
    spec = load_spec(Path(args.spec))
    result, events_per_second = simulate_timed(spec, seed=args.seed)
    if args.json:
        print(json.dumps(result_json(result, events_per_second), ensure_ascii=False))
    else:
        print("\n".join(summary(spec, result, events_per_second, _SENTENCES[args.locale])))
    return 0


def load_spec(path: Path) -> SimulationSpec:
    """Read a specification file; a log that it names is relative to it."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}: is not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise BadInput(f"{path}: is not usable JSON: nested too deep, or a number too long") from error
    try:
        return read_spec(_with_rates(found, path))
    except BadSpec as error:
        raise BadInput(f"{path}: {error}") from error


def simulate_timed(spec: SimulationSpec, *, seed: int) -> tuple[SimulationResult, float]:
    """Return the result, and the events a second of its replications (drawing, running and counting; no compiling)."""
    # One short day first: the kernels compile, or load from their cache, outside the measured time.
    measure_promise(replace(spec, days=1, warm_up_days=0, replications=1), seed=seed)
    progress = _progress_line if sys.stderr.isatty() else None
    started = perf_counter()
    measured = measure_promise(spec, seed=seed, progress=progress)
    elapsed = perf_counter() - started
    staff_needed = find_staff(spec, seed=seed, stop=StopAfter())
    if progress is not None:
        sys.stderr.write("\r\x1b[K")
    return replace(measured, staff_needed=staff_needed), measured.n_events / elapsed


def _progress_line(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done}/{total}")
    sys.stderr.flush()


def result_json(result: SimulationResult, events_per_second: float) -> dict[str, Any]:
    """Return the ``simulation-result/1`` object."""
    needed = result.staff_needed or StaffNeeded(None, None, None)
    staff: dict[str, Any] = {"by_hour": needed.by_hour, "attainment": needed.attainment}
    if needed.by_team is not None and len(needed.by_team) > 1:
        staff["by_team"] = needed.by_team
    return {
        "format": FORMAT,
        "attainment": {
            "share": result.attainment.share,
            "low": result.attainment.low,
            "high": result.attainment.high,
            "n": result.attainment.n,
        },
        "wait_s": asdict(result.wait_s),
        "utilisation": result.utilisation,
        "by_hour": [asdict(hour) for hour in result.by_hour],
        "abandoned_share": result.abandoned_share,
        "staff_needed": staff,
        "events_per_second": events_per_second,
    }


def summary(
    spec: SimulationSpec, result: SimulationResult, events_per_second: float, say: Mapping[str, str]
) -> list[str]:
    """Return the lines for a person."""
    got = result.attainment
    if got.share is None or got.low is None or got.high is None:
        return [say["nothing"]]
    verdict = "kept" if got.low >= spec.percentile else "broken" if got.high < spec.percentile else "unsure"
    lines = [
        say["attainment"].format(
            share=_percent(got.share),
            low=_percent(got.low),
            high=_percent(got.high),
            n=got.n,
            percentile=f"{spec.percentile:.4g}",
            verdict=say[verdict],
        )
    ]
    waits = asdict(result.wait_s)
    if waits["mean"] is not None:
        lines.append(say["wait"].format(**{key: say["minutes"].format(value / 60) for key, value in waits.items()}))
    if result.utilisation is not None:
        lines.append(say["utilisation"].format(result.utilisation))
    needed = result.staff_needed or StaffNeeded(None, None, None)
    present = [sum(hour) for hour in zip(*(team.by_hour for team in spec.teams), strict=True)]
    wanted = needed.by_hour or (None,) * len(present)
    lines.append(say["hours"])
    for hour, (figures, now, then) in enumerate(zip(result.by_hour, present, wanted, strict=True)):
        queue = "–" if figures.queue is None else f"{figures.queue:.2f}"
        least = "–" if then is None else then
        lines.append(f"{hour:>4}  {_percent(figures.share):>8}  {queue:>6}  {now:>4}  {least:>4}")
    if needed.by_hour is None:
        lines.append(say["impossible"].format(share=_percent(needed.attainment)))
    else:
        lines.append(
            say["needed"].format(total=sum(needed.by_hour), present=sum(present), share=_percent(needed.attainment))
        )
    lines.append(say["speed"].format(events_per_second))
    return lines


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _with_rates(found: Any, path: Path) -> Any:
    """Replace arrivals that name a log by that log's rates by hour of the week."""
    if not isinstance(found, Mapping):
        return found
    arrivals = found.get("arrivals")
    if not isinstance(arrivals, Mapping) or "log" not in arrivals or "per_hour" in arrivals:
        return found
    log, line = arrivals["log"], arrivals.get("line")
    if not isinstance(log, str) or not log:
        raise BadSpec("arrivals.log", "must be the path of a service log")
    if line is not None and not isinstance(line, str):
        raise BadSpec("arrivals.line", "must be the name or code of a service line")
    return {**found, "arrivals": {"per_hour": _rates_of_log(path.parent / log, line)}}


def _rates_of_log(log: Path, line: str | None) -> tuple[float, ...]:
    """Return mean arrivals by hour of the local week, of one line or of all."""
    # The reader of logs loads only for the specifications that name one.
    from yingxu.connect.assess.reading import read_log
    from yingxu.core.queueing.arrivals import rates_by_hour_of_week

    read = read_log(log)
    chosen = None
    if line is not None:
        wanted = [at for at, name in enumerate(read.line.values) if name.strip().casefold() == line.strip().casefold()]
        if not wanted:
            known = ", ".join(sorted(read.line.values)[:12]) or "none (no such column was found)"
            raise BadSpec("arrivals.line", f"{line!r} is not a line of {log}; its lines: {known}")
        chosen = np.isin(read.line.codes, wanted)
    return rates_by_hour_of_week(read.opened_local_s, chosen)

"""How fast the event loop and the staffing search are, and whether the staff found holds on other days.

    python -m bench.queueing [--smoke]

Sizes: one year of 200 orders a day, 20 times; staff for a day of 200 orders in five situations, each simulated again
on 4,000 days with another seed; 30 queues with ten seeds against Erlang C. Seeds are fixed;
times are those of this machine, wall and processor.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from time import perf_counter, process_time

import numpy as np

from yingxu.core.queueing import (
    Exponential,
    JobClass,
    Lognormal,
    SimulationSpec,
    StopAfter,
    Team,
    can_we_keep_it,
    find_staff,
    measure_promise,
    service_level,
)

SHAPE = np.array([2, 1.5, 1, 1, 1, 2, 4, 8, 14, 16, 15, 13, 10, 11, 13, 14, 13, 10, 8, 7, 6, 5, 4, 3])
PLAIN = SimulationSpec(
    per_hour=tuple(float(rate) for rate in SHAPE * 200 / SHAPE.sum()),
    teams=(Team((2, 2, 2, 2, 2, 2, 3, 5, 7, 8, 8, 8, 7, 7, 7, 8, 7, 7, 6, 5, 5, 4, 4, 3)),),
    classes=(JobClass(1.0, 900.0),),
    service=Lognormal(1_200.0, 1.0),
    percentile=0.9,
    days=365,
)
SITUATIONS = {
    "plain": PLAIN,
    "exponential, 40 min": replace(PLAIN, service=Exponential(2_400.0)),
    "travel, urgency": replace(
        PLAIN, travel=Lognormal(300.0, 0.5), classes=(JobClass(0.2, 600.0), JobClass(0.8, 1_800.0))
    ),
    "giving up": replace(PLAIN, patience=Exponential(3_600.0)),
    "95 % in 10 min": replace(PLAIN, percentile=0.95, classes=(JobClass(1.0, 600.0),)),
}
GRID = [(1, 0.5), (1, 0.8), (2, 1.2), (2, 1.6), (3, 2.0), (5, 4.0), (8, 7.0), (12, 10.0), (20, 17.0), (40, 36.0)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="small sizes")
    smoke = parser.parse_args().smoke
    started = perf_counter()
    measure_promise(replace(PLAIN, days=1, replications=1))
    find_staff(replace(PLAIN, per_hour=(0.5,) * 24), stop=StopAfter(1))
    print(f"first call (compiling, or loading what was compiled): {perf_counter() - started:.2f} s")

    print("\nevent loop: drawing, running, counting          events   events/s wall    events/s cpu")
    for name, spec in SITUATIONS.items():
        wall, cpu = perf_counter(), process_time()
        result = measure_promise(replace(spec, replications=2 if smoke else 20), seed=1)
        wall, cpu = perf_counter() - wall, process_time() - cpu
        print(f"  {name:<44}{result.n_events:>10,}{result.n_events / wall:>15,.0f}{result.n_events / cpu:>16,.0f}")

    days = 400 if smoke else 4_000
    print(f"\nstaff for 200 orders a day       wall s   cpu s  instant ms  server-hours  least of {days:,} other days")
    for name, spec in SITUATIONS.items():
        instant = perf_counter()
        can_we_keep_it(spec)
        instant = perf_counter() - instant
        wall, cpu = perf_counter(), process_time()
        needed = find_staff(spec, seed=1, stop=StopAfter())
        wall, cpu = perf_counter() - wall, process_time() - cpu
        assert needed.by_hour is not None
        team = replace(spec, teams=(Team(needed.by_hour),), days=days, replications=1)
        least = min(hour.share or 0.0 for hour in measure_promise(team, seed=4_242).by_hour)
        verdict = "holds" if least >= spec.percentile else "BREAKS"
        figures = f"{wall:>9.2f}{cpu:>8.2f}{instant * 1e3:>12.1f}{sum(needed.by_hour):>14}"
        print(f"  {name:<28}{figures}   {least:.4f} of {spec.percentile}: {verdict}")

    seeds = range(2 if smoke else 10)
    inside = asked = 0
    for s, a in GRID:
        for within_s in (0.0, 300.0, 900.0):
            spec = replace(
                PLAIN,
                per_hour=(a * 6.0,) * 24,
                teams=(Team((s,) * 24),),
                classes=(JobClass(1.0, within_s),),
                service=Exponential(600.0),
                days=60,
            )
            for seed in seeds:
                got = measure_promise(spec, seed=seed).attainment
                asked += 1
                inside += (
                    got.low is not None
                    and got.high is not None
                    and got.low <= service_level(s, a, 600.0, within_s) <= got.high
                )
    print(f"\nErlang C inside the 95 % interval: {inside} of {asked}")


if __name__ == "__main__":
    main()

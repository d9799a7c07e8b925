"""How long `yingxu assess` takes end to end, in a process of its own, and what it finds. Prints one table.

Run: ``python bench/assess.py``. Shared data by ``YINGXU_SHARED`` (default ``../shared``); without it only the
made-up log.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("YINGXU_SHARED", PROJECT.parent / "shared"))
LOGS = {
    "city, 4 months": "data/service_log_boston311/boston311_2011_jul_oct.csv.gz",
    "service desk, events": "data/service_log_itsm_uci/incident_events_to_2016_04.csv.gz",
    "city, one hour": "data/nyc311_hour/nyc311_20220501.csv.gz",
}


def made_up(path: Path, rows: int) -> None:
    """Write a hospital's log in GB18030 with a fixed seed."""
    draw = random.Random(2024)
    opened = datetime(2023, 1, 1)  # noqa: DTZ001  a clock reading
    with path.open("w", encoding="gb18030") as out:
        out.write("工单号,报修时间,要求完成时间,完成时间,报修类别,报修地点,班组,故障描述\n")
        for n in range(rows):
            opened += timedelta(seconds=draw.expovariate(1 / 900))
            times = (opened, opened + timedelta(hours=24), opened + timedelta(hours=draw.expovariate(1 / 9)))
            said = ",".join(f"{at:%Y/%m/%d %H:%M}" for at in times)
            kind, place = draw.choice(["水电维修", "空调", "电梯", "保洁", "被服", "运送"]), draw.randrange(900)
            out.write(f"W{n:07d},{said},{kind},{place // 50 + 1}号楼{place}室,{n % 7 + 1}班,房间里的东西坏了请来看看\n")


def main() -> None:
    """Assess each log once and print seconds and the promises found."""
    print(f"{'log':<24}{'rows':>9}{'cases':>9}{'seconds':>9}{'kept':>9}{'broken':>9}{'late':>7}")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.csv"
        made_up(made, 40_000)
        logs = {name: SHARED / path for name, path in LOGS.items()} | {"made up, GB18030": made}
        for name, path in logs.items():
            if not path.exists():
                print(f"{name:<24} no data at {path}; set YINGXU_SHARED")
                continue
            out = Path(folder) / "out"
            started = time.perf_counter()
            words = [sys.executable, "-m", "yingxu.connect.cli", "assess", str(path), "--out", str(out)]
            subprocess.run(words, check=True)
            seconds = time.perf_counter() - started
            report = json.loads((out / "report.json").read_text(encoding="utf-8"))
            rows, promises = report["rows"], report["promises"]
            print(
                f"{name:<24}{rows['read']:>9}{rows.get('cases', rows['used']):>9}{seconds:>9.2f}"
                f"{promises['kept']:>9}{promises['broken']:>9}{promises['running_late']:>7}"
            )


if __name__ == "__main__":
    main()

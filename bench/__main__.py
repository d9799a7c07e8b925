"""``make bench``: run every bench, or those named: ``make bench BENCH="web clocks"``. ``--smoke`` for small sizes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run each bench in a process of its own; returns the number that failed."""
    words = sys.argv[1:]
    flags = [word for word in words if word.startswith("-")]
    named = [word for word in words if not word.startswith("-")]
    known = sorted(
        path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_") and path.stem not in {"bare", "client"}
    )
    unknown = set(named) - set(known)
    if unknown:
        print(f"no bench named {', '.join(sorted(unknown))}; known are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = 0
    for name in named or known:
        print(f"\n== {name}", flush=True)
        failed += (
            subprocess.run([sys.executable, "-m", f"bench.{name}", *flags], cwd=HERE.parent, check=False).returncode
            != 0
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())

"""The robots' own process: ``python -m yingxu.connect.demo SEED``, started by ``yingxu demo``."""

from __future__ import annotations

import sys

from yingxu.connect import house
from yingxu.connect.refusal import BadInput


def main(seed: int) -> int:
    """Play until told to stop; what cannot be started is said in a line, and whoever keeps this tries again."""
    try:
        with house.entered():
            from yingxu.connect.demo import afternoon

            return afternoon.play(seed)
    except BadInput as why:
        print(f"the demo's robots: {why}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

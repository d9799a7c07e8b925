"""The robots' own process: ``python -m yingxu.connect.demo SEED``, started by ``yingxu demo``."""

from __future__ import annotations

import sys

from yingxu.connect import house

if __name__ == "__main__":
    with house.entered():
        from yingxu.connect.demo import afternoon

        sys.exit(afternoon.play(int(sys.argv[1])))

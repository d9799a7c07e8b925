"""``yingxu audit verify``: prove that the sealed ledger is as it was."""

from __future__ import annotations

import argparse
import sys

from yingxu.connect import house


def configure(parser: argparse.ArgumentParser) -> None:
    """``verify``."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("verify", help="recompute every seal")


def run(args: argparse.Namespace) -> int:
    """Verify every site's chain; exit 1 and the first bad entry when one is broken."""
    with house.entered():
        from yingxu.ground import seals

        verdict = seals.verify()
    if verdict.trouble is not None:
        print(f"broken: {verdict.trouble}", file=sys.stderr)
        return 1
    print(f"whole: {verdict.n_entries} entries under {verdict.n_seals} seals; {verdict.n_unsealed} not sealed yet")
    return 0

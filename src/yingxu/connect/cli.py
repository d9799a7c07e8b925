"""The one console script. Each command lives in a module of its own, loaded only when it is called."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from yingxu.connect.refusal import BadInput

#: Command -> (module with ``configure(parser)`` and ``run(args) -> int``, one line for ``yingxu --help``).
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("yingxu.connect.demo.command", "open the living demo hospital"),
    "serve": ("yingxu.connect.serve", "web processes, and with the embedded database the worker"),
    "worker": ("yingxu.connect.worker", "the background worker alone"),
    "planner": ("yingxu.connect.planner.command", "the resident planner alone: who goes now"),
    "migrate": ("yingxu.connect.operations.migrate", "bring the database to this version"),
    "createadmin": ("yingxu.connect.operations.createadmin", "open an administrator's account"),
    "token": ("yingxu.connect.operations.token", "make a machine's bearer token"),
    "check": ("yingxu.connect.operations.check", "look whether the installation is as it should be"),
    "backup": ("yingxu.connect.operations.backup", "database and files into one archive"),
    "restore": ("yingxu.connect.operations.restore", "a backup into an empty database"),
    "audit": ("yingxu.connect.operations.audit", "prove the ledger's seals"),
    "replay": ("yingxu.connect.replay.command", "send a service log through the product"),
    "assess": ("yingxu.connect.assess.command", "turn any service log into a gap report"),
    "dispatch": ("yingxu.connect.dispatch_command", "solve dispatch problems: who goes now"),
    "simulate": ("yingxu.connect.simulate_command", "can a promise be kept by a team?"),
    "handbook": ("yingxu.connect.handbook_command", "print people's handbooks: PDF with cover, contents, codes"),
    "triage": ("yingxu.connect.triage_command", "line, item, urgency and place of a text"),
}


class OneLine(argparse.ArgumentParser):
    """A parser that refuses in one line, like every command."""

    def error(self, message: str) -> NoReturn:
        """Refuse: BadInput."""
        raise BadInput(f"{message}; '{self.prog} --help' says more")


def parser_for(name: str) -> argparse.ArgumentParser:
    """Return the parser of one command, configured by its module."""
    module, summary = COMMANDS[name]
    parser = OneLine(prog=f"yingxu {name}", description=summary)
    import_module(module).configure(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0 done, 1 a negative answer, 2 bad input (one line on standard error)."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help"}:
        width = max(map(len, COMMANDS))
        print("yingxu COMMAND …\n")
        print("\n".join(f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items()))
        return 0 if words else 2
    name, *rest = words
    if name not in COMMANDS:
        print(f"yingxu: unknown command {name!r}; 'yingxu --help' lists them", file=sys.stderr)
        return 2
    try:
        return int(import_module(COMMANDS[name][0]).run(parser_for(name).parse_args(rest)))
    except BadInput as refusal:
        print(f"yingxu {name}: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())

"""``yingxu triage``: one JSON line in, one JSON line out, in order, each flushed before the next is read."""

from __future__ import annotations

import argparse
import io
import json
import sys
from typing import IO

from yingxu.connect.refusal import BadInput
from yingxu.core.language import Proposal, propose


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--jsonl", action="store_true", help='read {"id": …, "text": …} lines from standard input')


def run(args: argparse.Namespace) -> int:
    """Answer standard input line by line until it ends."""
    if not args.jsonl:
        raise BadInput('say --jsonl and give {"id": …, "text": …} lines on standard input')
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    answer_stream(sys.stdin.buffer, sys.stdout)
    return 0


def answer_stream(lines: IO[bytes], out: IO[str]) -> None:
    """Write one answer for each non-blank line of `lines`; a malformed line gets an error and the stream goes on."""
    while line := lines.readline():
        if line.strip():
            out.write(_json(answer(line)) + "\n")
            out.flush()


def _json(row: dict[str, object]) -> str:
    written = json.dumps(row, ensure_ascii=False)
    # Half a character (a lone surrogate) is legal JSON when escaped, and no UTF-8.
    return json.dumps(row) if any("\ud800" <= character <= "\udfff" for character in written) else written


def answer(line: bytes) -> dict[str, object]:
    """Return the public answer to one line."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as trouble:
        return {"id": None, "error": f"not JSON in UTF-8: {trouble}"}
    if not isinstance(asked, dict) or not isinstance(asked.get("id"), str) or not isinstance(asked.get("text"), str):
        return {"id": None, "error": 'expected an object with "id" and "text", both strings'}
    return {"id": asked["id"], **public(propose(asked["text"]))}


def public(proposal: Proposal) -> dict[str, object]:
    """Return a proposal in the public format."""
    return {
        "service_line": proposal.line,
        "service_item": proposal.item,
        "priority": proposal.priority,
        "danger": proposal.is_danger,
        "places": list(proposal.places),
        "problems": proposal.problems,
        "reasons": list(proposal.reasons),
        "confidence": proposal.confidence,
        "alternatives": list(proposal.alternatives),
    }

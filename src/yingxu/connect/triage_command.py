"""``yingxu triage``: one JSON line in, one JSON line out, in order, each flushed before the next is read."""

from __future__ import annotations

import argparse
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
    answer_stream(sys.stdin.buffer, sys.stdout)
    return 0


def answer_stream(lines: IO[bytes], out: IO[str]) -> None:
    """Write one answer for each non-blank line of `lines`; a malformed line gets an error and the stream goes on."""
    while line := lines.readline():
        if line.strip():
            out.write(json.dumps(answer(line), ensure_ascii=False) + "\n")
            out.flush()


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

"""Set one book: pages and cover as JSON on standard input, the PDF on standard output."""

from __future__ import annotations

import json
import sys

from yingxu.team.handbook.booklet import Press

with Press() as press:
    said = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(press.pdf(said["pages"], said["cover"]))

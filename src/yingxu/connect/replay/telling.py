"""A log as it was read -> its cases, ready to be played."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from statistics import median

from yingxu.connect.assess.log import Case, ServiceLog
from yingxu.connect.assess.measure import KEPT, NO_PROMISE, RUNNING, promise_states
from yingxu.connect.assess.zone import MISSING
from yingxu.connect.replay.plan import Told, acts_of, code_of, priority_of
from yingxu.standards.actions import NewItem, NewLine

#: Where a log says nothing.
NO_LINE, NO_ITEM = "日志 Log", "未注明 Not stated"
#: A place named at least so often joins the tree of places; others stay in the asker's words.
PLACE_AT_LEAST, PLACES_AT_MOST = 3, 3000
#: Limit of an item for which the log states no target that lies ahead.
NO_TARGET_S = 86_400
REF_LIMIT, TEXT_LIMIT, NAME_LIMIT = 64, 2000, 64


def told_cases(log: ServiceLog, now_s: int, *, site: str) -> Iterator[Told]:
    """Yield the log's cases in order, each with a reference of its own."""
    seen: Counter[str] = Counter()
    states = promise_states(log, now_s).tolist()
    never_closed = bool((log.closed_s == MISSING).all())
    reopens, reassignments = (_counts(log, name) for name in ("reopens", "reassignments"))
    for at, case in enumerate(log.cases()):
        base = case.id if "id" in log.columns else _content(case)
        seen[base] += 1
        ref = base if seen[base] == 1 else f"{base}#{seen[base]}"
        closed_s, target_s, is_from_flag = case.closed_s, case.target_s, False
        if not log.has_targets and states[at] != NO_PROMISE:
            # only the flag says what was promised: the result stands, its target is inferred
            is_from_flag = True
            if never_closed:
                closed_s = case.first_action_s or case.opened_s
            kept = states[at] in (KEPT, RUNNING)
            end_s = now_s if closed_s is None else closed_s
            target_s = end_s if kept else end_s - 1
        yield Told(
            site=site,
            ref=ref if len(ref) <= REF_LIMIT else hashlib.sha256(ref.encode()).hexdigest(),
            text=_text(case),
            line=line_code(case.line),
            item=item_code(case.line, case.item),
            place=case.place or "",
            priority=priority_of(case.priority),
            target_s=target_s,
            is_target_from_flag=is_from_flag,
            acts=acts_of(case, closed_s=closed_s, n_reopens=reopens[at], n_reassignments=reassignments[at]),
        )


def _counts(log: ServiceLog, name: str) -> list[int]:
    values = log.counts.get(name)
    return [0] * len(log) if values is None else [max(0, one) if one != MISSING else 0 for one in values.tolist()]


def _content(case: Case) -> str:
    said = (case.opened_s, case.line, case.item, case.place, case.text)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _text(case: Case) -> str:
    words = " ".join(part for part in (case.text, case.item, case.line) if part) if not case.text else case.text
    return (words.replace("\x00", "").strip() or NO_ITEM)[:TEXT_LIMIT]


def line_code(line: str | None) -> str:
    """Return the code of a log's line in the catalogue."""
    return code_of("L", line or "", 7)


def item_code(line: str | None, item: str | None) -> str:
    """Return the code of a log's item in the catalogue."""
    return code_of("log.", f"{line or ''}\n{item or ''}", 12)


def catalogue_of(log: ServiceLog) -> tuple[list[NewLine], list[NewItem]]:
    """Return the lines and items that the log names; an item promises the median of its targets."""
    lines: dict[str, NewLine] = {}
    items: dict[str, tuple[str, str]] = {}
    limits: dict[str, list[int]] = {}
    for case in log.cases():
        code = item_code(case.line, case.item)
        if code not in items:
            lines.setdefault(line_code(case.line), NewLine(line_code(case.line), (case.line or NO_LINE)[:NAME_LIMIT]))
            items[code] = ((case.item or case.line or NO_ITEM)[:NAME_LIMIT], line_code(case.line))
        if case.target_s is not None and case.target_s > case.opened_s:
            limits.setdefault(code, []).append(case.target_s - case.opened_s)
    made = [
        NewItem(code, name, line, limit_s=int(median(limits[code])) if code in limits else NO_TARGET_S)
        for code, (name, line) in items.items()
    ]
    return list(lines.values()), made


def places_of(log: ServiceLog) -> list[str]:
    """Return the places that the log names often enough to stand in the tree, the most frequent first."""
    found = Counter(code for code in log.place.codes.tolist() if code >= 0)
    often = [code for code, n in found.most_common(PLACES_AT_MOST) if n >= PLACE_AT_LEAST]
    return [log.place.values[code] for code in often]


def place_code(name: str) -> str:
    """Return the code of a log's place."""
    return code_of("log-", name, 12)

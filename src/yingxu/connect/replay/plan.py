"""A case of a log -> the acts that play it: what the log states, and what must have happened in between. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from yingxu.connect.assess.log import Case

#: Acts in the order in which a request goes through the house.
RAISE, SEND, TAKE, COME, BEGIN, RESEND, FINISH, CLOSE, REOPEN = (
    "raise", "send", "take", "come", "begin", "resend", "finish", "close", "reopen",
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One act of a case. ``at_s``: its moment, seconds since 1970. ``n``: which one of its kind, counted from 0."""

    kind: str
    at_s: int
    is_inferred: bool
    n: int = 0


@dataclass(frozen=True)
class Told:
    """A case ready to be played. ``ref`` is its reference in the log, once a site; ``target_s`` what was promised."""

    site: str
    ref: str
    text: str
    line: str
    item: str
    place: str
    priority: int | None
    target_s: int | None
    is_target_from_flag: bool
    acts: tuple[Act, ...]

    @property
    def opened_s(self) -> int:
        """The moment at which it was asked for."""
        return self.acts[0].at_s

    def command_id(self, act: Act) -> str:
        """Return the id of one act's command: the same whenever the log is played again."""
        return f"log:{self._digest}:{act.kind}{act.n or ''}"

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(f"{self.site}\n{self.ref}".encode()).hexdigest()[:32]


def acts_of(case: Case, *, closed_s: int | None, n_reopens: int, n_reassignments: int) -> tuple[Act, ...]:
    """Return a case's acts in order.

    The log states the opening, the first action if it has one, and the closing. In between the house's life cycle asks
    for more: somebody is sent, takes it, comes and begins; inferred, at the first action, else at the closing.
    Reopenings and reassignments that the log counts without a time are spread evenly before the closing, inferred too.

    Parameters
    ----------
    case : the case. closed_s : its closing, None while open. n_reopens, n_reassignments : as the log counts them.
    """
    raised = Act(RAISE, case.opened_s, is_inferred=False)
    begun_s = case.first_action_s if case.first_action_s is not None else closed_s
    if begun_s is None:
        return (raised,)
    acts = [raised, Act(SEND, begun_s, is_inferred=True)]
    acts += [Act(RESEND, begun_s, is_inferred=True, n=n) for n in range(n_reassignments)]
    acts += [Act(kind, begun_s, is_inferred=True) for kind in (TAKE, COME, BEGIN)]
    until_s = begun_s if closed_s is None else closed_s
    start_s = min(case.opened_s, until_s) if case.first_action_s is None else min(begun_s, until_s)
    if case.first_action_s is None and n_reopens:
        # it was done and came back before it was closed at last: work had begun earlier
        acts = [acts[0], *(Act(act.kind, start_s, is_inferred=True, n=act.n) for act in acts[1:])]
    for n in range(n_reopens):
        back_s = start_s + (until_s - start_s) * (n + 1) // (n_reopens + 1)
        acts += [Act(kind, back_s, is_inferred=True, n=n + 1) for kind in (FINISH, CLOSE, REOPEN)]
    if closed_s is not None:
        acts += [Act(FINISH, closed_s, is_inferred=False), Act(CLOSE, closed_s, is_inferred=False)]
    return tuple(acts)


def priority_of(said: str | None) -> int | None:
    """Return the class of a log's own urgency word when it says one of 1 to 4; None leaves the item's own."""
    digits = [letter for letter in said or "" if letter.isdigit()]
    return int(digits[0]) if len(digits) == 1 and digits[0] in "1234" else None


def code_of(prefix: str, name: str, length: int) -> str:
    """Return a short code that is the same for the same name."""
    return f"{prefix}{hashlib.sha256(name.encode()).hexdigest()[:length]}"

"""The event loop: who is sent to which job, and when.

Events are arrivals, starts of service, ends, and people giving up. Shift changes are looked at as hours pass.
At one instant a shift change comes first, then ends, then arrivals.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from yingxu.core.queueing.draws import Jobs
from yingxu.core.queueing.specs import HOUR_S

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_NOBODY = -1


def send_order(serves: npt.NDArray[np.bool_]) -> Ints:
    """Return the teams in the order in which they are asked: the one that can do the least goes first."""
    return np.argsort(serves.sum(axis=1), kind="stable").astype(np.int64)


def dispatch_times(jobs: Jobs, staff: Ints, serves: npt.NDArray[np.bool_]) -> Floats:
    """Return when a server was sent to each job, seconds; NaN where the asker had given up before.

    Parameters
    ----------
    jobs : Jobs
        In order of arrival.
    staff : array of int, shape (teams, hours of the period)
        Servers on duty.
    serves : array of bool, shape (teams, classes)
        From :func:`~yingxu.core.queueing.specs.team_table`.

    Notes
    -----
    Non-pre-emptive priorities, first come first served within a class. A server is busy from being sent until the end
    of service (travel, then service) and finishes the job in hand when the shift ends. Patience runs until a
    server is sent: who was told that somebody is on the way waits for them.

    Raises
    ------
    ValueError
        When a class that occurs has no server in any hour: its jobs would wait for ever.
    """
    for class_index in np.unique(jobs.class_index):
        if not staff[serves[:, class_index]].any():
            raise ValueError(f"nobody can ever serve class {class_index}")
    return run_events(
        jobs.arrive_s,
        jobs.class_index,
        jobs.service_s + jobs.travel_s,
        jobs.patience_s,
        np.ascontiguousarray(staff, dtype=np.int64),
        serves,
        send_order(serves),
    )


@njit(cache=True, nogil=True)
def push(ends: Floats, owners: Ints, size: int, end: float, owner: int) -> None:
    """Add to a binary heap of ``size`` entries, least end first."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if ends[above] <= end:
            break
        ends[at] = ends[above]
        owners[at] = owners[above]
        at = above
    ends[at] = end
    owners[at] = owner


@njit(cache=True, nogil=True)
def pop(ends: Floats, owners: Ints, size: int) -> None:
    """Remove the first entry of a binary heap of ``size`` entries."""
    last = size - 1
    end = ends[last]
    owner = owners[last]
    at = 0
    below = 1
    while below < last:
        if below + 1 < last and ends[below + 1] < ends[below]:
            below += 1
        if end <= ends[below]:
            break
        ends[at] = ends[below]
        owners[at] = owners[below]
        at = below
        below = 2 * at + 1
    ends[at] = end
    owners[at] = owner


@njit(cache=True, nogil=True)
def run_events(
    arrive_s: Floats,
    class_index: Ints,
    busy_s: Floats,
    patience_s: Floats,
    staff: Ints,
    serves: npt.NDArray[np.bool_],
    order: Ints,
) -> Floats:
    """Run the loop of :func:`dispatch_times` over plain arrays; ``busy_s`` is travel and service together."""
    n = len(arrive_s)
    n_teams, period = staff.shape
    n_classes = serves.shape[1]
    sent = np.full(n, np.nan)
    following = np.full(n, _NOBODY)  # a linked list a class: the next job in line
    first = np.full(n_classes, _NOBODY)
    last = np.full(n_classes, _NOBODY)
    busy = np.zeros(n_teams, dtype=np.int64)
    most = 0
    for team in range(n_teams):
        most += staff[team].max()
    ends = np.empty(most + 1)
    owners = np.empty(most + 1, dtype=np.int64)
    on_the_job = 0
    waiting = 0
    hour = 0
    column = 0
    at = 0
    while at < n or waiting > 0:
        next_arrival = arrive_s[at] if at < n else np.inf
        next_end = ends[0] if on_the_job > 0 else np.inf
        now = min(next_arrival, next_end)
        only_team = _NOBODY
        if waiting > 0 and (hour + 1) * HOUR_S <= now:
            now = (hour + 1) * HOUR_S
            hour += 1
            column = hour % period
        else:
            if (hour + 1) * HOUR_S <= now:
                hour = int(now // HOUR_S)
                column = hour % period
            if next_end <= next_arrival:
                only_team = owners[0]
                pop(ends, owners, on_the_job)
                on_the_job -= 1
                busy[only_team] -= 1
                if waiting == 0:
                    continue
            else:
                kind = class_index[at]
                if first[kind] == _NOBODY:
                    first[kind] = at
                else:
                    following[last[kind]] = at
                last[kind] = at
                waiting += 1
                at += 1
        for turn in range(n_teams):
            team = order[turn] if only_team == _NOBODY else only_team
            while waiting > 0 and busy[team] < staff[team, column]:
                job = _NOBODY
                for kind in range(n_classes):
                    if not serves[team, kind]:
                        continue
                    while first[kind] != _NOBODY:
                        head = first[kind]
                        first[kind] = following[head]
                        waiting -= 1
                        if arrive_s[head] + patience_s[head] >= now:
                            job = head
                            break
                    if job != _NOBODY:
                        break
                if job == _NOBODY:
                    break
                sent[job] = now
                busy[team] += 1
                push(ends, owners, on_the_job, now + busy_s[job], team)
                on_the_job += 1
            if only_team != _NOBODY:
                break
    return sent

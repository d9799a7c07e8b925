"""Questions about ratings: scores with how many, how many could have, and how sure that is. Never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection

from yingxu.core.quality.share import Share, attainment
from yingxu.ground import authority
from yingxu.ground.actor import Actor
from yingxu.ground.refusals import NotAllowed

#: Fewer answers than this are not shown where names could show (domain 4.2: k ≥ 5).
K_SHOWN = 5
#: So many stars say satisfied.
SATISFIED = 4
#: Below these a score is marked as too little to judge by (domain 6.3).
N_ENOUGH, RESPONSE_ENOUGH = 30, 0.2


@dataclass(frozen=True)
class ScoreRow:
    """How a line was rated. ``mean`` and ``satisfied`` are None when hidden (too few) or when there is nothing."""

    line_code: str
    n: int | None
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    satisfied: Share | None
    responded: Share
    is_hidden: bool
    #: How many gave one, two, … five stars.
    counts: tuple[int, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Tell whether it may be judged by: thirty answers, and a fifth of those who could answer (domain 6.3)."""
        return (self.n or 0) >= N_ENOUGH and (self.responded.share or 0) >= RESPONSE_ENOUGH

    @property
    def weighted(self) -> float | None:
        """The other common figure: the mean of 100, 80, 60, 40 and 20 for five to one stars (满意度, domain 6.3)."""
        return None if self.mean is None else 20 * self.mean


_SCORES = """
WITH asked AS (
    SELECT r.id, r.line_code FROM demand_request r
    WHERE r.site_id = %s AND r.closed_at >= %s AND r.closed_at < %s AND r.line_code <> '' {scope}
), said AS (
    SELECT r.line_code, t.stars, t.request_id,
           t.rater = 'asker' AND EXISTS (SELECT 1 FROM asked a WHERE a.id = r.id) AS counts
    FROM voice_rating t JOIN demand_request r ON r.id = t.request_id
    WHERE NOT EXISTS (SELECT 1 FROM voice_heard h
                      WHERE h.request_id = t.request_id AND h.kind = 'abuse' AND h.fate = '')
      AND t.site_id = %s AND t.rated_at >= %s AND t.rated_at < %s AND r.line_code <> '' {scope}
)
SELECT line_code,
       (SELECT count(*) FROM asked a WHERE a.line_code = l.line_code),
       (SELECT count(DISTINCT request_id) FROM said s WHERE s.line_code = l.line_code AND s.counts),
       (SELECT array_agg(stars) FROM said s WHERE s.line_code = l.line_code)
FROM (SELECT line_code FROM asked UNION SELECT line_code FROM said) AS l ORDER BY line_code
"""


def scores_by_line(actor: Actor, site_id: int, *, since: datetime, until: datetime) -> tuple[ScoreRow, ...]:
    """Return how each line was rated in [since, until), with n, response rate and 95 % intervals.

    The hospital sees every line; a team or company sees its own, and nothing under five answers. The response rate is
    of requests that ended in the span. While an uncivil treatment is under review, the ratings of its request count for
    nobody (S26). Refuses: NotAllowed. Budget: one query.
    """
    grants = [
        (held, grant)
        for held in actor.holdings
        if held.site_id in (None, site_id)
        for grant in authority.grants()["rating.read_aggregate"].get(held.role, ())
    ]
    if not grants:
        raise NotAllowed(action="rating.read_aggregate")
    sees_all = any(grant.scope == "all" for _, grant in grants)
    is_small_hidden = all("at_least_5_answers" in grant.condition for _, grant in grants)
    scope, keys = "", []
    if not sees_all:
        teams = [held.team_id for held, _ in grants if held.team_id]
        parties = [held.party_id for held, _ in grants if held.party_id and not held.team_id]
        scope, keys = "AND (r.team_keys && %s::bigint[] OR r.party_keys && %s::bigint[])", [teams, parties]
    with connection.cursor() as cursor:
        cursor.execute(_SCORES.format(scope=scope), [site_id, since, until, *keys, site_id, since, until, *keys])
        found = cursor.fetchall()
    return tuple(_score(*row, is_small_hidden=is_small_hidden) for row in found)


def _score(
    line_code: str, n_asked: int, n_answered: int, stars: list[int] | None, *, is_small_hidden: bool
) -> ScoreRow:
    responded = attainment(min(n_answered, n_asked), n_asked)
    given = np.asarray(stars or [], dtype=float)
    if is_small_hidden and 0 < given.size < K_SHOWN:
        return ScoreRow(line_code, None, None, None, None, None, attainment(0, 0), is_hidden=True)
    if not given.size:
        return ScoreRow(line_code, 0, None, None, None, None, responded, is_hidden=False)
    mean = float(given.mean())
    # normal interval of a mean; one answer has no spread and says so
    half = 1.96 * float(given.std(ddof=1)) / given.size**0.5 if given.size > 1 else None
    return ScoreRow(
        line_code,
        int(given.size),
        mean,
        max(1.0, mean - half) if half is not None else None,
        min(5.0, mean + half) if half is not None else None,
        attainment(int((given >= SATISFIED).sum()), int(given.size)),
        responded,
        is_hidden=False,
        counts=tuple(int((given == n).sum()) for n in range(1, 6)),
    )

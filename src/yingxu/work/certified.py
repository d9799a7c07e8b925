"""Steps for holders of a certificate only (S50): whoever carries one out holds it, in date, on that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.refusals import CertificateNeeded


def require_certificate(step: Mapping[str, Any], account_id: int | None, *, at: datetime) -> None:
    """Refuse CertificateNeeded unless the person holds what the step asks for. One query, where it asks for any.

    It counts who really acts: a leader with the certificate may carry the step out in the worker's name, and with a
    reason. Papers decide from the day on which the team's do (``start_gates``); before that nobody could hold any.
    """
    needed = str(step.get("certificate") or "")
    if not needed or account_id is None:
        return
    rows = Member.objects.filter(account_id=account_id).values("papers", "team__gates_from", "site__timezone")
    row = rows.first()
    if row is None:
        return  # outside firms have no team here; their papers are checked when they are let in
    fitness = Fitness(row["team__gates_from"], row["papers"] or {}, timezone=row["site__timezone"])
    lacks = [code for code in fitness.lacks(certificates=[needed], clearances=(), at=at) if code[:5] == "certi"]
    if lacks:
        raise CertificateNeeded(step=str(step["code"]), certificate=needed, state=lacks[0].rsplit(":", 1)[-1])

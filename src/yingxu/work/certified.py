"""Steps for holders of a certificate only (S50): whoever carries one out holds it, in date, on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yingxu.ground.models import Entry
from yingxu.team.fitness import Fitness
from yingxu.team.models import Member
from yingxu.work.models import Job
from yingxu.work.refusals import CertificateEnded, CertificateNeeded


def require_certificate(step: Mapping[str, Any], account_id: int | None, *, at: datetime) -> None:
    """Refuse CertificateNeeded unless the person holds what the step asks for. One query, where it asks for any.

    It counts who really acts: a leader with the certificate may carry the step out in the worker's name, and with a
    reason. Papers decide from the day on which the team's do (``start_gates``); before that nobody could hold any.
    """
    needed = str(step.get("certificate") or "")
    if not needed or account_id is None:
        return
    lacks = _lacks([needed], account_id, at=at)
    if lacks:
        raise CertificateNeeded(step=str(step["code"]), certificate=needed, state=lacks[0].rsplit(":", 1)[-1])


def require_papers(job: Job, needed: Sequence[str], account_id: int, *, at: datetime) -> None:
    """Refuse CertificateEnded when a paper that the job asks for ended after the job was given out.

    Whom the hospital sent without it, with its reason, begins all the same; and a critical job is not stopped at the
    door: people wait behind it (S5). One query where the job asks for any, one more where one is lacking.
    """
    lacks = _lacks(needed, account_id, at=at) if needed and job.priority > 1 else []
    if not lacks:
        return
    given = Entry.objects.filter(
        site_id=job.site_id, kind__in=("dispatch.job.assigned", "dispatch.job.reassigned"), subject_id=job.pk
    )
    if any(facts.get("override_reason") for facts in given.values_list("facts", flat=True)):
        return
    _kind, certificate, state = lacks[0].split(":")
    raise CertificateEnded(certificate=certificate, state=state)


def _lacks(needed: Sequence[str], account_id: int, *, at: datetime) -> list[str]:
    rows = Member.objects.filter(account_id=account_id).values("papers", "team__gates_from", "site__timezone")
    row = rows.first()
    if row is None:
        return []  # outside firms have no team here; their papers are checked when they are let in
    fitness = Fitness(row["team__gates_from"], row["papers"] or {}, timezone=row["site__timezone"])
    return [code for code in fitness.lacks(certificates=needed, clearances=(), at=at) if code[:5] == "certi"]

"""What the planner proposes for a waiting job, in one sentence; the runner-up, and what overruling would break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from yingxu.dispatch.queries import PlanRow
from yingxu.web import words
from yingxu.web.templatetags.yingxu import in_language


@dataclass(frozen=True)
class PlanSaid:
    """A proposal in words."""

    worker_uid: UUID | None
    worker: str
    runner_uid: UUID | None
    runner: str
    #: Why this one, in one sentence.
    why: str
    #: What would be worse with the runner-up.
    overruled: str
    barred: tuple[str, ...]
    #: Who goes along: (uid, name); how many people the job takes and how many of them nobody was found for.
    mates: tuple[tuple[str, str], ...]
    crew: int
    n_missing: int
    waits_for: str
    #: What would be worse with each of the others who could go, by their uid.
    instead: Mapping[str, str]
    start_at: datetime | None
    made_at: datetime


def plan_said(plan: PlanRow) -> PlanSaid:
    """Return a proposal in words."""
    reason = plan.reason
    return PlanSaid(
        worker_uid=plan.worker_uid,
        worker=in_language(plan, "worker_name"),
        runner_uid=plan.runner_uid,
        runner=in_language(plan, "runner_name"),
        why=_why(reason) if plan.worker_uid else _left_out(str(reason.get("left_out", ""))),
        overruled=_overruled(plan) if plan.worker_uid and plan.runner_uid else "",
        barred=tuple(_barred(one) for one in reason.get("barred", ())),
        mates=tuple((one["uid"], one["name"]) for one in reason.get("mates", ())),
        crew=int(reason.get("crew", 1)),
        n_missing=int(reason.get("missing", 0)),
        waits_for=str(reason.get("waits_for") or ""),
        instead=_instead(plan) if plan.worker_uid else {},
        start_at=plan.start_at,
        made_at=plan.made_at,
    )


def _terms() -> dict[str, str]:
    return {
        "respond": _("arrival would be late"),
        "resolve": _("it would be done late"),
        "wait": _("the asker waits longer"),
        "appointment": _("the appointment would be missed"),
        "travel": _("a longer way"),
        "overtime": _("overtime"),
        "break_late": _("a break comes late"),
        "fairness": _("more load on one person"),
        "preferred": _("another was shown before"),
    }


def _why(reason: Mapping[str, Any]) -> str:
    parts, runner = reason.get("parts") or {}, reason.get("runner_parts")
    said = []
    if runner:
        gains = {name: runner.get(name, 0) - parts.get(name, 0) for name in {*parts, *runner}}
        best = [name for name, gain in sorted(gains.items(), key=lambda one: -one[1]) if gain > 0.05][:2]
        better = {
            "respond": _("arrives in time"),
            "resolve": _("is done in time"),
            "wait": _("is there soonest"),
            "appointment": _("meets the appointment"),
            "travel": _("has the shortest way"),
            "overtime": _("has no overtime"),
            "break_late": _("keeps the break"),
            "fairness": _("has the lightest day"),
        }
        said = [better[name] for name in best if name in better]
    late = [name for name in ("respond", "resolve") if parts.get(name, 0) > 0.05]
    if late:
        said.append(_("though %(what)s") % {"what": _terms()[late[0]]})
    said += _delays(reason.get("delays") or ())
    return _(", ").join(said) or _("all who can go are alike")


def _delays(delays: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        _("%(number)s then begins %(minutes)d min later") % {"number": one["number"], "minutes": one["minutes"]}
        for one in delays[:2]
    ]


def _overruled(plan: PlanRow) -> str:
    reason = plan.reason
    return _worse(
        reason.get("parts") or {},
        reason.get("runner_parts") or {},
        later_s=reason.get("runner_later_s"),
        delays=reason.get("runner_delays") or (),
    )


def _instead(plan: PlanRow) -> dict[str, str]:
    """Return what would be worse with each of the others who could go, the runner-up among them."""
    parts = plan.reason.get("parts") or {}
    said = {
        one["uid"]: _worse(parts, one.get("parts") or {}, later_s=one.get("later_s"), delays=one.get("delays") or ())
        for one in plan.reason.get("others", ())
    }
    return said | ({str(plan.runner_uid): _overruled(plan)} if plan.runner_uid else {})


def _worse(
    parts: Mapping[str, float],
    other: Mapping[str, float],
    *,
    later_s: float | None,
    delays: Sequence[Mapping[str, Any]],
) -> str:
    said = []
    if later_s is not None and later_s >= 60:
        said.append(_("begins %(minutes)d min later") % {"minutes": round(later_s / 60)})
    rises = sorted(((other.get(name, 0) - parts.get(name, 0), name) for name in other), reverse=True)
    said += [
        _terms()[name]
        for gain, name in rises[:2]
        if gain > 0.05 and name not in {"wait", "preferred"} and name in _terms()
    ]
    said += _delays(delays)
    return _(", ").join(said) or _("hardly anything")


def _left_out(code: str) -> str:
    names = {
        "no_time_or_too_dear": _("Nobody who can do it has time before the end of duty."),
        "follows_unassigned": _("It follows a job that nobody has yet."),
    }
    return names.get(code, _("Nobody who is here may go."))


def _barred(one: Mapping[str, Any]) -> str:
    names = _(", ").join(one["names"])
    if one["n"] > len(one["names"]):
        names = _("%(names)s and %(n)d more") % {"names": names, "n": one["n"] - len(one["names"])}
    rule = _("did not accept it before") if one["rule"] == "not_accepted" else words.lacking((one["rule"],))
    return _("%(names)s: %(rule)s") % {"names": names, "rule": rule}

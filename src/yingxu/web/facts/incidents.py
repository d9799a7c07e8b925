"""Sentences of emergencies and drills."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingxu.web.emergency.words import branch_name, clock_name, kind_name, limit_said, mark_name, outcome_name, try_name
from yingxu.web.facts.telling import Facts, Sentence, joined


def _told(facts: Facts, said: str) -> str:
    """Mark what is a drill's, wherever it is read."""
    return f"{_('DRILL')} · {said}" if facts.get("is_drill") else said


def _kind(f: Facts) -> str:
    return kind_name(f["incident_kind"])


def _limit(f: Facts) -> str:
    values = {
        "kind": _kind(f),
        "clock": clock_name(f["incident_kind"], f["clock"]),
        "limit": limit_said(f["limit_s"]),
    }
    if f["is_legal"] and not f["is_drill"]:
        return _("Compliance event: %(clock)s (%(kind)s) passed its legal limit of %(limit)s") % values
    return _("%(clock)s (%(kind)s) passed its limit of %(limit)s") % values


def _dropped(f: Facts) -> str:
    if f["why"] == "over":
        return _("%(kind)s: over before anybody opened it") % {"kind": _kind(f)}
    return joined(_("%(kind)s: no emergency") % {"kind": _kind(f)}, f["words"])


def _place(f: Facts) -> str:
    said = _("The people of %(place)s were told") if f["is_told"] else _("%(place)s is affected")
    return said % {"place": f["place"]}


SENTENCES: dict[str, Sentence] = {
    "work.incident.proposed": lambda f: _("Perhaps an emergency (%(kind)s): a person confirms it") % {"kind": _kind(f)},
    "work.incident.opened": lambda f: _told(
        f,
        (_("Drill begun: %(kind)s, led by %(name)s") if f["is_drill"] else _("Emergency: %(kind)s, led by %(name)s"))
        % {"kind": _kind(f), "name": f["commander"]},
    ),
    "work.incident.dropped": _dropped,
    "work.incident.joined": lambda f: _("%(kind)s: told under the incident that runs") % {"kind": _kind(f)},
    "work.incident.command_taken": lambda f: _told(
        f, _("%(name)s leads from now on (%(kind)s)") % {"name": f["commander"], "kind": _kind(f)}
    ),
    "work.incident.mark_noted": lambda f: _told(f, joined(mark_name(f["incident_kind"], f["mark"]), f["words"])),
    "work.incident.line_noted": lambda f: _told(
        f, _("Put on the log: %(what)s") % {"what": mark_name(f["incident_kind"], f["code"])}
    ),
    "work.incident.place_touched": lambda f: _told(f, _place(f)),
    "work.incident.call_tried": lambda f: _told(
        f, _("Called %(who)s: %(how)s") % {"who": f["callee"], "how": try_name(f["outcome"])}
    ),
    "work.incident.call_due": lambda f: _told(
        f, _("%(kind)s: %(who)s has to be reached now") % {"kind": _kind(f), "who": f["callee"]}
    ),
    "work.incident.call_tree_spent": lambda f: _told(
        f,
        _("%(kind)s, %(branch)s: nobody answered on any level")
        % {"kind": _kind(f), "branch": branch_name(f["branch"])},
    ),
    "work.incident.limit_passed": lambda f: _told(f, _limit(f)),
    "work.incident.ended": lambda f: _told(
        f,
        _("%(kind)s ended: %(outcome)s")
        % {"kind": _kind(f), "outcome": outcome_name(f["outcome"], is_drill=f["is_drill"])},
    ),
    "work.incident.reviewed": lambda f: _told(f, _("The review of %(kind)s was written") % {"kind": _kind(f)}),
    "work.emergency_plan.made": lambda f: (
        ngettext("Own call tree for %(kind)s: %(n)s level", "Own call tree for %(kind)s: %(n)s levels", f["n_levels"])
        % {"kind": _kind(f), "n": f["n_levels"]}
    ),
}

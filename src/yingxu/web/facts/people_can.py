"""Sentences of who can: skills, certificates, clearances, duty; and of the planner and each line's mode."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yingxu.web import words
from yingxu.web.facts.telling import Facts, Sentence, at, joined


def _skills(facts: Facts) -> str:
    said = [
        f"{words.coded('skills', code)} {level}"
        for code, _sep, level in (part.partition(":") for part in facts["skills"])
    ]
    return joined(_("Skills set"), _(", ").join(said))


def _clearances(facts: Facts) -> str:
    said = _(", ").join(words.clearance_name(code) for code in facts["clearances"])
    return joined(_("Cleared for"), said or _("no restricted zone"))


def _paper(said: str, facts: Facts) -> str:
    return joined(said, words.coded("certificates", facts["certificate_code"]))


def _duty(facts: Facts) -> str:
    said = _("On duty from %(begin)s to %(end)s") % {"begin": at(facts, "duty_from"), "end": at(facts, "duty_to")}
    kind = facts.get("duty_kind", "work")  # entries from before there were kinds
    return said if kind == "work" else joined(said, words.coded("duty_kinds", kind))


SENTENCES: dict[str, Sentence] = {
    "team.member.skills_changed": _skills,
    "team.member.clearances_changed": _clearances,
    "team.member.duty_set": _duty,
    "team.member.duty_called_off": lambda f: joined(
        _("Duty from %(begin)s to %(end)s is off") % {"begin": at(f, "duty_from"), "end": at(f, "duty_to")}, f["reason"]
    ),
    "team.certificate.corrected": lambda f: _paper(_("Certificate put right before it was verified"), f),
    "team.certificate.entered": lambda f: _paper(_("Certificate entered"), f),
    "team.certificate.verified": lambda f: _paper(_("Certificate verified"), f),
    "team.certificate.withdrawn": lambda f: joined(_paper(_("Certificate withdrawn"), f), f["reason"]),
    "team.zone.restricted": lambda f: joined(_("Entered only with clearance"), words.clearance_name(f["clearance"])),
    "team.zone.lifted": lambda f: joined(_("Open to everybody again"), words.clearance_name(f["clearance"])),
    "team.team.gates_changed": lambda f: (
        _("From now on papers and duty hours decide who may be sent")
        if f["is_gated"]
        else joined(_("Papers no longer decide who may be sent"), f["reason"])
    ),
    "dispatch.planner.took_over": lambda f: _("A planner took over (lease %(epoch)s)") % f,
    "dispatch.line.mode_changed": lambda f: joined(words.line_name(f["line_code"]), words.mode_name(f["mode"])),
}

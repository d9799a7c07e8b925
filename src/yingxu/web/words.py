"""Words for codes that several screens show: milestones, what a worker lacks, reasons from the library's tables."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _

from yingxu.standards.library import by_code, rows
from yingxu.web.templatetags.yingxu import is_english


def milestone_name(code: str) -> str:
    """Return what a milestone is called on a clock."""
    names = {
        "acknowledged": _("first answer"),
        "arrived": _("arrival"),
        "safe": _("made safe"),
        "done": _("done"),
        "verified": _("checked"),
    }
    return names.get(code, code)


def coded(table: str, code: str) -> str:
    """Return a code of a library table in the reader's language; the code itself when the table lacks it."""
    row = by_code(table).get(code)
    if row is None:
        return code
    return row["name_en"] if is_english() else row["name_zh"]


def choices(table: str) -> list[tuple[str, str]]:
    """Return (code, name) of a library table in the reader's language."""
    field = "name_en" if is_english() else "name_zh"
    return [(row["code"], row[field]) for row in rows(table)]


@cache
def _lines() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("lines")}


def line_name(code: str) -> str:
    """Return a service line's name from the trade's table; empty for no line."""
    row = _lines().get(code)
    if row is None:
        return code
    return row["name_en"] if is_english() else row["name_zh"]


def lacking(missing: tuple[str, ...]) -> str:
    """Return what a worker lacks for a job, in words."""
    said = []
    for part in missing:
        kind, _sep, rest = part.partition(":")
        if kind == "line":
            said.append(_("not of %(line)s") % {"line": line_name(rest)})
        elif kind == "skill":
            skill, _sep, level = rest.partition(":")
            said.append(_("skill %(skill)s level %(level)s") % {"skill": coded("skills", skill), "level": level})
        elif kind == "party":
            said.append(_("another company's contract"))
        elif kind in {"certificate", "clearance", "duty"}:
            said.append(_unfit(kind, rest))
        else:
            said.append(part)
    return _(", ").join(said)


def _unfit(kind: str, rest: str) -> str:
    """Return which certificate, clearance or hour is in the way."""
    code, _sep, more = rest.partition(":")
    if kind == "certificate":
        names = {
            "none": _("no %(certificate)s on record"),
            "unverified": _("%(certificate)s not verified"),
            "expired": _("%(certificate)s expired"),
            "review_overdue": _("%(certificate)s: review overdue"),
        }
        return names.get(more, names["expired"]) % {"certificate": coded("certificates", code)}
    if kind == "clearance":
        return _("no clearance: %(zone)s") % {"zone": clearance_name(code)}
    if code == "none":
        return _("no duty set for now")
    clock = timezone.localtime(datetime.fromisoformat(more)).strftime("%H:%M")
    hours = {
        "before": _("on duty from %(time)s only"),
        "over": _("duty ended at %(time)s"),
        "break": _("on a break until %(time)s"),
    }
    return hours[code] % {"time": clock}


def clearance_name(code: str) -> str:
    """Return what a clearance lets somebody enter."""
    names = {
        "infection": _("infection zone"),
        "clean": _("clean zone"),
        "security": _("restricted for security"),
        "radiation": _("radiation zone"),
    }
    return names.get(code, code)


def phone_act(code: str) -> str:
    """Return what a worker did on the phone, as its button says it."""
    names = {
        "accept": _("Accept"),
        "set-out": _("I am on the way"),
        "arrive": _("I am there"),
        "start": _("Start work"),
        "safe": _("The danger is contained"),
        "step": _("Step"),
        "photo": _("Photo"),
        "pause": _("Pause"),
        "resume": _("Go on"),
        "help": _("Ask for help"),
        "hand-over": _("Hand it over"),
        "take-over": _("Take it over"),
        "leave-it": _("Leave it with my colleague"),
        "return": _("Give it back"),
        "finish": _("Done"),
        "defect": _("Found something broken"),
        "sign": _("Sign for what was read"),
        "part-take": _("Take"),
        "part-keep": _("Keep for me"),
        "part-back": _("Give back"),
        "part-release": _("Let go"),
        "part-lack": _("Ask for it; the work rests"),
        "part-drop": _("Not needed any more"),
        "load-take": _("They agree: take it"),
        "load-give": _("They agree: hand it over"),
        "load-delay": _("It stands still"),
        "load-go-on": _("It goes on"),
        "zone": _("I am in this zone"),
    }
    return names.get(code, code)


def mode_name(code: str) -> str:
    """Return how a line's jobs find their worker."""
    names = {
        "automatic": _("sent automatically"),
        "proposal": _("proposed to the desk"),
        "claim": _("claimed by workers"),
    }
    return names.get(code, code)

"""Words of improvement projects: states, sorts of evidence, and where evidence is looked at."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from yingxu.improve.queries import EvidenceRow

#: State -> tone and icon.
TONES = {
    "proposed": ("warn", "hourglass"),
    "approved": ("ok", "check"),
    "declined": ("muted", "ban"),
    "under_way": ("ok", "player-play"),
    "done": ("ok", "circle-check"),
}


def state_name(code: str) -> str:
    """Return where a project stands."""
    names = {
        "proposed": _("waits for approval"),
        "approved": _("approved"),
        "declined": _("declined"),
        "under_way": _("under way"),
        "done": _("done"),
    }
    return names.get(code, code)


def shown_name(code: str) -> str:
    """Return what a list is narrowed to."""
    names = {"proposed": _("To be decided"), "going": _("Approved, under way"), "ended": _("Done or declined")}
    return names.get(code, code)


def source_name(code: str) -> str:
    """Return what sort of evidence it is."""
    names = {
        "request": _("a request"),
        "voice": _("a voice"),
        "finding": _("a finding or opinion"),
        "group": _("texts that nothing fits"),
        "outlook": _("demand against hands"),
    }
    return names.get(code, code)


def address(row: EvidenceRow) -> str:
    """Return where a piece of evidence is looked at."""
    if row.source == "request":
        return reverse("web:request", args=[row.target])
    if row.source == "voice":
        return reverse("web:voice", args=[row.target])
    if row.source == "finding":
        return f"{reverse('web:remarks')}?shown=all"
    if row.source == "group":
        return reverse("web:figure_unfamiliar")
    return f"{reverse('web:figure_supply')}?line={row.target}"

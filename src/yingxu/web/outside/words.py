"""Words about links of outside companies: how an order stands, why a link is dead."""

from __future__ import annotations

from django.utils.translation import gettext as _


def ended_name(why: str) -> str:
    """Return what ended an order."""
    names = {
        "revoked": _("taken back"),
        "declined": _("the company does not do it"),
        "replaced": _("a new link took its place"),
        "reassigned": _("somebody else has the job"),
        "gone": _("the job was called off"),
        "closed": _("the job is closed"),
        "expired": _("its time is over"),
    }
    return names.get(why, why)


def state_name(state: str) -> str:
    """Return how an order stands."""
    names = {
        "sent": _("sent, not answered yet"),
        "accepted": _("the company comes"),
        "arrived": _("the company is there"),
        "signed": _("done and signed"),
    }
    return names[state] if state in names else ended_name(state)


#: State of an order -> (icon, tone).
LOOKS = {
    "sent": ("hourglass", "warn"),
    "accepted": ("circle-check", "ok"),
    "arrived": ("map-pin", "ok"),
    "signed": ("checks", "ok"),
    "expired": ("clock-exclamation", "late"),
    "declined": ("hand-stop", "late"),
}


def dead_words(why: str) -> str:
    """Return what somebody is told whose link opens nothing any more."""
    names = {
        "revoked": _("The hospital took this link back."),
        "declined": _("You said that you do not do this work; the hospital has it again. Thank you for saying so."),
        "replaced": _("The hospital sent a newer link for this work. Please use that one."),
        "reassigned": _("The hospital gave this work to somebody else."),
        "gone": _("This work was called off."),
        "closed": _("This work is done, checked and closed. Thank you."),
        "expired": _("The time of this link is over."),
    }
    return names.get(why, _("This link opens nothing any more."))


def said_words(act: str) -> str:
    """Return what was done a moment ago, from the address that the act led to."""
    names = {
        "accept": _("Thank you: the hospital knows that you come, and when."),
        "set-out": _("The hospital sees that you are on the way."),
        "arrive": _("You are there."),
        "visit": _("You are there."),
        "start": _("Work has begun."),
        "safe": _("Made safe, and said so."),
        "step": _("Step kept."),
        "photo": _("Photo kept."),
        "pause": _("Paused; the hospital was told."),
        "resume": _("It goes on."),
        "say": _("Your word is with the hospital."),
        "cost": _("Kept: the hospital checks it and takes it into the cost."),
        "finish": _("Done and signed. The hospital checks it now."),
    }
    return names.get(act, "")

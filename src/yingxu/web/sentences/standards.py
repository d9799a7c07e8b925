"""Refusals of editions, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingxu.ground.refusals import Refusal
from yingxu.standards import refusals as standards
from yingxu.web.standards.wording import certificate_word, finding_said, stage_word
from yingxu.work import refusals as work


def _clock(iso: str) -> str:
    return timezone.localtime(datetime.fromisoformat(iso)).strftime("%Y-%m-%d %H:%M") if iso else "—"


def _paper_word(state: str) -> str:
    names = {
        "none": _("you have none on record"),
        "unverified": _("yours is not verified yet"),
        "expired": _("yours has expired"),
        "review_overdue": _("its review is overdue"),
    }
    return names.get(state, state)


def _text(refusal: standards.TextRefused) -> str:
    named = " ".join(finding_said(found) for found in refusal.findings)
    return named or _("The text of this standard is not in order. Nothing was saved.")


#: Refusal -> sentence.
SENTENCES: dict[type[Refusal], Callable[[Any], str]] = {
    standards.TextRefused: _text,
    standards.EditedMeanwhile: lambda r: (
        _(
            "%(name)s saved this draft after you opened it (%(at)s). Nothing was overwritten, and what you typed is "
            "still here: compare, then save again."
        )
        % {"name": r.name or _("Somebody else"), "at": _clock(r.saved_at)}
    ),
    standards.WrongStage: lambda r: (
        _("The edition is %(state)s now; this cannot be done with it any more.") % {"state": stage_word(r.state)}
    ),
    standards.AlreadyUnderWay: lambda r: (
        _("Edition %(number)s of this standard is on its way already (%(state)s). Go on with that one, or withdraw it.")
        % {"number": r.number, "state": stage_word(r.state)}
    ),
    standards.NotApproved: lambda r: (
        _("An edition takes effect only after its approval; this one is %(state)s. Nothing was published.")
        % {"state": stage_word(r.state)}
    ),
    standards.BeforeApproval: lambda r: (
        _(
            "An edition cannot be in force before its approval, nor in the past: %(from)s is too early, %(earliest)s "
            "is the earliest."
        )
        % {"from": _clock(r.from_at), "earliest": _clock(r.earliest_at)}
    ),
    work.CertificateNeeded: lambda r: (
        _(
            "This step is only for holders of: %(certificate)s (%(state)s). Somebody who holds it carries it out; "
            "your team leader may do so in your name."
        )
        % {"certificate": certificate_word(r.certificate), "state": _paper_word(r.state)}
    ),
    standards.NothingChanged: lambda r: (
        _("This draft says the same as edition %(number)s, which is in force. Change something, or withdraw it.")
        % {"number": r.number}
    ),
    standards.StandardMissing: lambda r: (
        _("%(item)s has no standard in force. Write one and have it approved; then it can be offered.")
        % {"item": r.item_code}
    ),
}

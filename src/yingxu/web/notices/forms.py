"""The forms of notices: times, addresses, and the rows of a ladder."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yingxu.promise.ladder import MOST_RUNGS, RECEIVERS, Rung, rung
from yingxu.promise.refusals import BadLadder


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M"),
    )


class SettingsForm(forms.Form):
    """When and how a person wants to be told."""

    quiet_from = _time(_("Quiet from"))
    quiet_to = _time(_("Quiet until"))
    digest_at = _time(_("Digest at"))
    wants_email = forms.BooleanField(label=_("By mail too"), required=False)
    email = forms.CharField(
        label=_("Mail address"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "email", "autocomplete": "email"}),
    )
    wants_gateway = forms.BooleanField(label=_("By the hospital's messenger too"), required=False)


class HouseForm(forms.Form):
    """The house's quiet hours and its message gateway."""

    quiet_from = _time(_("Quiet from"))
    quiet_to = _time(_("Quiet until"))
    digest_at = _time(_("Digest at"))
    gateway_url = forms.CharField(
        label=_("Address of the message gateway"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "url", "placeholder": "https://"}),
    )


class StepRow:
    """One row of the ladder's form, as typed or as it is."""

    def __init__(self, place: int, when: str = "share", amount: str = "", receivers: tuple[str, ...] = ()) -> None:
        self.place = place
        self.when = when
        self.amount = amount
        self.receivers = receivers

    #: Folded away until somebody wants more steps than there are; set by :func:`folded`.
    is_spare = False
    is_first_spare = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in it."""
        return not self.amount and not self.receivers

    def step(self) -> Rung:
        """Return the row as a step; refuses: BadLadder."""
        try:
            amount = float(self.amount)
        except ValueError:
            raise BadLadder(step=self.place, problem="not_a_number") from None
        if self.when == "late":
            if not 0 < amount < 10**6:
                raise BadLadder(step=self.place, problem="minutes_out_of_range")
            return rung(1.0, round(amount * 60), self.receivers)
        if not 0 < amount <= 100:
            raise BadLadder(step=self.place, problem="share_out_of_range")
        return rung(amount / 100, 0, self.receivers)


def rows_of(steps: tuple[Rung, ...]) -> list[StepRow]:
    """Return a ladder's steps as rows of the form, with empty ones up to the most."""
    rows = []
    for place, step in enumerate(steps, 1):
        amount = step.late_s / 60 if step.late_s else step.share * 100
        rows.append(StepRow(place, "late" if step.late_s else "share", f"{amount:g}", step.receivers))
    return rows + [StepRow(place, "late") for place in range(len(rows) + 1, MOST_RUNGS + 1)]


def folded(rows: list[StepRow]) -> list[StepRow]:
    """Return the rows with those folded away that nobody has begun, but for one."""
    last = max((row.place for row in rows if not row.is_empty), default=0)
    for row in rows:
        row.is_spare = row.place > last + 1
        row.is_first_spare = row.place == last + 2
    return rows


def rows_said(said: QueryDict) -> list[StepRow]:
    """Return the rows of a form that was sent."""
    rows = []
    for place in range(1, MOST_RUNGS + 1):
        receivers = tuple(code for code in RECEIVERS if code in said.getlist(f"who{place}"))
        when = "late" if said.get(f"when{place}") == "late" else "share"
        rows.append(StepRow(place, when, said.get(f"amount{place}", "").strip()[:10], receivers))
    return rows


def moment_said(text: str) -> datetime | None:
    """Return a local date and time of the page's zone; None when it is none."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return timezone.make_aware(said) if said.tzinfo is None else None


def clock(value: time | None) -> str:
    """Return a time as a form shows it."""
    return "" if value is None else f"{value:%H:%M}"

"""A field that was given in the wrong form, in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

#: Problem code of a field -> sentence with ``field`` and ``limit``.
PROBLEMS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("%(field)s is missing."),
    "too_long": lambda: _("%(field)s is too long (at most %(limit)s)."),
    "too_small": lambda: _("%(field)s is too small (at least %(limit)s)."),
    "too_large": lambda: _("%(field)s is too large (at most %(limit)s)."),
    "unknown": lambda: _("%(field)s is not known here."),
    "in_future": lambda: _("%(field)s lies in the future."),
    "out_of_order": lambda: _("%(field)s lies before what it must follow."),
    "wrong_type": lambda: _("%(field)s has the wrong form."),
    "past": lambda: _("%(field)s lies in the past."),
    "too_far": lambda: _("%(field)s lies more than a year ahead."),
    "twice": lambda: _("%(field)s is there already."),
}


def malformed(field: str, problem: str, limit: str) -> str:
    """Return the sentence for a malformed field."""
    template = PROBLEMS.get(problem, PROBLEMS["wrong_type"])()
    return template % {"field": field_name(field), "limit": limit}


def field_name(field: str) -> str:
    """Return a field's name as people say it."""
    names = {
        "text": _("the text"),
        "place": _("the place"),
        "item": _("the kind of service"),
        "call": _("the call"),
        "event": _("the event"),
        "outcome": _("the outcome"),
        "reason": _("the reason"),
        "priority": _("the urgency"),
        "worker": _("the worker"),
        "act": _("the act"),
        "body": _("what was sent"),
        "cause": _("the cause"),
        "happened_at": _("the time"),
        "expected_at": _("the time it goes on"),
        "words": _("what follows"),
        "stars": _("the rating"),
        "photo": _("the photo"),
        "site": _("the hospital"),
        "phone": _("the phone number"),
        "limit_min": _("the limit in minutes"),
        "percent": _("the percent of cases"),
        "milestone": _("the milestone"),
        "weeks": _("the number of weeks"),
        "per_day": _("requests a day"),
        "service_min": _("minutes on site"),
        "travel_min": _("minutes on the way"),
        "by_hour": _("the hands hour by hour"),
        "hands_night": _("the hands from 0 to 8"),
        "hands_day": _("the hands from 8 to 16"),
        "hands_evening": _("the hands from 16 to 24"),
        "url": _("the address"),
        "kinds": _("the kinds of facts"),
        "topic": _("the topic"),
        "condition": _("the comparison"),
        "clear_limit": _("the limit at which it is over"),
        "hold_s": _("the time that it must hold"),
        "door_kind": _("the kind of door"),
        "answers": _("an answer to each of the three questions"),
        "people": _("the people"),
        "post_code": _("the code of the post"),
        "name": _("the name"),
        "code": _("the code"),
        "account": _("the account name"),
        "parent": _("the place it lies in"),
        "role": _("the role"),
        "notice": _("the notice"),
        "form": _("the form"),
        "layout": _("the label format"),
        "codes": _("what becomes of hanging codes"),
        "state": _("the state"),
        "limit": _("the limit"),
        "minutes": _("the minutes"),
        "place_class": _("the class of places"),
        "floor_no": _("the floor number"),
        "date": _("the date"),
        "voice": _("the voice note"),
        "wanted_from": _("the appointment"),
        "wanted_to": _("the end of the appointment"),
        "weekdays": _("the days of the week"),
        "to_on": _("the last day"),
        "ends_at": _("the end"),
        "quiet_hours": _("the span of quiet hours"),
        "email": _("the mail address"),
        "gateway_url": _("the gateway's address"),
        "effective_at": _("the moment from which it holds"),
        "line": _("the service line"),
        "from_on": _("the date"),
        "on": _("the date"),
        "exceptions": _("the single dates"),
        "target": _("the promised share"),
        "at_least": _("the threshold"),
        "measure": _("what makes a job good"),
        "sample_share": _("the chance of being drawn"),
        "stratum_key": _("what jobs are parted by"),
        "n_least": _("the number measured at least"),
    }
    return names.get(field, field)

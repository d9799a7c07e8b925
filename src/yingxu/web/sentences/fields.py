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
        "reason": _("the reason"),
        "priority": _("the urgency"),
        "worker": _("the worker"),
        "stars": _("the rating"),
        "photo": _("the photo"),
        "site": _("the hospital"),
        "phone": _("the phone number"),
    }
    return names.get(field, field)

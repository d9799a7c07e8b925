"""Facts of the service hours, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yingxu.web.facts.telling import joined

SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "standards.calendar.made": lambda f: _("New service hours: %(name)s") % {"name": f["name"]},
    "standards.calendar.edited": lambda f: joined(
        _("Other service hours from %(on)s: %(name)s") % {"on": f["from_on"], "name": f["name"]}, f.get("reason", "")
    ),
    "standards.calendar.edit_withdrawn": lambda f: (
        _("The change of %(on)s was withdrawn: %(name)s") % {"on": f["from_on"], "name": f["name"]}
    ),
    "standards.holidays.taken_over": lambda f: (
        _("Statutory holidays of %(year)s taken over: %(n)d days") % {"year": f["year"], "n": f["n_days"]}
    ),
    "standards.holiday.added": lambda f: (
        (_("Day off: %(on)s %(name)s") if f["is_off_day"] else _("Worked day: %(on)s %(name)s"))
        % {"on": f["on"], "name": f["name"]}
    ),
    "standards.holiday.withdrawn": lambda f: (
        _("An ordinary day again: %(on)s %(name)s") % {"on": f["on"], "name": f["name"]}
    ),
}

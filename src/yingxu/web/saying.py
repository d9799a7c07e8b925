"""Times and spans in people's words. ``static/web/clock.js`` says the same while it ticks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NOTHING, _A_MINUTE = timedelta(0), timedelta(minutes=1)
#: Less than this is left: at risk.
SOON_S = 10 * _MINUTE


def duration(seconds: float) -> str:
    """Return a span: whole minutes below two hours, hours with minutes below two days, then days."""
    minutes = max(0, int(seconds)) // _MINUTE
    if minutes < 1:
        return _("less than 1 minute")
    if minutes < 120 and minutes != 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        days = hours // 24
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if rest:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def left(seconds: float) -> str:
    """Return "还剩 12 分钟" or "超时 3 分钟"."""
    if seconds >= 0:
        return _("%(time)s left") % {"time": duration(seconds)}
    return _("%(time)s late") % {"time": duration(-seconds)}


def tone_of_left(seconds: float) -> str:
    """Return the CSS tone of what is left: ok, soon, late."""
    if seconds < 0:
        return "is-late"
    return "is-soon" if seconds < SOON_S else "is-ok"


def absolute(at: datetime) -> str:
    """Return the full time in the page's zone."""
    return _written(timezone.localtime(at))


def _written(there: datetime) -> str:
    return there.isoformat(" ", "seconds")[:19]


def moment(at: datetime, *, now: datetime) -> str:
    """Return a moment: 刚刚, 14:05, 昨天 09:10, 3月2日 09:00, 2024年3月2日."""
    return _said(timezone.localtime(at), timezone.localtime(now), now - at)


def moment_html(at: datetime, *, now: datetime) -> str:
    """Return a moment as a page shows it, the full time on hover; a list says dozens, each in one zone's time."""
    zone = timezone.get_current_timezone()
    there = at.astimezone(zone)
    words = escape(_said(there, now.astimezone(zone), now - at))
    return f'<time datetime="{at.isoformat()}" title="{_written(there)}">{words}</time>'


def _said(there: datetime, here: datetime, ago: timedelta) -> str:
    if _NOTHING <= ago < _A_MINUTE:
        return _("just now")
    clock = f"{there.hour:02}:{there.minute:02}"
    days = (here.date() - there.date()).days
    if days == 0:
        return clock
    if days == 1:
        return _("yesterday %(clock)s") % {"clock": clock}
    if days == -1:
        return _("tomorrow %(clock)s") % {"clock": clock}
    if there.year == here.year:
        return _("%(month)d/%(day)d %(clock)s") % {"month": there.month, "day": there.day, "clock": clock}
    return _("%(year)d/%(month)d/%(day)d") % {"year": there.year, "month": there.month, "day": there.day}

"""Verbs of the standards, by what they change."""

from yingxu.standards.actions.calendars import (
    CalendarSaid,
    HolidaysSaid,
    Hours,
    add_holiday,
    edit_calendar,
    make_calendar,
    take_over_holidays,
    withdraw_calendar_edit,
    withdraw_holiday,
)
from yingxu.standards.actions.catalogue import Extended, NewItem, NewLine, extend_catalogue
from yingxu.standards.actions.library import Installed, install_library

__all__ = [
    "CalendarSaid",
    "Extended",
    "HolidaysSaid",
    "Hours",
    "Installed",
    "NewItem",
    "NewLine",
    "add_holiday",
    "edit_calendar",
    "extend_catalogue",
    "install_library",
    "make_calendar",
    "take_over_holidays",
    "withdraw_calendar_edit",
    "withdraw_holiday",
]

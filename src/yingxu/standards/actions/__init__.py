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
from yingxu.standards.actions.editions import (
    EditionSaid,
    draft_edition,
    edit_draft,
    return_edition,
    submit_edition,
    take_back_edition,
    withdraw_edition,
)
from yingxu.standards.actions.force import Begun, approve_edition, publish_edition, start_due_editions
from yingxu.standards.actions.items import MOVES, ItemSaid, change_item, move_item
from yingxu.standards.actions.library import Installed, install_library
from yingxu.standards.actions.studies import (
    Asked,
    Noted,
    Taken,
    ask_study,
    end_study,
    finish_study,
    note_estimate,
    take_study,
)

__all__ = [
    "MOVES",
    "Asked",
    "Begun",
    "CalendarSaid",
    "EditionSaid",
    "Extended",
    "HolidaysSaid",
    "Hours",
    "Installed",
    "ItemSaid",
    "NewItem",
    "NewLine",
    "Noted",
    "Taken",
    "add_holiday",
    "approve_edition",
    "ask_study",
    "change_item",
    "draft_edition",
    "edit_calendar",
    "edit_draft",
    "end_study",
    "extend_catalogue",
    "finish_study",
    "install_library",
    "make_calendar",
    "move_item",
    "note_estimate",
    "publish_edition",
    "return_edition",
    "start_due_editions",
    "submit_edition",
    "take_back_edition",
    "take_over_holidays",
    "take_study",
    "withdraw_calendar_edit",
    "withdraw_edition",
    "withdraw_holiday",
]

"""Questions to the standards: what can be asked for, under which edition, with which promises and calendars."""

from yingxu.standards.queries import calendars as _kept_calendars
from yingxu.standards.queries import editions as _kept_editions
from yingxu.standards.queries.calendars import (
    CalendarDetail,
    CalendarEditionRow,
    CalendarRow,
    HolidayRow,
    calendar_by_id,
    calendar_detail,
    calendar_id,
    calendars,
    holiday_years,
    holidays,
    refresh_calendars,
)
from yingxu.standards.queries.catalogue import CatalogueRow, LineRow, catalogue, lines
from yingxu.standards.queries.editions import (
    Asking,
    ItemRow,
    ProcedureRow,
    TermRow,
    asking,
    default_edition,
    edition_in_force,
    items_in_force,
    procedure_in_force,
    procedure_of,
    promised_words,
    terms_at,
    terms_of,
)
from yingxu.standards.queries.studies import (
    PromisedRow,
    ProposalRow,
    StudyRow,
    TightenedRow,
    judged_until,
    n_studies_waiting,
    promised_now,
    proposals,
    studies_page,
    study,
    study_behind,
    study_to_run,
    tightened,
)

__all__ = [
    "Asking",
    "CalendarDetail",
    "CalendarEditionRow",
    "CalendarRow",
    "CatalogueRow",
    "HolidayRow",
    "ItemRow",
    "LineRow",
    "ProcedureRow",
    "PromisedRow",
    "ProposalRow",
    "StudyRow",
    "TermRow",
    "TightenedRow",
    "asking",
    "calendar_by_id",
    "calendar_detail",
    "calendar_id",
    "calendars",
    "catalogue",
    "default_edition",
    "edition_in_force",
    "forget",
    "holiday_years",
    "holidays",
    "items_in_force",
    "judged_until",
    "lines",
    "n_studies_waiting",
    "procedure_in_force",
    "procedure_of",
    "promised_now",
    "promised_words",
    "proposals",
    "refresh_calendars",
    "studies_page",
    "study",
    "study_behind",
    "study_to_run",
    "terms_at",
    "terms_of",
    "tightened",
]


def forget() -> None:
    """Forget everything kept in the process (between tests, after a restore). Budget: no query."""
    _kept_editions.forget()
    _kept_calendars.forget()

"""What good is: lines, items, calendars, editions of standards and the terms that they promise; by noun."""

from yingxu.standards.models.adoptions import ON_TRIAL, PromiseAdoption, Standing
from yingxu.standards.models.bases import BasisCheck
from yingxu.standards.models.calendars import Calendar, CalendarEdition, Holiday
from yingxu.standards.models.catalogue import Item, ItemState, Line, Milestone, Priority
from yingxu.standards.models.editions import Edition, EditionState, Term
from yingxu.standards.models.studies import PromiseProposal, PromiseStudy, ProposalState, StudyState

__all__ = [
    "ON_TRIAL",
    "BasisCheck",
    "Calendar",
    "CalendarEdition",
    "Edition",
    "EditionState",
    "Holiday",
    "Item",
    "ItemState",
    "Line",
    "Milestone",
    "Priority",
    "PromiseAdoption",
    "PromiseProposal",
    "PromiseStudy",
    "ProposalState",
    "Standing",
    "StudyState",
    "Term",
]

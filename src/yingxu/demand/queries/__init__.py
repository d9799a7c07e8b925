"""Questions about requests: pages of them, one in detail, the desk's board, and those that nobody answers."""

from yingxu.demand.queries.assets import requests_of_asset
from yingxu.demand.queries.briefs import Brief, briefs_of, priorities_of
from yingxu.demand.queries.detail import Detail, WordRow, key_of, request_detail, requester_phone
from yingxu.demand.queries.pages import Page, RequestRow, request_page
from yingxu.demand.queries.recurring import Due, RecurrenceRow, due_recurrences, recurrences
from yingxu.demand.queries.watch import BOARD, Column, UnansweredRow, accountable, change_mark, desk_board, unanswered

__all__ = [
    "BOARD",
    "Brief",
    "Column",
    "Detail",
    "Due",
    "Page",
    "RecurrenceRow",
    "RequestRow",
    "UnansweredRow",
    "WordRow",
    "accountable",
    "briefs_of",
    "change_mark",
    "desk_board",
    "due_recurrences",
    "key_of",
    "priorities_of",
    "recurrences",
    "request_detail",
    "request_page",
    "requester_phone",
    "requests_of_asset",
    "unanswered",
]

"""Questions to the team: who could go, who holds which post, what is in whose handbook, who has not read what."""

from __future__ import annotations

from yingxu.team.queries.books import (
    book_of,
    books_of,
    holders_of_item,
    in_force,
    procedure_of_item,
    procedures,
    standing_of,
)
from yingxu.team.queries.bringing import as_they_stand, certificate_keys, names_of_members, skills_of
from yingxu.team.queries.fitness import (
    CertificateRow,
    GateRow,
    PeoplePage,
    PersonRow,
    ZoneRow,
    expiring,
    gates,
    people,
    person,
    zones,
)
from yingxu.team.queries.people import MemberRow, TeamRow, members, site_of_person, teams
from yingxu.team.queries.posts import Cover, Holder, PostRow, Standing, posts, standings, teams_for, where_of_team
from yingxu.team.queries.reading_state import (
    REMIND_AGAIN,
    EditionState,
    PersonState,
    ReadingState,
    Unread,
    reading_state,
)
from yingxu.team.queries.readings import SignedRow, n_attempts, n_owed, readings_of, reminded_at, signatures_of

__all__ = [
    "REMIND_AGAIN",
    "CertificateRow",
    "Cover",
    "EditionState",
    "GateRow",
    "Holder",
    "MemberRow",
    "PeoplePage",
    "PersonRow",
    "PersonState",
    "PostRow",
    "ReadingState",
    "SignedRow",
    "Standing",
    "TeamRow",
    "Unread",
    "ZoneRow",
    "as_they_stand",
    "book_of",
    "books_of",
    "certificate_keys",
    "expiring",
    "gates",
    "holders_of_item",
    "in_force",
    "members",
    "n_attempts",
    "n_owed",
    "names_of_members",
    "people",
    "person",
    "posts",
    "procedure_of_item",
    "procedures",
    "reading_state",
    "readings_of",
    "reminded_at",
    "signatures_of",
    "site_of_person",
    "skills_of",
    "standing_of",
    "standings",
    "teams",
    "teams_for",
    "where_of_team",
    "zones",
]

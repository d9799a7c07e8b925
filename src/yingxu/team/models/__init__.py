"""Who can: teams and members, the posts they hold, the handbook they signed for."""

from __future__ import annotations

from yingxu.team.models.duties import Duty
from yingxu.team.models.handbook import QuizAttempt, Receipt, Signature
from yingxu.team.models.papers import Certificate, RestrictedZone
from yingxu.team.models.people import Member, Team
from yingxu.team.models.posts import Post, Posting

__all__ = [
    "Certificate",
    "Duty",
    "Member",
    "Post",
    "Posting",
    "QuizAttempt",
    "Receipt",
    "RestrictedZone",
    "Signature",
    "Team",
]

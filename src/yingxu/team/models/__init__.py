"""Who can: teams and members, the posts they hold, the handbook they signed for."""

from __future__ import annotations

from yingxu.team.models.handbook import QuizAttempt, Receipt, Signature
from yingxu.team.models.people import Member, Team
from yingxu.team.models.posts import Post, Posting

__all__ = ["Member", "Post", "Posting", "QuizAttempt", "Receipt", "Signature", "Team"]

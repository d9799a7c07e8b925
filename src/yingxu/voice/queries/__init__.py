"""Questions of the room ``voice``."""

from yingxu.voice.queries.scores import K_SHOWN, SATISFIED, ScoreRow, scores_by_line

__all__ = ["K_SHOWN", "SATISFIED", "ScoreRow", "scores_by_line"]

"""What people say: ratings, letters from boxes."""

from yingxu.voice.models.boxes import Letter, PaperSlip, SuggestionBox
from yingxu.voice.models.opinions import Opinion
from yingxu.voice.models.opinions import Forum, Opinion, Supervisor, Visit
from yingxu.voice.models.ratings import Rating
from yingxu.voice.models.stands import RatingStand, Tap

__all__ = [
    "Forum",
    "Letter",
    "Opinion",
    "PaperSlip",
    "Rating",
    "RatingStand",
    "SuggestionBox",
    "Supervisor",
    "Tap",
    "Visit",
]

"""What people say: ratings, letters from boxes."""

from yingxu.voice.models.boxes import Letter, PaperSlip, SuggestionBox
from yingxu.voice.models.ratings import Rating
from yingxu.voice.models.stands import RatingStand, Tap

__all__ = ["Letter", "PaperSlip", "Rating", "RatingStand", "SuggestionBox", "Tap"]

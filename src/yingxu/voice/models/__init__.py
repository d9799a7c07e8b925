"""What people say: ratings, letters from boxes."""

from yingxu.voice.models.boxes import Letter, PaperSlip, SuggestionBox
from yingxu.voice.models.ratings import Rating

__all__ = ["Letter", "PaperSlip", "Rating", "SuggestionBox"]

"""What people say: ratings, letters from boxes, sheets of surveys."""

from yingxu.voice.models.boxes import Letter, LetterPhoto, PaperOpening, PaperSlip, SuggestionBox
from yingxu.voice.models.heard import Heard
from yingxu.voice.models.overseeing import Forum, Remark, Supervisor, Visit
from yingxu.voice.models.ratings import Rating
from yingxu.voice.models.stands import RatingStand, Tap
from yingxu.voice.models.surveys import Sheet, Survey, SurveyDepartment, SurveyEdition

__all__ = [
    "Forum",
    "Heard",
    "Letter",
    "LetterPhoto",
    "PaperOpening",
    "PaperSlip",
    "Rating",
    "RatingStand",
    "Remark",
    "Sheet",
    "SuggestionBox",
    "Supervisor",
    "Survey",
    "SurveyDepartment",
    "SurveyEdition",
    "Tap",
    "Visit",
]

"""What people say: ratings."""

from yingxu.voice.models.ratings import Rating

__all__ = ["Rating"]

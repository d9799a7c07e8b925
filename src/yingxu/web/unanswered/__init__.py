"""Unanswered: what nobody answers, oldest first; an empty page is the goal."""
